//! What can go wrong before an adapter stands; once it does, it speaks its port's error.

use std::path::PathBuf;

/// Any cause below, as the libraries give it.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the model cannot be read: the path or its permissions are wrong.
    #[error("cannot read {}", path.display())]
    ReadFile {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A file of the model's settings is not the JSON that it should be: the file is broken, or of another tool.
    #[error("the settings in {} cannot be understood", path.display())]
    BadSettings {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A setting says what this program cannot do: another model is needed, or a corrected setting.
    #[error("{setting} in {} {reason}", path.display())]
    BadSetting {
        /// In which file.
        path: PathBuf,
        /// Which.
        setting: &'static str,
        /// Why not.
        reason: String,
    },
    /// A file was read but is not what it should be: replace the model.
    #[error("the {part} of model {model} is not usable")]
    BadModel {
        /// The model's name.
        model: String,
        /// `weights` or `tokenizer`.
        part: &'static str,
        /// What is wrong with it.
        #[source]
        source: Cause,
    },
    /// The model stands but failed on a text.
    #[error("the model failed on a text")]
    Run(#[source] Cause),
    /// The system gives no thread to run the model on.
    #[error("cannot start a thread for the model")]
    Thread(#[source] std::io::Error),
}
