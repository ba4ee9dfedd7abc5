//! Moving organizations to the configured embedding model, beside the turns.
//!
//! The old vectors answer until the new ones are complete; then all of an organization's searches go over at once, and the old
//! ones are cleared. Each step is found again by what the store says of it, so that a move goes on where it was, whoever
//! takes it up. A move runs under a lease, so that processes share the work.

mod fill;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::organization::OrganizationId;
use acs_domain::port::store::embedding::VectorState;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::error::EngineError;
use crate::ports::Ports;
use crate::usecase::training::IntentTraining;

/// How many organizations one look finds at the most; the rest is found by the next.
const LIMIT: u32 = 16;
/// How many passages are cleared in one unit.
const CLEARED: u32 = 500;
/// The name of a model that none of those here is.
const UNKNOWN: &str = "unknown";

/// How moves run.
#[derive(Debug, Clone, Copy)]
pub struct MoveSettings {
    /// How long a move is one process's alone; it is renewed while the work goes on.
    pub lease: Duration,
    /// How long the vectors before are kept when others answer: for turns that began before.
    pub linger: Duration,
}

/// The use case of moving.
#[derive(Clone)]
pub struct EmbeddingMoves {
    ports: Arc<Ports>,
    training: IntentTraining,
    /// What was put in force after this by others is not undone: they were started later, and know better.
    began: OffsetDateTime,
    /// Whether the model before was of no use when it was last looked.
    unused: Arc<AtomicBool>,
}

/// How far a move came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything is in its place.
    Done,
    /// The rest has to wait: for turns that began before, or for a training.
    Later,
    /// Another process has taken over.
    Overtaken,
    /// The process stops: another one goes on.
    Stopped,
}

impl EmbeddingMoves {
    pub(crate) fn new(ports: Arc<Ports>, training: IntentTraining) -> Self {
        let began = ports.now();
        Self {
            ports,
            training,
            began,
            unused: Arc::default(),
        }
    }

    /// Moves the organizations that other models answer for, one after another; gives the number of those that are done.
    /// One that fails is tried again when its lease has ended. Ends soon when `stop` is cancelled.
    pub async fn move_due(&self, stop: &CancellationToken) -> Result<usize, EngineError> {
        let (ports, model) = (&self.ports, self.ports.embedders.current().model());
        let directory = ports.store.directory();
        let due = directory.unmoved(model, ports.now(), self.began, LIMIT).await?;
        let mut done = 0;
        for organization in due {
            if stop.is_cancelled() {
                break;
            }
            match self.take_up(organization, stop).await {
                Ok(outcome) => done += usize::from(outcome == Some(Outcome::Done)),
                Err(error) => {
                    metrics::counter!("acs_embedding_moves_total", "outcome" => "failed").increment(1);
                    tracing::error!(organization.id = %organization, error = %Chain(&error),
                        "a move to another embedding model failed");
                }
            }
        }
        Ok(done)
    }

    /// Lets go of the model before when it answers for nobody, and did not at the last look either.
    pub async fn release_unused(&self) -> Result<(), EngineError> {
        let embedders = &self.ports.embedders;
        if embedders.previous().is_none() {
            return Ok(());
        }
        let directory = self.ports.store.directory();
        let others = directory
            .embedded_otherwise(embedders.current().model(), 1)
            .await?;
        let unused = others.is_empty();
        if self.unused.swap(unused, Ordering::Relaxed)
            && unused
            && let Some(released) = embedders.release()
        {
            tracing::info!(
                model = released.model(),
                "the embedding model before is no longer used, and released"
            );
        }
        Ok(())
    }

    /// Goes on with a move, unless somebody is at it.
    async fn take_up(
        &self,
        organization: OrganizationId,
        stop: &CancellationToken,
    ) -> Result<Option<Outcome>, EngineError> {
        let scope = Scope::trusted(organization);
        let Some(attempt) = self.acquire(scope).await? else {
            return Ok(None);
        };
        let outcome = tokio::select! {
            outcome = self.go_on(scope, stop) => outcome?,
            () = self.keep_lease(scope, attempt) => Outcome::Overtaken,
            () = stop.cancelled() => Outcome::Stopped,
        };
        self.renew(scope, attempt, Duration::ZERO).await?;
        Ok(Some(outcome))
    }

    /// One step after another, each as the store says that it is due.
    async fn go_on(&self, scope: Scope, stop: &CancellationToken) -> Result<Outcome, EngineError> {
        let (ports, model) = (&self.ports, self.ports.embedders.current().model());
        loop {
            let state = self.state(scope).await?;
            if state.in_force.is_empty() {
                self.name(scope).await?;
            } else if state.in_force == model && state.missing {
                self.fill(scope, model).await?;
                self.settle(scope).await?;
            } else if state.in_force == model && state.beside.is_none() {
                return Ok(Outcome::Done);
            } else if state.in_force == model && ports.now() - state.since < self.linger() {
                return Ok(Outcome::Later);
            } else if state.in_force == model || state.beside.as_deref().is_some_and(|beside| beside != model)
            {
                self.clear(scope).await?;
            } else if state.beside.is_none() {
                self.open(scope, &state).await?;
            } else {
                self.fill(scope, model).await?;
                if !self.trained(scope, &state, stop).await? {
                    return Ok(Outcome::Later);
                }
                self.switch(scope, &state).await?;
            }
        }
    }

