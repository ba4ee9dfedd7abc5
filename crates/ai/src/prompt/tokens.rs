//! How many tokens a text may be: no model's tokens are known here, so it is estimated from above.

use acs_domain::port::chat::ChatRequest;

/// How many bytes make a token, in scripts that models' vocabularies are made for: they have about four of English, five of
/// Cyrillic and three of Chinese.
const BYTES: usize = 3;
/// What a message takes besides its words: marks of who speaks.
const AROUND: usize = 4;

/// An estimate for a text. A sum of parts is never less than their whole.
pub(super) fn text(text: &str) -> usize {
    text.chars().map(bytes).sum::<usize>().div_ceil(BYTES)
}

/// As how many bytes a letter counts. Models made for English spell many scripts byte by byte.
fn bytes(c: char) -> usize {
    let is_spelt = matches!(c, '\u{590}'..='\u{109f}' | '\u{1200}'..='\u{1dff}' | '\u{a000}'..='\u{abff}' | '\u{10000}'..);
    c.len_utf8() * if is_spelt { BYTES } else { 1 }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_is_spelt_byte_by_byte_counts_for_its_bytes() {
        assert_eq!((text("letters!!"), text("письмо"), text("中文")), (3, 4, 2));
        assert_eq!((text("नमस"), text("ไทย"), text("🙂")), (9, 9, 4));
    }
}
