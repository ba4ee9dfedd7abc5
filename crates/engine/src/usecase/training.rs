//! Training on the organizations' phrases, beside the turns.
//!
//! A training runs under a lease, so that processes share the work; what ends is kept only if it knows more than what is
//! there. Phrases that change meanwhile make the organization due again.

use std::sync::Arc;
use std::time::Duration;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::intent_head::IntentHead;
use acs_domain::organization::OrganizationId;
use acs_domain::port::understand::Phrase;
use tokio_util::sync::CancellationToken;

use crate::error::{EngineError, Thing};
use crate::ports::Ports;

/// How many organizations one look finds at the most; the rest is found by the next.
const LIMIT: u32 = 16;
/// With fewer phrases to an intent in the mean, words have nothing in common.
const PHRASES_EACH: usize = 2;
/// There is nothing to tell apart with fewer.
const INTENTS: usize = 2;

/// When and how trainings run.
#[derive(Debug, Clone, Copy)]
pub struct TrainingSettings {
    /// For how long intents must have been left alone: a change is seldom the last.
    pub quiet: Duration,
    /// How long after the last training they are trained although they still change.
    pub at_the_latest: Duration,
    /// How long a training is one process's alone; it is renewed while the work goes on.
    pub lease: Duration,
}

/// The use case of training.
#[derive(Clone)]
pub struct IntentTraining {
    ports: Arc<Ports>,
}

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// What was trained is in force.
    Trained,
    /// There were too few phrases: the nearest of them answer.
    TooFew,
    /// Another process trained on the same phrases, or newer ones, and was first.
    Overtaken,
    /// The process stops: another one trains.
    Stopped,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Trained => "trained",
            Self::TooFew => "too_few",
            Self::Overtaken => "overtaken",
            Self::Stopped => "stopped",
        }
    }
}

impl IntentTraining {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Trains the organizations whose phrases are newer than what was trained on them, one after another; gives their
    /// number. One that fails is tried again when its lease has ended. Ends soon when `stop` is cancelled.
    pub async fn train_due(&self, stop: &CancellationToken) -> Result<usize, EngineError> {
        let embedders = &self.ports.embedders;
        let mut trained = 0;
        for embedder in std::iter::once(embedders.current().clone()).chain(embedders.previous()) {
            trained += self.train_due_of(embedder.model(), stop).await?;
        }
        Ok(trained)
    }

    /// Trains those that this model answers for.
    async fn train_due_of(
        &self,
        embedding_model: &str,
        stop: &CancellationToken,
    ) -> Result<usize, EngineError> {
        let (ports, settings) = (&self.ports, &self.ports.settings.training);
        let now = ports.now();
        let due = ports.store.directory().untrained_intents(
            embedding_model,
            now,
            now - settings.quiet,
            now - settings.at_the_latest,
            LIMIT,
        );
        let mut trained = 0;
        for organization in due.await? {
            if stop.is_cancelled() {
                break;
            }
            match self.train(organization, embedding_model, stop).await {
                Ok(done) => trained += usize::from(done),
                Err(error) => {
                    metrics::counter!("acs_intent_trainings_total", "outcome" => "failed").increment(1);
                    tracing::error!(organization.id = %organization, error = %Chain(&error), "a training failed");
                }
            }
        }
        Ok(trained)
    }

    /// Trains one organization on the vectors of one model, unless somebody is at it.
    pub(crate) async fn train(
        &self,
        organization: OrganizationId,
        embedding_model: &str,
        stop: &CancellationToken,
    ) -> Result<bool, EngineError> {
        let scope = Scope::trusted(organization);
        let Some(attempt) = self.acquire(scope, embedding_model).await? else {
            return Ok(false);
        };
        let outcome = tokio::select! {
            outcome = self.train_held(scope, embedding_model) => outcome?,
            () = self.keep_lease(scope, embedding_model, attempt) => Outcome::Overtaken,
            () = stop.cancelled() => Outcome::Stopped,
        };
        metrics::counter!("acs_intent_trainings_total", "outcome" => outcome.as_str()).increment(1);
        self.renew(scope, embedding_model, attempt, Duration::ZERO)
            .await?;
        Ok(outcome == Outcome::Trained)
    }

