//! Learning from labelled texts: features, linear heads, calibration, and their compact form.
//!
//! | file | what it is |
//! |---|---|
//! | `grams` | a text's words, pairs of words and pieces of words, as hashes |
//! | `features` | the vocabulary that weighs them (TF-IDF), joined with the embedding |
//! | `linear` | a head: one linear classifier for each class, compact and fast |
//! | `dual` | how heads are trained: dual coordinate descent |
//! | `calibrate` | scores to probabilities, and how far these are from the truth |
//! | `choice` | what speaks for one of several |
//! | `classifier` | a vocabulary, a head and the names of its classes, in one file |
//! | `bytes` | reading and writing numbers; hostile bytes are an error |
//!
//! Everything here is pure and runs on the thread that calls it: training takes seconds and belongs off the async threads.
//! The same examples, options and seed give the same bytes on the same kind of processor.

mod bytes;
mod calibrate;
mod choice;
mod classifier;
mod dual;
mod features;
mod grams;
mod linear;

pub use bytes::{BadBytes, Reader, Writer};
pub use calibrate::{Platt, expected_calibration_error, sigmoid, softmax};
pub use choice::{Choice, weigh};
pub use classifier::Classifier;
pub use dual::{Example, TrainOptions, train};
pub use features::{Features, Vocabulary, VocabularyOptions};
pub use linear::LinearHead;
