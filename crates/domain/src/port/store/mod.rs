//! The store: two doors, one scope, one error.
//!
//! - [`Store::read`] opens a unit that cannot write. [`Store::begin`] opens a short unit that can: it commits
//!   explicitly and rolls back when dropped. No unit is open across a wait on anything but the store.
//! - Every unit has a [`Scope`]: it sees one organization, and every query carries it. PostgreSQL enforces it again.
//! - Names: `find` gives an `Option`, `list` a page, `insert` and `update` write as given: ids and times are made by
//!   the use case.
//! - A write half extends its query half, so that a holder of a write unit can read, never the other way round.
//! - Optimistic versions: `update` writes only over the version that was read, else [`StoreError::Conflict`].
//! - Limits are enforced by the write that would pass them, and counters kept by the write that changes them.
//! - To add an aggregate: a pair of traits in a file here, an accessor on both units, a migration folder with both
//!   dialects, an adapter, and a contract in the testkit.

pub mod api_key;
pub mod conflict;
pub mod conversation;
pub mod directory;
pub mod embedding;
pub mod erasure;
pub mod escalation;
pub mod gap;
pub mod idempotency;
pub mod intent;
pub mod intent_head;
pub mod knowledge;
pub mod message;
pub mod model_key;
pub mod organization;
pub mod outbox;
pub mod record;
pub mod session;
pub mod terms;
pub mod turn;
pub mod user;

use async_trait::async_trait;

pub use self::api_key::{ApiKeyQueries, ApiKeys};
pub use self::conflict::{ConflictQueries, Conflicts};
pub use self::conversation::{ConversationQueries, Conversations};
pub use self::directory::Directory;
pub use self::embedding::{EmbeddingQueries, Embeddings};
pub use self::erasure::{Erasure, ErasureQueries};
pub use self::escalation::{EscalationQueries, Escalations};
pub use self::gap::{UnansweredQueries, UnansweredQuestions};
pub use self::idempotency::Idempotency;
pub use self::intent::{IntentQueries, Intents};
pub use self::intent_head::{IntentHeadQueries, IntentHeads};
pub use self::knowledge::{Knowledge, KnowledgeQueries};
pub use self::message::{MessageQueries, Messages};
pub use self::model_key::{ModelKeyQueries, ModelKeys};
pub use self::organization::{OrganizationQueries, Organizations};
pub use self::outbox::Outbox;
pub use self::record::{RecordQueries, Records};
pub use self::session::{SessionQueries, Sessions};
pub use self::terms::{TermBook, TermQueries};
pub use self::turn::{TurnQueries, Turns};
pub use self::user::{UserQueries, Users};

use crate::access::Scope;
use crate::organization::LimitExceeded;

/// Everything that lasts.
#[async_trait]
pub trait Store: Send + Sync {
    /// Opens a unit that reads one consistent state of one organization.
    async fn read(&self, scope: Scope) -> Result<Box<dyn ReadUnit>, StoreError>;

    /// Opens a unit that reads and writes one organization. Keep it short.
    async fn begin(&self, scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError>;

    /// Finds out whose data a request is about, before any scope is known.
    fn directory(&self) -> &dyn Directory;

    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// A unit that reads.
pub trait ReadUnit: Send {
    /// The organization itself.
    fn organizations(&mut self) -> &mut dyn OrganizationQueries;
    /// Its people.
    fn users(&mut self) -> &mut dyn UserQueries;
    /// Its API keys.
    fn api_keys(&mut self) -> &mut dyn ApiKeyQueries;
    /// Sign-ins.
    fn sessions(&mut self) -> &mut dyn SessionQueries;
    /// Conversations.
    fn conversations(&mut self) -> &mut dyn ConversationQueries;
    /// Messages.
    fn messages(&mut self) -> &mut dyn MessageQueries;
    /// Turns.
    fn turns(&mut self) -> &mut dyn TurnQueries;
    /// Calls for a person.
    fn escalations(&mut self) -> &mut dyn EscalationQueries;
    /// Knowledge.
    fn knowledge(&mut self) -> &mut dyn KnowledgeQueries;
    /// Intents.
    fn intents(&mut self) -> &mut dyn IntentQueries;
    /// What is trained on intents.
    fn intent_heads(&mut self) -> &mut dyn IntentHeadQueries;
    /// Where vectors stand.
    fn embeddings(&mut self) -> &mut dyn EmbeddingQueries;
    /// The organization's own terms.
    fn terms(&mut self) -> &mut dyn TermQueries;
    /// Its own keys for language models.
    fn model_keys(&mut self) -> &mut dyn ModelKeyQueries;
    /// Questions that the knowledge did not answer.
    fn unanswered(&mut self) -> &mut dyn UnansweredQueries;
    /// Conflicts between entries.
    fn conflicts(&mut self) -> &mut dyn ConflictQueries;
    /// How turns were decided, for good.
    fn records(&mut self) -> &mut dyn RecordQueries;
    /// What is to be erased.
    fn erasure(&mut self) -> &mut dyn ErasureQueries;
}

/// A unit that reads and writes, in whole or not at all.
#[async_trait]
pub trait UnitOfWork: Send {
    /// The organization itself.
    fn organizations(&mut self) -> &mut dyn Organizations;
    /// Its people.
    fn users(&mut self) -> &mut dyn Users;
    /// Its API keys.
    fn api_keys(&mut self) -> &mut dyn ApiKeys;
    /// Sign-ins.
    fn sessions(&mut self) -> &mut dyn Sessions;
    /// Conversations.
    fn conversations(&mut self) -> &mut dyn Conversations;
    /// Messages.
    fn messages(&mut self) -> &mut dyn Messages;
    /// Turns.
    fn turns(&mut self) -> &mut dyn Turns;
    /// Calls for a person.
    fn escalations(&mut self) -> &mut dyn Escalations;
    /// Knowledge.
    fn knowledge(&mut self) -> &mut dyn Knowledge;
    /// Intents.
    fn intents(&mut self) -> &mut dyn Intents;
    /// What is trained on intents.
    fn intent_heads(&mut self) -> &mut dyn IntentHeads;
    /// The way of vectors to another model.
    fn embeddings(&mut self) -> &mut dyn Embeddings;
    /// The organization's own terms.
    fn terms(&mut self) -> &mut dyn TermBook;
    /// Its own keys for language models.
    fn model_keys(&mut self) -> &mut dyn ModelKeys;
    /// Questions that the knowledge did not answer.
    fn unanswered(&mut self) -> &mut dyn UnansweredQuestions;
    /// Conflicts between entries.
    fn conflicts(&mut self) -> &mut dyn Conflicts;
    /// How turns were decided, for good.
    fn records(&mut self) -> &mut dyn Records;
    /// Erasing customers.
    fn erasure(&mut self) -> &mut dyn Erasure;
    /// Events that leave with the commit.
    fn outbox(&mut self) -> &mut dyn Outbox;
    /// Requests that must take effect once.
    fn idempotency(&mut self) -> &mut dyn Idempotency;

    /// Makes everything last. Without it, dropping the unit undoes everything.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Why the store did not do it. "Not found" is an `Option`, not an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something else has this value, or changed the row since it was read.
    #[error("{what} is taken or was changed meanwhile")]
    Conflict {
        /// The field in the public contract's words (`email`, `slug`, `name`), or `version`.
        what: &'static str,
    },
    /// A limit of the organization is reached.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The store is away or overloaded: the same call may succeed later.
    #[error("the store does not answer now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A stored row cannot be read as what it should be.
    #[error("row {id} of {table} is not readable: {reason}")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The store failed otherwise: a fault of ours.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
