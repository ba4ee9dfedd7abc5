//! Conflicts between entries of the knowledge.

use acs_domain::conflict::{Difference, SeenConflict, Side};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::word;

/// Two entries that say different things about the same matter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Conflict {
    /// Dismisses it: `DELETE /knowledge/conflicts/{id}`.
    id: Uuid,
    /// In what they differ.
    #[schema(value_type = word::Difference)]
    difference: Difference,
    /// The two entries.
    entries: [ConflictEntry; 2],
    /// When it was found.
    #[serde(with = "time::serde::rfc3339")]
    found_at: OffsetDateTime,
}

/// What one of the two entries says.
#[derive(Debug, Serialize, ToSchema)]
struct ConflictEntry {
    entry_id: Uuid,
    /// Its headline.
    title: String,
    /// The sentence, as it stands there.
    sentence: String,
}

impl From<SeenConflict> for Conflict {
    fn from(seen: SeenConflict) -> Self {
        let [one, other] = seen.conflict.sides;
        let [title, other_title] = seen.titles;
        let entry = |side: Side, title| ConflictEntry {
            entry_id: side.entry_id.as_uuid(),
            title,
            sentence: side.sentence,
        };
        Self {
            id: seen.conflict.id.as_uuid(),
            difference: seen.conflict.difference,
            entries: [entry(one, title), entry(other, other_title)],
            found_at: seen.conflict.found_at,
        }
    }
}
