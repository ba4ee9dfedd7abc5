//! The ports and settings that every use case shares.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use acs_core::clock::Clock;
use acs_core::entropy::Entropy;
use acs_core::id::Id;
use acs_core::security::password::PasswordPolicy;
use acs_core::security::seal::Sealer;
use acs_core::security::token::Tokens;
use acs_domain::access::Scope;
use acs_domain::conversation::Patience;
use acs_domain::event::{Event, EventKind};
use acs_domain::organization::OrganizationId;
use acs_domain::port::compose::Composer;
use acs_domain::port::conflict::Comparison;
use acs_domain::port::counter::Counters;
use acs_domain::port::embed::Embedder;
use acs_domain::port::ground::Grounding;
use acs_domain::port::guard::Examiner;
use acs_domain::port::mask::Masker;
use acs_domain::port::prompt::PromptBuilder;
use acs_domain::port::rerank::Reranker;
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::route::Router;
use acs_domain::port::store::Store;
use acs_domain::port::understand::Understanding;
use serde_json::Value;
use time::OffsetDateTime;

use crate::answers::AnswerSettings;
use crate::embedders::Embedders;
use crate::error::EngineError;
use crate::passwords::Passwords;
use crate::usecase::access::AccessSettings;
use crate::usecase::embedding::MoveSettings;
use crate::usecase::training::TrainingSettings;

/// Everything that the engine reaches the outside through.
#[derive(Clone)]
pub struct Ports {
    /// What lasts.
    pub store: Arc<dyn Store>,
    /// Texts to vectors.
    pub embedders: Embedders,
    /// Cutting and ranking of knowledge.
    pub retriever: Arc<dyn Retriever>,
    /// The last word on the order of what was found, where there is a model for it.
    pub reranker: Option<Arc<dyn Reranker>>,
    /// Understanding of messages.
    pub understanding: Arc<dyn Understanding>,
    /// The check of texts for what is dangerous in them.
    pub examiner: Arc<dyn Examiner>,
    /// Keeps personal data from language models.
    pub masker: Arc<dyn Masker>,
    /// Answers out of sources alone: the end of every chain.
    pub composer: Arc<dyn Composer>,
    /// The check of a model's sentences against their sources.
    pub grounding: Arc<dyn Grounding>,
    /// The comparison of entries with each other.
    pub comparison: Arc<dyn Comparison>,
    /// What language models are asked.
    pub prompts: Arc<dyn PromptBuilder>,
    /// Which language models a turn asks, if any.
    pub router: Arc<dyn Router>,
    /// Counters for throttles.
    pub counters: Arc<dyn Counters>,
    /// Seals what is secret at rest.
    pub seals: Arc<Sealer>,
    /// Issues and verifies access tokens.
    pub tokens: Arc<Tokens>,
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    /// What a password must be.
    pub password_policy: PasswordPolicy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// What the operator may choose.
    pub settings: Settings,
}

/// What the operator may choose.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which process this is: the owner of its leases.
    pub process: String,
    /// Turns.
    pub turns: TurnSettings,
    /// Answers that are kept.
    pub answers: AnswerSettings,
    /// Sign-in and tokens.
    pub access: AccessSettings,
    /// How long customers may be silent.
    pub patience: Patience,
    /// Trainings.
    pub training: TrainingSettings,
    /// Moves to another embedding model.
    pub moves: MoveSettings,
    /// How long events stay in the outbox.
    pub events_retention: Duration,
    /// The program, and what it carries that decides: heads, rules, templates, each with its version.
    pub parts: Arc<BTreeMap<String, String>>,
}

/// How turns are run.
#[derive(Debug, Clone, Copy)]
pub struct TurnSettings {
    /// How long a turn is one process's alone; it is renewed while the work goes on.
    pub lease: Duration,
    /// How long a message may wait for the embedding model before the turn goes on by words alone.
    pub embed_within: Duration,
    /// How long understanding may take before the turn goes on without it.
    pub understand_within: Duration,
    /// How long search may take before the turn goes on without it.
    pub retrieve_within: Duration,
    /// How long all language models of a turn may take together.
    pub answer_within: Duration,
    /// How often a waiting turn looks whether another process has finished the one before.
    pub poll: Duration,
    /// Below this confidence the agent says that it does not know.
    pub unknown_threshold: f32,
    /// Below this confidence it offers a person beside its answer.
    pub answer_threshold: f32,
    /// From this confidence on it asks nothing back.
    pub certain_threshold: f32,
    /// From this confidence on, an intent's approved reply is used.
    pub intent_threshold: f32,
    /// How many earlier messages a turn reads.
    pub history: u32,
    /// How long before a conversation another of the customer may have begun that models are told of; zero: they are told of none.
    pub remember: Duration,
    /// How many passages a turn considers.
    pub passages: usize,
    /// Whether a person is called when the customer insults somebody; threats call one in any case.
    pub hand_over_abuse: bool,
    /// How many turns are under way at once, with those that wait for a language model; the rest queues.
    pub under_way: usize,
    /// How many of them work at once.
    pub working: usize,
}

impl Ports {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A new id for a thing made at `at`.
    #[must_use]
    pub fn id<T>(&self, at: OffsetDateTime) -> Id<T> {
        Id::generate(&*self.entropy, at)
    }

    /// The model to embed with what is written for an organization: the one that answers for it, or, if that is not here,
    /// the configured one.
    pub(crate) async fn embedder_for(&self, scope: Scope) -> Result<Arc<dyn Embedder>, EngineError> {
        let mut unit = self.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let told = organization.map(|organization| organization.embedding_model);
        let embedder = self.embedders.of(&told.unwrap_or_default());
        Ok(embedder.unwrap_or_else(|| Arc::clone(self.embedders.current())))
    }

    /// A new event about `subject`.
    #[must_use]
    pub fn event<T>(
        &self,
        organization_id: OrganizationId,
        kind: EventKind,
        subject: Id<T>,
        payload: Value,
        at: OffsetDateTime,
    ) -> Event {
        Event {
            id: self.id(at),
            organization_id,
            kind,
            version: 1,
            subject: subject.as_uuid(),
            payload,
            at,
        }
    }
}
