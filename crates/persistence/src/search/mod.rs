//! How passages are found: nominated here, scored by the retriever. See docs/adr/0003-nominate-then-score.md.

mod cache;
pub(crate) mod codec;
mod index;
mod lookalike;
mod nearest;
mod nominate;
pub(crate) mod passage;
mod place;
mod postgres;
mod sqlite;
mod steps;
mod words;

pub(crate) use self::cache::VectorCache;
pub(crate) use self::place::{Place, Standing};
