//! Links between knowledge entries.

use acs_core::id::Id;
use acs_domain::knowledge::{EntryId, LinkKind, TitledLink};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::word;

/// The links that leave an entry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteLinks {
    /// At most 50.
    links: Vec<WriteLink>,
}

/// A link to another entry.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WriteLink {
    #[schema(value_type = word::LinkKind)]
    kind: LinkKind,
    /// The other entry.
    entry_id: Uuid,
}

impl WriteLinks {
    pub(crate) fn pairs(&self) -> Vec<(LinkKind, EntryId)> {
        let pair = |link: &WriteLink| (link.kind, Id::from_uuid(link.entry_id));
        self.links.iter().map(pair).collect()
    }
}

/// The links of an entry, as they are now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Links {
    /// Those that leave it.
    links: Vec<Link>,
    /// Those of others that lead to it.
    linked_from: Vec<Link>,
}

/// A link, seen from one of its ends.
#[derive(Debug, Serialize, ToSchema)]
struct Link {
    #[schema(value_type = word::LinkKind)]
    kind: LinkKind,
    /// The entry at the other end.
    entry_id: Uuid,
    /// Its headline.
    title: String,
}

impl Links {
    pub(crate) fn of(id: EntryId, links: Vec<TitledLink>) -> Self {
        let seen = |one: &TitledLink| Link {
            kind: one.link.kind,
            entry_id: if one.link.entry_id == id {
                one.link.target_id.as_uuid()
            } else {
                one.link.entry_id.as_uuid()
            },
            title: one.title.clone(),
        };
        let (leaving, leading): (Vec<_>, Vec<_>) = links.iter().partition(|one| one.link.entry_id == id);
        Self {
            links: leaving.into_iter().map(seen).collect(),
            linked_from: leading.into_iter().map(seen).collect(),
        }
    }
}
