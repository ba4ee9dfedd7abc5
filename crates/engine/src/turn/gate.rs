//! The gate through which a model's words pass: whole sentences only, and none that no source supports.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use acs_core::clean::hidden;
use acs_domain::knowledge::{Citation, Hit};
use acs_domain::message::SenderType;
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::ground::{Checker, Ground, Grounding, Sources, Support};
use acs_domain::port::mask::Masked;
use acs_domain::turn::Verdict;

use super::answer::Asked;
use super::tone::Tone;
use crate::ports::Ports;

mod marks;

use self::marks::{strangers, without_markers, without_marks};

/// How much unfinished text is held back at the most, in bytes: a model that writes no sentence end is cut off.
const MAX_PENDING: usize = 8 * 1024;
/// How many verdicts of one reply are kept; a reply of more sentences is none that anyone reads.
const MAX_VERDICTS: usize = 100;
/// What is decided of a sentence that does not pass.
pub(super) const DROPPED: &str = "dropped";
/// How many code points of a sentence its verdict shows.
const MAX_SHOWN: usize = 160;

/// What the sentences of a reply are checked against, read once for all models that try.
pub(super) struct Basis {
    checker: Arc<dyn Checker>,
    /// How the reply is worded.
    tone: Tone,
    /// Makes the meaning of a sentence where words do not decide.
    embedder: Option<Arc<dyn Embedder>>,
}

impl Basis {
    /// Reads the sources of a reply. `None`: they could not be read, so nothing may be said.
    pub(super) async fn read(
        ports: &Ports,
        asked: Asked<'_>,
        hits: &Arc<[Hit]>,
        embedding_model: &str,
    ) -> Option<Self> {
        let sources = sources(asked, hits);
        let grounding = Arc::clone(&ports.grounding);
        let read = tokio::task::spawn_blocking(move || grounding.read(&sources)).await;
        let checker = read
            .inspect_err(|error| {
                tracing::error!(
                    panicked = error.is_panic(),
                    "the sources of a reply could not be read"
                );
            })
            .ok()?;
        // Vectors of two models never meet: without the one that the passages have, words alone decide.
        let embedder = asked.meanings.of_sentences(ports.embedders.of(embedding_model));
        Some(Self {
            checker,
            tone: asked.tone,
            embedder,
        })
    }
}

fn sources(asked: Asked<'_>, hits: &Arc<[Hit]>) -> Sources {
    let Asked { loaded, question, .. } = asked;
    let organization = &loaded.organization;
    let mine = loaded
        .history
        .iter()
        .filter(|message| message.sender_type == SenderType::User);
    Sources {
        hits: Arc::clone(hits),
        statements: asked.statements.to_vec(),
        said: mine
            .map(|message| message.content.clone())
            .chain([question.text.clone()])
            .collect(),
        names: vec![
            organization.public_name().to_owned(),
            organization.settings.agent_name.clone(),
        ],
        language: question.language.clone(),
        strangers: question.strangers,
    }
}

/// Collects a reply as it is written.
pub(super) struct Gate<'a> {
    grounding: &'a dyn Grounding,
    basis: &'a Basis,
    /// Whose marks may stand in the reply.
    masked: &'a dyn Masked,
    /// How many apologies are due.
    apologies: usize,
    within: Duration,
    pending: String,
    /// What passed, with the markers of its citations.
    pub(super) text: String,
    /// The sources of what passed, in the order of their markers.
    pub(super) citations: Vec<Citation>,
    /// How many sentences passed that stand on a source, and how many that should were dropped.
    supported: usize,
    unsupported: usize,
    /// What became of each sentence, and why.
    pub(super) verdicts: Vec<Verdict>,
    /// The sentences that passed: what was said is not said again.
    said: HashSet<String>,
}

impl<'a> Gate<'a> {
    pub(super) fn new(ports: &'a Ports, basis: &'a Basis, masked: &'a dyn Masked) -> Self {
        let (grounding, within) = (&*ports.grounding, ports.settings.turns.embed_within);
        Self::over(grounding, basis, masked, within)
    }

    fn over(
        grounding: &'a dyn Grounding,
        basis: &'a Basis,
        masked: &'a dyn Masked,
        within: Duration,
    ) -> Self {
        let (pending, text, citations, verdicts, said) = Default::default();
        Self {
            grounding,
            basis,
            masked,
            apologies: basis.tone.apologies(),
            within,
            pending,
            text,
            citations,
            supported: 0,
            unsupported: 0,
            verdicts,
            said,
        }
    }

    /// Whether enough of the reply stands for it to be one: a sentence on a source, and no fewer of them than had to be dropped.
    pub(super) fn stands(&self) -> bool {
        self.supported > 0 && self.supported >= self.unsupported
    }