    fn linger(&self) -> Duration {
        self.ports.settings.moves.linger
    }

    async fn state(&self, scope: Scope) -> Result<VectorState, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        Ok(unit.embeddings().state().await?)
    }

    /// Finds out which of the models here made the vectors in force, where nobody has told.
    async fn name(&self, scope: Scope) -> Result<(), EngineError> {
        let name = self.maker(scope).await?;
        let name = name.as_deref().unwrap_or(UNKNOWN);
        let mut unit = self.ports.store.begin(scope).await?;
        unit.embeddings().name(name).await?;
        unit.commit().await?;
        Ok(())
    }

    /// Gives the other place to the configured model.
    async fn open(&self, scope: Scope, state: &VectorState) -> Result<(), EngineError> {
        let (ports, model) = (&self.ports, self.ports.embedders.current().model());
        let mut unit = ports.store.begin(scope).await?;
        unit.embeddings().open(model).await?;
        let (passages, phrases) = unit.embeddings().count_without(model).await?;
        unit.commit().await?;
        tracing::info!(organization.id = %scope.organization_id(), from = state.in_force, to = model, passages, phrases,
            "a move to another embedding model begins");
        if ports.embedders.of(&state.in_force).is_none() {
            tracing::warn!(organization.id = %scope.organization_id(), model = state.in_force,
                "the embedding model before is not loaded: words alone answer until the move is done");
        }
        Ok(())
    }

    /// Sees to it that the configured model has a head as new as the one in force; `false` if that takes another look.
    async fn trained(
        &self,
        scope: Scope,
        state: &VectorState,
        stop: &CancellationToken,
    ) -> Result<bool, EngineError> {
        let model = self.ports.embedders.current().model();
        for train in [true, false] {
            let mut unit = self.ports.store.read(scope).await?;
            let before = unit.intent_heads().find(&state.in_force).await?;
            let next = unit.intent_heads().find(model).await?;
            drop(unit);
            let version = |head: Option<acs_domain::intent_head::IntentHead>| {
                head.map_or(0, |head| head.intents_version)
            };
            if version(next) >= version(before) {
                return Ok(true);
            }
            if train {
                self.training.train(scope.organization_id(), model, stop).await?;
            }
        }
        Ok(false)
    }

    /// Puts the configured model in force, unless something was written meanwhile that it has not embedded.
    async fn switch(&self, scope: Scope, state: &VectorState) -> Result<(), EngineError> {
        let (ports, model) = (&self.ports, self.ports.embedders.current().model());
        let mut unit = ports.store.begin(scope).await?;
        if unit.embeddings().switch(model, ports.now()).await? {
            unit.commit().await?;
            metrics::counter!("acs_embedding_moves_total", "outcome" => "moved").increment(1);
            tracing::info!(organization.id = %scope.organization_id(), from = state.in_force, to = model,
                "another embedding model is in force");
        }
        Ok(())
    }

    /// Notes that nothing is missing, unless something is.
    async fn settle(&self, scope: Scope) -> Result<(), EngineError> {
        let mut unit = self.ports.store.begin(scope).await?;
        if unit.embeddings().settle().await? {
            unit.commit().await?;
        }
        Ok(())
    }

    async fn clear(&self, scope: Scope) -> Result<(), EngineError> {
        loop {
            let mut unit = self.ports.store.begin(scope).await?;
            let done = unit.embeddings().clear(CLEARED).await?;
            unit.commit().await?;
            if done {
                return Ok(());
            }
        }
    }

    async fn acquire(&self, scope: Scope) -> Result<Option<i64>, EngineError> {
        let (ports, now) = (&self.ports, self.ports.now());
        let mut unit = ports.store.begin(scope).await?;
        let until = now + ports.settings.moves.lease;
        let attempt = unit
            .embeddings()
            .acquire(&ports.settings.process, now, until)
            .await?;
        unit.commit().await?;
        Ok(attempt)
    }

    /// Renews the lease for as long as it is polled; returns only when the lease is lost.
    async fn keep_lease(&self, scope: Scope, attempt: i64) {
        let lease = self.ports.settings.moves.lease;
        loop {
            tokio::time::sleep(lease / 3).await;
            match self.renew(scope, attempt, lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(organization.id = %scope.organization_id(), error = %Chain(&error), "the lease was not renewed");
                }
            }
        }
    }

    /// Holds the move for a further while, or gives it back with none; `false` if another has taken over.
    async fn renew(&self, scope: Scope, attempt: i64, lease: Duration) -> Result<bool, EngineError> {
        let until = self.ports.now() + lease;
        let mut unit = self.ports.store.begin(scope).await?;
        let renewed = unit.embeddings().renew(attempt, until).await?;
        unit.commit().await?;
        Ok(renewed)
    }
}
