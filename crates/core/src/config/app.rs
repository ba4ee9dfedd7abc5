//! What this program is, and where it runs.

use super::schema::choice::choice;
use super::schema::rule::not_blank;
use super::schema::section;

choice! {
    /// Where the program runs. Production refuses settings that are only fit for trying things out.
    Environment {
        /// On a developer's machine.
        Development = "development" | "dev";
        /// Under test.
        Testing = "testing" | "test";
        /// A rehearsal of production.
        Staging = "staging";
        /// For real customers.
        Production = "production" | "prod";
    }
}

section! {
    /// What this program is, and where it runs.
    App = "app" {
        /// The name that people see.
        name: String = "AI Customer Service Agent".to_owned(), not_blank();
        /// The version that health checks and telemetry report, where a deployment counts its own; otherwise the
        /// program's.
        version: Option<String> = None;
        /// Where the program runs. Production refuses settings that are only fit for trying things out.
        environment: Environment = Environment::Development;
        /// Show more of what happens inside, to developers only. Refused in production.
        debug: bool = false;
    }
}

impl App {
    /// The version to report.
    #[must_use]
    pub fn version(&self) -> &str {
        self.version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"))
    }
}
