//! Which adapter stands behind which port.

mod counters;
mod models;
mod servers;
mod store;

use std::path::Path;
use std::sync::Arc;

use acs_ai::compose::GroundedComposer;
use acs_ai::ground::RuleGrounding;
use acs_ai::prompt::GroundedPrompt;
use acs_api::state::Check;
use acs_core::clock::{Clock, SystemClock};
use acs_core::config::Config;
use acs_core::entropy::{Entropy, SystemEntropy};
use acs_core::security::password::{PasswordHasher, PasswordPolicy};
use acs_core::security::seal::Sealer;
use acs_core::security::token::Tokens;
use acs_domain::conversation::Patience;
use acs_domain::port::counter::Counters;
use acs_domain::port::embed::Embedder;
use acs_domain::port::store::Store;
use acs_engine::Engine;
use acs_engine::answers::AnswerSettings;
use acs_engine::embedders::Embedders;
use acs_engine::passwords::Passwords;
use acs_engine::ports::{Ports, Settings, TurnSettings};
use acs_engine::usecase::access::AccessSettings;
use acs_engine::usecase::embedding::MoveSettings;
use acs_engine::usecase::training::TrainingSettings;
use anyhow::{Context as _, Result};

pub use self::store::{open_store, options};
use crate::secrets::Keys;

/// How long what is known of a caller may be old.
const CALLER_TTL: std::time::Duration = std::time::Duration::from_secs(5);
/// How often a waiting turn looks whether another process has finished the one before.
const POLL: std::time::Duration = std::time::Duration::from_millis(100);
/// How many earlier messages a turn reads.
const HISTORY: u32 = 30;
/// How many turns work at once for each message that is analysed at once: the others search, write and commit.
const WORKING_A_THREAD: usize = 16;
/// How many passages a turn considers.
const PASSAGES: usize = 8;
/// From this confidence on an intent is acted on.
const SURE_OF_INTENT: f32 = 0.7;
/// How many addresses' worth of wrong passwords one address may send: an office signs in from one.
const FAILURES_PER_ADDRESS: u64 = 10;
/// How many times the delay of a training intents may go on changing before they are trained nevertheless.
const TRAINING_PATIENCE: u32 = 20;
/// How long events stay in the outbox.
const EVENTS_RETENTION: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3_600);

/// The parts of a running process.
pub struct Process {
    /// The use cases.
    pub engine: Engine,
    /// What lasts.
    pub store: Arc<dyn Store>,
    /// Shared counters, for limits.
    pub counters: Arc<dyn Counters>,
    /// What must answer before requests may come, besides the store.
    pub checks: Vec<Check>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// The embedding model, to be stopped last.
    pub embedder: Arc<dyn Embedder>,
}

/// Builds the use cases over the adapters that the settings name.
pub async fn process(config: &Config, data_dir: Option<&Path>) -> Result<Process> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let keys = Keys::load(&config.security, data_dir, &*entropy)?;
    let store = open_store(config).await?;
    let (counters, redis) = counters::connect(&config.redis, clock.clone())?;
    let embedder = match servers::embedder(&config.ai, entropy.clone()).await? {
        Some(embedder) => embedder,
        None => models::embedder(config)?,
    };
    let previous = models::previous_embedder(config, &*store, embedder.model()).await?;
    let retriever = models::retriever();
    let (understanding, masker) = models::understanding(config)?;
    let grounding = Arc::new(RuleGrounding::new(retriever.clone()));
    let ports = Ports {
        store: store.clone(),
        embedders: Embedders::new(embedder.clone(), previous),
        retriever: retriever.clone(),
        reranker: servers::reranker(&config.ai, entropy.clone())?,
        understanding,
        examiner: models::examiner(),
        masker,
        composer: Arc::new(GroundedComposer::new(retriever)),
        grounding: grounding.clone(),
        comparison: grounding,
        prompts: Arc::new(GroundedPrompt),
        router: models::router(&config.ai, entropy.clone())?,
        counters: counters.clone(),
        seals: Arc::new(Sealer::new(&keys.sealing).context("the encryption keys cannot be used")?),
        tokens: Arc::new(
            Tokens::new(&keys.signing, &config.security).context("the signing keys cannot be used")?,
        ),
        passwords: Passwords::new(
            PasswordHasher::new(&config.security, &*entropy)
                .context("the costs of password hashing cannot be used")?,
            entropy.clone(),
        ),
        password_policy: PasswordPolicy::new(&config.security),
        clock: clock.clone(),
        entropy: entropy.clone(),
        settings: settings(config, &*clock, &*entropy),
    };
    Ok(Process {
        engine: Engine::new(ports),
        store,
        counters,
        checks: redis.into_iter().collect(),
        clock,
        entropy,
        embedder,
    })
}

fn settings(config: &Config, clock: &dyn Clock, entropy: &dyn Entropy) -> Settings {
    let security = &config.security;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a threshold between 0 and 1 loses nothing that matters"
    )]
    let (unknown_threshold, answer_threshold, certain_threshold, cache_likeness) = (
        config.ai.unknown_threshold as f32,
        config.ai.answer_threshold as f32,
        config.ai.certain_threshold as f32,
        config.ai.answer_cache_likeness as f32,
    );
    Settings {
        process: format!("{}/{}", std::process::id(), entropy.uuid(clock.now())),
        turns: TurnSettings {
            lease: config.turn.lease_seconds,
            embed_within: config.turn.embed_wait_seconds,
            understand_within: config.turn.understand_timeout_seconds,
            retrieve_within: config.turn.retrieve_timeout_seconds,
            answer_within: config.turn.answer_timeout_seconds,
            poll: POLL,
            unknown_threshold,
            answer_threshold,
            certain_threshold,
            intent_threshold: SURE_OF_INTENT,
            history: HISTORY,
            remember: config.conversation.remember_seconds,
            passages: PASSAGES,
            hand_over_abuse: config.turn.hand_over_abuse,
            under_way: config.performance.max_turns,
            working: config.performance.understanding_threads.unwrap_or(cores) * WORKING_A_THREAD,
        },
        answers: AnswerSettings {
            bytes: u64::from(config.ai.answer_cache_mib) << 20,
            keep: config.ai.answer_cache_seconds,
            likeness: cache_likeness,
        },
        access: AccessSettings {
            access_lifetime: security.access_lifetime(),
            refresh_lifetime: security.refresh_lifetime(),
            max_failures: security.sign_in_max_failures.into(),
            max_failures_per_address: u64::from(security.sign_in_max_failures) * FAILURES_PER_ADDRESS,
            window: security.sign_in_window_seconds,
            caller_ttl: CALLER_TTL,
        },
        patience: Patience {
            remind_after: Some(config.conversation.reminder_seconds).filter(|after| !after.is_zero()),
            abandon_after: config.conversation.abandon_seconds,
        },
        training: TrainingSettings {
            quiet: config.ai.training_delay_seconds,
            at_the_latest: config.ai.training_delay_seconds * TRAINING_PATIENCE,
            lease: config.turn.lease_seconds,
        },
        moves: MoveSettings {
            lease: config.turn.lease_seconds,
            linger: config.turn.lease_seconds,
        },
        events_retention: EVENTS_RETENTION,
        parts: Arc::new(models::parts(config)),
    }
}
