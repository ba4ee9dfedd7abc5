//! Reranking on a server: `POST /v1/rerank` as Jina and Cohere have it, which vLLM, LiteLLM and others speak too.
//!
//! What a customer asks is sent without personal data, as rules find it.

use acs_domain::port::chat::ModelError;
use acs_domain::port::rerank::{RerankError, Reranker};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::provider::{Asker, ConnectError, ServerOptions};
use crate::understand::entity::mask::RuleMasker;

/// The characters of a question and of a passage that are sent.
const MAX_CHARS: usize = 8_000;

/// Judges passages with a model on a server.
pub struct RemoteReranker {
    model: String,
    candidates: usize,
    asker: Asker,
    places: Semaphore,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    query: &'a str,
    documents: &'a [String],
    top_n: usize,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Judged>,
}

#[derive(Deserialize)]
struct Judged {
    index: usize,
    relevance_score: f32,
}

impl RemoteReranker {
    /// A model that judges so many passages at the most. Asks nothing yet.
    pub fn new(server: &ServerOptions, candidates: usize) -> Result<Self, ConnectError> {
        Ok(Self {
            model: server.model.clone(),
            candidates,
            asker: Asker::new(server, "rerank")?,
            places: Semaphore::new(server.at_once.max(1)),
        })
    }

    async fn ask(&self, question: &str, passages: &[String]) -> Result<Vec<f32>, ModelError> {
        let body = Body {
            model: &self.model,
            query: question,
            documents: passages,
            top_n: passages.len(),
        };
        let Answer { results } = self.asker.ask(&body).await?;
        in_order(results, passages.len())
            .ok_or_else(|| ModelError::Broken("the judgements are not those of the passages".to_owned()))
    }
}

#[async_trait]
impl Reranker for RemoteReranker {
    fn model(&self) -> &str {
        &self.model
    }

    fn candidates(&self) -> usize {
        self.candidates
    }

    async fn relevance(&self, question: &str, passages: Vec<String>) -> Result<Vec<f32>, RerankError> {
        // Nobody waits for a better order.
        let _place = self.places.try_acquire().map_err(|_full| RerankError::Busy)?;
        let failed = |error| RerankError::Failed(error);
        let question = cut(question);
        let masking = move || RuleMasker::masked(&[&question]);
        let masked = tokio::task::spawn_blocking(masking)
            .await
            .map_err(|error| failed(error.into()))?;
        let question = masked.texts.first().map_or("", String::as_str);
        let passages: Vec<String> = passages.iter().map(|passage| cut(passage)).collect();
        self.ask(question, &passages)
            .await
            .map_err(|error| failed(error.into()))
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

/// The scores in the order of the passages; `None` unless each passage has one.
fn in_order(judged: Vec<Judged>, passages: usize) -> Option<Vec<f32>> {
    let mut scores = vec![None; passages];
    for judged in judged {
        let place = scores.get_mut(judged.index).filter(|place| place.is_none())?;
        *place = Some(judged.relevance_score).filter(|score| score.is_finite());
    }
    scores.into_iter().collect()
}
