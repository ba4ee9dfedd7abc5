//! The gate through which a model's words pass: whole sentences only, and none that no source supports.

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
}

impl<'a> Gate<'a> {
    pub(super) fn new(composer: &'a dyn Composer, hits: &'a [Hit]) -> Self {
        let (pending, text, citations, verdicts) = Default::default();
        Self {
            composer,
            hits,
            pending,
            text,
            citations,
            verdicts,
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
            match self.composer.support(sentence, self.hits) {
                Support::Courtesy => self.text.push_str(sentence),
                Support::Supported(citation) => self.cite(sentence, citation),
                Support::Unsupported(reason) => {
                    let (check, decision) = ("groundedness".to_owned(), "dropped".to_owned());
                    self.verdicts.push(Verdict {
                        check,
                        decision,
                        reason,
                    });
                }
            }
        }
        (self.text.len() > before).then(|| self.text[before..].to_owned())
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

#[cfg(test)]
mod tests;
