//! What is understood of a text.

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// How a text is meant, in five steps.
    pub enum SentimentLabel {
        /// Below -0.6.
        VeryNegative = "very_negative",
        /// Below -0.2.
        Negative = "negative",
        /// Between.
        Neutral = "neutral",
        /// Above 0.2.
        Positive = "positive",
        /// Above 0.6.
        VeryPositive = "very_positive",
    }
}

text_enum! {
    /// Emotions that matter to a support team.
    pub enum EmotionLabel {
        /// None in particular.
        Neutral = "neutral",
        /// Joy.
        Joy = "joy",
        /// Gratitude.
        Gratitude = "gratitude",
        /// Confusion.
        Confusion = "confusion",
        /// Disappointment.
        Disappointment = "disappointment",
        /// Frustration or annoyance.
        Frustration = "frustration",
        /// Anger.
        Anger = "anger",
        /// Sadness.
        Sadness = "sadness",
        /// Fear or anxiety.
        Fear = "fear",
        /// Surprise.
        Surprise = "surprise",
    }
}

/// How a text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// The step.
    pub label: SentimentLabel,
    /// From -1 (very negative) to 1 (very positive).
    pub score: f32,
}

impl Sentiment {
    /// The sentiment with this score; the score is cut to [-1, 1].
    #[must_use]
    pub fn from_score(score: f32) -> Self {
        // Adding zero makes minus zero plain.
        let score = if score.is_nan() {
            0.0
        } else {
            score.clamp(-1.0, 1.0) + 0.0
        };
        let label = match score {
            s if s < -0.6 => SentimentLabel::VeryNegative,
            s if s < -0.2 => SentimentLabel::Negative,
            s if s > 0.6 => SentimentLabel::VeryPositive,
            s if s > 0.2 => SentimentLabel::Positive,
            _ => SentimentLabel::Neutral,
        };
        Self { label, score }
    }
}

impl Default for Sentiment {
    fn default() -> Self {
        Self::from_score(0.0)
    }
}

/// An emotion and how strong it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Emotion {
    /// Which.
    pub label: EmotionLabel,
    /// From 0 to 1.
    pub intensity: f32,
}

impl Default for Emotion {
    fn default() -> Self {
        Self {
            label: EmotionLabel::Neutral,
            intensity: 0.0,
        }
    }
}

/// A language and how sure the guess is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Language {
    /// ISO 639-1 code, `en`.
    pub code: String,
    /// From 0 to 1.
    pub confidence: f32,
}

/// One thing that the customer may want.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntentGuess {
    /// The intent's name.
    pub name: String,
    /// From 0 to 1.
    pub confidence: f32,
}

/// A thing named in a text. Offsets count Unicode code points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its kind (`email`, `order_number`, …).
    #[serde(rename = "type")]
    pub kind: String,
    /// As written.
    pub value: String,
    /// In one agreed form.
    pub normalized: String,
    /// First code point.
    pub start: usize,
    /// Behind the last code point.
    pub end: usize,
    /// From 0 to 1.
    pub confidence: f32,
    /// Whether it tells who or where a person is, or gives access to what is theirs: to be masked.
    #[serde(default)]
    pub personal: bool,
}

text_enum! {
    /// What may be dangerous about a text.
    pub enum Danger {
        /// It gives the agent orders, or overrides those that it has.
        Injection = "prompt_injection",
        /// It talks the agent into another role, free of rules.
        Jailbreak = "jailbreak",
        /// It asks for the agent's own instructions.
        Probing = "system_prompt_probe",
        /// It would carry data away, in the address of a link or an image.
        Exfiltration = "exfiltration",
        /// It holds characters that its reader does not see.
        HiddenText = "hidden_text",
        /// It says what it says in code: base64, letters that only look like others.
        Encoded = "encoded",
        /// Somebody is insulted.
        Insult = "insult",
        /// A group of people is hated.
        Hate = "hate",
        /// Sexual words or advances.
        Sexual = "sexual",
        /// Somebody is threatened.
        Threat = "threat",
        /// Violence that is about to be done.
        Violence = "violence",
        /// The writer may do harm to himself.
        SelfHarm = "self_harm",
        /// Somebody's life is in danger now.
        LifeAtRisk = "life_at_risk",
    }
}

