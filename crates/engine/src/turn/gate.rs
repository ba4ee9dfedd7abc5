//! The gate through which a model's words pass: whole sentences only, and none that no source supports.

use std::borrow::Cow;
use std::collections::HashSet;

use acs_domain::knowledge::{Citation, Hit};
use acs_domain::port::compose::{Composer, Support};
use acs_domain::turn::Verdict;

/// How much unfinished text is held back at the most, in bytes: a model that writes no sentence end is cut off.
const MAX_PENDING: usize = 8 * 1024;

/// Collects a reply as it is written.
pub(super) struct Gate<'a> {
    composer: &'a dyn Composer,
    hits: &'a [Hit],
    pending: String,
    /// What passed, with the markers of its citations.
    pub(super) text: String,
    /// The sources of what passed, in the order of their markers.
    pub(super) citations: Vec<Citation>,
    /// What was dropped, and why.
    pub(super) verdicts: Vec<Verdict>,
    /// The sentences that passed: what was said is not said again.
    said: HashSet<String>,
}

impl<'a> Gate<'a> {
    pub(super) fn new(composer: &'a dyn Composer, hits: &'a [Hit]) -> Self {
        let (pending, text, citations, verdicts, said) = Default::default();
        Self {
            composer,
            hits,
            pending,
            text,
            citations,
            verdicts,
            said,
        }
    }

    /// Takes more words and gives the checked sentences that they complete, if any.
    pub(super) fn push(&mut self, words: &str) -> Option<String> {
        self.pending.push_str(words);
        if self.pending.len() > MAX_PENDING {
            return self.finish();
        }
        let sentences = self.composer.sentences(&self.pending);
        // The last sentence may still go on.
        let whole: usize = sentences
            .iter()
            .rev()
            .skip(1)
            .map(|sentence| sentence.len())
            .sum();
        self.pass(whole)
    }

    /// The model has ended: what is left is a sentence, too.
    pub(super) fn finish(&mut self) -> Option<String> {
        self.pass(self.pending.len())
    }

    fn pass(&mut self, bytes: usize) -> Option<String> {
        let rest = self.pending.split_off(bytes);
        let whole = std::mem::replace(&mut self.pending, rest);
        let before = self.text.len();
        for sentence in self.composer.sentences(&whole) {
            let sentence = &*without_markers(sentence);
            if sentence.trim().is_empty() {
                continue;
            }
            if self.said.contains(sentence.trim()) {
                self.drop_sentence("repetition", "it was said before".to_owned());
                continue;
            }
            match self.composer.support(sentence, self.hits) {
                Support::Courtesy => self.text.push_str(sentence),
                Support::Supported(citation) => self.cite(sentence, citation),
                Support::Unsupported(reason) => {
                    self.drop_sentence("groundedness", reason);
                    continue;
                }
            }
            self.said.insert(sentence.trim().to_owned());
        }
        (self.text.len() > before).then(|| self.text[before..].to_owned())
    }

    fn drop_sentence(&mut self, check: &str, reason: String) {
        let (check, decision) = (check.to_owned(), "dropped".to_owned());
        self.verdicts.push(Verdict {
            check,
            decision,
            reason,
        });
    }

    /// Adds a sentence with the marker of its source before the white space that follows it.
    fn cite(&mut self, sentence: &str, citation: Citation) {
        let known = self
            .citations
            .iter()
            .position(|known| known.quote == citation.quote);
        let number = known.unwrap_or_else(|| {
            self.citations.push(citation);
            self.citations.len() - 1
        });
        let words = sentence.trim_end();
        self.text.push_str(words);
        self.text.push_str(&format!(" [{}]", number + 1));
        self.text.push_str(&sentence[words.len()..]);
    }
}

/// A sentence without the model's own markers of sources, ` [1]`: which source it stands on is for the check to say.
fn without_markers(sentence: &str) -> Cow<'_, str> {
    let mut rest = sentence;
    let mut whole = String::new();
    while let Some(start) = rest.find('[') {
        let (before, marker) = rest.split_at(start);
        let digits = marker[1..].bytes().take_while(u8::is_ascii_digit).count();
        let is_marker = (1..=3).contains(&digits) && marker[1 + digits..].starts_with(']');
        let end = if is_marker { digits + 2 } else { 1 };
        whole.push_str(if is_marker {
            before.trim_end()
        } else {
            &rest[..=start]
        });
        rest = &marker[end..];
    }
    if whole.is_empty() && rest.len() == sentence.len() {
        return Cow::Borrowed(sentence);
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests;
