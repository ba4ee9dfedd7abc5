//! The turn and the use cases, over ports only.
//!
//! Lives here: what happens to a customer's message ([`turn`]), and what people and programs may do ([`usecase`]).
//! A use case takes the [`Grant`](acs_domain::access::Grant) that it needs, makes ids and times, and opens short
//! units of work.
//! Never lives here: a web framework, a database, an HTTP client: the engine sees traits and runs in any test.
//!
//! Invariants: nothing external is called inside a unit of work; a unit is never open while anything but the store is
//! waited for; a creating request is remembered in the unit of its effect ([`once`]).

pub mod answers;
pub mod embedders;
mod error;
mod examine;
mod input;
mod intents;
mod meaning;
pub mod once;
mod own_models;
pub mod passwords;
pub mod ports;
mod record;
pub mod replay;
mod search;
mod terms;
pub mod turn;
pub mod usecase;

use std::sync::Arc;

pub use self::error::{EngineError, Thing};
use self::intents::IntentModels;
pub use self::intents::{SOCIAL, SPEAK_TO_HUMAN};
use self::own_models::OwnModels;
use self::ports::Ports;
use self::replay::Replays;
use self::terms::TermModels;
use self::turn::Turns;
use self::usecase::access::Access;
use self::usecase::analysis::AnalysisDesk;
use self::usecase::api_keys::ApiKeys;
use self::usecase::comparing::Comparing;
use self::usecase::conversations::Conversations;
use self::usecase::embedding::EmbeddingMoves;
use self::usecase::erasure::Erasures;
use self::usecase::housekeeping::Housekeeping;
use self::usecase::intents::IntentBook;
use self::usecase::knowledge::KnowledgeBase;
use self::usecase::model_keys::ModelKeys;
use self::usecase::organizations::Organizations;
use self::usecase::records::RecordBook;
use self::usecase::silence::SilenceWatch;
use self::usecase::terms::Glossary;
use self::usecase::training::IntentTraining;
use self::usecase::users::Users;

/// Everything that can be done, by aggregate. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    /// Who is asking: sign-in, tokens, keys.
    pub access: Access,
    /// Tenants.
    pub organizations: Organizations,
    /// People.
    pub users: Users,
    /// Keys of programs.
    pub api_keys: ApiKeys,
    /// Conversations and messages.
    pub conversations: Conversations,
    /// Turns under way.
    pub turns: Turns,
    /// Knowledge.
    pub knowledge: KnowledgeBase,
    /// Intents.
    pub intents: IntentBook,
    /// Training on the phrases of intents.
    pub training: IntentTraining,
    /// Moving to another embedding model.
    pub moves: EmbeddingMoves,
    /// Comparing entries of the knowledge with each other.
    pub comparing: Comparing,
    /// What organizations call their own things.
    pub terms: Glossary,
    /// Organizations' own keys for language models.
    pub model_keys: ModelKeys,
    /// Understanding of a text on its own.
    pub analysis: AnalysisDesk,
    /// Customers who do not write any more.
    pub silence: SilenceWatch,
    /// How turns were decided, for good.
    pub records: RecordBook,
    /// Erasing customers.
    pub erasures: Erasures,
    /// Turns that were, run again.
    pub replays: Replays,
    /// What must be tidied now and then.
    pub housekeeping: Housekeeping,
}

impl Engine {
    /// The use cases over these ports.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        let ports = Arc::new(ports);
        let models = IntentModels::new(ports.clone());
        let terms = TermModels::new(ports.clone());
        let own_models = OwnModels::new(ports.clone());
        let turns = Turns::new(ports.clone(), models.clone(), terms.clone(), own_models);
        let access = Access::new(ports.clone());
        let training = IntentTraining::new(ports.clone());
        Self {
            access: access.clone(),
            organizations: Organizations::new(ports.clone(), access.clone()),
            users: Users::new(ports.clone(), access.clone()),
            api_keys: ApiKeys::new(ports.clone(), access),
            conversations: Conversations::new(ports.clone(), turns.clone()),
            turns,
            knowledge: KnowledgeBase::new(ports.clone(), terms.clone()),
            intents: IntentBook::new(ports.clone()),
            comparing: Comparing::new(ports.clone()),
            moves: EmbeddingMoves::new(ports.clone(), training.clone()),
            training,
            silence: SilenceWatch::new(ports.clone()),
            terms: Glossary::new(ports.clone()),
            model_keys: ModelKeys::new(ports.clone()),
            analysis: AnalysisDesk::new(ports.clone(), models, terms),
            records: RecordBook::new(ports.clone()),
            erasures: Erasures::new(ports.clone()),
            replays: Replays::new(&ports),
            housekeeping: Housekeeping::new(ports),
        }
    }
}
