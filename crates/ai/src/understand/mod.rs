//! Understanding of one message: language, intent, entities, sentiment, emotion.
//!
//! Each analyzer is one file with one line in `RuleUnderstanding::analyze_text`; another kind of entity is one file with
//! one line in `entity/mod.rs`.
//!
//! | file | what it tells | from what |
//! |---|---|---|
//! | `language` | the language | script, common words, letters, letter groups |
//! | `intent` | what is wanted, or that nothing known is | the nearest phrases, and trained heads |
//! | [`entity`] | addresses, numbers, dates, names and what else is named | forms, checksums, words around them; a model |
//! | `follow_up` | what a message asks that leans on the question before it | its first words, pronouns, what was asked |
//! | `settled` | that the matter is settled | plain words for it |
//! | `sentiment`, `emotion` | how it is meant | the `cues` that the language's `lexicon` knows, and the trained head in `mood` |
//!
//! Without the comparison with phrases an analysis takes less than 0.3 ms for a message of usual length; with it, the time
//! grows with the phrases, and an index of more than `INLINE_PHRASES` is searched off the async threads. Training takes
//! seconds and is always done there.

mod cues;
mod emotion;
pub mod entity;
pub mod follow_up;
pub mod intent;
pub mod language;
mod lexicon;
pub mod mood;
mod sentiment;
pub mod settled;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acs_domain::analysis::Analysis;
use acs_domain::knowledge::Vector;
use acs_domain::port::understand::{
    Conflict, InContext, IntentModel, Phrase, Talk, TermModel, Terms, UnderstandError, Understanding,
    Utterance, Wording,
};
use async_trait::async_trait;

use entity::personal::{PersonalData, PersonalDataFinder};
use entity::{TermIndex, Things};
use intent::Intents;
use lexicon::Lexicon;
use mood::MoodModel;

/// As many phrases are compared in well under half a millisecond.
const INLINE_PHRASES: usize = 2_000;
/// A language of which this much is sure is not mistaken for English.
const CERTAIN: f32 = 0.9;
/// A text of so many bytes is analyzed in well under half a millisecond.
const INLINE_BYTES: usize = 2_000;

/// Further clauses are judged by their words alone: an embedding takes milliseconds.
const EMBEDDED_CLAUSES: usize = 3;
/// Said of a text that names more than is taken.
const MANY_ENTITIES: &str = "entities: there were too many";

/// Understands by rules, word lists, nearest phrases and trained heads.
#[derive(Debug, Default)]
pub struct RuleUnderstanding {
    personal: Option<Arc<PersonalDataFinder>>,
}

impl RuleUnderstanding {
    /// The same with a model that finds names and addresses.
    #[must_use]
    pub fn with_personal_data(self, finder: Arc<PersonalDataFinder>) -> Self {
        Self {
            personal: Some(finder),
        }
    }

    /// All that can be told of the words alone, without comparing phrases. Pure.
    #[must_use]
    pub fn analyze_text(text: &str) -> Analysis {
        Self::analyze_in(text, entity::Context::default(), None)
    }

