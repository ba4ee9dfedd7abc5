//! Models: the embedding model in this process, and language models where they are configured.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::guard::LayeredExaminer;
use acs_ai::provider::{FileOptions, ModelOptions, Net};
use acs_ai::retrieve::RuleRetriever;
use acs_ai::router::{
    BreakerSettings, Chain, ChainRouter, Conditions, Link, OwnAddresses, Plan, Prices, RetrySettings,
};
use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::entity::mask::{PersonalDataMasker, RuleMasker};
use acs_ai::understand::entity::personal::{PersonalDataFinder, PersonalDataModel, PersonalDataOptions};
use acs_core::config::{Ai, Config, LanguageModel, ModelChain, ModelFile, ModelPlace};
use acs_core::entropy::Entropy;
use acs_domain::analysis::EmotionLabel;
use acs_domain::port::embed::Embedder;
use acs_domain::port::guard::Examiner;
use acs_domain::port::mask::Masker;
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::route::Router;
use acs_domain::port::store::Store;
use acs_domain::port::understand::Understanding;
use anyhow::{Context as _, Result};

/// The embedding model, on threads of its own.
pub(super) fn embedder(config: &Config) -> Result<Arc<dyn Embedder>> {
    let files = match &config.ai.embedding_model_dir {
        None => ModelFiles::bundled(),
        Some(folder) => read(folder, "ACS__AI__EMBEDDING_MODEL_DIR")?,
    };
    Ok(start(config, files).context("the embedding model cannot be used")?)
}

/// The embedding model before, as long as it answers for an organization: the one whose folder is named, else the one that
/// comes with the program. A start does not fail for it.
pub(super) async fn previous_embedder(
    config: &Config,
    store: &dyn Store,
    current: &str,
) -> Result<Option<Arc<dyn Embedder>>> {
    let ai = &config.ai;
    let another = ai.embedding_model_dir.is_some() || ai.embedding_url.is_some();
    let files = match &ai.embedding_previous_model_dir {
        None if !another => return Ok(None),
        None => Ok(ModelFiles::bundled()),
        Some(folder) => read(folder, "ACS__AI__EMBEDDING_PREVIOUS_MODEL_DIR"),
    };
    let others = store.directory().embedded_otherwise(current, 1).await?;
    if others.is_empty() {
        return Ok(None);
    }
    match files.and_then(|files| start(config, files)) {
        Ok(embedder) if embedder.model() == current => Ok(None),
        Ok(embedder) => {
            tracing::info!(
                model = embedder.model(),
                "the embedding model before is loaded until all is moved to the present one"
            );
            Ok(Some(embedder))
        }
        Err(error) => {
            tracing::error!(
                error = format!("{error:#}"),
                "the embedding model before cannot be used"
            );
            Ok(None)
        }
    }
}

fn read(folder: &Path, setting: &str) -> Result<ModelFiles> {
    ModelFiles::read(folder)
        .with_context(|| format!("the model in {} cannot be read ({setting})", folder.display()))
}

fn start(config: &Config, files: ModelFiles) -> Result<Arc<LocalEmbedder>> {
    let model = SentenceModel::load(files)?;
    let defaults = EmbedOptions::default();
    let workers = config
        .performance
        .understanding_threads
        .unwrap_or(defaults.workers);
    Ok(Arc::new(LocalEmbedder::start(
        model,
        EmbedOptions { workers, ..defaults },
    )?))
}

pub(super) fn retriever() -> Arc<dyn Retriever> {
    Arc::new(RuleRetriever::default())
}

