//! Brings the database's schema up, and backs the embedded store up: `migrator --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    acs_app::run("migrator", |config| {
        Box::pin(acs_app::migrate::command(
            config,
            std::env::args().skip(1).collect(),
        ))
    })
}
