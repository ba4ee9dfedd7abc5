//! What a model's folder says of it, in the files of sentence-transformers.

use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::reading::{Pooling, Prompts, Reading};
use crate::Error;

const NETWORK: &str = "config.json";
const LENGTH: &str = "sentence_bert_config.json";
const PROMPTS: &str = "config_sentence_transformers.json";
const POOLING: &str = "1_Pooling/config.json";

/// The networks that `input_ids` and a mask are all of.
const FORMS: [&str; 2] = ["bert", "xlm-roberta"];

/// What is known of a model before it is loaded.
pub(super) struct Settings {
    pub(super) name: String,
    pub(super) dimensions: Option<usize>,
    pub(super) strangers: f32,
    pub(super) reading: Reading,
}

/// `config.json`; keys of other tools may lie beside ours.
#[derive(Debug, Default, Deserialize)]
struct Network {
    name: Option<String>,
    max_tokens: Option<usize>,
    model_type: Option<String>,
    hidden_size: Option<usize>,
    #[serde(default)]
    strangers_cosine: f32,
    max_position_embeddings: Option<usize>,
    pad_token_id: Option<usize>,
}

/// `sentence_bert_config.json`.
#[derive(Debug, Default, Deserialize)]
struct Length {
    max_seq_length: Option<usize>,
}

/// `config_sentence_transformers.json`.
#[derive(Debug, Default, Deserialize)]
struct SentenceTransformers {
    #[serde(default)]
    prompts: NamedPrompts,
}

#[derive(Debug, Default, Deserialize)]
struct NamedPrompts {
    #[serde(default)]
    query: String,
    #[serde(default, alias = "document")]
    passage: String,
}

/// `1_Pooling/config.json`: one flag for each way, of which we know two.
#[derive(Debug, Deserialize)]
struct PoolingFlags {
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
    #[serde(default)]
    pooling_mode_cls_token: bool,
}

impl Settings {
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let network: Network = optional(folder, NETWORK)?.unwrap_or_default();
        let length: Length = optional(folder, LENGTH)?.unwrap_or_default();
        let named: SentenceTransformers = optional(folder, PROMPTS)?.unwrap_or_default();
        let bad = |file: &str, setting, reason: String| Error::BadSetting {
            path: folder.join(file),
            setting,
            reason,
        };
        if let Some(form) = network.model_type.as_deref()
            && !FORMS.contains(&form)
        {
            let reason = format!("is {form}, and only {} are known", FORMS.join(" and "));
            return Err(bad(NETWORK, "model_type", reason));
        }
        let usual = Reading::default();
        let max_tokens = network.max_tokens.or(length.max_seq_length);
        let places = network.places();
        let max_tokens = max_tokens.unwrap_or_else(|| usual.max_tokens.min(places.unwrap_or(usize::MAX)));
        if let Some(places) = places.filter(|places| max_tokens > *places) {
            let reason = format!("leaves room for {places} tokens, and {max_tokens} are to be read");
            return Err(bad(NETWORK, "max_position_embeddings", reason));
        }
        if max_tokens < 3 {
            let reason = format!("is {max_tokens}, and two tokens are marks");
            return Err(match network.max_tokens {
                Some(_) => bad(NETWORK, "max_tokens", reason),
                None => bad(LENGTH, "max_seq_length", reason),
            });
        }
        if !(0.0..1.0).contains(&network.strangers_cosine) {
            let reason = format!(
                "is {}, and must be at least 0 and below 1",
                network.strangers_cosine
            );
            return Err(bad(NETWORK, "strangers_cosine", reason));
        }
        let pooling = match optional(folder, POOLING)? {
            None => usual.pooling,
            Some(PoolingFlags {
                pooling_mode_mean_tokens: true,
                pooling_mode_cls_token: false,
            }) => Pooling::Mean,
            Some(PoolingFlags {
                pooling_mode_mean_tokens: false,
                pooling_mode_cls_token: true,
            }) => Pooling::First,
            Some(_) => {
                let reason =
                    "or else pooling_mode_cls_token must be true, and no other way of pooling is known";
                return Err(bad(POOLING, "pooling_mode_mean_tokens", reason.to_owned()));
            }
        };
        Ok(Self {
            name: network.name.unwrap_or_else(|| folder_name(folder)),
            dimensions: network.hidden_size,
            strangers: network.strangers_cosine,
            reading: Reading {
                max_tokens,
                pooling,
                prompts: Prompts {
                    question: named.prompts.query,
                    passage: named.prompts.passage,
                },
            },
        })
    }
}

impl Network {
    /// How many tokens have a place of their own. XLM-RoBERTa counts its places from behind the padding's number.
    fn places(&self) -> Option<usize> {
        let taken = match self.model_type.as_deref() {
            Some("xlm-roberta") => self.pad_token_id.unwrap_or(1) + 1,
            _ => 0,
        };
        Some(self.max_position_embeddings?.saturating_sub(taken))
    }
}

fn folder_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The bytes of a file that must be there.
pub(super) fn bytes(folder: &Path, file: &str) -> Result<Vec<u8>, Error> {
    let path = folder.join(file);
    std::fs::read(&path).map_err(|source| Error::ReadFile { path, source })
}

/// The settings in a file that may be absent.
fn optional<T: DeserializeOwned>(folder: &Path, file: &str) -> Result<Option<T>, Error> {
    match bytes(folder, file) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|source| Error::BadSettings {
                path: folder.join(file),
                source,
            }),
        Err(Error::ReadFile { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
