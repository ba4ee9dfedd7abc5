//! Which token comes next.

use acs_domain::port::chat::{ModelError, ReplySchema};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::json_schema_to_grammar;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;

/// What every draw begins with: the same request is worded the same each time.
const SEED: u32 = 1;
/// The draw is between so many of the likeliest tokens, that have so much of the likelihood together.
const TOP_K: i32 = 40;
const TOP_P: f32 = 0.95;

/// How the tokens of one reply are chosen.
pub(super) struct Choice {
    sampler: LlamaSampler,
}

impl Choice {
    /// The likeliest at temperature 0, else a draw; of the tokens that keep to the schema, where there is one.
    pub(super) fn new(
        model: &LlamaModel,
        schema: Option<&ReplySchema>,
        temperature: f64,
    ) -> Result<Self, ModelError> {
        let form = schema.map(|schema| form(model, schema)).transpose()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a temperature from 0 to 2 loses nothing that matters"
        )]
        let temperature = temperature as f32;
        let chosen = if temperature > 0.0 {
            vec![
                LlamaSampler::top_k(TOP_K),
                LlamaSampler::top_p(TOP_P, 1),
                LlamaSampler::temp(temperature),
                LlamaSampler::dist(SEED),
            ]
        } else {
            vec![LlamaSampler::greedy()]
        };
        Ok(Self {
            sampler: LlamaSampler::chain(form.into_iter().chain(chosen), true),
        })
    }

    /// The token after all that the model has read.
    pub(super) fn next(&mut self, context: &LlamaContext<'_>) -> Result<LlamaToken, ModelError> {
        let mut candidates = context.token_data_array_ith(-1);
        self.sampler.apply(&mut candidates);
        let chosen = candidates.selected.and_then(|place| candidates.data.get(place));
        let token = chosen
            .filter(|chosen| chosen.logit().is_finite())
            .ok_or_else(|| ModelError::Broken("no word fits what must come".to_owned()))?
            .id();
        self.sampler.try_accept(token).map_err(ModelError::failed)?;
        Ok(token)
    }
}

/// A grammar that lets through what has the form alone.
fn form(model: &LlamaModel, schema: &ReplySchema) -> Result<LlamaSampler, ModelError> {
    let refused = |_| ModelError::Refused("llama.cpp cannot keep to the schema".to_owned());
    let grammar = json_schema_to_grammar(&schema.schema.to_string()).map_err(refused)?;
    LlamaSampler::grammar(model, &grammar, "root").map_err(ModelError::failed)
}
