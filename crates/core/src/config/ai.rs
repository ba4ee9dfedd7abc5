//! Models.

use std::path::PathBuf;
use std::time::Duration;

use super::schema::rule::{between, not_blank, seconds};
use super::schema::section;
use super::schema::url::HttpUrl;
use crate::secret::Secret;

/// The address of OpenAI's own service.
const OPENAI_URL: &str = "https://api.openai.com/v1";

section! {
    /// Models. Without any of these settings, answers are composed from the knowledge base alone.
    Ai = "ai" {
        /// A folder with the files of another embedding model, instead of the one that comes with the program.
        embedding_model_dir: Option<PathBuf> = None;
        /// The folder of the embedding model that was used before, if that was not the one that comes with the program: it
        /// answers until all knowledge and intents are embedded by the present one. Without it, words alone do meanwhile.
        embedding_previous_model_dir: Option<PathBuf> = None;
        /// Whether names and addresses are found by the personal-data model that comes with the program. It runs on threads
        /// of its own, about 0.3 ms a word; without it, rules find what has a fixed form.
        pii_model: bool = false;
        /// For how long an organization's intents must have been left alone before a head is trained on their phrases. Until
        /// then new phrases count by nearness.
        training_delay_seconds: Duration = Duration::from_secs(3), seconds(0.0, 3600.0);
        /// Below this confidence the agent says that it does not know, and offers a person.
        unknown_threshold: f64 = 0.3, between(0.0, 1.0);
        /// Below this confidence the agent offers a person beside its answer.
        answer_threshold: f64 = 0.7, between(0.0, 1.0);
        /// From this confidence the agent answers without reserve. Reserved: read once it acts on its own certainty.
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
        /// How long to wait for the first token before the next model is tried.
        openai_first_token_timeout_seconds: Duration = Duration::from_secs(8), seconds(0.1, 300.0);
        /// How long the whole answer may take.
        openai_timeout_seconds: Duration = Duration::from_secs(20), seconds(0.1, 600.0);
        /// The key for Anthropic. Reserved: read by the Anthropic adapter.
        anthropic_api_key: Option<Secret> = None;
        /// The model to ask at Anthropic. Reserved: read by the Anthropic adapter.
        anthropic_model: String = "claude-3-sonnet-20240229".to_owned(), not_blank();
    }
}

impl Ai {
    /// Where the OpenAI protocol is spoken; `None` when neither an address nor a key is set.
    #[must_use]
    pub fn openai_url(&self) -> Option<HttpUrl> {
        let own = || {
            self.openai_api_key
                .as_ref()
                .and_then(|_| HttpUrl::parse(OPENAI_URL))
        };
        self.openai_base_url.clone().or_else(own)
    }
}
