//! Models: the embedding model in this process, and language models where they are configured.

use std::collections::BTreeMap;
use std::sync::Arc;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::guard::LayeredExaminer;
use acs_ai::provider::{ModelOptions, connect};
use acs_ai::retrieve::RuleRetriever;
use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::entity::personal::{PersonalDataFinder, PersonalDataModel, PersonalDataOptions};
use acs_core::config::{Ai, Config};
use acs_domain::port::chat::ChatModel;
use acs_domain::port::guard::Examiner;
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::understand::Understanding;
use anyhow::{Context as _, Result};

/// The embedding model, on threads of its own.
pub(super) fn embedder(config: &Config) -> Result<Arc<LocalEmbedder>> {
    let files = match &config.ai.embedding_model_dir {
        None => ModelFiles::bundled(),
        Some(folder) => ModelFiles::read(folder).with_context(|| {
            format!(
                "the model in {} cannot be read (ACS__AI__EMBEDDING_MODEL_DIR)",
                folder.display()
            )
        })?,
    };
    let model = SentenceModel::load(files).context("the embedding model cannot be used")?;
    let defaults = EmbedOptions::default();
    let workers = config
        .performance
        .understanding_threads
        .unwrap_or(defaults.workers);
    let embedder = LocalEmbedder::start(model, EmbedOptions { workers, ..defaults });
    Ok(Arc::new(
        embedder.context("the embedding model cannot be started")?,
    ))
}

pub(super) fn retriever() -> Arc<dyn Retriever> {
    Arc::new(RuleRetriever::default())
}

/// Understanding, with the personal-data model unless it is turned off.
pub(super) fn understanding(config: &Config) -> Result<Arc<dyn Understanding>> {
    let rules = RuleUnderstanding::default();
    if !config.ai.pii_model {
        return Ok(Arc::new(rules));
    }
    let model = PersonalDataModel::bundled().context("the personal-data model cannot be used")?;
    let defaults = PersonalDataOptions::default();
    let options = PersonalDataOptions {
        workers: config
            .performance
            .understanding_threads
            .unwrap_or(defaults.workers),
        ..defaults
    };
    let finder =
        PersonalDataFinder::start(&model, options).context("the personal-data model cannot be started")?;
    Ok(Arc::new(rules.with_personal_data(finder)))
}

pub(super) fn examiner() -> Arc<dyn Examiner> {
    Arc::new(LayeredExaminer::default())
}

/// The program, and what it carries that decides, each with its version.
pub(super) fn parts(config: &Config) -> BTreeMap<String, String> {
    let mut parts = acs_ai::bundled::versions();
    if !config.ai.pii_model {
        parts.insert("personal_data".to_owned(), "off".to_owned());
    }
    parts.insert("program".to_owned(), config.app.version().to_owned());
    parts
}

/// The language models, in the order in which they are tried; none without settings for one.
pub(super) fn chat_models(ai: &Ai) -> Result<Vec<Arc<dyn ChatModel>>> {
    let Some(url) = ai.openai_url() else {
        return Ok(Vec::new());
    };
    let options = ModelOptions {
        base_url: url.as_str().to_owned(),
        api_key: ai.openai_api_key.clone(),
        model: ai.openai_model.clone(),
        temperature: Some(ai.openai_temperature),
        max_tokens: Some(ai.openai_max_tokens),
        first_token_timeout: ai.openai_first_token_timeout_seconds,
        timeout: ai.openai_timeout_seconds,
    };
    Ok(vec![connect("openai", options).context(
        "the language model cannot be used (ACS__AI__OPENAI_…)",
    )?])
}
