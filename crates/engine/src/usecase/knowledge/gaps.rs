//! What the knowledge does not answer: the questions of customers, put together to gaps for its editors to fill.

mod cluster;

use acs_domain::access::{Grant, ReadKnowledge, Scope, WriteKnowledge};
use acs_domain::gap::{Gap, Unanswered, UnansweredId};
use acs_domain::port::compose::Question;
use acs_domain::port::store::knowledge::Filter;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use time::Duration;

use super::KnowledgeBase;
use crate::error::{EngineError, Thing};
use crate::search::{self, Wanted};

/// So many questions are kept for each organization, and looked at together.
pub(crate) const KEPT: u32 = 2_000;
/// For so long.
pub(crate) const KEPT_FOR: Duration = Duration::days(90);

/// So many questions are asked again at once: whoever looks at gaps takes no connections from customers.
const AT_ONCE: usize = 2;

/// A gap as editors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenGap {
    /// The gap.
    pub gap: Gap,
    /// Whether the knowledge as it is now answers its first question.
    pub answered_now: bool,
}

impl KnowledgeBase {
    /// The gaps that most customers fell into, at most `limit`; and how many there are in all.
    pub async fn gaps(
        &self,
        grant: &Grant<ReadKnowledge>,
        limit: usize,
    ) -> Result<(Vec<SeenGap>, usize), EngineError> {
        let scope = grant.scope();
        let mut gaps = self.all_gaps(scope).await?;
        let total = gaps.len();
        let last = |gap: &Gap| gap.questions.iter().map(|question| question.asked_at).max();
        gaps.sort_by(|a, b| {
            let larger = b.questions.len().cmp(&a.questions.len());
            larger.then_with(|| last(b).cmp(&last(a)))
        });
        gaps.truncate(limit);
        let mut unit = self.ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        drop(unit);
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        let threshold = organization
            .settings
            .unknown_threshold
            .unwrap_or(self.ports.settings.turns.unknown_threshold);
        let looked_at = gaps.into_iter().map(async |gap| {
            let question = &gap.questions[0];
            // Where nobody has written since, the answer is the same.
            let changed = gap
                .questions
                .iter()
                .all(|one| one.knowledge_version < organization.knowledge_version);
            let answered_now = changed
                && self
                    .confidence(scope, question, organization.public_name())
                    .await?
                    >= threshold;
            Ok::<_, EngineError>(SeenGap { gap, answered_now })
        });
        let seen = stream::iter(looked_at).buffered(AT_ONCE).try_collect().await?;
        Ok((seen, total))
    }

    /// Forgets the questions of the gap with this first question: it was filled, or is none.
    pub async fn close_gap(
        &self,
        grant: &Grant<WriteKnowledge>,
        id: UnansweredId,
    ) -> Result<(), EngineError> {
        let gaps = self.all_gaps(grant.scope()).await?;
        let gap = gaps
            .into_iter()
            .find(|gap| gap.questions.iter().any(|question| question.id == id));
        let gap = gap.ok_or(EngineError::NotFound(Thing::Gap))?;
        let ids: Vec<_> = gap.questions.iter().map(|question| question.id).collect();
        let mut unit = self.ports.store.begin(grant.scope()).await?;
        unit.unanswered().remove(&ids).await?;
        unit.commit().await?;
        Ok(())
    }

    async fn all_gaps(&self, scope: Scope) -> Result<Vec<Gap>, EngineError> {
        let since = self.ports.now() - KEPT_FOR;
        let mut unit = self.ports.store.read(scope).await?;
        let questions = unit.unanswered().latest(KEPT, since).await?;
        drop(unit);
        let ports = self.ports.clone();
        let gaps = tokio::task::spawn_blocking(move || {
            cluster::cluster(questions, |model| {
                ports
                    .embedders
                    .of(model)
                    .map_or(0.0, |embedder| embedder.strangers())
            })
        });
        gaps.await.map_err(|error| EngineError::Internal(Box::new(error)))
    }

    /// How sure the knowledge's own answer to a question is now.
    async fn confidence(&self, scope: Scope, asked: &Unanswered, company: &str) -> Result<f32, EngineError> {
        let ports = &self.ports;
        let terms = ports.retriever.terms(&asked.question);
        let wanted = Wanted {
            text: asked.question.clone(),
            terms: terms.clone(),
            vector: Some(asked.vector.clone()).filter(|vector| !vector.is_empty()),
            embedding_model: asked.embedding_model.clone(),
            // As anybody would be answered.
            only: Filter {
                audience: Some(Vec::new()),
                ..Filter::default()
            },
            at: ports.now(),
            entries_once: false,
            limit: ports.settings.turns.passages,
        };
        let found = search::search(ports, scope, wanted).await?;
        let question = Question {
            text: asked.question.clone(),
            terms,
            vector: found.vector,
            strangers: found.strangers,
            language: asked.language.clone().unwrap_or_default(),
            company: company.to_owned(),
        };
        let composer = ports.composer.clone();
        let draft = tokio::task::spawn_blocking(move || composer.compose(&question, &found.hits));
        let draft = draft
            .await
            .map_err(|error| EngineError::Internal(Box::new(error)))?;
        Ok(draft.map_or(0.0, |draft| draft.confidence))
    }
}
