//! What a first start makes: the operators' account, and the demonstration with its knowledge, intents and people.

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

use crate::secrets::generate_password;

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

/// Passwords that were generated now, to be shown once.
#[derive(Debug, Default)]
pub struct Generated {
    /// Of the operators' account.
    pub operator: Option<Secret>,
    /// Of the demonstration's accounts.
    pub demo: Option<Secret>,
}

/// Makes what is missing. What is there stays as it is, but for passwords that the settings give.
pub async fn seed(engine: &Engine, config: &Config, entropy: &dyn Entropy) -> Result<Generated> {
    let operators = engine.organizations.ensure_operators().await?;
    let account = AccountSeed {
        email: OPERATOR,
        display_name: "Operator",
        role: Role::System,
    };
    let password = config.system.password.as_ref();
    let operator = engine
        .users
        .ensure(operators, account, password, || generate_password(entropy))
        .await?;
    let demo = if config.demo_wanted() {
        demo(engine, config, entropy).await?
    } else {
        None
    };
    Ok(Generated { operator, demo })
}

/// The demonstration. Its people come last: while they are missing, the rest is made sure of again, so that a first
/// start that was cut off is finished by the next; afterwards its knowledge belongs to whoever edits it.
async fn demo(engine: &Engine, config: &Config, entropy: &dyn Entropy) -> Result<Option<Secret>> {
    let described: Described =
        toml::from_str(&file("organization.toml")?).context("the demonstration's description")?;
    let id = engine
        .organizations
        .ensure(&described.slug.clone(), |id, at| described.organization(id, at))
        .await?;
    let scope = Scope::trusted(id);
    if !engine
        .users
        .exists(scope, DEMO_ACCOUNTS[DEMO_ACCOUNTS.len() - 1].email)
        .await?
    {
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
    let generated = generate_password(entropy);
    let given = config.demo.password.as_ref();
    let mut shown = None;
    for account in DEMO_ACCOUNTS {
        let made = engine
            .users
            .ensure(scope, account, given, || generated.clone())
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
