//! Embeddings: a sentence model run in this process, or on a server, behind `acs_domain::port::embed`.
//!
//! | file | what it holds |
//! |---|---|
//! | `files` | where a model's bytes come from: a folder, or the model that is part of the program |
//! | `folder` | what a folder says of its model |
//! | `reading` | how a model reads a text: prompts, length, pooling |
//! | `model` | the model itself: tokens in, unit vector out |
//! | `queue` | the bounded waiting line, in which questions pass imports |
//! | `pace` | how long the line takes |
//! | `local` | the adapter: worker threads, cache, stop |
//! | `remote` | the adapter for models on servers |
//!
//! In this process texts are run one by one, never as a batch. The weights are int8 and the activations are quantized as they come,
//! with one scale for the whole tensor, so in a batch a text's vector would depend on its neighbours. Alone it is always
//! the same, which caches, stored vectors and tests rely on. A batch would gain little on one core besides: see the
//! model card in `docs/models/`.

mod files;
mod folder;
mod local;
mod model;
mod pace;
mod queue;
mod reading;
mod remote;

pub use files::ModelFiles;
pub use local::{EmbedOptions, LocalEmbedder};
pub use model::{Encoder, SentenceModel};
pub use remote::{RemoteEmbedder, RemoteError, RemoteOptions};

/// The longest list that is treated as a question; a turn embeds its question and perhaps its clauses.
const QUESTION_TEXTS: usize = 4;