impl Danger {
    /// Whether it is an attempt on the agent, not on people.
    #[must_use]
    pub const fn is_attack(self) -> bool {
        matches!(
            self,
            Self::Injection | Self::Jailbreak | Self::Probing | Self::Exfiltration
        )
    }

    /// Whether people need help at once: nothing else about the text counts then.
    #[must_use]
    pub const fn is_emergency(self) -> bool {
        matches!(self, Self::Violence | Self::SelfHarm | Self::LifeAtRisk)
    }

    /// Whether people are treated badly by it.
    #[must_use]
    pub const fn is_abuse(self) -> bool {
        matches!(self, Self::Insult | Self::Hate | Self::Sexual | Self::Threat)
    }
}

text_enum! {
    /// What is done about a dangerous text.
    pub enum GuardAction {
        /// Nothing: it goes its way.
        Allowed = "allowed",
        /// What is hidden in it is taken out, and the rest goes its way.
        Cleaned = "cleaned",
        /// It is not acted on; a passage is left out.
        Refused = "refused",
        /// A person is called.
        HandedOver = "handed_over",
    }
}

/// What looks dangerous in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// From 0 to 1: how much it looks like an attempt to command the agent.
    pub injection_score: f32,
    /// Whether it was acted on.
    pub flagged: bool,
    /// In which respects, in the order of [`Danger`].
    pub categories: Vec<Danger>,
    /// What was done. Turns of before this was kept allowed everything.
    #[serde(default = "allowed")]
    pub action: GuardAction,
}

const fn allowed() -> GuardAction {
    GuardAction::Allowed
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            injection_score: 0.0,
            flagged: false,
            categories: Vec::new(),
            action: allowed(),
        }
    }
}

impl Guard {
    /// The first category that `of` holds for.
    #[must_use]
    pub fn first(&self, of: impl Fn(Danger) -> bool) -> Option<Danger> {
        self.categories.iter().copied().find(|danger| of(*danger))
    }

    /// Notes that something was done about the text.
    pub fn act(&mut self, action: GuardAction) {
        self.action = action;
        self.flagged = action != GuardAction::Allowed;
    }
}

/// What is understood of one message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The language, when it could be told.
    pub language: Option<Language>,
    /// What the customer may want, likeliest first; empty when nothing is near enough.
    pub intents: Vec<IntentGuess>,
    /// Whether it is outside all known intents.
    pub out_of_scope: bool,
    /// Things named.
    pub entities: Vec<Entity>,
    /// How it is meant.
    pub sentiment: Sentiment,
    /// Which emotion speaks.
    pub emotion: Emotion,
    /// Whether it says that the matter is settled.
    #[serde(default)]
    pub settles: bool,
    /// What looks dangerous.
    pub guard: Guard,
    /// What had to be left out (`embedding`, …), because it failed or was too slow.
    pub degraded: Vec<String>,
}

impl Analysis {
    /// The part that replies tell; the rest is for those who may read the evidence.
    #[must_use]
    pub fn told(self) -> Self {
        Self {
            language: self.language,
            intents: self.intents,
            entities: self.entities,
            sentiment: self.sentiment,
            emotion: self.emotion,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_cut_and_labelled() {
        assert_eq!(
            Sentiment::from_score(-3.0),
            Sentiment {
                label: SentimentLabel::VeryNegative,
                score: -1.0
            }
        );
        assert_eq!(Sentiment::from_score(0.2).label, SentimentLabel::Neutral);
        assert_eq!(Sentiment::from_score(0.21).label, SentimentLabel::Positive);
        assert_eq!(Sentiment::from_score(f32::NAN).label, SentimentLabel::Neutral);
    }
}
