//! `worker`: background work alone, beside any number of `api-server`s on the same PostgreSQL.

use acs_core::config::{Config, StoreKind};
use acs_jobs::Runner;
use anyhow::{Result, bail};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::{lifecycle, wire};

/// Works until a signal asks to stop; then waits for what is under way, and hands back what cannot be finished.
pub async fn work(config: Config) -> Result<()> {
    if config.store_url().kind() == StoreKind::Sqlite {
        bail!(
            "the embedded store needs no worker: api-server does its background work; set ACS__STORE__URL to a PostgreSQL"
        );
    }
    lifecycle::install_cryptography();
    let process = wire::process(&config, None).await?;
    let tasks = TaskTracker::new();
    let stop = lifecycle::stop_signal(&tasks)?;
    let runner = Runner::start(acs_jobs::kind::all(&process.engine), &process.entropy);
    tracing::info!(version = config.app.version(), "worker is ready");
    stop.cancelled().await;
    let deadline = Instant::now() + config.server.shutdown_grace_seconds;
    runner.stop(lifecycle::left_until(deadline)).await;
    process.engine.turns.stop(lifecycle::left_until(deadline)).await;
    process.embedder.stop().await;
    tracing::info!("stopped");
    Ok(())
}
