//! Intents: taught by phrases, recognised from the next message on.
//!
//! | file | what it holds |
//! |---|---|
//! | `text` | what people write of an intent, checked |
//! | `bring_in` | many at once, row by row |
//! | `warnings` | phrases that teach twice, or teach two intents |

mod bring_in;
mod text;
mod warnings;

use std::collections::HashMap;
use std::sync::Arc;

use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ReadIntents, Scope, WriteIntents};
use acs_domain::event::EventKind;
use acs_domain::idempotency::Claim;
use acs_domain::intent::{Intent, IntentId};
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::Role;
use acs_domain::port::store::intent::WrittenIntent;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

pub use self::bring_in::{ImportedIntents, IntentRow};
pub use self::text::IntentText;
use self::text::{checked, unrepeated};
use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::ports::Ports;

/// Where the intents stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IntentStatus {
    /// Rises with every change.
    pub version: i64,
    /// The version that the last training was on; 0 before the first.
    pub trained_version: i64,
}

/// An intent as it was written, and what its phrases are at odds with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedIntent {
    /// The intent.
    #[serde(flatten)]
    pub intent: Intent,
    /// Phrases that teach nothing new, or another intent too.
    #[serde(default)]
    pub warnings: Vec<String>,
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
        self.find(grant.scope(), id).await
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
        let head = unit
            .intent_heads()
            .find(self.ports.embedders.name(&organization.embedding_model))
            .await?;
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
    ) -> Result<Once<SavedIntent>, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let mut text = checked(text)?;
        let warnings = self.warnings(scope, &text, "").await?;
        text.training_phrases = unrepeated(text.training_phrases);
        let intent = self.intent(scope, text, at);
        let saved = SavedIntent { intent, warnings };
        let written = self.prepare(scope, vec![saved.intent.clone()]).await?;
        let mut unit = ports.store.begin(scope).await?;
        if let Some(saved) = once::recall(ports, &mut *unit, scope, claim).await? {
            return Ok(Once::replayed(saved));
        }
        unit.intents().put(&written).await?;
        unit.outbox()
            .append(&[self.changed(scope, saved.intent.id, at)])
            .await?;
        once::keep(ports, &mut *unit, scope, claim, &saved).await?;
        unit.commit().await?;
        Ok(Once::fresh(saved))
    }

    /// Replaces an intent.
    pub async fn replace(
        &self,
        grant: &Grant<WriteIntents>,
        id: IntentId,
        text: IntentText,
    ) -> Result<SavedIntent, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        let at = ports.now();
        let mut text = checked(text)?;
        let found = self.find(scope, id).await?;
        let warnings = self.warnings(scope, &text, &found.name).await?;
        text.training_phrases = unrepeated(text.training_phrases);
        let intent = rewritten(found, text, at);
        let written = self.prepare(scope, vec![intent.clone()]).await?;
        let mut unit = ports.store.begin(scope).await?;
        unit.intents().put(&written).await?;
        unit.outbox().append(&[self.changed(scope, id, at)]).await?;
        unit.commit().await?;
        Ok(SavedIntent { intent, warnings })
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

    async fn find(&self, scope: Scope, id: IntentId) -> Result<Intent, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let found = unit.intents().find(id).await?;
        found.ok_or(EngineError::NotFound(Thing::Intent))
    }

    /// What the phrases of a text are at odds with: each other, or those of other intents than it and `replaced`.
    async fn warnings(
        &self,
        scope: Scope,
        text: &IntentText,
        replaced: &str,
    ) -> Result<Vec<String>, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let mut known = unit.intents().wordings().await?;
        drop(unit);
        known.retain(|(name, _)| *name != text.name && name != replaced);
        let phrases = text.training_phrases.iter();
        let new = phrases
            .map(|phrase| (text.name.clone(), phrase.clone()))
            .collect();
        let place = |place: usize| format!("phrase {}", place + 1);
        let found = warnings::among(&*self.ports.understanding, known, new, place).await?;
        Ok(found.into_iter().map(|(_, message)| message).collect())
    }

    /// Gives each phrase its meaning, outside of any unit of work. Those that the same intent had already keep theirs.
    async fn prepare(&self, scope: Scope, intents: Vec<Intent>) -> Result<Vec<WrittenIntent>, EngineError> {
        let embedder = self.ports.embedder_for(scope).await?;
        let model = embedder.model();
        let replaced = intents.iter().filter(|intent| intent.version > 1);
        let replaced: Vec<IntentId> = replaced.map(|intent| intent.id).collect();
        let mut known: HashMap<String, Vector> = HashMap::new();
        if !replaced.is_empty() {
            let mut unit = self.ports.store.read(scope).await?;
            let phrases = unit.intents().phrases_of(&replaced, model).await?;
            known.extend(phrases.into_iter().map(|phrase| (phrase.text, phrase.vector)));
        }
        let phrases = intents.iter().flat_map(|intent| &intent.training_phrases);
        let new = phrases.filter(|phrase| !known.contains_key(*phrase));
        let mut new: Vec<String> = new.cloned().collect();
        new.sort_unstable();
        new.dedup();
        if !new.is_empty() {
            let vectors = embedder.embed(new.clone(), Role::Question).await?;
            known.extend(new.into_iter().zip(vectors));
        }
        let written = intents.into_iter().map(|intent| {
            let phrases = intent.training_phrases.iter();
            let vectors: Option<Vec<Vector>> = phrases.map(|phrase| known.get(phrase).cloned()).collect();
            let vectors =
                vectors.ok_or_else(|| EngineError::Model("the model gave too few vectors".into()))?;
            Ok(WrittenIntent {
                intent,
                vectors,
                embedding_model: model.to_owned(),
            })
        });
        written.collect()
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
