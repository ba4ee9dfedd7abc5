//! Serves the API and the chat page; on the embedded store it also does the background work.

use std::process::ExitCode;

fn main() -> ExitCode {
    acs_app::run_without_arguments(
        "api-server",
        "Serves the API and the chat page; on the embedded store it also does the background work.",
        |config| Box::pin(acs_app::serve::serve(config)),
    )
}
