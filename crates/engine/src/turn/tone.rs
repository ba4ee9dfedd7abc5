//! Tone: how a reply is worded, after the customer's mood and its course. What the reply says is not its matter: the same
//! facts are told in every tone.

use acs_domain::analysis::{Analysis, EmotionLabel};
use acs_domain::conversation::EmotionPoint;

use super::phrases::Mood;

/// A weaker emotion is none that a reply speaks of.
const FELT: f32 = 0.4;
/// Above this a sentiment is no complaint: what a customer is upset about has to weigh on them before anybody is sorry.
const BURDENED: f32 = -0.2;
/// How freely a model words a reply to a customer who is upset, afraid or confused: plainly.
const PLAINLY: f64 = 0.2;

/// How a reply is worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As usual.
    Plain,
    /// Something weighs on the customer: an apology is due.
    Sorry,
    /// It goes on weighing on them, though they have heard an apology: another one, and a person.
    Still,
    /// It goes on, and both were said: a third apology would be an insult. To the matter, and a person.
    Enough,
    /// The customer is sad.
    Sad,
    /// The customer is afraid.
    Worry,
    /// The customer is confused.
    Unclear,
    /// The customer is glad.
    Glad,
}

impl Tone {
    /// For a message, after the course that the talk took before it.
    pub(super) fn of(analysis: &Analysis, before: &[EmotionPoint]) -> Self {
        let emotion = analysis.emotion;
        if emotion.intensity < FELT {
            return Self::Plain;
        }
        let last = before.last().filter(|point| point.intensity >= FELT);
        let anew = last.is_none_or(|point| point.emotion != emotion.label);
        match emotion.label {
            label if is_upset(label) && analysis.sentiment.score < BURDENED => {
                let upset = |point: &&EmotionPoint| is_upset(point.emotion) && point.intensity >= FELT;
                match before.iter().rev().take_while(upset).count() {
                    0 => Self::Sorry,
                    1 => Self::Still,
                    _ => Self::Enough,
                }
            }
            EmotionLabel::Sadness if anew => Self::Sad,
            EmotionLabel::Fear if anew => Self::Worry,
            EmotionLabel::Confusion => Self::Unclear,
            EmotionLabel::Joy | EmotionLabel::Gratitude if anew => Self::Glad,
            _ => Self::Plain,
        }
    }

    /// The sentence that a reply begins with, in this language.
    pub(super) fn opening(self, language: &str) -> Option<&'static str> {
        let mood = Mood::of(language);
        match self {
            Self::Plain | Self::Enough => None,
            Self::Sorry => Some(mood.sorry),
            Self::Still => Some(mood.still),
            Self::Sad => Some(mood.sad),
            Self::Worry => Some(mood.worry),
            Self::Unclear => Some(mood.unclear),
            Self::Glad => Some(mood.glad),
        }
    }

    /// A reply in this tone.
    pub(super) fn dress(self, language: &str, text: &str) -> String {
        match self.opening(language) {
            // A list or a paragraph of its own stays one.
            Some(opening) if text.contains('\n') => format!("{opening}\n\n{text}"),
            Some(opening) => format!("{opening} {text}"),
            None => text.to_owned(),
        }
    }

    /// What a model is told of it.
    pub(super) fn policy(self) -> &'static [&'static str] {
        const FORMAL: &str =
            "You address the customer formally and calmly, without exclamation marks or jokes.";
        const SHORT: &str = "You answer in three sentences at the most, the one that helps first.";
        const NEVER: &str = "You never blame the customer, and you never apologise.";
        match self {
            Self::Plain => &[NEVER],
            Self::Sorry => &[
                "Something went badly for the customer: you begin with one short sentence that says you are sorry for the trouble, and apologise only once. You never blame the customer.",
                FORMAL,
                SHORT,
            ],
            Self::Still => &[
                "The customer has been upset for a while: you begin with one short sentence that says you are sorry that it is still not settled. You never blame the customer.",
                FORMAL,
                SHORT,
            ],
            Self::Enough => &[
                "The customer has been upset for long and has heard apologies: you come to the matter at once.",
                NEVER,
                FORMAL,
                SHORT,
            ],
            Self::Sad => &["You begin with one short sentence of sympathy.", NEVER, FORMAL],
            Self::Worry => &[
                "The customer is worried: you begin with one short sentence that takes it seriously, and then say what can be done.",
                NEVER,
                FORMAL,
            ],
            Self::Unclear => &[
                "The customer is confused: you use short sentences and common words, one thing in each, in the order in which it is done.",
                NEVER,
            ],
            Self::Glad => &["You may be warm in one short sentence.", NEVER],
        }
    }

    /// How often a model may say sorry.
    pub(super) fn apologies(self) -> usize {
        usize::from(matches!(self, Self::Sorry | Self::Still | Self::Sad))
    }

    /// How freely a model words it; `None` leaves it to the model's settings.
    pub(super) fn temperature(self) -> Option<f64> {
        (!matches!(self, Self::Plain | Self::Glad)).then_some(PLAINLY)
    }

    /// Whether a person is offered, however sure the answer is.
    pub(super) fn offers_person(self) -> bool {
        matches!(self, Self::Still | Self::Enough)
    }
}

/// Upset with the organization. Sadness and fear are no reproach.
fn is_upset(label: EmotionLabel) -> bool {
    matches!(
        label,
        EmotionLabel::Anger | EmotionLabel::Frustration | EmotionLabel::Disappointment
    )
}

#[cfg(test)]
mod tests;
