//! A world that is away: a store and models that do not answer.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::analysis::{Analysis, Guard};
use acs_domain::api_key::ApiKeyId;
use acs_domain::conversation::ConversationId;
use acs_domain::knowledge::{EntryText, Hit, Vector};
use acs_domain::organization::OrganizationId;
use acs_domain::port::chat::ChatRequest;
use acs_domain::port::compose::{Composer, Draft, Question};
use acs_domain::port::conflict::{Compared, Comparison, Contradiction};
use acs_domain::port::counter::{Count, CounterError, Counters};
use acs_domain::port::embed::{EmbedError, Embedder, Role};
use acs_domain::port::ground::{Checker, Grounding, Sources, Support};
use acs_domain::port::guard::{Examiner, Origin};
use acs_domain::port::mask::{Masked, Masker};
use acs_domain::port::prompt::{Prompt, PromptBuilder, PromptError, PromptParts, TemplateFault};
use acs_domain::port::retrieve::{Cutting, Ranked, Retriever};
use acs_domain::port::route::{KeyRefused, Occasion, OwnKey, Route, RoutedModel, Router};
use acs_domain::port::store::knowledge::Nominations;
use acs_domain::port::store::{Directory, ReadUnit, Store, StoreError, UnitOfWork};
use acs_domain::port::understand::{
    IntentModel, Phrase, TermModel, Terms, UnderstandError, Understanding, Utterance,
};
use acs_domain::session::RefreshTokenId;
use acs_domain::user::UserId;
use async_trait::async_trait;
use time::OffsetDateTime;

/// Does not answer, whatever it is asked.
#[derive(Debug)]
pub(crate) struct Away;

fn away() -> StoreError {
    StoreError::Unavailable("connection refused by secret-host".into())
}

#[async_trait]
impl Store for Away {
    async fn read(&self, _: Scope) -> Result<Box<dyn ReadUnit>, StoreError> {
        Err(away())
    }

    async fn begin(&self, _: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Err(away())
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Err(away())
    }
}

#[async_trait]
impl Directory for Away {
    async fn organization(&self, _: &str) -> Result<Option<OrganizationId>, StoreError> {
        Err(away())
    }

    async fn accounts(&self, _: &str, _: Option<&str>) -> Result<Vec<(OrganizationId, UserId)>, StoreError> {
        Err(away())
    }

    async fn api_key(&self, _: &str) -> Result<Option<(OrganizationId, ApiKeyId)>, StoreError> {
        Err(away())
    }

    async fn refresh_token(&self, _: &str) -> Result<Option<(OrganizationId, RefreshTokenId)>, StoreError> {
        Err(away())
    }

    async fn stranded_turns(
        &self,
        _: OffsetDateTime,
        _: OffsetDateTime,
        _: u32,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError> {
        Err(away())
    }

    async fn silent_conversations(
        &self,
        _: OffsetDateTime,
        _: OffsetDateTime,
        _: u32,
    ) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError> {
        Err(away())
    }

    async fn untrained_intents(
        &self,
        _: &str,
        _: OffsetDateTime,
        _: OffsetDateTime,
        _: OffsetDateTime,
        _: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        Err(away())
    }

    async fn unmoved(
        &self,
        _: &str,
        _: OffsetDateTime,
        _: OffsetDateTime,
        _: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        Err(away())
    }

    async fn uncompared(
        &self,
        _: &str,
        _: OffsetDateTime,
        _: u32,
    ) -> Result<Vec<OrganizationId>, StoreError> {
        Err(away())
    }

    async fn embedded_otherwise(&self, _: &str, _: u32) -> Result<Vec<OrganizationId>, StoreError> {
        Err(away())
    }

    async fn sweep(&self, _: OffsetDateTime, _: OffsetDateTime, _: u32) -> Result<u64, StoreError> {
        Err(away())
    }
}

#[async_trait]
impl Embedder for Away {
    fn model(&self) -> &str {
        "away"
    }

    fn dimensions(&self) -> usize {
        1
    }

    async fn embed(&self, _: Vec<String>, _: Role) -> Result<Vec<Vector>, EmbedError> {
        Err(EmbedError::Stopped)
    }

    async fn embed_soon(&self, _: String, _: Role, _: Duration) -> Result<Vector, EmbedError> {
        Err(EmbedError::Stopped)
    }
}

impl Masker for Away {
    fn mask(&self, _: &[&str], _: Option<&Arc<dyn TermModel>>) -> Option<Arc<dyn Masked>> {
        Some(Arc::new(Self))
    }
}

impl Masked for Away {
    fn texts(&self) -> &[String] {
        &[]
    }

