//! Does the background work beside any number of `api-server`s on the same PostgreSQL, checks the records of turns, runs turns
//! again from them, and erases customers: `worker --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    acs_app::work::main(std::env::args().skip(1).collect())
}
