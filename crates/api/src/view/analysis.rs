//! What is understood of a text.

use acs_domain::analysis::{self, Danger, EmotionLabel, GuardAction, SentimentLabel};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::word;

/// The code of a language that could not be told (ISO 639-2).
pub(crate) const UNDETERMINED: &str = "und";

/// What is understood of a text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Analysis {
    language: Language,
    /// What the customer may want, likeliest first.
    intents: Vec<Intent>,
    /// Whether it is outside all known intents.
    out_of_scope: bool,
    entities: Vec<Entity>,
    sentiment: Sentiment,
    emotion: Emotion,
    guard: Guard,
    /// What had to be left out.
    degraded: Vec<String>,
}

impl From<analysis::Analysis> for Analysis {
    fn from(from: analysis::Analysis) -> Self {
        Self {
            language: from.language.into(),
            intents: from.intents.into_iter().map(Into::into).collect(),
            out_of_scope: from.out_of_scope,
            entities: from.entities.into_iter().map(Into::into).collect(),
            sentiment: from.sentiment.into(),
            emotion: from.emotion.into(),
            guard: from.guard.into(),
            degraded: from.degraded,
        }
    }
}

/// What is understood of a text, and how long that took.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimedAnalysis {
    #[serde(flatten)]
    pub(crate) analysis: Analysis,
    pub(crate) processing_time_ms: f64,
}

/// A text to be understood.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Analyze {
    #[schema(min_length = 1, max_length = 5000)]
    pub(crate) text: String,
    /// When it was said: relative dates count from here; now unless given.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub(crate) at: Option<OffsetDateTime>,
    /// The speaker's IANA time zone; the organization's unless given.
    pub(crate) time_zone: Option<String>,
}

/// A language.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Language {
    /// ISO 639-1, or `und` when it could not be told.
    #[schema(example = "en")]
    code: String,
    /// From 0 to 1.
    confidence: f32,
}

impl From<Option<analysis::Language>> for Language {
    fn from(from: Option<analysis::Language>) -> Self {
        match from {
            Some(language) => Self {
                code: language.code,
                confidence: language.confidence,
            },
            None => Self {
                code: UNDETERMINED.to_owned(),
                confidence: 0.0,
            },
        }
    }
}

/// One thing that the customer may want.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IntentGuess)]
pub(crate) struct Intent {
    name: String,
    /// From 0 to 1.
    confidence: f32,
}

impl From<analysis::IntentGuess> for Intent {
    fn from(from: analysis::IntentGuess) -> Self {
        Self {
            name: from.name,
            confidence: from.confidence,
        }
    }
}

/// A thing named in the text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entity {
    #[serde(rename = "type")]
    kind: String,
    /// As written.
    value: String,
    /// In one agreed form.
    normalized: String,
    /// The first code point.
    start: usize,
    /// Behind the last code point.
    end: usize,
    /// From 0 to 1.
    confidence: f32,
    /// Whether it is personal data: it tells who or where a person is, or gives access to what is theirs.
    personal: bool,
}

impl From<analysis::Entity> for Entity {
    fn from(from: analysis::Entity) -> Self {
        Self {
            kind: from.kind,
            value: from.value,
            normalized: from.normalized,
            start: from.start,
            end: from.end,
            confidence: from.confidence,
            personal: from.personal,
        }
    }
}

/// How it is meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sentiment {
    #[schema(value_type = word::SentimentLabel)]
    label: SentimentLabel,
    /// From -1 to 1.
    score: f32,
}

impl From<analysis::Sentiment> for Sentiment {
    fn from(from: analysis::Sentiment) -> Self {
        Self {
            label: from.label,
            // Minus zero is a zero to people.
            score: from.score + 0.0,
        }
    }
}

/// Which emotion speaks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Emotion {
    #[schema(value_type = word::EmotionLabel)]
    label: EmotionLabel,
    /// From 0 to 1.
    intensity: f32,
}

impl From<analysis::Emotion> for Emotion {
    fn from(from: analysis::Emotion) -> Self {
        Self {
            label: from.label,
            intensity: from.intensity,
        }
    }
}

/// What looks dangerous.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Guard {
    /// From 0 to 1: how much it looks like an attempt to command the agent.
    injection_score: f32,
    /// Whether it was acted on.
    flagged: bool,
    /// In which respects.
    #[schema(value_type = Vec<word::Danger>)]
    categories: Vec<Danger>,
    /// What was done.
    #[schema(value_type = word::GuardAction)]
    action: GuardAction,
}

impl From<analysis::Guard> for Guard {
    fn from(from: analysis::Guard) -> Self {
        Self {
            injection_score: from.injection_score,
            flagged: from.flagged,
            categories: from.categories,
            action: from.action,
        }
    }
}
