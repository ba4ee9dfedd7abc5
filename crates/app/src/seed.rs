//! What a first start makes: the operators' account, and the demonstration with its knowledge, intents and people.

use std::path::Path;

use acs_core::config::Config;
use acs_core::entropy::Entropy;
use acs_core::secret::Secret;
use acs_domain::access::{Role, Scope};
use acs_domain::organization::{Organization, OrganizationId, Tier};
use acs_engine::Engine;
use acs_engine::usecase::intents::IntentText;
use acs_engine::usecase::knowledge::import::{Format, Row, parse};
use acs_engine::usecase::organizations::blank;
use acs_engine::usecase::users::AccountSeed;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::secrets::FirstPasswords;

/// The operators' account.
pub const OPERATOR: &str = "system@acs.local";

/// The demonstration's accounts; the first is shown to who starts the program.
pub const DEMO_ACCOUNTS: [AccountSeed<'static>; 3] = [
    AccountSeed {
        email: "admin@demo.example",
        display_name: "Demo Admin",
        role: Role::Admin,
    },
    AccountSeed {
        email: "supervisor@demo.example",
        display_name: "Demo Supervisor",
        role: Role::Supervisor,
    },
    AccountSeed {
        email: "agent@demo.example",
        display_name: "Demo Agent",
        role: Role::Agent,
    },
];

#[derive(rust_embed::Embed)]
#[folder = "demo/"]
struct DemoFiles;

/// Passwords that were generated, to be shown once.
#[derive(Default)]
pub struct Generated {
    /// Of the operators' account.
    pub operator: Option<Secret>,
    /// Of the demonstration's accounts.
    pub demo: Option<Secret>,
    first: Option<FirstPasswords>,
}

impl Generated {
    /// To be called once they have been shown: they are forgotten.
    pub fn shown(&self) {
        if let Some(first) = &self.first {
            first.shown();
        }
    }
}

/// Makes what is missing. What is there stays as it is, but for passwords that the settings give.
///
/// Generated passwords are kept in the data folder until [`Generated::shown`].
pub async fn seed(
    engine: &Engine,
    config: &Config,
    data_dir: Option<&Path>,
    entropy: &dyn Entropy,
) -> Result<Generated> {
    let operators = engine.organizations.ensure_operators().await?;
    let demo = match config.demo_wanted() {
        true => Some(demo_organization(engine).await?),
        false => None,
    };
    let unshown = FirstPasswords::unshown(data_dir)?;
    let is_unshown = unshown.is_some();
    let first = match unshown {
        Some(first) => first,
        None => {
            let is_first = !engine.users.exists(operators, OPERATOR).await?
                || match demo {
                    Some(demo) => !demo_is_whole(engine, demo).await?,
                    None => false,
                };
            FirstPasswords::make(data_dir.filter(|_| is_first), entropy)?
        }
    };
    let account = AccountSeed {
        email: OPERATOR,
        display_name: "Operator",
        role: Role::System,
    };
    // An account that an earlier start made has a password that still nobody was told.
    let untold = |made: Option<Secret>, given: Option<&Secret>, password: Secret| {
        made.or_else(|| (is_unshown && given.is_none()).then_some(password))
    };
    let given = config.system.password.as_ref();
    let made = engine
        .users
        .ensure(operators, account, given, || first.operator())
        .await?;
    let mut generated = Generated {
        operator: untold(made, given, first.operator()),
        ..Generated::default()
    };
    if let Some(demo) = demo {
        let given = config.demo.password.as_ref();
        let made = demonstrate(engine, demo, given, &first).await?;
        generated.demo = untold(made, given, first.demo());
    }
    generated.first = Some(first);
    Ok(generated)
}

/// The organization of the demonstration.
async fn demo_organization(engine: &Engine) -> Result<Scope> {
    let described: Described =
        toml::from_str(&file("organization.toml")?).context("the demonstration's description")?;
    let id = engine
        .organizations
        .ensure(&described.slug.clone(), |id, at| described.organization(id, at))
        .await?;
    Ok(Scope::trusted(id))
}

async fn demo_is_whole(engine: &Engine, scope: Scope) -> Result<bool> {
    let last = DEMO_ACCOUNTS[DEMO_ACCOUNTS.len() - 1].email;
    Ok(engine.users.exists(scope, last).await?)
}

/// What is in the demonstration. Its people come last: while they are missing, the rest is made sure of again, so that a
/// first start that was cut off is finished by the next; afterwards its knowledge belongs to whoever edits it.
async fn demonstrate(
    engine: &Engine,
    scope: Scope,
    given: Option<&Secret>,
    first: &FirstPasswords,
) -> Result<Option<Secret>> {
    if !demo_is_whole(engine, scope).await? {
        tracing::info!("making the demonstration's knowledge; this happens once and takes some seconds");
        let imported = engine
            .knowledge
            .seed(scope, articles()?)
            .await
            .context("the demonstration's knowledge")?;
        if let Some(failed) = imported.failed.first() {
            bail!(
                "an article of the demonstration is not acceptable: {}",
                failed.message
            );
        }
        engine
            .intents
            .seed(scope, intents()?)
            .await
            .context("the demonstration's intents")?;
        tracing::info!(
            articles = imported.created + imported.unchanged,
            "the demonstration is ready"
        );
    }
    let mut shown = None;
    for account in DEMO_ACCOUNTS {
        let made = engine
            .users
            .ensure(scope, account, given, || first.demo())
            .await?;
        shown = shown.or(made);
    }
    Ok(shown)
}

#[derive(Deserialize)]
struct Described {
    name: String,
    slug: String,
    display_name: String,
    website: String,
    description: String,
    default_language: String,
    languages: Vec<String>,
    timezone: String,
    tier: Tier,
    support: Map<String, Value>,
    branding: Map<String, Value>,
}

impl Described {
    fn organization(self, id: OrganizationId, at: OffsetDateTime) -> Organization {
        Organization {
            display_name: Some(self.display_name),
            website: Some(self.website),
            description: Some(self.description),
            default_language: self.default_language,
            supported_languages: self.languages,
            timezone: self.timezone,
            branding: self.branding,
            metadata: Map::from_iter([("support".to_owned(), Value::Object(self.support))]),
            is_demo: true,
            is_verified: true,
            ..blank(id, &self.name, &self.slug, self.tier, at)
        }
    }
}

fn articles() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for path in DemoFiles::iter().filter(|path| path.starts_with("knowledge/")) {
        let (mut entries, failed) = parse(Format::Markdown, &path, file(&path)?.as_bytes())
            .map_err(|errors| anyhow::anyhow!("{path}: {errors}"))?;
        if let Some(failed) = failed.first() {
            bail!("{path}, line {}: {}", failed.line, failed.message);
        }
        rows.append(&mut entries);
    }
    Ok(rows)
}

fn intents() -> Result<Vec<IntentText>> {
    #[derive(Deserialize)]
    struct File {
        intents: Vec<IntentText>,
    }
    let file: File = serde_json::from_str(&file("intents.json")?).context("the demonstration's intents")?;
    Ok(file.intents)
}

fn file(path: &str) -> Result<String> {
    let file = DemoFiles::get(path).with_context(|| format!("the demonstration has no {path}"))?;
    String::from_utf8(file.data.into_owned()).with_context(|| format!("{path} is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_is_whole() {
        assert!(articles().unwrap().len() >= 40);
        assert!(intents().unwrap().len() >= 20);
        let described: Described = toml::from_str(&file("organization.toml").unwrap()).unwrap();
        assert_eq!(
            (described.slug.as_str(), described.tier),
            ("demo", Tier::Enterprise)
        );
    }
}
