use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

mod generated;
mod reading;
mod refusing;
mod secrets;

/// Sources made of texts: a file, a `.env` and variables.
struct Given {
    folder: TempDir,
    sources: Sources,
}

impl Given {
    fn nothing() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            sources: Sources::default(),
        }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn file(mut self, text: &str) -> Self {
        self.sources.file = Some(self.write("acs.toml", text));
        self
    }

    fn dotenv(mut self, text: &str) -> Self {
        self.sources.dotenv = Some(self.write(".env", text));
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.env.push((name.to_owned(), value.to_owned()));
        self
    }

    fn load(&self) -> Config {
        Config::load(&self.sources).unwrap_or_else(|error| panic!("{error}"))
    }

    fn problems(&self) -> Vec<Problem> {
        Config::load(&self.sources)
            .expect_err("the settings are refused")
            .problems
    }

    fn problem(&self) -> Problem {
        let problems = self.problems();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        problems[0].clone()
    }
}

fn env(name: &str, value: &str) -> Given {
    Given::nothing().env(name, value)
}

const LONG_SECRET: &str = "Zm9yIHRlc3RzIGFsb25lLCBhbmQgbG9uZyBlbm91Z2g";
const SEALING_KEY: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";

fn production() -> Given {
    env("ACS__APP__ENVIRONMENT", "production")
        .env("ACS__SECURITY__SECRET_KEY", LONG_SECRET)
        .env("ACS__SECURITY__ENCRYPTION_KEYS", &format!("k1:{SEALING_KEY}"))
}
