//! The meaning of what a customer says, or why it was left out: then words alone must do.

use acs_core::error::Chain;
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::{EmbedError, Role};
use acs_domain::port::understand::Clause;

use crate::ports::Ports;

/// The meaning of `text` to the model of this name. Nobody is kept waiting for it: it is left out where too many texts wait
/// for the model, where it fails or takes too long, and where the model is not loaded; the error says why, in the words of
/// a degradation.
pub(crate) async fn meaning(ports: &Ports, text: &str, model: &str) -> Result<Vector, &'static str> {
    let turns = &ports.settings.turns;
    let Some(embedder) = ports.embedders.of(model) else {
        return Err(left_out("absent", "embedding: left out, its model is not loaded"));
    };
    let embedded = embedder.embed_soon(text.to_owned(), Role::Question, turns.embed_within);
    match tokio::time::timeout(turns.understand_within, embedded).await {
        Ok(Ok(vector)) => Ok(vector),
        Ok(Err(EmbedError::Busy)) => Err(left_out("overload", "embedding: left out, too many wait for it")),
        Ok(Err(error)) => {
            tracing::warn!(error = %Chain(&error), "a text was not embedded");
            Err(left_out("failure", "embedding: it failed"))
        }
        Err(_late) => Err(left_out("timeout", "embedding: it took too long")),
    }
}

/// Lets the model begin with a message while it is still being stored. Not while another model may be the one that is asked.
pub(crate) fn foresee(ports: &Ports, message: &str) {
    if ports.embedders.previous().is_none() {
        ports
            .embedders
            .current()
            .foresee(message.to_owned(), Role::Question);
    }
}

/// The meanings of the clauses of a text that may want several things.
pub(crate) async fn clauses(ports: &Ports, text: &str, model: &str) -> Vec<Clause> {
    let embedded = ports.understanding.clauses(text).into_iter().map(async |text| {
        let vector = meaning(ports, &text, model).await.ok();
        Clause { text, vector }
    });
    futures::future::join_all(embedded).await
}

fn left_out(cause: &'static str, told: &'static str) -> &'static str {
    metrics::counter!("acs_embeddings_left_out_total", "cause" => cause).increment(1);
    told
}
