//! `api-server`: HTTP, with the background work in the same process where the store is embedded.

use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use acs_api::settings::{ApiSettings, ChatPage};
use acs_api::state::ApiState;
use acs_core::config::{Config, StoreKind};
use acs_jobs::Runner;
use anyhow::{Context as _, Result};
use tokio::net::TcpSocket;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::TaskTracker;

use crate::data_dir::DataDir;
use crate::listen::{self, Patience};
use crate::seed::{self, DEMO_ACCOUNTS, Generated, OPERATOR};
use crate::telemetry::Metrics;
use crate::{lifecycle, wire};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1_024;
/// How long answers may still be on their way to clients when the time to stop is over.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Serves until a signal asks to stop; then waits for what is under way, and hands back what cannot be finished.
pub async fn serve(config: Config) -> Result<()> {
    lifecycle::install_cryptography();
    let metrics = Metrics::start()?;
    let embedded = config.store_url().kind() == StoreKind::Sqlite;
    let data_dir = if embedded {
        Some(DataDir::hold(&config.data_dir)?)
    } else {
        None
    };
    // Before anything is made: an address that is taken is told at once. Nobody can connect until it is listened on.
    let address = SocketAddr::new(config.server.host, config.server.port);
    let taken = || {
        format!(
            "{address} cannot be listened on; choose another with ACS__SERVER__HOST and ACS__SERVER__PORT"
        )
    };
    let socket = bind(address).with_context(taken)?;
    let data_path = data_dir.as_ref().map(DataDir::path);
    let process = wire::process(&config, data_path).await?;
    let generated = seed::seed(&process.engine, &config, data_path, &*process.entropy)
        .await
        .context("the first data cannot be made")?;
    let listener = socket.listen(BACKLOG).with_context(taken)?;
    let address = listener.local_addr().context("the address is not known")?;
    let tasks = TaskTracker::new();
    let stop = lifecycle::stop_signal(&tasks)?;
    let jobs = match embedded {
        true => acs_jobs::kind::all(&process.engine),
        false => acs_jobs::kind::everywhere(&process.engine),
    };
    let runner = Runner::start(jobs, &process.entropy);
    let router = router(&config, &process, Arc::new(move || metrics.render()))?;
    announce(&config, address, &generated);
    generated.shown();

    let patience = Patience {
        connections: config.server.max_connections,
        headers: config.server.header_timeout_seconds,
        writes: config.server.write_timeout_seconds,
        of_one_address: config.server.max_connections_per_address,
        proxies: config.server.trusted_proxies.clone(),
    };
    let mut served = pin!(listen::serve(listener, router, patience, stop.clone()));
    let mut all_answered = tokio::select! {
        () = &mut served => true,
        () = stop.cancelled() => false,
    };
    let deadline = Instant::now() + config.server.shutdown_grace_seconds;
    if !all_answered {
        all_answered = timeout_at(deadline, &mut served).await.is_ok();
    }
    runner.stop(lifecycle::left_until(deadline)).await;
    process.engine.turns.stop(lifecycle::left_until(deadline)).await;
    // Whoever still waits for a turn has been told by now that it is handed back.
    if !all_answered {
        all_answered = timeout(LAST_WORDS, served).await.is_ok();
    }
    process.embedder.stop().await;
    tracing::info!(connections_cut = !all_answered, "stopped");
    Ok(())
}

fn bind(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // So that a server that was just stopped can be started again.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// The endpoints over a running process. `metrics` writes the page of figures.
pub fn router(
    config: &Config,
    process: &wire::Process,
    metrics: Arc<dyn Fn() -> String + Send + Sync>,
) -> Result<axum::Router> {
    let mut settings = ApiSettings::from_config(config)?;
    settings.chat_page = config.demo_wanted().then(|| ChatPage {
        slug: "demo".to_owned(),
        name: "Brellwick".to_owned(),
    });
    Ok(acs_api::router(ApiState {
        engine: process.engine.clone(),
        counters: process.counters.clone(),
        clock: process.clock.clone(),
        entropy: process.entropy.clone(),
        settings,
        checks: process.checks.clone(),
        metrics,
    }))
}

/// Tells the person at the terminal where to go and how to sign in. To the error stream: the other one is for logs.
fn announce(config: &Config, address: SocketAddr, generated: &Generated) {
    let host = if address.ip().is_unspecified() {
        "localhost".to_owned()
    } else {
        address.ip().to_string()
    };
    let base = format!("http://{host}:{}", address.port());
    let mut lines = vec![
        format!("{} {} is ready.", config.app.name, config.app.version()),
        format!("  Chat       {base}/"),
        format!("  API        {base}/api/v1   (reference: {base}/docs)"),
        format!("  Health     {base}/health/ready"),
    ];
    if config.demo_wanted() {
        lines.push(format!(
            "  Sign in    POST {base}/api/v1/auth/token as {} (organization `demo`)",
            DEMO_ACCOUNTS[0].email
        ));
        lines.push(match (&generated.demo, &config.demo.password) {
            (Some(password), _) => format!(
                "  Password   {}   (shown this once; also of the other demo accounts)",
                password.expose()
            ),
            (None, Some(_)) => "  Password   as set in ACS__DEMO__PASSWORD".to_owned(),
            (None, None) => {
                "  Password   as shown at the first start; set ACS__DEMO__PASSWORD to choose another"
                    .to_owned()
            }
        });
    }
    if let Some(password) = &generated.operator {
        lines.push(format!(
            "  Operator   {OPERATOR} with {}   (shown this once)",
            password.expose()
        ));
    }
    let _nobody_reads = writeln!(std::io::stderr(), "\n{}\n", lines.join("\n"));
    tracing::info!(address = %address, version = config.app.version(), "ready");
}
