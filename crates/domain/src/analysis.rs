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
}

/// What looks dangerous in a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// From 0 to 1: how much it looks like an attempt to command the agent.
    pub injection_score: f32,
    /// Whether it was acted on.
    pub flagged: bool,
    /// In which respects.
    pub categories: Vec<String>,
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
    /// What looks dangerous.
    pub guard: Guard,
    /// What had to be left out (`embedding`, …), because it failed or was too slow.
    pub degraded: Vec<String>,
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
