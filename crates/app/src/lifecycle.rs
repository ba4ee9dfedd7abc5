//! The stop of a process: asked for by a signal, soft at first, hard when its time is over.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A token that is cancelled by the first SIGTERM or SIGINT. A second one ends the process at once.
pub fn stop_signal(tasks: &TaskTracker) -> Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be listened for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be listened for")?;
    let told = stop.clone();
    tasks.spawn(async move {
        let mut next =
            async || tokio::select! { _ = terminate.recv() => "SIGTERM", _ = interrupt.recv() => "SIGINT" };
        let name = next().await;
        tracing::info!(signal = name, "stopping: no new work is taken");
        told.cancel();
        let name = next().await;
        tracing::warn!(
            signal = name,
            "stopped at once: what was under way is taken up at the next start"
        );
        std::process::exit(130);
    });
    Ok(stop)
}

/// How much time is left of a stop that is to be over at `deadline`.
pub(crate) fn left_until(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Uses ring for TLS everywhere: no other library is linked.
pub fn install_cryptography() {
    let _already = rustls::crypto::ring::default_provider().install_default();
}