/// Understanding, and what keeps personal data from others; both with the personal-data model where it is turned on.
pub(super) fn understanding(config: &Config) -> Result<(Arc<dyn Understanding>, Arc<dyn Masker>)> {
    let rules = RuleUnderstanding::default();
    if !config.ai.pii_model {
        return Ok((Arc::new(rules), Arc::new(RuleMasker)));
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
    let finder = Arc::new(finder);
    let masker = PersonalDataMasker::new(Arc::clone(&finder));
    Ok((Arc::new(rules.with_personal_data(finder)), Arc::new(masker)))
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

/// The language models and which turn asks which; none without settings for one.
pub(super) fn router(ai: &Ai, entropy: Arc<dyn Entropy>) -> Result<Arc<dyn Router>> {
    let net = Net::trusted().context("language models cannot be reached")?;
    let breaker = BreakerSettings {
        failures: ai.model_circuit_failures,
        pause: ai.model_circuit_pause_seconds,
    };
    let mut links = HashMap::new();
    for model in ai.language_models() {
        let name = model.name.clone();
        let link = Link::connect(plan(model, breaker, net.clone()))
            .with_context(|| format!("the language model `{name}` cannot be used (ai.models)"))?;
        links.insert(name, Arc::new(link));
    }
    let chains = ai.model_chains().into_iter().enumerate().map(|(number, from)| {
        chain(from, &links).with_context(|| format!("ai.chains[{number}] cannot be used"))
    });
    let chains = chains.collect::<Result<_>>()?;
    let retry = RetrySettings {
        retries: ai.model_retries,
        longest_wait: ai.model_retry_wait_seconds,
    };
    let allowed = ai.own_model_urls.iter().map(|url| url.as_str().to_owned());
    let own = OwnAddresses::new(allowed.collect()).context("organizations' own models cannot be reached")?;
    Ok(Arc::new(ChainRouter::new(chains, retry, entropy, own)))
}

fn plan(model: LanguageModel, breaker: BreakerSettings, net: Net) -> Plan {
    let (base_url, file) = match model.place {
        ModelPlace::Server(url) => (url.as_str().to_owned(), None),
        ModelPlace::File(file) => (String::new(), Some(file_options(file, model.window))),
    };
    Plan {
        name: model.name,
        provider: model.provider.as_str().to_owned(),
        options: ModelOptions {
            base_url,
            api_key: model.api_key,
            model: model.model,
            api_version: model.api_version,
            temperature: model.temperature,
            max_tokens: Some(model.max_tokens),
            first_token_timeout: model.first_token_timeout,
            timeout: model.timeout,
            net,
            file,
        },
        window: model.window,
        prices: Prices {
            input: model.input_price,
            output: model.output_price,
        },
        breaker,
    }
}

fn file_options(file: ModelFile, window_tokens: u32) -> FileOptions {
    FileOptions {
        path: file.path,
        window_tokens,
        threads: file.threads,
        concurrency: file.concurrency,
        queue: file.queue,
    }
}

fn chain(from: ModelChain, links: &HashMap<String, Arc<Link>>) -> Result<Chain> {
    let link = |name: &String| {
        links
            .get(name)
            .cloned()
            .with_context(|| format!("there is no model `{name}`"))
    };
    let emotion = |name: &String| {
        name.parse::<EmotionLabel>()
            .with_context(|| format!("`emotions` names `{name}`"))
    };
    Ok(Chain {
        conditions: Conditions {
            emotions: from.emotions.iter().map(emotion).collect::<Result<_>>()?,
            organizations: from.organizations,
            intents: from.intents,
            languages: from.languages,
            min_words: from.min_words,
            max_words: from.max_words,
            min_wishes: from.min_wishes,
            min_spent: from.min_spent.map(share),
            max_spent: from.max_spent.map(share),
        },
        links: from.models.iter().map(link).collect::<Result<_>>()?,
        hedge_after: from.hedge_after,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
fn share(of_budget: f64) -> f32 {
    of_budget as f32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use acs_core::config::Sources;
    use acs_core::entropy::SeededEntropy;
    use acs_domain::port::route::Occasion;

    use super::*;

    const MODELS: &str = r#"
        [ai.models.quick]
        base_url = "http://127.0.0.1:9/v1"
        model = "small-1"

        [ai.models.careful]
        provider = "anthropic"
        api_key = "sk-secret"
        model = "large-2"
    "#;

    fn router_of(chains: &str) -> Result<Arc<dyn Router>> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("acs.toml");
        std::fs::write(&file, format!("{MODELS}{chains}"))?;
        let sources = Sources {
            file: Some(file),
            ..Sources::default()
        };
        router(&Config::load(&sources)?.ai, Arc::new(SeededEntropy::new(1)))
    }

    fn occasion(organization: &str) -> Occasion<'_> {
        Occasion {
            organization,
            intent: Some("refund"),
            wishes: 1,
            emotion: EmotionLabel::Anger,
            language: "de",
            words: 9,
            spent: 0.0,
        }
    }

    #[test]
    fn the_first_chain_that_is_meant_for_a_turn_is_asked() {
        let chains = r#"
            [[ai.chains]]
            organizations = ["acme"]
            emotions = ["anger", "fear"]
            models = ["careful", "quick"]

            [[ai.chains]]
            organizations = ["globex"]
            models = []

            [[ai.chains]]
            models = ["quick"]
        "#;
        let router = router_of(chains).unwrap();
        let links = |organization| {
            let route = router.route(&occasion(organization), Duration::from_secs(1));
            route.map(|route| route.links())
        };
        assert_eq!(["acme", "globex", "initech"].map(links), [Some(2), None, Some(1)]);
    }

    #[test]
    fn an_organization_has_the_models_of_the_chains_that_may_be_meant_for_it() {
        let chains = r#"
            [[ai.chains]]
            organizations = ["acme"]
            emotions = ["anger"]
            models = ["careful", "quick"]

            [[ai.chains]]
            models = ["quick"]
        "#;
        let router = router_of(chains).unwrap();
        let names = |organization| {
            let models = router.models(organization).into_iter();
            models.map(|model| model.name).collect::<Vec<_>>()
        };
        assert_eq!(names("acme"), ["careful", "quick"]);
        assert_eq!(names("globex"), ["quick"]);
    }

    #[test]
    fn without_chains_every_model_is_asked() {
        let router = router_of("").unwrap();
        let route = router.route(&occasion("acme"), Duration::from_secs(1));
        assert_eq!(route.map(|route| route.links()), Some(2));
    }

    #[test]
    fn an_emotion_that_is_none_is_refused_by_its_setting() {
        let error = router_of("[[ai.chains]]\nemotions = [\"rage\"]\nmodels = [\"quick\"]")
            .err()
            .unwrap();
        let told = format!("{error:#}");
        assert!(
            told.starts_with(
                "ai.chains[0] cannot be used: `emotions` names `rage`: must be one of neutral, "
            ),
            "{told}"
        );
    }
    #[cfg(not(feature = "gguf"))]
    #[test]
    fn a_model_in_this_process_is_refused_by_a_program_that_was_built_without_it() {
        let file = "[ai.models.small]\nprovider = \"gguf\"\npath = \"small.gguf\"\nmodel = \"small-1\"";
        let told = format!("{:#}", router_of(file).err().unwrap());
        assert_eq!(
            told,
            "the language model `small` cannot be used (ai.models): its `provider` is `gguf`, and this program was \
             built without the cargo feature `gguf`"
        );
    }
}
