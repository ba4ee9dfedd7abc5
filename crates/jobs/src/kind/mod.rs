//! The table of jobs. A job is one file here and one line in [`all`].

mod intent_training;
mod stranded_turns;
mod sweep;

use acs_engine::Engine;

use crate::runner::Job;

/// Every job of a process that does background work.
#[must_use]
pub fn all(engine: &Engine) -> Vec<Job> {
    vec![
        stranded_turns::job(engine.turns.clone()),
        sweep::job(engine.housekeeping.clone()),
        intent_training::job(engine.training.clone()),
    ]
}
