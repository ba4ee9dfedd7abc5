//! Organizations' own keys for language models.

use acs_core::secret::Secret;
use acs_domain::model_key;
use acs_engine::usecase::model_keys;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The models that an organization's turns may ask.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyedModels {
    /// By name.
    items: Vec<KeyedModel>,
}

/// A language model, and the organization's own key for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyedModel {
    /// What the installation calls it.
    #[schema(example = "openai")]
    model: String,
    /// Whose protocol it speaks: openai, azure or anthropic; null where the installation does not have the model any more.
    provider: Option<String>,
    /// The organization's own key; null: the model is asked with the installation's.
    key: Option<ModelKey>,
}

/// What is shown of a key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelKey {
    /// Its last four characters.
    #[schema(example = "4f2a")]
    last_four: String,
    /// Where the model is asked with it; null: where the installation asks it.
    base_url: Option<String>,
    /// When it was set.
    #[serde(with = "time::serde::rfc3339")]
    set_at: OffsetDateTime,
}

/// A key to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutModelKey {
    /// The key, as its provider gave it.
    #[schema(value_type = String, format = Password, min_length = 16, max_length = 500)]
    api_key: Secret,
    /// Where the model is asked with it, if not where the installation asks it: an `https` address on the internet, or one
    /// that the operator allows. For models that speak OpenAI's protocol or Azure's.
    #[schema(max_length = 500, example = "https://acme.openai.azure.com")]
    base_url: Option<String>,
}

impl From<Vec<model_keys::KeyedModel>> for KeyedModels {
    fn from(from: Vec<model_keys::KeyedModel>) -> Self {
        Self {
            items: from.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<model_keys::KeyedModel> for KeyedModel {
    fn from(from: model_keys::KeyedModel) -> Self {
        Self {
            model: from.name,
            provider: from.provider,
            key: from.key.map(Into::into),
        }
    }
}

impl From<model_key::ModelKey> for ModelKey {
    fn from(from: model_key::ModelKey) -> Self {
        Self {
            last_four: from.last_four,
            base_url: from.base_url,
            set_at: from.set_at,
        }
    }
}

impl From<PutModelKey> for model_keys::NewModelKey {
    fn from(from: PutModelKey) -> Self {
        Self {
            key: from.api_key,
            base_url: from.base_url,
        }
    }
}
