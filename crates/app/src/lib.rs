//! The composition root: configuration to adapters, adapters to use cases, use cases to a running process.
//!
//! Lives here: everything that knows which adapter stands behind which port, the start and the stop of a process, its
//! logs and metrics, the data folder, and the demonstration.
//! Never lives here: a decision about a conversation, a query, a handler.
//!
//! | module | what it does |
//! |---|---|
//! | [`serve`] | `api-server`: HTTP, with background work where the store is embedded |
//! | [`work`] | `worker`: background work alone, a look back at turns, and erasing customers |
//! | [`migrate`] | `migrator`: migrations, backup and restore |
//! | [`wire`] | which adapter stands behind which port |
//! | [`telemetry`], [`lifecycle`] | logs, metrics, signals |
//! | [`data_dir`], [`secrets`], [`seed`] | the embedded default: its folder, its keys, its demonstration |

pub mod data_dir;
mod erase;
pub mod lifecycle;
mod listen;
pub mod migrate;
mod organizations;
mod replay;
pub mod secrets;
pub mod seed;
pub mod serve;
pub mod telemetry;
mod verify;
pub mod wire;
pub mod work;

use std::future::Future;
use std::io::Write as _;
use std::pin::Pin;
use std::process::ExitCode;

use acs_core::config::{Config, Sources};
use anyhow::{Context as _, Result};

/// Conversations are many small pieces of memory that pass between threads, which the C library's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a program does with its settings.
pub type Program = Pin<Box<dyn Future<Output = Result<()>>>>;

/// Runs a program: reads the settings, begins to log, and tells why it failed, if it did.
pub fn run(name: &str, program: impl FnOnce(Config) -> Program) -> ExitCode {
    match start(program) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _nobody_reads = writeln!(std::io::stderr(), "{name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a program that takes no arguments: those that are given are answered or refused before anything is touched.
pub fn run_without_arguments(name: &str, purpose: &str, program: impl FnOnce(Config) -> Program) -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let said = match given[..] {
        [] => return run(name, program),
        ["--version" | "-V"] => writeln!(std::io::stdout(), "{name} {}", env!("CARGO_PKG_VERSION")),
        ["--help" | "-h" | "help"] => writeln!(
            std::io::stdout(),
            "{purpose}\n\nUsage: {name}\n\nSettings come from acs.toml, .env and the environment (ACS__SECTION__KEY): see \
             docs/reference/config.md."
        ),
        _ => {
            let _nobody_reads = writeln!(
                std::io::stderr(),
                "{name}: takes no argument `{}`; settings come from acs.toml, .env and the environment: {name} --help",
                given.join(" ")
            );
            return ExitCode::FAILURE;
        }
    };
    if said.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn start(program: impl FnOnce(Config) -> Program) -> Result<()> {
    let config = Config::load(&Sources::from_process())?;
    let _log = telemetry::start_logging(&config.logging)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = config.server.workers {
        runtime.worker_threads(threads);
    }
    let runtime = runtime
        .enable_all()
        .build()
        .context("the threads cannot be started")?;
    runtime.block_on(program(config))
}
