//! How many tokens a text may be: no model's tokens are known here, so it is estimated from above.

use acs_domain::port::chat::ChatRequest;

/// How many bytes make a token. Models' own tokens have about four of English, five of Cyrillic and three of Chinese: what is
/// counted here is rather too much than too little, and a sum of parts is never less than their whole.
const BYTES: usize = 3;
/// What a message takes besides its words: marks of who speaks.
const AROUND: usize = 4;

/// An estimate for a text.
pub(super) fn text(text: &str) -> usize {
    text.len().div_ceil(BYTES)
}

/// An estimate for a message.
pub(super) fn message(words: &str) -> usize {
    text(words) + AROUND
}

/// An estimate for so many bytes of a reply.
pub(crate) fn reply(bytes: usize) -> usize {
    bytes.div_ceil(BYTES)
}

/// An estimate for everything that a model is asked with.
pub(crate) fn request(request: &ChatRequest) -> usize {
    let messages = request.messages.iter().map(|each| message(&each.content));
    let tools = request
        .tools
        .iter()
        .map(|tool| text(&tool.name) + text(&tool.description) + text(&tool.parameters.to_string()));
    let results = request.results.iter().map(|result| message(&result.content));
    let schema = request.schema.iter().map(|form| text(&form.schema.to_string()));
    text(&request.system) + messages.chain(tools).chain(results).chain(schema).sum::<usize>()
}
