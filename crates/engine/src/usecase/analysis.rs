//! Understanding of a text on its own.

use std::sync::Arc;

use acs_domain::access::{Analyze, Grant};
use acs_domain::analysis::Analysis;
use acs_domain::message::MAX_MESSAGE_CHARS;
use acs_domain::port::guard::Origin;
use acs_domain::port::understand::Utterance;
use time::OffsetDateTime;

use crate::error::{EngineError, Thing};
use crate::intents::IntentModels;
use crate::meaning::meaning;
use crate::ports::Ports;

/// The use case of analysis.
#[derive(Clone)]
pub struct AnalysisDesk {
    ports: Arc<Ports>,
    models: Arc<IntentModels>,
}

impl AnalysisDesk {
    pub(crate) fn new(ports: Arc<Ports>, models: Arc<IntentModels>) -> Self {
        Self { ports, models }
    }

    /// What is understood of `text`, said at `at` (now, unless given) in `time_zone` (the organization's, unless given).
    pub async fn analyze(
        &self,
        grant: &Grant<Analyze>,
        text: &str,
        at: Option<OffsetDateTime>,
        time_zone: Option<String>,
    ) -> Result<Analysis, EngineError> {
        let (ports, scope) = (&self.ports, grant.scope());
        // Offsets count in the text as it was sent, so it is checked but not cleaned here.
        let chars = text.chars().count();
        if chars == 0 || chars > MAX_MESSAGE_CHARS {
            return Err(EngineError::invalid(
                "text",
                format!("must be 1 to {MAX_MESSAGE_CHARS} characters"),
            ));
        }
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        drop(unit);
        let learned = self
            .models
            .get(ports, scope, organization.intents_version)
            .await?;
        let meant = meaning(ports, text).await;
        let utterance = Utterance {
            text: text.to_owned(),
            vector: meant.as_ref().ok().cloned(),
            at: at.unwrap_or_else(|| ports.now()),
            time_zone: time_zone.or(Some(organization.timezone)),
            terms: None,
        };
        let mut analysis = ports.understanding.analyze(&utterance, &learned.model).await?;
        analysis.guard = ports.examiner.examine(text, Origin::Customer);
        analysis.degraded.extend(meant.err().map(str::to_owned));
        Ok(analysis)
    }
}
