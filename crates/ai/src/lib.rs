//! How ACS understands, finds and words things: models and word lists that run in this process.
//!
//! Lives here: adapters for the ports of `acs_domain::port` that think – embeddings, retrieval, understanding.
//! Never lives here: a web framework, a database, HTTP to anything but a model's server.
//!
//! | module | port | what it does |
//! |---|---|---|
//! | [`bundled`] | | which versions of models, rules and templates are part of the program |
//! | [`compose`] | `port::compose` | writes replies out of the sources' own sentences |
//! | [`embed`] | `port::embed` | turns texts into unit vectors, on threads of its own |
//! | [`ground`] | `port::ground` | checks the sentences of a model's reply against its sources |
//! | [`guard`] | `port::guard` | what is dangerous in a text: attacks on the agent, abuse, cries for help |
//! | [`learn`] | | learns from labelled texts: features, linear heads, calibration |
//! | [`prompt`] | `port::chat` | writes what a language model is asked |
//! | [`provider`] | `port::chat` | asks language models over HTTP, or runs one from a file |
//! | [`rerank`] | `port::rerank` | has a model on a server judge what was found |
//! | [`retrieve`] | `port::retrieve` | cuts knowledge into passages and puts found ones in order |
//! | [`router`] | `port::route` | chooses language models, and asks the next where one fails |
//! | [`sentence`] | | where sentences begin and end |
//!
//! What the adapters promise:
//! - the same text gives the same vector, score and analysis, whatever else is asked at the time;
//! - everything that takes more than half a millisecond of CPU says so and is kept off the async threads.

pub mod bundled;
pub mod compose;
pub mod embed;
mod error;
pub mod ground;
pub mod guard;
pub mod learn;
pub mod prompt;
pub mod provider;
pub mod rerank;
pub mod retrieve;
pub mod router;
pub mod sentence;
mod transformer;
pub mod understand;

pub use error::Error;
