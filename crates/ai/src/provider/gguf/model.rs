//! A file that is loaded, and checked before anyone asks it.

use std::fs::File;
use std::io;
use std::num::NonZeroU32;
use std::sync::OnceLock;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::model::{LlamaChatTemplate, LlamaModel};
use llama_cpp_2::{LlamaCppError, LogOptions, send_logs_to_tracing};

use super::prompt::check_template;
use crate::provider::FileOptions;

/// So much of a prompt is read before the thread looks whether anyone still waits.
pub(super) const BATCH: u32 = 128;

/// Why a file is no model that can be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    #[error("llama.cpp does not start")]
    Backend(#[source] &'static LlamaCppError),
    #[error("it is no whole model that llama.cpp can read; the log has what llama.cpp says")]
    NoModel,
    #[error("it has no chat template, so it is no model for a talk")]
    NoTemplate,
    #[error("its chat template is none that llama.cpp knows")]
    StrangeTemplate,
    #[error("the marks of its chat template are words, which customers can write too")]
    OpenMarks,
    #[error("`window_tokens` is {asked}, and the model was trained for {trained}")]
    LongContext { asked: u32, trained: u32 },
    #[error("there is no memory for a context of it")]
    Context,
    #[error("its thread cannot be started")]
    Thread(#[source] io::Error),
}

/// A model that can be asked.
#[derive(Debug)]
pub(super) struct Model {
    backend: &'static LlamaBackend,
    pub(super) llama: LlamaModel,
    pub(super) template: LlamaChatTemplate,
    pub(super) window_tokens: u32,
    threads: usize,
}

impl Model {
    /// The model of a file.
    pub(super) fn load(file: &FileOptions) -> Result<Self, LoadError> {
        // Before llama.cpp does: it says less about why.
        let metadata = File::open(&file.path).and_then(|opened| opened.metadata());
        if !metadata.map_err(LoadError::Unreadable)?.is_file() {
            return Err(LoadError::NoModel);
        }
        let backend = backend()?;
        let llama = LlamaModel::load_from_file(backend, &file.path, &LlamaModelParams::default())
            .map_err(|_| LoadError::NoModel)?;
        let template = llama.chat_template(None).map_err(|_| LoadError::NoTemplate)?;
        let (asked, trained) = (file.window_tokens, llama.n_ctx_train());
        if asked > trained {
            return Err(LoadError::LongContext { asked, trained });
        }
        check_template(&llama, &template)?;
        Ok(Self {
            backend,
            llama,
            template,
            window_tokens: asked,
            threads: file.threads,
        })
    }

    /// Memory for one reply at a time.
    pub(super) fn context(&self) -> Result<LlamaContext<'_>, LoadError> {
        let threads = i32::try_from(self.threads).unwrap_or(i32::MAX);
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(self.window_tokens))
            .with_n_batch(BATCH)
            .with_n_ubatch(BATCH)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_no_perf(true);
        self.llama
            .new_context(self.backend, params)
            .map_err(|_| LoadError::Context)
    }
}

/// llama.cpp, which a process starts once. What it says goes to the log.
fn backend() -> Result<&'static LlamaBackend, LoadError> {
    static BACKEND: OnceLock<Result<LlamaBackend, LlamaCppError>> = OnceLock::new();
    let backend = BACKEND.get_or_init(|| {
        send_logs_to_tracing(LogOptions::default());
        LlamaBackend::init()
    });
    backend.as_ref().map_err(LoadError::Backend)
}