    /// All that can be told without comparing phrases, with the text's embedding if there is one: mood is told better with
    /// it. Pure.
    #[must_use]
    pub fn analyze_in(text: &str, context: entity::Context<'_>, vector: Option<&Vector>) -> Analysis {
        let language = language::detect(text);
        let lexicon = Lexicon::of(language.as_ref().map(|language| language.code.as_str()));
        let mut cues = cues::read(text, lexicon);
        // `No complaints` may be taken for Spanish, whose words are then none of these.
        if cues.cues.is_empty()
            && language
                .as_ref()
                .is_some_and(|language| language.confidence < CERTAIN)
        {
            cues = cues::read(text, Lexicon::of(None));
        }
        // The head learned from English.
        let model = MoodModel::bundled().filter(|_| lexicon.is_english());
        let reading = model.map(|model| match &cues.plain {
            // The vector is that of the whole, formulas included.
            Some(plain) => model.read(plain, None),
            None => model.read(text, vector.map(|vector| &**vector)),
        });
        let things = entity::find_with(text, context, &[]);
        Analysis {
            language,
            entities: things.entities,
            degraded: things.cut.then(|| MANY_ENTITIES.to_owned()).into_iter().collect(),
            sentiment: sentiment::of(&cues, reading.as_ref()),
            emotion: emotion::of(&cues, reading.as_ref()),
            settles: settled::settles(text),
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

    fn join(
        &self,
        phrases: &Arc<dyn IntentModel>,
        trained: &Arc<dyn IntentModel>,
    ) -> Result<Arc<dyn IntentModel>, UnderstandError> {
        let (phrases, trained) = (own(phrases.as_ref())?, own(trained.as_ref())?);
        Ok(Arc::new(phrases.with_heads_of(trained)))
    }

    async fn conflicts(&self, phrases: Vec<Wording>) -> Result<Vec<Conflict>, UnderstandError> {
        off_thread(phrases.len() > INLINE_PHRASES, move || {
            intent::conflicts(
                phrases
                    .iter()
                    .map(|(intent, text)| (intent.as_str(), text.as_str())),
            )
        })
        .await
    }

    fn clauses(&self, text: &str) -> Vec<String> {
        let parts = intent::clauses(text);
        if parts.len() < 2 {
            return Vec::new();
        }
        parts
            .into_iter()
            .take(EMBEDDED_CLAUSES)
            .map(str::to_owned)
            .collect()
    }

    fn questions(&self, message: &str, language: &str) -> Vec<String> {
        follow_up::questions(message, language)
    }

    fn in_context(&self, message: &str, talk: &Talk<'_>) -> InContext {
        follow_up::in_context(message, talk)
    }

    async fn learn_terms(&self, terms: Terms) -> Result<Arc<dyn TermModel>, UnderstandError> {
        let index = off_thread(true, move || TermIndex::learn(terms)).await??;
        Ok(Arc::new(index))
    }

    async fn analyze(
        &self,
        utterance: &Utterance,
        intents: &Arc<dyn IntentModel>,
    ) -> Result<Analysis, UnderstandError> {
        let phrases = own(intents.as_ref())?.index().phrases();
        let heavy = phrases > INLINE_PHRASES || utterance.text.len() > INLINE_BYTES;
        // The model reads on its own thread meanwhile.
        let reading = self.personal.as_ref().map(|finder| finder.begin(&utterance.text));
        let mut analysis = if heavy {
            let (utterance, intents) = (utterance.clone(), Arc::clone(intents));
            off_thread(true, move || analyze(&utterance, intents.as_ref())).await??
        } else {
            analyze(utterance, intents.as_ref())?
        };
        if let Some(reading) = reading {
            let (personal, skipped) = reading.finish().await;
            if !personal.is_empty() {
                let things = entities_with(utterance, personal).await?;
                analysis.entities = things.entities;
                analysis.degraded.retain(|why| why != MANY_ENTITIES);
                analysis
                    .degraded
                    .extend(things.cut.then(|| MANY_ENTITIES.to_owned()));
            }
            analysis
                .degraded
                .extend(skipped.map(|why| format!("personal data: {why}")));
        }
        Ok(analysis)
    }
}

/// The entities of rules and model together.
async fn entities_with(
    utterance: &Utterance,
    personal: Arc<[PersonalData]>,
) -> Result<Things, UnderstandError> {
    let find = |utterance: &Utterance, personal: &[PersonalData]| {
        entity::find_with(&utterance.text, entity::Context::of(utterance), personal)
    };
    if utterance.text.len() <= INLINE_BYTES {
        return Ok(find(utterance, &personal));
    }
    let utterance = utterance.clone();
    off_thread(true, move || find(&utterance, &personal)).await
}

fn analyze(utterance: &Utterance, intents: &dyn IntentModel) -> Result<Analysis, UnderstandError> {
    let context = entity::Context::of(utterance);
    let vector = utterance.vector.as_ref();
    // The bundled head of moods learned from vectors of one model, and would misread another's.
    let known = vector.filter(|_| utterance.embedding_model.starts_with(mood::LEARNED_FROM));
    let mut analysis = RuleUnderstanding::analyze_in(&utterance.text, context, known);
    let guesses = own(intents)?.guess_with(&utterance.text, vector, &utterance.clauses);
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
