//! The tables as sea-orm sees them. Private: the domain's types are what callers get.
//!
//! Times are microseconds, enumerations their words, lists and free data JSON. `knowledge_passages` and
//! `term_frequencies` have no entity: a vector has another type in each dialect (see `search`).

pub(crate) mod api_key;
pub(crate) mod conversation;
pub(crate) mod escalation;
pub(crate) mod idempotency_key;
pub(crate) mod intent;
pub(crate) mod intent_phrase;
mod json;
pub(crate) mod knowledge_entry;
pub(crate) mod knowledge_version;
pub(crate) mod message;
pub(crate) mod organization;
pub(crate) mod outbox;
pub(crate) mod refresh_token;
pub(crate) mod turn;
pub(crate) mod user;

pub(crate) use self::json::Jsonb;