    /// The share that stands of the sentences that need a source.
    #[expect(clippy::cast_precision_loss, reason = "a reply has few sentences")]
    pub(super) fn share(&self) -> f32 {
        self.supported as f32 / (self.supported + self.unsupported).max(1) as f32
    }

    /// Takes more words and gives the checked sentences that they complete, if any.
    pub(super) async fn push(&mut self, words: &str) -> Option<String> {
        // What nobody sees is not said: it could turn the order of what is read.
        self.pending.extend(words.chars().filter(|c| !hidden(*c)));
        if self.pending.len() > MAX_PENDING {
            return self.finish().await;
        }
        let sentences = self.grounding.sentences(&self.pending);
        // The last sentence may still go on.
        let whole: usize = sentences
            .iter()
            .rev()
            .skip(1)
            .map(|sentence| sentence.len())
            .sum();
        self.pass(whole).await
    }

    /// The model has ended: what is left is a sentence, too.
    pub(super) async fn finish(&mut self) -> Option<String> {
        self.pass(self.pending.len()).await
    }

    async fn pass(&mut self, bytes: usize) -> Option<String> {
        let rest = self.pending.split_off(bytes);
        let whole = std::mem::replace(&mut self.pending, rest);
        let before = self.text.len();
        for sentence in self.grounding.sentences(&whole) {
            let sentence = &*without_markers(sentence);
            if sentence.trim().is_empty() {
                continue;
            }
            if self.said.contains(sentence.trim()) {
                self.note("repetition", DROPPED, sentence, "it was said before");
                continue;
            }
            let support = self.check(&without_marks(sentence, self.masked)).await;
            if let Some(mark) = strangers(sentence, self.masked, &support) {
                self.unsupported += 1;
                let why = format!("{mark} stands in no source of it");
                self.note("groundedness", DROPPED, sentence, &why);
                continue;
            }
            match support {
                Support::Courtesy => {
                    self.note("groundedness", "courtesy", sentence, "it claims nothing");
                    self.text.push_str(sentence);
                }
                Support::Apology if self.apologies == 0 => {
                    self.note("tone", DROPPED, sentence, "no apology is due");
                    continue;
                }
                Support::Apology => {
                    self.apologies -= 1;
                    self.note("tone", "apology", sentence, "it is due");
                    self.text.push_str(sentence);
                }
                Support::Supported(ground) => {
                    let title = ground
                        .citation
                        .as_ref()
                        .map_or("an approved text", |citation| &citation.title);
                    let why = format!("{title}: {}", ground.how);
                    self.note("groundedness", "supported", sentence, &why);
                    self.cite(sentence, ground);
                }
                Support::Open(reason) | Support::Unsupported(reason) => {
                    self.unsupported += 1;
                    self.note("groundedness", DROPPED, sentence, &reason);
                    continue;
                }
            }
            self.said.insert(sentence.trim().to_owned());
        }
        (self.text.len() > before).then(|| self.text[before..].to_owned())
    }

    /// Words first; meaning only where they leave it open, since it takes some milliseconds to make.
    async fn check(&self, sentence: &str) -> Support {
        let by_words = self.basis.checker.check(sentence, None);
        let (Support::Open(_), Some(embedder)) = (&by_words, &self.basis.embedder) else {
            return by_words;
        };
        let meaning = embedder
            .embed_soon(sentence.trim().to_owned(), Role::Passage, self.within)
            .await;
        match meaning {
            Ok(meaning) => self.basis.checker.check(sentence, Some(&meaning)),
            Err(_busy) => by_words,
        }
    }

    /// Adds a sentence with the marker of its source before the white space that follows it.
    fn cite(&mut self, sentence: &str, ground: Ground) {
        self.supported += 1;
        let words = sentence.trim_end();
        self.text.push_str(words);
        if let Some(citation) = ground.citation {
            let known = self
                .citations
                .iter()
                .position(|known| known.quote == citation.quote);
            let number = known.unwrap_or_else(|| {
                self.citations.push(citation);
                self.citations.len() - 1
            });
            self.text.push_str(&format!(" [{}]", number + 1));
        }
        self.text.push_str(&sentence[words.len()..]);
    }

    fn note(&mut self, check: &str, decision: &str, sentence: &str, why: &str) {
        if self.verdicts.len() < MAX_VERDICTS {
            let shown: String = sentence.trim().chars().take(MAX_SHOWN).collect();
            self.verdicts.push(Verdict {
                check: check.to_owned(),
                decision: decision.to_owned(),
                reason: format!("\"{shown}\": {why}"),
            });
        }
    }
}

#[cfg(test)]
mod tests;
