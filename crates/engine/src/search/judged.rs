//! Judged: a model that reads question and passage together has the last word on the order, where there is one.

use acs_core::error::Chain;
use acs_domain::knowledge::Hit;
use acs_domain::port::rerank::{Ordered, RerankError};

use crate::ports::Ports;

/// How many hits are judged.
pub(super) fn candidates(ports: &Ports) -> usize {
    ports
        .reranker
        .as_ref()
        .map_or(0, |reranker| reranker.candidates())
}

/// Puts the hits in the order in which they answer the question. Those that are too far behind to be judged stay behind.
pub(super) async fn judge(ports: &Ports, question: &str, hits: &mut [Hit]) -> Option<Ordered> {
    let reranker = ports.reranker.as_ref()?;
    let count = hits.len().min(reranker.candidates());
    let hits = &mut hits[..count];
    if hits.len() < 2 {
        return None;
    }
    let passages = hits.iter().map(read).collect();
    let relevance = match reranker.relevance(question, passages).await {
        Ok(relevance) if relevance.len() == hits.len() => relevance,
        Ok(_others) => return Some(left_out("failure", "rerank: it failed")),
        Err(RerankError::Busy) => {
            return Some(left_out("overload", "rerank: left out, too many wait for it"));
        }
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "what was found was not reranked");
            return Some(left_out("failure", "rerank: it failed"));
        }
    };
    let mut judged: Vec<(f32, Hit)> = relevance.into_iter().zip(hits.iter().cloned()).collect();
    judged.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (place, (_, hit)) in hits.iter_mut().zip(judged) {
        *place = hit;
    }
    Some(Ordered::By(reranker.model().to_owned()))
}

/// A passage as a person reads it.
fn read(hit: &Hit) -> String {
    let found = &hit.found;
    let parts = [&found.title, &found.passage.heading, &found.passage.text];
    let parts: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}

fn left_out(cause: &'static str, told: &'static str) -> Ordered {
    metrics::counter!("acs_reranks_left_out_total", "cause" => cause).increment(1);
    Ordered::AsBefore(told.to_owned())
}
