//! The guard's head: the sets that it learns from, and how.

mod fit;
mod sets;

pub(crate) use fit::head;
pub(crate) use sets::{FOLDS, Sets, Text};
