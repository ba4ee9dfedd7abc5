//! Understanding of one message: language, intent, entities, sentiment, emotion.
//!
//! Each analyzer is one file with one line in `RuleUnderstanding::analyze_text`; another kind of entity is one file with
//! one line in `entity/mod.rs`.
//!
//! | file | what it tells | from what |
//! |---|---|---|
//! | `language` | the language | script, letter groups, common words |
//! | `intent` | what is wanted, or that nothing known is | the nearest phrases, and trained heads |
//! | `entity` | e-mail and web addresses, cards, IBANs, money, percentages | forms and checksums |
//! | `sentiment`, `emotion` | how it is meant | the `cues` that the `lexicon` knows |
//!
//! Without the comparison with phrases an analysis takes less than 0.3 ms for a message of usual length; with it, the time
//! grows with the phrases, and an index of more than `INLINE_PHRASES` is searched off the async threads. Training takes
//! seconds and is always done there.

mod cues;
mod emotion;
mod entity;
pub mod intent;
pub mod language;
mod lexicon;
mod sentiment;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acs_domain::analysis::Analysis;
use acs_domain::knowledge::Vector;
use acs_domain::port::understand::{IntentModel, Phrase, UnderstandError, Understanding, Utterance};
use async_trait::async_trait;

use intent::Intents;

/// As many phrases are compared in well under half a millisecond.
const INLINE_PHRASES: usize = 2_000;
/// A text of so many bytes is analyzed in well under half a millisecond.
const INLINE_BYTES: usize = 2_000;

/// Understands by rules, word lists, nearest phrases and trained heads.
#[derive(Debug, Default)]
pub struct RuleUnderstanding;

impl RuleUnderstanding {
    /// All that can be told without comparing phrases. Pure.
    #[must_use]
    pub fn analyze_text(text: &str) -> Analysis {
        let cues = cues::read(text);
        Analysis {
            language: language::detect(text),
            entities: entity::find(text),
            sentiment: sentiment::of(&cues),
            emotion: emotion::of(&cues),
            ..Analysis::default()
        }
    }
}

#[async_trait]
impl Understanding for RuleUnderstanding {
    async fn learn(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        let intents = off_thread(phrases.len() > INLINE_PHRASES, move || Intents::quick(phrases)).await?;
        Ok(Arc::new(intents))
    }

    async fn train(&self, phrases: Vec<Phrase>) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        let stop = StopOnDrop::default();
        let stopped = Arc::clone(&stop.0);
        let trained = off_thread(true, move || {
            Intents::trained(phrases, &|| stopped.load(Ordering::Relaxed))
        });
        let stopped = || UnderstandError::Failed("the training was stopped".into());
        Ok(Arc::new(trained.await?.ok_or_else(stopped)?))
    }

    async fn restore(
        &self,
        trained: Vec<u8>,
        phrases: Vec<Phrase>,
    ) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        let restored = off_thread(true, move || Intents::restored(&trained, phrases)).await?;
        let intents = restored.map_err(|error| UnderstandError::Failed(Box::new(error)))?;
        Ok(Arc::new(intents))
    }

    async fn analyze(
        &self,
        utterance: &Utterance,
        intents: &Arc<dyn IntentModel>,
    ) -> Result<Analysis, UnderstandError> {
        let phrases = own(intents.as_ref())?.index().phrases();
        let heavy = phrases > INLINE_PHRASES || utterance.text.len() > INLINE_BYTES;
        if !heavy {
            return analyze(&utterance.text, utterance.vector.as_ref(), intents.as_ref());
        }
        let (utterance, intents) = (utterance.clone(), Arc::clone(intents));
        off_thread(true, move || {
            analyze(&utterance.text, utterance.vector.as_ref(), intents.as_ref())
        })
        .await?
    }
}

fn analyze(
    text: &str,
    vector: Option<&Vector>,
    intents: &dyn IntentModel,
) -> Result<Analysis, UnderstandError> {
    let mut analysis = RuleUnderstanding::analyze_text(text);
    let guesses = own(intents)?.guess(text, vector);
    analysis.intents = guesses.intents;
    analysis.out_of_scope = guesses.out_of_scope;
    Ok(analysis)
}

/// Our own kind of model.
fn own(intents: &dyn IntentModel) -> Result<&Intents, UnderstandError> {
    let foreign = || UnderstandError::Failed("the intents were learned by another adapter".into());
    intents.as_any().downcast_ref().ok_or_else(foreign)
}

/// Tells a training that nobody waits for it any more.
#[derive(Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs work where it does not hold up others, if it is heavy.
async fn off_thread<T: Send + 'static>(
    heavy: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, UnderstandError> {
    if !heavy {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| UnderstandError::Failed(Box::new(error)))
}
