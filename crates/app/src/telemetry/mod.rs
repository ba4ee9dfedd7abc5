//! Logs and metrics.

mod format;
mod metrics;

use std::io::IsTerminal as _;
use std::panic::PanicHookInfo;

use acs_core::config::{LogFormat, LogLevel, Logging, Rotation};
use anyhow::{Context as _, Result};
use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

pub use self::metrics::Metrics;

/// Keeps the log file's writer alive; what is buffered is written when this is dropped.
#[derive(Debug)]
pub struct LogGuard(#[expect(dead_code, reason = "held for its drop")] Option<WorkerGuard>);

/// Begins to log as the settings say. Once for each process.
pub fn start_logging(settings: &Logging) -> Result<LogGuard> {
    let text = match settings.format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stdout().is_terminal(),
    };
    let (file, guard) = match file_writer(settings)? {
        Some((writer, guard)) => (Some(layer(writer, text, false)), Some(guard)),
        None => (None, None),
    };
    tracing_subscriber::registry()
        .with(filter(settings)?)
        .with(format::Correlation)
        .with(layer(std::io::stdout, text, std::io::stdout().is_terminal()))
        .with(file)
        .try_init()
        .context("logging was started twice")?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(LogGuard(guard))
}

/// Where a panic happened. What it says is left out: it may quote a customer's words.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a thread panicked");
}

fn layer<S, W>(writer: W, text: bool, colours: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(colours);
    if text {
        layer.event_format(format::Text).boxed()
    } else {
        layer.event_format(format::Json).boxed()
    }
}

/// A writer for the log file: a new file each hour or day, and no more files than are to be kept.
fn file_writer(
    settings: &Logging,
) -> Result<Option<(tracing_appender::non_blocking::NonBlocking, WorkerGuard)>> {
    let Some(path) = &settings.file else {
        return Ok(None);
    };
    let rotation = match settings.rotation {
        Rotation::Hourly => tracing_appender::rolling::Rotation::HOURLY,
        Rotation::Daily => tracing_appender::rolling::Rotation::DAILY,
        Rotation::Never => tracing_appender::rolling::Rotation::NEVER,
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().context("ACS__LOGGING__FILE must name a file")?;
    let appender = tracing_appender::rolling::Builder::new()
        .rotation(rotation)
        .filename_prefix(name.to_string_lossy())
        .max_log_files(settings.retention_files)
        .build(folder.unwrap_or_else(|| std::path::Path::new(".")))
        .with_context(|| {
            format!(
                "the log file {} cannot be written (ACS__LOGGING__FILE)",
                path.display()
            )
        })?;
    Ok(Some(tracing_appender::non_blocking(appender)))
}

fn filter(settings: &Logging) -> Result<EnvFilter> {
    let level = match settings.level {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    };
    // Libraries speak only of what deserves a look, unless asked for more. Statements are logged only where the store's
    // settings say so: then at any level.
    let quiet = "sqlx=warn,sqlx::query=debug,sea_orm=warn,hyper=warn,h2=warn,rustls=warn,tokenizers=warn,reqwest=warn,\
                 llama-cpp-2=warn,llama_cpp_2=warn";
    let more = settings.filter.as_deref().unwrap_or_default();
    EnvFilter::builder()
        .parse(format!("{level},{quiet},{more}"))
        .context("ACS__LOGGING__FILTER is not a list such as `acs_api=debug,sqlx=warn`")
}
