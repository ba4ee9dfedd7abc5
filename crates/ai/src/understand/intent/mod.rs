//! What a customer wants.
//!
//! | file | what it does |
//! |---|---|
//! | `nearest` | compares a text with the phrases that teach the intents: at once, nothing is trained |
//! | `heads` | trained heads over words, pieces of words and embeddings: more exact, seconds to train |
//! | `lesson`, `trust` | how heads are trained, and how far an organization may trust them |
//! | `landmarks` | the embedding as its likeness to phrases, for heads of few |
//! | `matrix` | many vectors in a quarter of their size |
//! | `blend` | makes one probability for each intent of what the two say, and tells what is out of scope |
//! | `clause` | parts a message that may want several things |
//! | `conflict` | names phrases that teach twice, or teach two intents |
//!
//! Without heads the nearest phrases answer; without a vector the heads answer from words alone; with neither nothing is
//! said. An intent that is newer than the heads is answered for by its phrases.

mod blend;
mod clause;
mod conflict;
mod heads;
mod landmarks;
mod lesson;
mod matrix;
mod nearest;
mod trust;

use std::sync::Arc;

use acs_domain::analysis::IntentGuess;
use acs_domain::knowledge::Vector;
use acs_domain::port::understand::{Clause, IntentModel, Phrase};

pub use blend::{Blend, Counts, Evidence, Mix};
pub use clause::clauses;
pub use conflict::conflicts;
pub use heads::Heads;
pub use nearest::{Calibration, IntentIndex, Near};

use crate::learn::BadBytes;

/// How many guesses are given at the most.
const GUESSES: usize = 3;
/// A further guess below this is noise.
const FAINT: f32 = 0.05;
/// A clause wants something of its own only if it is so sure.
const SURE: f32 = 0.6;
/// With fewer phrases to an intent in the mean, the nearest of them answer as well as anything trained.
const ENOUGH: f32 = 5.0;

/// What a customer may want.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Guesses {
    /// Likeliest first; empty when the text is out of scope. When a message wants several things, each has the confidence
    /// of its clause, so that they add up to more than 1.
    pub intents: Vec<IntentGuess>,
    /// Whether the text is likelier outside all intents than within one.
    pub out_of_scope: bool,
}

/// The intents of an organization: their phrases, and heads once they are trained.
#[derive(Debug)]
pub struct Intents {
    index: Arc<IntentIndex>,
    heads: Option<Arc<Heads>>,
    /// For each intent of the index its class in the heads, if they know it.
    classes: Vec<Option<usize>>,
}

impl Intents {
    /// By nearest phrases alone.
    #[must_use]
    pub fn quick(phrases: Vec<Phrase>) -> Self {
        Self::new(phrases, None)
    }

    /// With heads trained on all phrases. `None` when `stop`, which is asked several times a second, says so.
    #[must_use]
    pub fn trained(phrases: Vec<Phrase>, stop: &dyn Fn() -> bool) -> Option<Self> {
        let heads = Heads::train(&phrases, stop)?;
        Some(Self::new(phrases, Some(heads)))
    }

    /// With the heads that [`to_bytes`](Self::to_bytes) gave, maybe of other phrases than these.
    pub fn restored(bytes: &[u8], phrases: Vec<Phrase>) -> Result<Self, BadBytes> {
        let heads = Heads::from_bytes(bytes)?;
        Ok(Self::new(phrases, Some(heads)))
    }

    /// The phrases of these with the heads of others, which are shared with them.
    #[must_use]
    pub fn with_heads_of(&self, trained: &Self) -> Self {
        Self::join(self.index.clone(), trained.heads.clone())
    }

    fn new(phrases: Vec<Phrase>, heads: Option<Heads>) -> Self {
        Self::join(Arc::new(IntentIndex::learn(phrases)), heads.map(Arc::new))
    }

    fn join(index: Arc<IntentIndex>, heads: Option<Arc<Heads>>) -> Self {
        let class = |name| heads.as_ref().and_then(|heads| heads.class(name));
        let classes = index.names().map(class).collect();
        Self {
            index,
            heads,
            classes,
        }
    }

    /// The phrases.
    #[must_use]
    pub fn index(&self) -> &IntentIndex {
        &self.index
    }

