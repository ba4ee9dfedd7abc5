//! Does the background work beside any number of `api-server`s on the same PostgreSQL.

use std::process::ExitCode;

fn main() -> ExitCode {
    acs_app::run_without_arguments(
        "worker",
        "Does the background work beside any number of `api-server`s on the same PostgreSQL.",
        |config| Box::pin(acs_app::work::work(config)),
    )
}
