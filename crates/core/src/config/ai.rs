//! Models.

use std::path::PathBuf;
use std::time::Duration;

use super::chains::{ModelChain, ModelChains};
use super::models::{LanguageModel, LanguageModels, ModelPlace, ModelProvider};
use super::schema::rule::{between, not_blank, seconds, when_set};
use super::schema::section;
use super::schema::url::HttpUrl;
use crate::secret::Secret;

section! {
    /// Models. Without any of these settings, answers are composed from the knowledge base alone.
    Ai = "ai" {
        /// A folder with the files of another embedding model, instead of the one that comes with the program.
        embedding_model_dir: Option<PathBuf> = None;
        /// The folder of the embedding model that was used before, if that was not the one that comes with the program: it
        /// answers until all knowledge and intents are embedded by the present one. Without it, words alone do meanwhile.
        embedding_previous_model_dir: Option<PathBuf> = None;
        /// The address of a server that embeds, instead of a model in this process: any that has OpenAI's `POST …/embeddings`. What
        /// customers say is sent without personal data.
        embedding_url: Option<HttpUrl> = None;
        /// The key for it.
        embedding_api_key: Option<Secret> = None;
        /// The model to ask there.
        embedding_model: Option<String> = None, when_set(not_blank());
        /// The length of its vectors. It is found out at the start; told here, the program starts while the server is away.
        embedding_dimensions: Option<usize> = None, when_set(between(1, 16_000));
        /// How many texts are sent to it at once at the most.
        embedding_batch: usize = 64, between(1, 2_048);
        /// How many requests are under way at a time at the most, those for questions and all others apart.
        embedding_requests: usize = 4, between(1, 256);
        /// How long an answer may take, tried again or not.
        embedding_timeout_seconds: Duration = Duration::from_secs(10), seconds(0.05, 300.0);
        /// What the model wants to read before a question: `query: `, say.
        embedding_question_prefix: String = String::new();
        /// What it wants to read before a passage.
        embedding_passage_prefix: String = String::new();
        /// The cosine that it gives texts on different subjects; 0 unless it keeps all its vectors close together.
        embedding_strangers_cosine: f64 = 0.0, between(0.0, 0.99);
        /// The address of a server that reranks: any that has `POST …/rerank` as Jina and Cohere have it. What customers say is sent
        /// without personal data.
        rerank_url: Option<HttpUrl> = None;
        /// The key for it.
        rerank_api_key: Option<Secret> = None;
        /// The model to ask there.
        rerank_model: Option<String> = None, when_set(not_blank());
        /// How many of the passages that were found it judges.
        rerank_candidates: usize = 24, between(2, 100);
        /// How many requests are under way at a time at the most. Beyond them the order stays as it was.
        rerank_requests: usize = 8, between(1, 256);
        /// How long it may take.
        rerank_timeout_seconds: Duration = Duration::from_millis(800), seconds(0.05, 60.0);
        /// Whether names and addresses are found by the personal-data model that comes with the program. It runs on threads
        /// of its own, about 0.3 ms a word; without it, rules find what has a fixed form.
        pii_model: bool = false;
        /// For how long an organization's intents must have been left alone before a head is trained on their phrases. Until
        /// then new phrases count by nearness.
        training_delay_seconds: Duration = Duration::from_secs(3), seconds(0.0, 3600.0);
        /// Below this confidence the agent says that it does not know, and offers a person.
        unknown_threshold: f64 = 0.3, between(0.0, 1.0);
        /// Below this confidence the agent offers a person beside its answer, and asks back about a message that says too little.
        answer_threshold: f64 = 0.7, between(0.0, 1.0);
        /// From this confidence the agent answers even where two entries compete; below, it asks back which one is meant.
        certain_threshold: f64 = 0.8, between(0.0, 1.0);
        /// The address of OpenAI, or of any server that speaks its protocol; OpenAI's own when only a key is set.
        openai_base_url: Option<HttpUrl> = None;
        /// The key for that address.
        openai_api_key: Option<Secret> = None;
        /// The model to ask there.
        openai_model: String = "gpt-4-turbo-preview".to_owned(), not_blank();
        /// How freely it words its answers: 0 is the most literal.
        openai_temperature: f64 = 0.7, between(0.0, 2.0);
        /// The longest answer, in tokens.
        openai_max_tokens: u32 = 2000, between(1, 128_000);
        /// How many tokens the model reads and writes together: a prompt is cut to what the longest answer leaves of it.
        openai_window_tokens: u32 = 8192, between(1024, 10_000_000);
        /// How long to wait for the first token before the next model is tried.
        openai_first_token_timeout_seconds: Duration = Duration::from_secs(8), seconds(0.1, 300.0);
        /// How long the whole answer may take.
        openai_timeout_seconds: Duration = Duration::from_secs(20), seconds(0.1, 600.0);
        /// The key for Anthropic: with it, the model `anthropic` stands behind `openai`.
        anthropic_api_key: Option<Secret> = None;
        /// The model to ask at Anthropic.
        anthropic_model: String = "claude-3-sonnet-20240229".to_owned(), not_blank();
        /// More language models, each with a name of its own. The settings above make the models `openai` and `anthropic`.
        models: LanguageModels = LanguageModels::default();
        /// Which models a turn asks, one after the other: those of the first chain that is meant for it, and none where no
        /// chain is. Without any chain all models are asked: `openai`, `anthropic`, then the others by name.
        chains: ModelChains = ModelChains::default();
        /// Addresses at and below which an organization may have a model asked with its own key, though they are not on the
        /// internet or not encrypted: a gateway in the operator's network, say. Any `https` address on the internet may be.
        own_model_urls: Vec<HttpUrl> = Vec::new();
        /// How much memory the answers of language models may take that are kept for the same question, in MiB; 0: none is kept. Only
        /// answers are kept whose prompts hold nothing of a customer.
        answer_cache_mib: u32 = 0, between(0, 65_536);
        /// For how long an answer is kept, as long as knowledge does not change.
        answer_cache_seconds: Duration = Duration::from_secs(3600), seconds(1.0, 604_800.0);
        /// How alike two questions must be in meaning to be the same in other words; with 1 only the same words are the same.
        answer_cache_likeness: f64 = 0.97, between(0.9, 1.0);
        /// How often a model that failed or limits the rate is asked again before the next one.
        model_retries: u32 = 1, between(0, 5);
        /// The longest wait before it is asked again. A provider that wants a longer one is left for the next model.
        model_retry_wait_seconds: Duration = Duration::from_secs(2), seconds(0.0, 60.0);
        /// After so many failures in a row a model is left alone for a while.
        model_circuit_failures: u32 = 5, between(1, 1000);
        /// For how long; twice as long each time that it fails again, at most 16 times.
        model_circuit_pause_seconds: Duration = Duration::from_secs(10), seconds(0.1, 3600.0);
    }
}

