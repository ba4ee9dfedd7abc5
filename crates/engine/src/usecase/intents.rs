//! Intents: taught by phrases, recognised from the next message on.

use std::collections::HashMap;
use std::sync::Arc;

use acs_core::error::FieldErrors;
use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ReadIntents, Scope, WriteIntents};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::intent::{Intent, IntentId, MAX_PHRASE_CHARS, MAX_PHRASES, check_name};
use acs_domain::port::store::intent::WrittenIntent;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::ports::Ports;

/// What people write of an intent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct IntentText {
    /// Unique in the organization.
    pub name: String,
    /// For people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// For people.
    #[serde(default)]
    pub description: Option<String>,
    /// Ways to say it.
    pub training_phrases: Vec<String>,
    /// Approved replies.
    #[serde(default)]
    pub response_templates: Vec<String>,
    /// Whether it is recognised.
    #[serde(default = "enabled")]
    pub enabled: bool,
}

const fn enabled() -> bool {
    true
}

/// Where the intents stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IntentStatus {
    /// Rises with every change.
    pub version: i64,
    /// The version that the last training was on; 0 before the first.
    pub trained_version: i64,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedIntents {
    /// Intents that are new.
    pub created: usize,
    /// Intents that were changed.
    pub updated: usize,
    /// Intents that said the same already.
    pub unchanged: usize,
}

/// The use cases of intents.
#[derive(Clone)]
pub struct IntentBook {
    ports: Arc<Ports>,
}

