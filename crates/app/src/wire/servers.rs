//! Models on servers that embed and rerank, where they are configured.

use std::sync::Arc;
use std::time::Duration;

use acs_ai::embed::{RemoteEmbedder, RemoteOptions};
use acs_ai::provider::{Net, ServerOptions};
use acs_ai::rerank::RemoteReranker;
use acs_ai::router::RetrySettings;
use acs_core::config::{Ai, HttpUrl};
use acs_core::entropy::Entropy;
use acs_core::secret::Secret;
use acs_domain::port::embed::Embedder;
use acs_domain::port::rerank::Reranker;
use anyhow::{Context as _, Result};

/// How often an import's texts are sent again; a question's time is over sooner.
const RETRIES: u32 = 3;
/// The longest wait before they are.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The embedding model on a server; `None` where none is configured. It is asked once, so that settings that do not fit are
/// found now.
pub(super) async fn embedder(ai: &Ai, entropy: Arc<dyn Entropy>) -> Result<Option<Arc<dyn Embedder>>> {
    let (Some(url), Some(model)) = (&ai.embedding_url, &ai.embedding_model) else {
        return Ok(None);
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cosine loses nothing that matters"
    )]
    let strangers = ai.embedding_strangers_cosine as f32;
    let options = RemoteOptions {
        server: ServerOptions {
            timeout: ai.embedding_timeout_seconds,
            at_once: ai.embedding_requests,
            retry: RetrySettings {
                retries: RETRIES,
                longest_wait: LONGEST_WAIT,
            },
            ..server(url, ai.embedding_api_key.as_ref(), model, entropy)?
        },
        dimensions: ai.embedding_dimensions,
        batch: ai.embedding_batch,
        question_prefix: ai.embedding_question_prefix.clone(),
        passage_prefix: ai.embedding_passage_prefix.clone(),
        strangers,
    };
    let embedder = RemoteEmbedder::connect(options)
        .await
        .context("the embedding server cannot be used (ai.embedding_url)")?;
    Ok(Some(Arc::new(embedder)))
}

/// The reranking model; `None` where none is configured.
pub(super) fn reranker(ai: &Ai, entropy: Arc<dyn Entropy>) -> Result<Option<Arc<dyn Reranker>>> {
    let (Some(url), Some(model)) = (&ai.rerank_url, &ai.rerank_model) else {
        return Ok(None);
    };
    let options = ServerOptions {
        timeout: ai.rerank_timeout_seconds,
        at_once: ai.rerank_requests,
        ..server(url, ai.rerank_api_key.as_ref(), model, entropy)?
    };
    let reranker = RemoteReranker::new(&options, ai.rerank_candidates)
        .context("the reranking server cannot be used (ai.rerank_url)")?;
    Ok(Some(Arc::new(reranker)))
}

fn server(
    url: &HttpUrl,
    key: Option<&Secret>,
    model: &str,
    entropy: Arc<dyn Entropy>,
) -> Result<ServerOptions> {
    Ok(ServerOptions {
        base_url: url.as_str().to_owned(),
        api_key: key.cloned(),
        model: model.to_owned(),
        timeout: Duration::ZERO,
        retry: RetrySettings {
            retries: 1,
            longest_wait: LONGEST_WAIT,
        },
        at_once: 1,
        net: Net::trusted().context("servers of models cannot be reached")?,
        entropy,
    })
}