    /// What a text, with this meaning if it is known, may want.
    #[must_use]
    pub fn guess(&self, text: &str, vector: Option<&Vector>) -> Guesses {
        self.guess_with(text, vector, &[])
    }

    /// The same where the meanings of its clauses are known too.
    #[must_use]
    pub fn guess_with(&self, text: &str, vector: Option<&Vector>, meant: &[Clause]) -> Guesses {
        let whole = self.one(text, vector);
        let parts = clause::clauses(text);
        if parts.len() < 2 {
            return whole;
        }
        let meaning = |part: &str| {
            let known = meant.iter().find(|clause| clause.text == part)?;
            known.vector.as_ref()
        };
        self.several(whole, parts.into_iter().map(|part| (part, meaning(part))))
    }

    /// What a text wants, taken as one wish: by the heads, by the nearest phrases where there are none or they know too
    /// little, by nothing where there is neither.
    fn one(&self, text: &str, vector: Option<&Vector>) -> Guesses {
        let knows_enough = |heads: &&Arc<Heads>| vector.is_none() || heads.phrases_each() >= ENOUGH;
        match (self.heads.as_ref().filter(knows_enough), vector) {
            (Some(heads), _) => {
                let (in_scope, shares) = self.confidences(heads, text, vector, &Blend::TRAINED);
                ranked(in_scope, self.index.names().zip(shares))
            }
            (None, Some(vector)) => self.index.guess(vector, &Calibration::default()),
            (None, None) => Guesses::default(),
        }
    }

    /// Whether a text is in scope, and the confidence of each intent in the order of the index.
    fn confidences(
        &self,
        heads: &Heads,
        text: &str,
        vector: Option<&Vector>,
        blend: &Blend,
    ) -> (bool, Vec<f32>) {
        let evidence = heads.evidence(text, vector, &self.index, &self.classes);
        let (in_scope, confidences) = blend.confidences(&evidence);
        (in_scope >= blend.mix(&evidence).threshold, confidences)
    }

    /// Adds what single clauses surely want, if at least two want different things.
    fn several<'t>(
        &self,
        whole: Guesses,
        parts: impl Iterator<Item = (&'t str, Option<&'t Vector>)>,
    ) -> Guesses {
        let mut found: Vec<IntentGuess> = Vec::new();
        for (part, vector) in parts {
            let guesses = self.one(part, vector).intents.into_iter();
            let guess = guesses.take(1).find(|guess| guess.confidence >= SURE);
            let Some(guess) = guess else { continue };
            match found.iter_mut().find(|known| known.name == guess.name) {
                Some(known) => known.confidence = known.confidence.max(guess.confidence),
                None => found.push(guess),
            }
        }
        if found.len() < 2 {
            return whole;
        }
        for guess in whole.intents {
            match found.iter_mut().find(|known| known.name == guess.name) {
                Some(known) => known.confidence = known.confidence.max(guess.confidence),
                None => found.push(guess),
            }
        }
        found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        found.truncate(GUESSES);
        Guesses {
            intents: found,
            out_of_scope: false,
        }
    }
}

impl IntentModel for Intents {
    fn size_bytes(&self) -> usize {
        let heads = self.heads.as_deref().map_or(0, Heads::size_bytes);
        self.index.size_bytes() + heads + self.classes.capacity() * size_of::<Option<usize>>()
    }

    fn to_bytes(&self) -> Option<Vec<u8>> {
        self.heads.as_deref().map(Heads::to_bytes)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The likeliest few, or none where the text is out of scope. Of equals the first is kept first.
fn ranked<'n>(in_scope: bool, shares: impl Iterator<Item = (&'n str, f32)>) -> Guesses {
    if !in_scope {
        return Guesses {
            intents: Vec::new(),
            out_of_scope: true,
        };
    }
    let mut all: Vec<(&str, f32)> = shares.collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let likely = |(place, (_, confidence)): &(usize, (&str, f32))| *place == 0 || *confidence >= FAINT;
    let guesses = all.into_iter().take(GUESSES).enumerate().filter(likely);
    Guesses {
        intents: guesses
            .map(|(_, (name, confidence))| IntentGuess {
                name: name.to_owned(),
                confidence,
            })
            .collect(),
        out_of_scope: false,
    }
}

#[cfg(test)]
mod tests;
