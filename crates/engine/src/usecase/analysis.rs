//! Understanding of a text on its own.

use std::sync::Arc;

use acs_domain::access::{Analyze, Grant};
use acs_domain::analysis::Analysis;
use acs_domain::message::MAX_MESSAGE_CHARS;
use acs_domain::port::understand::Utterance;
use time::OffsetDateTime;

use crate::error::{EngineError, Thing};
use crate::examine::examine_one;
use crate::input::{NO_TIME_ZONE, is_time_zone};
use crate::intents::IntentModels;
use crate::meaning::{clauses, meaning};
use crate::ports::Ports;
use crate::terms::TermModels;

/// The use case of analysis.
#[derive(Clone)]
pub struct AnalysisDesk {
    ports: Arc<Ports>,
    models: IntentModels,
    terms: TermModels,
}

impl AnalysisDesk {
    pub(crate) fn new(ports: Arc<Ports>, models: IntentModels, terms: TermModels) -> Self {
        Self { ports, models, terms }
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
        if acs_core::clean::clean(text).text.is_empty() {
            return Err(EngineError::invalid("text", "must not be empty"));
        }
        if text.chars().count() > MAX_MESSAGE_CHARS {
            return Err(EngineError::invalid(
                "text",
                format!("must be at most {MAX_MESSAGE_CHARS} characters"),
            ));
        }
        if time_zone.as_deref().is_some_and(|zone| !is_time_zone(zone)) {
            return Err(EngineError::invalid("time_zone", NO_TIME_ZONE));
        }
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        drop(unit);
        let learned = self.models.get(&organization).await?;
        let mut degraded = Vec::new();
        let terms = self.terms.get(&organization, &mut degraded).await;
        let model = ports.embedders.name(&organization.embedding_model);
        let meant = meaning(ports, text, model).await;
        degraded.extend(meant.as_ref().err().map(|why| (*why).to_owned()));
        let utterance = Utterance {
            text: text.to_owned(),
            clauses: match &meant {
                Ok(_) => clauses(ports, text, model).await,
                Err(_) => Vec::new(),
            },
            vector: meant.ok(),
            embedding_model: model.to_owned(),
            at: at.unwrap_or_else(|| ports.now()),
            time_zone: time_zone.or(Some(organization.timezone)),
            terms,
        };
        let mut analysis = ports.understanding.analyze(&utterance, &learned.model).await?;
        analysis.guard = examine_one(&ports.examiner, text.to_owned()).await;
        analysis.degraded.append(&mut degraded);
        Ok(analysis)
    }
}
