//! The table of jobs. A job is one file here and one line in [`all`].

mod embedding_moves;
mod intent_training;
mod knowledge_conflicts;
mod model_release;
mod silence;
mod stranded_turns;
mod sweep;

use acs_engine::Engine;

use crate::runner::Job;

/// Every job of a process that does background work.
#[must_use]
pub fn all(engine: &Engine) -> Vec<Job> {
    let mut jobs = everywhere(engine);
    jobs.extend([
        stranded_turns::job(engine.turns.clone()),
        sweep::job(engine.housekeeping.clone()),
        intent_training::job(engine.training.clone()),
        embedding_moves::job(engine.moves.clone()),
        knowledge_conflicts::job(engine.comparing.clone()),
        silence::job(engine.silence.clone()),
    ]);
    jobs
}

/// Jobs of every process, whether it does background work or not: they are about the process itself.
#[must_use]
pub fn everywhere(engine: &Engine) -> Vec<Job> {
    vec![model_release::job(engine.moves.clone())]
}
