//! Reading the settings: the sources, one layer each, the later over the earlier.

pub(crate) mod dotenv;
pub(crate) mod layer;
pub(crate) mod reader;
pub(crate) mod secret_file;
pub(crate) mod unknown;

use std::path::{Path, PathBuf};

use super::error::Problem;
use layer::Layer;

/// Where settings come from, weakest first. What is set in none of them has its default.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A TOML file.
    pub file: Option<PathBuf>,
    /// A file of `NAME=value` lines that stand for environment variables.
    pub dotenv: Option<PathBuf>,
    /// The environment's variables.
    pub env: Vec<(String, String)>,
}

impl Sources {
    /// The process's own sources: the file that `ACS_CONFIG` names, else `acs.toml` if there is one; `.env` if there
    /// is one; and the environment. Files are looked for in the working directory.
    #[must_use]
    pub fn from_process() -> Self {
        // Text that is not Unicode keeps U+FFFD as its mark, and is refused with the setting's name later.
        let env = std::env::vars_os().map(|(name, value)| {
            (
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into_owned(),
            )
        });
        Self::found_in(Path::new(""), env.collect())
    }

    /// The sources of a process with this working directory and environment.
    pub(crate) fn found_in(folder: &Path, env: Vec<(String, String)>) -> Self {
        let named = env
            .iter()
            .find(|(name, value)| name == "ACS_CONFIG" && !value.is_empty());
        let present = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
        let file = named
            .map(|(_, path)| folder.join(path))
            .or_else(|| present("acs.toml"));
        Self {
            file,
            dotenv: present(".env"),
            env,
        }
    }

    /// Reads each source. One that cannot be read is a problem, and the others are still read.
    pub(crate) fn layers(&self, problems: &mut Vec<Problem>) -> Vec<Layer> {
        let mut layers = Vec::new();
        if let Some(text) = read(self.file.as_deref(), problems) {
            layers.extend(Layer::from_toml(&text.0, &text.1, problems));
        }
        if let Some(text) = read(self.dotenv.as_deref(), problems) {
            layers.push(Layer::from_dotenv(&text.0, &text.1, problems));
        }
        layers.push(Layer::from_env(&self.env, problems));
        layers
    }
}

/// The name and text of a source.
fn read(path: Option<&Path>, problems: &mut Vec<Problem>) -> Option<(String, String)> {
    let path = path?;
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Some((name, text)),
        Err(error) => {
            problems.push(Problem {
                setting: name,
                origin: "configuration source".to_owned(),
                message: format!("cannot be read: {error}"),
                fix: "create it, let this user read it, or point `ACS_CONFIG` elsewhere".to_owned(),
            });
            None
        }
    }
}
