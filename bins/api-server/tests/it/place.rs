//! Where a server keeps its data, and how its processes are started.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use acs_core::entropy::{Entropy as _, SystemEntropy};
use acs_testkit::model_server::ModelServer;
use acs_testkit::process::{Program, Running};

use crate::client::Client;

const API_SERVER: &str = env!("CARGO_BIN_EXE_api-server");
/// The password of the operators' account.
pub(crate) const PASSWORD: &str = "violet harbour tuesday lantern";
/// What several processes on one PostgreSQL share.
const KEYS: [(&str, &str); 2] = [
    (
        "ACS__SECURITY__SECRET_KEY",
        "a signing key of the tests, long enough",
    ),
    (
        "ACS__SECURITY__ENCRYPTION_KEYS",
        "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ),
];

/// A folder and settings that outlive the processes that use them.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    settings: Vec<(String, String)>,
}

impl Place {
    /// An empty folder; cheap passwords, no demonstration, no limits.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data").display().to_string();
        let defaults = [
            ("ACS__DATA_DIR", data.as_str()),
            ("ACS__SYSTEM__PASSWORD", PASSWORD),
            ("ACS__DEMO__ENABLED", "false"),
            ("ACS__RATE_LIMIT__ENABLED", "false"),
            ("ACS__SECURITY__ARGON2_MEMORY_KIB", "8"),
            ("ACS__SECURITY__ARGON2_ITERATIONS", "1"),
        ];
        let settings = defaults
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        Self { folder, settings }
    }

    /// Sets a variable; empty means not set.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a language model.
    pub(crate) fn asking(self, model: &ModelServer) -> Self {
        self.set("ACS__AI__OPENAI_BASE_URL", &model.base_url())
    }

    /// With a PostgreSQL database instead of the embedded store.
    pub(crate) fn on(self, url: &str) -> Self {
        let shared = KEYS
            .into_iter()
            .fold(self, |place, (name, value)| place.set(name, value));
        shared
            .set("ACS__STORE__URL", url)
            .set("ACS__STORE__MAX_CONNECTIONS", "8")
    }

    /// The folder around the data folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The server's program, on a port that was free just now.
    pub(crate) fn program(&self) -> Program {
        self.program_on(free_port())
    }

    fn program_on(&self, port: u16) -> Program {
        let program = Program::new(API_SERVER, self.folder()).set_all(self.settings());
        program.set("ACS__SERVER__PORT", &port.to_string())
    }

    /// Another program of the workspace, with the same settings.
    pub(crate) fn other(&self, name: &str) -> Program {
        Program::beside(API_SERVER, name, self.folder()).set_all(self.settings())
    }

    /// Starts the server.
    pub(crate) async fn start(&self) -> Server {
        self.start_as(|program| program).await
    }

    /// Starts the server in a way of its own.
    pub(crate) async fn start_as(&self, way: impl Fn(Program) -> Program) -> Server {
        loop {
            let port = free_port();
            match way(self.program_on(port)).start().until_said("is ready.").await {
                Ok(running) => {
                    return Server {
                        running,
                        client: Client::new(port),
                    };
                }
                // Someone was quicker.
                Err(ended) if ended.stderr.contains("cannot be listened on") => {}
                Err(ended) => panic!("it did not start:\n{}\n{}", ended.stderr, ended.stdout),
            }
        }
    }
}

/// A server under way.
pub(crate) struct Server {
    pub running: Running,
    pub client: Client,
}

/// A port on which nobody listens, of those that no outgoing connection is given.
fn free_port() -> u16 {
    loop {
        let mut drawn = [0; 2];
        SystemEntropy.fill(&mut drawn);
        let port = 20_000 + u16::from_be_bytes(drawn) % 12_000;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
