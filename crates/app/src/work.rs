//! `worker`: background work beside any number of `api-server`s on the same PostgreSQL; and, on any store, an operator's
//! commands: a look back at the turns that were, and erasing a customer.

use std::io::{self, Write as _};
use std::process::ExitCode;

use acs_core::config::{Config, StoreKind};
use acs_jobs::Runner;
use anyhow::{Context as _, Result, bail};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::data_dir::DataDir;
use crate::replay::{Request, replay};
use crate::verify::verify;
use crate::wire::Process;
use crate::{erase, lifecycle, run, wire};

const HELP: &str = "\
Usage: worker [COMMAND]

Without a command it does the background work beside any number of `api-server`s on the same PostgreSQL.

  verify [--organization SLUG]     check that the records of turns are as they were written

  replay WHICH [HOW]               run turns again from their records, and compare the decisions
    WHICH   --turn ID | --conversation ID | --organization SLUG, and --last N (100)
    HOW     nothing: everything as it was, and the decisions must be the same, byte by byte
            --with FILE       with the [ai] and [turn] settings of another acs.toml: its models are asked
            --knowledge now   with what the knowledge says now

            --prompt FILE     with another template of prompts for the organization
            Both ask models, at the organization's settings of now; its budget does not stop them.

  erase --organization SLUG --customer ID [--dry-run]
                                   erase a customer (the organization's own id) for good: words, data, and the keys of
                                   records; what broke off is finished by repeating it

  --help, --version

verify and replay write nothing and send nothing. The embedded store can be looked at while api-server is stopped. Settings come
from acs.toml, .env and the environment (ACS__SECTION__KEY): see docs/reference/config.md.
";

/// What the arguments ask for.
enum Command {
    Work,
    Verify { organization: Option<String> },
    Replay(Request),
    Erase(erase::Request),
}

/// Runs the program. Arguments are answered or refused before anything is touched.
#[must_use]
pub fn main(arguments: Vec<String>) -> ExitCode {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let told = match arguments[..] {
        ["--help" | "-h" | "help"] => say(HELP),
        ["--version" | "-V"] => say(&format!("worker {}\n", env!("CARGO_PKG_VERSION"))),
        _ => match command(&arguments) {
            Ok(Command::Work) => return run("worker", |config| Box::pin(work(config))),
            Ok(command) => return run("worker", |config| Box::pin(once(config, command))),
            Err(error) => {
                let _nobody_reads = writeln!(io::stderr(), "worker: {error:#}");
                return ExitCode::FAILURE;
            }
        },
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(_nobody_reads) => ExitCode::FAILURE,
    }
}

fn command(arguments: &[&str]) -> Result<Command> {
    match arguments {
        [] => Ok(Command::Work),
        ["verify"] => Ok(Command::Verify { organization: None }),
        ["verify", "--organization", slug] => Ok(Command::Verify {
            organization: Some((*slug).to_owned()),
        }),
        ["replay", rest @ ..] => Ok(Command::Replay(Request::parse(rest)?)),
        ["erase", rest @ ..] => Ok(Command::Erase(erase::Request::parse(rest)?)),
        _ => bail!("`{}` is not a command\n\n{HELP}", arguments.join(" ")),
    }
}

/// Works until a signal asks to stop; then waits for what is under way, and hands back what cannot be finished.
async fn work(config: Config) -> Result<()> {
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

/// Does what an operator asks for, once.
async fn once(config: Config, command: Command) -> Result<()> {
    lifecycle::install_cryptography();
    let config = match &command {
        Command::Replay(request) => request.config(config)?,
        _ => config,
    };
    let embedded = config.store_url().kind() == StoreKind::Sqlite;
    let data_dir = match embedded {
        true => Some(DataDir::hold(&config.data_dir)?),
        false => None,
    };
    let process = wire::process(&config, data_dir.as_ref().map(DataDir::path)).await?;
    let done = match command {
        Command::Work => Ok(()),
        Command::Verify { organization } => verify(&process, organization.as_deref()).await,
        Command::Replay(request) => replay(&process, &request).await,
        Command::Erase(request) => erase::erase(&process, &request).await,
    };
    stop(process).await;
    done
}

async fn stop(process: Process) {
    process.engine.turns.stop(std::time::Duration::ZERO).await;
    process.embedder.stop().await;
}

/// Tells the person at the terminal.
pub(crate) fn say(text: &str) -> Result<()> {
    io::stdout().write_all(text.as_bytes()).context("nobody reads")
}