impl IntentBook {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// An intent.
    pub async fn get(&self, grant: &Grant<ReadIntents>, id: IntentId) -> Result<Intent, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        unit.intents()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::Intent))
    }

    /// Intents, newest first.
    pub async fn list(
        &self,
        grant: &Grant<ReadIntents>,
        page: &PageRequest,
    ) -> Result<Page<Intent>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.intents().list(page).await?)
    }

    /// Where the intents stand. Nearest phrases follow at once, the trained head a little later.
    pub async fn status(&self, grant: &Grant<ReadIntents>) -> Result<IntentStatus, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        let organization = unit.organizations().find(grant.scope().organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        let head = unit.intent_heads().find(self.ports.embedder.model()).await?;
        Ok(IntentStatus {
            version: organization.intents_version,
            trained_version: head.map_or(0, |head| head.intents_version),
        })
    }

    /// Adds an intent.
    pub async fn create(
        &self,
        grant: &Grant<WriteIntents>,
        text: IntentText,
        claim: Option<&Claim>,
    ) -> Result<Once<Intent>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let intent = self.intent(scope, checked(text, "")?, at);
        let written = self.prepare(vec![intent.clone()]).await?;
        let mut unit = ports.store.begin(scope).await?;
        if let Some(intent) = once::recall::<Intent>(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(intent));
        }
        unit.intents().put(&written).await?;
        unit.outbox()
            .append(&[self.changed(scope, intent.id, at)])
            .await?;
        once::keep(ports, &mut *unit, scope, claim, &intent).await?;
        unit.commit().await?;
        Ok(Once::fresh(intent))
    }

    /// Replaces an intent.
    pub async fn replace(
        &self,
        grant: &Grant<WriteIntents>,
        id: IntentId,
        text: IntentText,
    ) -> Result<Intent, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let text = checked(text, "")?;
        let mut unit = ports.store.read(scope).await?;
        let found = unit
            .intents()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::Intent))?;
        drop(unit);
        let intent = rewritten(found, text, at);
        let written = self.prepare(vec![intent.clone()]).await?;
        let mut unit = ports.store.begin(scope).await?;
        unit.intents().put(&written).await?;
        unit.outbox().append(&[self.changed(scope, id, at)]).await?;
        unit.commit().await?;
        Ok(intent)
    }

    /// Removes an intent.
    pub async fn delete(&self, grant: &Grant<WriteIntents>, id: IntentId) -> Result<(), EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let mut unit = ports.store.begin(scope).await?;
        if !unit.intents().delete(id, at).await? {
            return Err(EngineError::NotFound(Thing::Intent));
        }
        unit.outbox().append(&[self.changed(scope, id, at)]).await?;
        unit.commit().await?;
        Ok(())
    }

    /// Brings intents in, by name: new ones are added, known ones get the phrases that they did not have and the other
    /// fields as given. All or nothing; safe to repeat.
    pub async fn import(
        &self,
        grant: &Grant<WriteIntents>,
        texts: Vec<IntentText>,
        claim: Option<&Claim>,
    ) -> Result<Once<ImportedIntents>, EngineError> {
        self.bring_in(grant.scope(), texts, claim).await
    }

    /// Brings in intents of a trusted source: the demonstration's.
    pub async fn seed(&self, scope: Scope, texts: Vec<IntentText>) -> Result<ImportedIntents, EngineError> {
        Ok(self.bring_in(scope, texts, None).await?.value)
    }

    async fn bring_in(
        &self,
        scope: Scope,
        texts: Vec<IntentText>,
        claim: Option<&Claim>,
    ) -> Result<Once<ImportedIntents>, EngineError> {
        let ports = &self.ports;
        let at = ports.now();
        let texts = all_checked(texts)?;
        let names: Vec<String> = texts.iter().map(|text| text.name.clone()).collect();
        let mut unit = ports.store.read(scope).await?;
        let known = unit.intents().find_by_names(&names).await?;
        drop(unit);
        let mut known: HashMap<_, _> = known
            .into_iter()
            .map(|intent| (intent.name.clone(), intent))
            .collect();
        let mut imported = ImportedIntents::default();
        let mut changed = Vec::new();
        for text in texts {
            match known.remove(&text.name) {
                None => {
                    imported.created += 1;
                    changed.push(self.intent(scope, text, at));
                }
                Some(intent) => match merged(&intent, text)? {
                    None => imported.unchanged += 1,
                    Some(text) => {
                        imported.updated += 1;
                        changed.push(rewritten(intent, text, at));
                    }
                },
            }
        }
        let written = self.prepare(changed).await?;
        let mut unit = ports.store.begin(scope).await?;
        if let Some(imported) = once::recall::<ImportedIntents>(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(imported));
        }
        if let Some(first) = written.first() {
            let event = self.changed(scope, first.intent.id, at);
            unit.intents().put(&written).await?;
            unit.outbox().append(&[event]).await?;
        }
        once::keep(ports, &mut *unit, scope, claim, &imported).await?;
        unit.commit().await?;
        Ok(Once::fresh(imported))
    }

    /// Gives each phrase its meaning, outside of any unit of work.
    async fn prepare(&self, intents: Vec<Intent>) -> Result<Vec<WrittenIntent>, EngineError> {
        let texts: Vec<String> = intents
            .iter()
            .flat_map(|intent| intent.training_phrases.iter().cloned())
            .collect();
        let mut vectors = if texts.is_empty() {
            Vec::new()
        } else {
            self.ports.embedder.embed(texts).await?
        }
        .into_iter();
        let written = intents.into_iter().map(|intent| {
            let vectors = vectors.by_ref().take(intent.training_phrases.len()).collect();
            WrittenIntent {
                intent,
                vectors,
                embedding_model: self.ports.embedder.model().to_owned(),
            }
        });
        Ok(written.collect())
    }

    fn intent(&self, scope: Scope, text: IntentText, at: OffsetDateTime) -> Intent {
        Intent {
            id: self.ports.id(at),
            organization_id: scope.organization_id(),
            name: text.name,
            display_name: text.display_name,
            description: text.description,
            training_phrases: text.training_phrases,
            response_templates: text.response_templates,
            enabled: text.enabled,
            usage_count: 0,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    fn changed(&self, scope: Scope, subject: IntentId, at: OffsetDateTime) -> acs_domain::event::Event {
        self.ports.event(
            scope.organization_id(),
            EventKind::IntentsChanged,
            subject,
            json!({}),
            at,
        )
    }
}

fn rewritten(intent: Intent, text: IntentText, at: OffsetDateTime) -> Intent {
    Intent {
        name: text.name,
        display_name: text.display_name,
        description: text.description,
        training_phrases: text.training_phrases,
        response_templates: text.response_templates,
        enabled: text.enabled,
        version: intent.version + 1,
        updated_at: at,
        ..intent
    }
}

/// What a known intent becomes when `text` is brought in; `None` if it says the same already.
fn merged(intent: &Intent, text: IntentText) -> Result<Option<IntentText>, FieldErrors> {
    let mut phrases = intent.training_phrases.clone();
    phrases.extend(text.training_phrases);
    let merged = checked(
        IntentText {
            name: text.name,
            display_name: text.display_name.or_else(|| intent.display_name.clone()),
            description: text.description.or_else(|| intent.description.clone()),
            training_phrases: phrases,
            response_templates: if text.response_templates.is_empty() {
                intent.response_templates.clone()
            } else {
                text.response_templates
            },
            enabled: text.enabled,
        },
        "",
    )?;
    let same = merged.display_name == intent.display_name
        && merged.description == intent.description
        && merged.training_phrases == intent.training_phrases
        && merged.response_templates == intent.response_templates
        && merged.enabled == intent.enabled;
    Ok((!same).then_some(merged))
}

/// Every text checked; texts of the same name are joined.
fn all_checked(texts: Vec<IntentText>) -> Result<Vec<IntentText>, FieldErrors> {
    let mut joined: Vec<IntentText> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, text) in texts.into_iter().enumerate() {
        let text = checked(text, &format!("intents.{place}."))?;
        match places.get(&text.name) {
            Some(&known) => joined[known].training_phrases.extend(text.training_phrases),
            None => {
                places.insert(text.name.clone(), joined.len());
                joined.push(text);
            }
        }
    }
    joined.into_iter().map(|text| checked(text, "")).collect()
}

