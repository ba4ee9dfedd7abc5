//! Gaps of the knowledge.

use acs_engine::usecase::knowledge::SeenGap;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many questions of a gap are shown.
const EXAMPLES: usize = 5;

/// What the knowledge does not answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Gaps {
    /// The largest first.
    items: Vec<Gap>,
    /// How many gaps there are in all.
    total: usize,
}

/// Questions of one meaning that were not answered.
#[derive(Debug, Serialize, ToSchema)]
struct Gap {
    /// Closes it: `DELETE /knowledge/gaps/{id}`.
    id: Uuid,
    /// The question that says best what all ask, without personal data.
    question: String,
    /// The language that it was asked in.
    language: Option<String>,
    /// How often it was asked.
    count: usize,
    #[serde(with = "time::serde::rfc3339::option")]
    first_asked_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    last_asked_at: Option<OffsetDateTime>,
    /// Whether the knowledge as it is now answers the question.
    answered_now: bool,
    /// At most five of the questions, with where they were asked.
    examples: Vec<Example>,
}

/// A question of a gap.
#[derive(Debug, Serialize, ToSchema)]
struct Example {
    question: String,
    conversation_id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    asked_at: OffsetDateTime,
}

impl From<(Vec<SeenGap>, usize)> for Gaps {
    fn from((gaps, total): (Vec<SeenGap>, usize)) -> Self {
        let items = gaps.into_iter().filter_map(gap).collect();
        Self { items, total }
    }
}

fn gap(seen: SeenGap) -> Option<Gap> {
    let questions = seen.gap.questions;
    let asked_at = || questions.iter().map(|question| question.asked_at);
    let first = questions.first()?;
    Some(Gap {
        id: first.id.as_uuid(),
        question: first.question.clone(),
        language: first.language.clone(),
        count: questions.len(),
        first_asked_at: asked_at().min(),
        last_asked_at: asked_at().max(),
        answered_now: seen.answered_now,
        examples: questions
            .iter()
            .take(EXAMPLES)
            .map(|question| Example {
                question: question.question.clone(),
                conversation_id: question.conversation_id.as_uuid(),
                asked_at: question.asked_at,
            })
            .collect(),
    })
}
