//! Work that nobody waits for: it is done now and then, in every process that serves or only works.
//!
//! Lives here: the runner, and one file for each kind of work; the work itself is a use case of the engine.
//! Never lives here: a web framework, a database, an HTTP client, or a rule of the domain.
//!
//! | module | what it is for |
//! |---|---|
//! | [`runner`] | runs jobs again and again, and stops them |
//! | [`kind`] | the table of jobs |
//!
//! What the runner promises:
//! - one job never runs twice at the same time within a process; across processes the use cases see to it;
//! - a run that fails or panics harms no other: it is logged once, and the job is tried again at its next turn;
//! - a stop waits for what is running, and ends it when its time is over.

pub mod kind;
mod metrics;
pub mod runner;

pub use runner::{Job, Runner};
