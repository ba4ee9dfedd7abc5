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
            match self.composer.support(&without_marks(sentence), self.hits) {
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
    without(sentence, |inner| {
        (1..=3).contains(&inner.len()) && inner.bytes().all(|c| c.is_ascii_digit())
    })
}

/// A sentence without marks of the customer's own data, ` [email_1]`: they claim nothing.
fn without_marks(sentence: &str) -> Cow<'_, str> {
    without(sentence, |inner| {
        inner.rsplit_once('_').is_some_and(|(kind, number)| {
            kind.bytes().all(|c| c.is_ascii_lowercase() || c == b'_')
                && !number.is_empty()
                && number.bytes().all(|c| c.is_ascii_digit())
        })
    })
}

/// A sentence without some of what stands in brackets, and the blanks before it.
fn without(sentence: &str, leave_out: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut rest = sentence;
    let mut whole = String::new();
    while let Some(start) = rest.find('[') {
        let (before, bracket) = rest.split_at(start);
        let inner = bracket[1..].split_once(']').map(|(inner, _)| inner);
        match inner.filter(|inner| leave_out(inner)) {
            Some(inner) => {
                whole.push_str(before.trim_end());
                rest = &bracket[inner.len() + 2..];
            }
            None => {
                whole.push_str(&rest[..=start]);
                rest = &bracket[1..];
            }
        }
    }
    if whole.is_empty() && rest.len() == sentence.len() {
        return Cow::Borrowed(sentence);
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests;