impl Ai {
    /// Where the OpenAI protocol is spoken; `None` when neither an address nor a key is set.
    #[must_use]
    pub fn openai_url(&self) -> Option<HttpUrl> {
        let own = || {
            self.openai_api_key
                .as_ref()
                .and_then(|_| ModelProvider::OpenAi.own_url())
        };
        self.openai_base_url.clone().or_else(own)
    }

    /// Every language model, in the order in which they are asked where no chain says another.
    #[must_use]
    pub fn language_models(&self) -> Vec<LanguageModel> {
        self.openai()
            .into_iter()
            .chain(self.anthropic())
            .chain(self.models.0.iter().cloned())
            .collect()
    }

    /// The chains, the particular before the general.
    #[must_use]
    pub fn model_chains(&self) -> Vec<ModelChain> {
        if !self.chains.0.is_empty() {
            return self.chains.0.clone();
        }
        let models = self.language_models().into_iter().map(|model| model.name);
        vec![ModelChain {
            models: models.collect(),
            ..ModelChain::default()
        }]
    }

    fn openai(&self) -> Option<LanguageModel> {
        Some(LanguageModel {
            name: "openai".to_owned(),
            provider: ModelProvider::OpenAi,
            place: ModelPlace::Server(self.openai_url()?),
            api_key: self.openai_api_key.clone(),
            model: self.openai_model.clone(),
            api_version: None,
            temperature: Some(self.openai_temperature),
            max_tokens: self.openai_max_tokens,
            window: self.openai_window_tokens,
            input_price: 0.0,
            output_price: 0.0,
            first_token_timeout: self.openai_first_token_timeout_seconds,
            timeout: self.openai_timeout_seconds,
        })
    }

    /// Worded and timed as the model beside it.
    fn anthropic(&self) -> Option<LanguageModel> {
        Some(LanguageModel {
            name: "anthropic".to_owned(),
            provider: ModelProvider::Anthropic,
            place: ModelPlace::Server(ModelProvider::Anthropic.own_url()?),
            api_key: Some(self.anthropic_api_key.clone()?),
            model: self.anthropic_model.clone(),
            api_version: None,
            temperature: Some(self.openai_temperature),
            max_tokens: self.openai_max_tokens,
            window: self.openai_window_tokens,
            input_price: 0.0,
            output_price: 0.0,
            first_token_timeout: self.openai_first_token_timeout_seconds,
            timeout: self.openai_timeout_seconds,
        })
    }
}
