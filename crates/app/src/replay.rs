//! `worker replay`: turns that were, run again from their records.

mod tally;

use std::path::{Path, PathBuf};

use acs_core::config::{Config, Sources};
use acs_domain::access::Scope;
use acs_domain::organization::OrganizationId;
use acs_domain::port::store::Store;
use acs_engine::replay::{Manner, Replays, Template, Which};
use anyhow::{Context as _, Result, bail};

use self::tally::Tally;
use crate::organizations;
use crate::wire::Process;
use crate::work::say;

/// How many turns are run again, unless the person says.
const LAST: u32 = 100;

/// What is to be run again, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    which: Which,
    organization: Option<String>,
    last: u32,
    with: Option<PathBuf>,
    prompt: Option<PathBuf>,
    knowledge_of_now: bool,
}

impl Request {
    /// Reads the arguments behind `replay`.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut request = Self {
            which: Which::Newest,
            organization: None,
            last: LAST,
            with: None,
            prompt: None,
            knowledge_of_now: false,
        };
        let (pairs, rest) = arguments.as_chunks::<2>();
        for [name, value] in pairs {
            match *name {
                "--turn" => request.which = Which::Turn(value.parse().context("--turn")?),
                "--conversation" => {
                    request.which = Which::Conversation(value.parse().context("--conversation")?);
                }
                "--organization" => request.organization = Some((*value).to_owned()),
                "--last" => request.last = value.parse().context("--last")?,
                "--with" => request.with = Some(PathBuf::from(value)),
                "--prompt" => request.prompt = Some(PathBuf::from(value)),
                "--knowledge" if *value == "now" => request.knowledge_of_now = true,
                _ => bail!("`{name} {value}` is not an option of replay"),
            }
        }
        if let [name] = rest {
            bail!("`{name}` lacks a value");
        }
        if request.which == Which::Newest && request.organization.is_none() {
            bail!("replay needs --turn, --conversation or --organization");
        }
        Ok(request)
    }

    /// The settings to run under: those of the process, but for what another file says of turns and models.
    pub(crate) fn config(&self, config: Config) -> Result<Config> {
        match &self.with {
            None => Ok(config),
            Some(path) => {
                let other = read(path)?;
                Ok(Config {
                    ai: other.ai,
                    turn: other.turn,
                    ..config
                })
            }
        }
    }
}

fn read(path: &Path) -> Result<Config> {
    if !path.is_file() {
        bail!("{} is no file", path.display());
    }
    // The environment goes on counting: a model's key is in no file.
    let sources = Sources {
        file: Some(path.to_owned()),
        ..Sources::from_process()
    };
    Config::load(&sources).with_context(|| format!("{} cannot be used", path.display()))
}

/// Runs turns again and tells what came of them; fails if a turn is decided otherwise though everything is as it was.
pub(crate) async fn replay(process: &Process, request: &Request) -> Result<()> {
    let organization = match &request.organization {
        Some(slug) => organizations::with_slug(&*process.store, slug).await?,
        None => owner(&*process.store, request.which).await?,
    };
    let replays = &process.engine.replays;
    let manner = Manner {
        settings_of_now: request.with.is_some(),
        knowledge_of_now: request.knowledge_of_now,
        template: match &request.prompt {
            Some(path) => Some(template(replays, path)?),
            None => None,
        },
    };
    let mut tally = Tally::new(&manner);
    let scope = Scope::trusted(organization);
    replays
        .run(scope, request.which, request.last, &manner, |replayed| {
            tally.note(replayed);
        })
        .await
        .context("the turns cannot be run again")?;
    say(&tally.report())?;
    tally.judge()
}

/// The template in a file, if prompts can be written from it.
fn template(replays: &Replays, path: &Path) -> Result<Template> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
    let template = replays.template(&text);
    template.with_context(|| {
        format!(
            "{} is no template that prompts can be written from",
            path.display()
        )
    })
}

/// Whose turn or conversation it is.
async fn owner(store: &dyn Store, which: Which) -> Result<OrganizationId> {
    for (_, id) in organizations::all(store).await? {
        let mut unit = store.read(Scope::trusted(id)).await?;
        let is_owner = match which {
            Which::Turn(turn) => unit.turns().find(turn).await?.is_some(),
            Which::Conversation(conversation) => unit.conversations().find(conversation).await?.is_some(),
            Which::Newest => false,
        };
        if is_owner {
            return Ok(id);
        }
    }
    bail!("no organization has it")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "018f4e7a-5b1c-7000-8000-0123456789ab";

    #[test]
    fn arguments_are_read_in_any_order() {
        let request =
            Request::parse(&["--last", "7", "--organization", "acme", "--knowledge", "now"]).unwrap();
        assert_eq!((request.last, request.organization.as_deref()), (7, Some("acme")));
        assert!(request.knowledge_of_now && request.which == Which::Newest);
        let request = Request::parse(&["--turn", ID, "--with", "other.toml", "--prompt", "own.md"]).unwrap();
        assert_eq!(request.which, Which::Turn(ID.parse().unwrap()));
        assert_eq!(request.with.as_deref(), Some(Path::new("other.toml")));
        assert_eq!(request.prompt.as_deref(), Some(Path::new("own.md")));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for refused in [
            vec![],
            vec!["--last", "7"],
            vec!["--turn"],
            vec!["--turn", "7"],
            vec!["--organization", "acme", "--knowledge", "then"],
            vec!["--organization", "acme", "--last", "-1"],
            vec!["--organisation", "acme"],
        ] {
            assert!(Request::parse(&refused).is_err(), "{refused:?}");
        }
    }
}