    async fn train_held(&self, scope: Scope, embedding_model: &str) -> Result<Outcome, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        let phrases = unit.intents().phrases(embedding_model).await?;
        drop(unit);
        let (began, count) = (ports.now(), phrases.len());
        tracing::info!(organization.id = %organization.id, phrases = count, "a training begins");
        let bytes = match enough(&phrases) {
            true => self.trained(phrases).await?,
            false => None,
        };
        let trained_at = ports.now();
        let head = IntentHead {
            organization_id: organization.id,
            embedding_model: embedding_model.to_owned(),
            intents_version: organization.intents_version,
            trained_at,
            took: (trained_at - began).try_into().unwrap_or_default(),
        };
        let mut unit = ports.store.begin(scope).await?;
        if !unit.intent_heads().put(&head, bytes.as_deref()).await? {
            return Ok(Outcome::Overtaken);
        }
        unit.commit().await?;
        let Some(bytes) = bytes else {
            return Ok(Outcome::TooFew);
        };
        metrics::histogram!("acs_intent_training_duration_seconds").record(head.took.as_secs_f64());
        tracing::info!(
            organization.id = %organization.id,
            intents.version = head.intents_version,
            phrases = count,
            size_bytes = bytes.len(),
            duration_ms = head.took.as_millis(),
            "intents are trained"
        );
        Ok(Outcome::Trained)
    }

    /// What a training makes of the phrases.
    async fn trained(&self, phrases: Vec<Phrase>) -> Result<Option<Vec<u8>>, EngineError> {
        let model = self.ports.understanding.train(phrases).await?;
        let bytes = tokio::task::spawn_blocking(move || model.to_bytes()).await;
        bytes.map_err(|error| EngineError::Internal(Box::new(error)))
    }

    async fn acquire(&self, scope: Scope, embedding_model: &str) -> Result<Option<i64>, EngineError> {
        let (ports, now) = (&self.ports, self.ports.now());
        let mut unit = ports.store.begin(scope).await?;
        let attempt = unit
            .intent_heads()
            .acquire(
                embedding_model,
                &ports.settings.process,
                now,
                now + ports.settings.training.lease,
            )
            .await?;
        unit.commit().await?;
        Ok(attempt)
    }

    /// Renews the lease for as long as it is polled; returns only when the lease is lost.
    async fn keep_lease(&self, scope: Scope, embedding_model: &str, attempt: i64) {
        let lease = self.ports.settings.training.lease;
        loop {
            tokio::time::sleep(lease / 3).await;
            match self.renew(scope, embedding_model, attempt, lease).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(organization.id = %scope.organization_id(), error = %Chain(&error), "the lease was not renewed");
                }
            }
        }
    }

    /// Holds the training for a further while, or gives it back with none; `false` if another has taken over.
    async fn renew(
        &self,
        scope: Scope,
        embedding_model: &str,
        attempt: i64,
        lease: Duration,
    ) -> Result<bool, EngineError> {
        let ports = &self.ports;
        let until = ports.now() + lease;
        let mut unit = ports.store.begin(scope).await?;
        let renewed = unit.intent_heads().renew(embedding_model, attempt, until).await?;
        unit.commit().await?;
        Ok(renewed)
    }
}

/// Whether there is enough to train on. Phrases come in the order of their intents.
fn enough(phrases: &[Phrase]) -> bool {
    let intents = phrases.chunk_by(|a, b| a.intent == b.intent).count();
    intents >= INTENTS && phrases.len() >= intents * PHRASES_EACH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(of: &[(&str, usize)]) -> Vec<Phrase> {
        let phrase = |&(intent, count): &(&str, usize)| {
            let phrase = Phrase {
                intent: intent.to_owned(),
                text: String::new(),
                vector: [].as_slice().into(),
            };
            vec![phrase; count]
        };
        of.iter().flat_map(phrase).collect()
    }

    #[test]
    fn it_takes_two_intents_with_two_phrases_each_in_the_mean() {
        assert!(!enough(&[]));
        assert!(!enough(&phrases(&[("refund", 100)])));
        assert!(!enough(&phrases(&[("greet", 1), ("refund", 2)])));
        assert!(enough(&phrases(&[("greet", 1), ("refund", 3)])));
    }
}
