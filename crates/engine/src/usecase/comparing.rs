//! Comparing the knowledge's entries with each other, beside the turns.
//!
//! Writing an entry raises its revision, and comparing goes on in the order of revisions from where it stopped, some passages at
//! a time. What is found and how far it came are kept in one unit: a process that dies in between leaves a batch that is
//! compared again. It runs under a lease, so that processes share the work.

mod batch;

use std::sync::Arc;
use std::time::Duration;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::conflict::{Conflict, Side};
use acs_domain::organization::OrganizationId;
use acs_domain::port::conflict::Contradiction;
use acs_domain::port::store::conflict::Progress;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use self::batch::Batch;
use crate::error::EngineError;
use crate::ports::Ports;

/// How many organizations one look finds at the most; the rest is found by the next.
const LIMIT: u32 = 16;
/// So many batches of an organization are compared before the next one has its turn.
const BATCHES: usize = 16;
/// How long a comparison is one process's alone: many times what a batch takes, after each of which it is renewed.
const LEASE: Duration = Duration::from_secs(120);

/// The use case of comparing.
#[derive(Clone)]
pub struct Comparing {
    ports: Arc<Ports>,
}

/// How far a comparison came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything is compared.
    Done,
    /// There is more, for the next look.
    More,
    /// Another process has taken over.
    Overtaken,
}

impl Comparing {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Compares what was written since the last time, of one organization after another; gives the number of those of which
    /// everything is compared. One that fails is tried again when its lease has ended. Ends between two batches when `stop` is
    /// cancelled.
    pub async fn compare_due(&self, stop: &CancellationToken) -> Result<usize, EngineError> {
        let embedders = &self.ports.embedders;
        let mut done = 0;
        for embedder in std::iter::once(embedders.current().clone()).chain(embedders.previous()) {
            let directory = self.ports.store.directory();
            let due = directory.uncompared(embedder.model(), self.ports.now(), LIMIT);
            for organization in due.await? {
                if stop.is_cancelled() {
                    return Ok(done);
                }
                match self.take_up(organization, embedder.strangers(), stop).await {
                    Ok(outcome) => done += usize::from(outcome == Some(Outcome::Done)),
                    Err(error) => {
                        metrics::counter!("acs_knowledge_comparisons_failed_total").increment(1);
                        tracing::error!(organization.id = %organization, error = %Chain(&error),
                            "a comparison of entries failed");
                    }
                }
            }
        }
        Ok(done)
    }

    /// Compares some batches of one organization, unless somebody is at it.
    async fn take_up(
        &self,
        organization: OrganizationId,
        strangers: f32,
        stop: &CancellationToken,
    ) -> Result<Option<Outcome>, EngineError> {
        let scope = Scope::trusted(organization);
        let (ports, now) = (&self.ports, self.ports.now());
        let mut unit = ports.store.begin(scope).await?;
        let process = &ports.settings.process;
        let attempt = unit.conflicts().acquire(process, now, now + LEASE).await?;
        unit.commit().await?;
        let Some(attempt) = attempt else {
            return Ok(None);
        };
        let mut outcome = Outcome::More;
        for _ in 0..BATCHES {
            if outcome != Outcome::More || stop.is_cancelled() {
                break;
            }
            outcome = self.step(scope, attempt, strangers).await?;
        }
        let mut unit = ports.store.begin(scope).await?;
        unit.conflicts().renew(attempt, ports.now()).await?;
        unit.commit().await?;
        Ok(Some(outcome))
    }

    /// Compares one batch, and keeps what was found.
    async fn step(&self, scope: Scope, attempt: i64, strangers: f32) -> Result<Outcome, EngineError> {
        let ports = &self.ports;
        let mut unit = ports.store.read(scope).await?;
        let next = unit.conflicts().uncompared(batch::PASSAGES).await?;
        let batch = Batch::read(&mut *unit, &next.passages).await?;
        drop(unit);
        let comparison = Arc::clone(&ports.comparison);
        let batch = Arc::new(batch);
        let compared = tokio::task::spawn_blocking({
            let batch = Arc::clone(&batch);
            move || comparison.contradictions(&batch.passages, &batch.pairs, strangers)
        });
        // Passages that cannot be compared are gone past: they would hold up all that is written after them.
        let found = compared.await.unwrap_or_else(|error| {
            metrics::counter!("acs_knowledge_comparisons_failed_total").increment(1);
            tracing::error!(panicked = error.is_panic(), "passages were not compared");
            Vec::new()
        });
        let at = ports.now();
        let conflicts: Vec<Conflict> = found
            .iter()
            .filter_map(|one| self.conflict(&batch, one, at))
            .collect();
        if !self.keep(scope, attempt, &conflicts, &next.then).await? {
            return Ok(Outcome::Overtaken);
        }
        metrics::counter!("acs_knowledge_passages_compared_total").increment(next.passages.len() as u64);
        metrics::counter!("acs_knowledge_conflicts_found_total").increment(conflicts.len() as u64);
        Ok(if next.is_all { Outcome::Done } else { Outcome::More })
    }

    fn conflict(&self, batch: &Batch, found: &Contradiction, at: OffsetDateTime) -> Option<Conflict> {
        let side = |place: usize| {
            let passage = &batch.passages.get(found.passages[place])?.found;
            Some(Side {
                entry_id: passage.passage.entry_id,
                version: passage.version,
                sentence: passage
                    .passage
                    .text
                    .get(found.sentences[place].clone())?
                    .trim()
                    .to_owned(),
            })
        };
        Some(Conflict {
            id: self.ports.id(at),
            difference: found.difference,
            sides: [side(0)?, side(1)?],
            found_at: at,
        })
    }

    async fn keep(
        &self,
        scope: Scope,
        attempt: i64,
        conflicts: &[Conflict],
        progress: &Progress,
    ) -> Result<bool, EngineError> {
        let mut unit = self.ports.store.begin(scope).await?;
        let until = self.ports.now() + LEASE;
        let held = unit.conflicts().keep(attempt, conflicts, progress).await?
            && unit.conflicts().renew(attempt, until).await?;
        if held {
            unit.commit().await?;
        }
        Ok(held)
    }
}
