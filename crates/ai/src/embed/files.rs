//! Where a model's bytes come from.

use std::borrow::Cow;
use std::path::Path;

use serde::Deserialize;

use crate::Error;

/// Tokens that the sentence model was trained to read; what is behind them is not seen.
const DEFAULT_MAX_TOKENS: usize = 256;

/// A sentence model, not yet loaded.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    /// What it is called: the folder's name, or `name` in its `config.json`.
    pub(super) name: String,
    /// ONNX.
    pub(super) weights: Cow<'static, [u8]>,
    /// The `tokenizer.json` of the tokenizers library.
    pub(super) tokenizer: Cow<'static, [u8]>,
    /// At how many tokens a text is cut.
    pub(super) max_tokens: usize,
}

/// The optional `config.json`; keys of other tools may lie beside ours.
#[derive(Debug, Default, Deserialize)]
struct Config {
    name: Option<String>,
    max_tokens: Option<usize>,
}

impl ModelFiles {
    /// The model that is part of the program: all-MiniLM-L6-v2, int8, English. Its licence and notice lie beside its
    /// weights, its figures in `docs/models/all-minilm-l6-v2-int8.md`.
    #[must_use]
    pub fn bundled() -> Self {
        Self {
            name: "all-minilm-l6-v2-int8".into(),
            weights: Cow::Borrowed(include_bytes!("../../models/all-minilm-l6-v2-int8/model.onnx")),
            tokenizer: Cow::Borrowed(include_bytes!(
                "../../models/all-minilm-l6-v2-int8/tokenizer.json"
            )),
            max_tokens: DEFAULT_MAX_TOKENS,
        }
    }

    /// Reads `model.onnx`, `tokenizer.json` and, if there is one, `config.json` (`name`, `max_tokens`) from a folder.
    /// The model takes `input_ids`, `attention_mask` and perhaps `token_type_ids`, and its first output holds a vector
    /// for each token.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let read = |file: &str| {
            let path = folder.join(file);
            std::fs::read(&path).map_err(|source| Error::ReadFile { path, source })
        };
        let folder_name = folder
            .file_name()
            .unwrap_or(folder.as_os_str())
            .to_string_lossy()
            .into_owned();
        let config: Config = match read("config.json") {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| Error::BadModel {
                model: folder_name.clone(),
                part: "config",
                source: source.into(),
            })?,
            Err(Error::ReadFile { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Config::default()
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            name: config.name.unwrap_or(folder_name),
            weights: Cow::Owned(read("model.onnx")?),
            tokenizer: Cow::Owned(read("tokenizer.json")?),
            max_tokens: config.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS),
        })
    }
}