/// The text, cleaned and without duplicate phrases, if all of it is acceptable; else every reason why not.
fn checked(text: IntentText, prefix: &str) -> Result<IntentText, FieldErrors> {
    let mut errors = FieldErrors::default();
    if check_name(&text.name).is_err() {
        errors.add(
            format!("{prefix}name"),
            "must be 1 to 100 of a-z, 0-9, _, - and .",
        );
    }
    let mut seen = std::collections::HashSet::new();
    let mut phrases = Vec::with_capacity(text.training_phrases.len());
    for (place, phrase) in text.training_phrases.iter().enumerate() {
        let phrase = acs_core::clean::clean(phrase).text.into_owned();
        let chars = phrase.chars().count();
        if chars == 0 || chars > MAX_PHRASE_CHARS {
            errors.add(
                format!("{prefix}training_phrases.{place}"),
                format!("must be 1 to {MAX_PHRASE_CHARS} characters"),
            );
        } else if seen.insert(phrase.to_lowercase()) {
            phrases.push(phrase);
        }
    }
    if phrases.len() > MAX_PHRASES {
        errors.add(
            format!("{prefix}training_phrases"),
            format!("must be at most {MAX_PHRASES}"),
        );
    }
    let mut optional = |field: &str, value: Option<String>, max: usize| {
        let value = value.map(|value| acs_core::clean::clean(&value).text.into_owned());
        if value.as_ref().is_some_and(|value| value.chars().count() > max) {
            errors.add(
                format!("{prefix}{field}"),
                format!("must be at most {max} characters"),
            );
        }
        value.filter(|value| !value.is_empty())
    };
    let display_name = optional("display_name", text.display_name, 255);
    let description = optional("description", text.description, 2_000);
    let replies = text.response_templates.iter();
    let replies: Vec<String> = replies
        .map(|reply| acs_core::clean::clean(reply).text.into_owned())
        .collect();
    let acceptable = |reply: &String| (1..=5_000).contains(&reply.chars().count());
    if replies.len() > 20 || !replies.iter().all(acceptable) {
        errors.add(
            format!("{prefix}response_templates"),
            "must be at most 20, each of 1 to 5000 characters",
        );
    }
    if errors.is_empty() {
        Ok(IntentText {
            name: text.name,
            display_name,
            description,
            training_phrases: phrases,
            response_templates: replies,
            enabled: text.enabled,
        })
    } else {
        Err(errors)
    }
}
