//! Answers of models that do not write: OpenAI's embeddings, and judgements as Jina's and Cohere's public references of
//! `rerank` describe them.

use serde_json::{Value, json};

use super::{Asked, Script};

impl Script {
    /// A whole answer in JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::refuse_with(status, &[], body)
    }

    /// The vector that `vector` gives each text that was asked for.
    #[must_use]
    pub fn embeddings(asked: &Asked, vector: impl Fn(&str) -> Vec<f32>) -> Self {
        let item = |(index, text): (usize, &str)| json!({"object": "embedding", "index": index, "embedding": vector(text)});
        // No order is promised: `index` says which is whose.
        let data: Vec<Value> = texts(&asked.body["input"]).enumerate().map(item).rev().collect();
        let usage = json!({"prompt_tokens": 8, "total_tokens": 8});
        Self::json(
            200,
            &json!({"object": "list", "data": data, "model": asked.body["model"], "usage": usage}),
        )
    }

    /// The judgement that `score` gives each passage that was asked for, best first.
    #[must_use]
    pub fn judgements(asked: &Asked, score: impl Fn(&str) -> f32) -> Self {
        let mut judged: Vec<(usize, f32)> = texts(&asked.body["documents"]).map(score).enumerate().collect();
        judged.sort_by(|one, other| other.1.total_cmp(&one.1));
        let result = |(index, score): (usize, f32)| json!({"index": index, "relevance_score": score});
        let results: Vec<Value> = judged.into_iter().map(result).collect();
        Self::json(
            200,
            &json!({"id": "rerank-1", "model": asked.body["model"], "results": results, "usage": {"total_tokens": 8}}),
        )
    }
}

/// The texts of a list.
fn texts(list: &Value) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|text| text.as_str().unwrap_or_default())
}
