//! Does the background work beside any number of `api-server`s on the same PostgreSQL.

use std::process::ExitCode;

fn main() -> ExitCode {
    acs_app::run("worker", |config| Box::pin(acs_app::work::work(config)))
}
