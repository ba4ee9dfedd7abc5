//! What must be tidied now and then.

use std::sync::Arc;

use crate::error::EngineError;
use crate::ports::Ports;

/// How many rows of each kind one sweep deletes at the most.
const SWEEP_ROWS: u32 = 1_000;

/// The use cases of background work.
#[derive(Clone)]
pub struct Housekeeping {
    ports: Arc<Ports>,
}

impl Housekeeping {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Deletes what is past its time; gives the number of rows.
    pub async fn sweep(&self) -> Result<u64, EngineError> {
        let now = self.ports.now();
        let events_before = now - self.ports.settings.events_retention;
        Ok(self
            .ports
            .store
            .directory()
            .sweep(now, events_before, SWEEP_ROWS)
            .await?)
    }

    /// Whether the store answers.
    pub async fn store_answers(&self) -> Result<(), EngineError> {
        Ok(self.ports.store.ping().await?)
    }
}