    fn unmask(&self, text: &str) -> String {
        text.to_owned()
    }
}

impl Examiner for Away {
    fn examine(&self, _: &str, _: Origin) -> Guard {
        Guard::default()
    }
}

impl Retriever for Away {
    fn cut(&self, _: &EntryText) -> Vec<Cutting> {
        Vec::new()
    }

    fn embedded(&self, _: &str, _: &[String], _: &str, _: &str) -> String {
        String::new()
    }

    fn terms(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn essence(&self, _: &str, _: &str, _: &[Hit]) -> Vec<String> {
        Vec::new()
    }

    fn respell(&self, _: &str, _: &[String]) -> Option<String> {
        None
    }

    fn rank(&self, _: &Nominations) -> Vec<Ranked> {
        Vec::new()
    }

    fn parts(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn rerank(&self, _: &[Vector], _: f32, _: &mut [Hit]) {}
}

#[async_trait]
impl Understanding for Away {
    async fn learn(&self, _: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        Err(UnderstandError::Failed("away".into()))
    }

    async fn learn_terms(&self, _: Terms) -> Result<Arc<dyn TermModel>, UnderstandError> {
        Err(UnderstandError::Failed("away".into()))
    }

    async fn analyze(&self, _: &Utterance, _: &Arc<dyn IntentModel>) -> Result<Analysis, UnderstandError> {
        Err(UnderstandError::Failed("away".into()))
    }
}

impl IntentModel for Away {
    fn size_bytes(&self) -> usize {
        0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Composer for Away {
    fn compose(&self, _: &Question, _: &[Hit]) -> Option<Draft> {
        None
    }
}

impl Grounding for Away {
    fn read(&self, _: &Sources) -> Arc<dyn Checker> {
        Arc::new(Away)
    }

    fn sentences<'t>(&self, text: &'t str) -> Vec<&'t str> {
        vec![text]
    }
}

impl Comparison for Away {
    fn contradictions(&self, _: &[Compared], _: &[[usize; 2]], _: f32) -> Vec<Contradiction> {
        Vec::new()
    }
}

impl Checker for Away {
    fn check(&self, _: &str, _: Option<&Vector>) -> Support {
        Support::Courtesy
    }
}

impl Router for Away {
    fn route(&self, _: &Occasion<'_>, _: Duration) -> Option<Box<dyn Route>> {
        None
    }

    fn models(&self, _: &str) -> Vec<RoutedModel> {
        Vec::new()
    }

    fn check(&self, _: &OwnKey) -> Result<(), KeyRefused> {
        Err(KeyRefused::NoSuchModel)
    }

    fn with_keys(&self, _: Vec<OwnKey>) -> Arc<dyn Router> {
        Arc::new(Self)
    }
}

impl PromptBuilder for Away {
    fn build(&self, _: &PromptParts<'_>) -> Result<Prompt, PromptError> {
        Ok(Prompt {
            request: ChatRequest::default(),
            left_out: None,
            cuts: Vec::new(),
        })
    }

    fn check(&self, _: &str) -> Result<(), TemplateFault> {
        Ok(())
    }
}

#[async_trait]
impl Counters for Away {
    async fn add(&self, _: &str, _: u64, _: Duration) -> Result<Count, CounterError> {
        Err(CounterError("away".into()))
    }

    async fn peek(&self, _: &str, _: Duration) -> Result<Option<Count>, CounterError> {
        Err(CounterError("away".into()))
    }

    async fn reset(&self, _: &str) -> Result<(), CounterError> {
        Err(CounterError("away".into()))
    }
}

/// Counters in one window that never ends.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<HashMap<String, u64>>);

impl Tally {
    /// What was counted, by key, in order.
    pub(crate) fn counted(&self) -> Vec<(String, u64)> {
        let mut counted: Vec<_> = self.0.lock().unwrap().clone().into_iter().collect();
        counted.sort();
        counted
    }
}

#[async_trait]
impl Counters for Tally {
    async fn add(&self, key: &str, cost: u64, window: Duration) -> Result<Count, CounterError> {
        let mut counts = self.0.lock().unwrap();
        let used = counts.entry(key.to_owned()).or_default();
        *used += cost;
        Ok(Count {
            used: *used,
            resets_in: window,
        })
    }

    async fn peek(&self, key: &str, window: Duration) -> Result<Option<Count>, CounterError> {
        let used = self.0.lock().unwrap().get(key).copied();
        Ok(used.map(|used| Count {
            used,
            resets_in: window,
        }))
    }

    async fn reset(&self, key: &str) -> Result<(), CounterError> {
        self.0.lock().unwrap().remove(key);
        Ok(())
    }
}
