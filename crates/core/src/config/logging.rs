//! What is logged, how and where.

use std::path::PathBuf;

use super::schema::choice::choice;
use super::schema::rule::{between, log_filter, when_set};
use super::schema::section;

choice! {
    /// How grave an event must be to be logged.
    LogLevel {
        /// Every step.
        Trace = "trace";
        /// What helps to find a fault.
        Debug = "debug";
        /// What happens in the normal run.
        Info = "info";
        /// What deserves a look.
        Warn = "warning" | "warn";
        /// What failed.
        Error = "error" | "critical";
    }
}

choice! {
    /// How an event is written.
    LogFormat {
        /// Text on a terminal, JSON anywhere else.
        Auto = "auto";
        /// One JSON object a line, for programs.
        Json = "json";
        /// Readable lines, for people.
        Text = "text";
    }
}

choice! {
    /// How often a new log file is begun.
    Rotation {
        /// Every hour.
        Hourly = "hourly";
        /// Every day.
        Daily = "daily";
        /// Never.
        Never = "never";
    }
}

section! {
    /// What is logged, how and where.
    Logging = "logging" {
        /// How grave an event must be to be logged.
        level: LogLevel = LogLevel::Info;
        /// Other levels for parts of the program, such as `acs_api=debug,sqlx=warn`.
        filter: Option<String> = None, when_set(log_filter());
        /// How an event is written.
        format: LogFormat = LogFormat::Auto;
        /// A file to log to, beside the standard output.
        file: Option<PathBuf> = None;
        /// How often a new log file is begun.
        rotation: Rotation = Rotation::Daily;
        /// How many log files are kept; older ones are removed.
        retention_files: usize = 30, between(1, 10_000);
    }
}
