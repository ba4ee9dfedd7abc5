//! Many intents at once, row by row: bad rows are told, and the others kept.

use std::collections::{HashMap, HashSet};

use acs_domain::access::{Grant, Scope, WriteIntents};
use acs_domain::idempotency::Claim;
use acs_domain::intent::{Intent, MAX_PHRASES};
use acs_domain::port::store::StoreError;
use acs_domain::port::understand::Wording;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::text::{Cleaned, cleaned, unrepeated};
use super::{IntentBook, IntentText, rewritten, warnings};
use crate::error::EngineError;
use crate::once::{self, Once};
use crate::usecase::import::{Remark, off_thread, told};

/// How many phrases an import writes in one unit: what takes long is kept step by step, and others get to write.
const BATCH_PHRASES: usize = 500;
/// How often a batch is tried while others write the same intents.
const ATTEMPTS: usize = 20;

/// A row of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct IntentRow {
    /// Where it begins, counted from 1.
    pub line: usize,
    /// What it says; several rows may add to one intent.
    pub text: IntentText,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedIntents {
    /// Intents that are new.
    pub created: usize,
    /// Intents that were changed.
    pub updated: usize,
    /// Intents that said the same already.
    pub unchanged: usize,
    /// Rows and phrases that were not taken.
    #[serde(default)]
    pub failed: Vec<Remark>,
    /// Phrases that were taken, but teach nothing new or another intent too.
    #[serde(default)]
    pub warnings: Vec<Remark>,
}

/// All rows of one intent.
struct Joined {
    /// What the first row says; its phrases are in `phrases`.
    text: IntentText,
    /// The phrases of all rows, with their lines.
    phrases: Vec<(usize, String)>,
}

impl IntentBook {
    /// Brings intents in, by name: new ones are added, known ones get the phrases that they did not have and the other
    /// fields as given. Safe to repeat; `failed` are rows that could not be read.
    pub async fn import(
        &self,
        grant: &Grant<WriteIntents>,
        rows: Vec<IntentRow>,
        failed: Vec<Remark>,
        claim: Option<&Claim>,
    ) -> Result<Once<ImportedIntents>, EngineError> {
        let scope = grant.scope();
        once::around(&self.ports, scope, claim, self.bring_in(scope, rows, failed)).await
    }

    /// Brings in intents of a trusted source: the demonstration's.
    pub async fn seed(&self, scope: Scope, texts: Vec<IntentText>) -> Result<ImportedIntents, EngineError> {
        let rows = (1..).zip(texts).map(|(line, text)| IntentRow { line, text });
        self.bring_in(scope, rows.collect(), Vec::new()).await
    }

    async fn bring_in(
        &self,
        scope: Scope,
        rows: Vec<IntentRow>,
        mut failed: Vec<Remark>,
    ) -> Result<ImportedIntents, EngineError> {
        let joining = off_thread(move || {
            let joined = joined(rows, &mut failed);
            (joined, failed)
        });
        let (joined, failed) = joining.await?;
        let mut imported = ImportedIntents {
            failed,
            warnings: self.at_odds(scope, &joined).await?,
            ..ImportedIntents::default()
        };
        for batch in batches(&joined) {
            self.bring_in_batch(scope, batch, &mut imported).await?;
        }
        imported.failed = told(imported.failed);
        imported.warnings = told(imported.warnings);
        Ok(imported)
    }

    /// Writes a batch on what is known of its intents. If anyone wrote them since they were looked up, they are looked up
    /// again: of twins that bring in the same file, the second finds the intents of the first.
    async fn bring_in_batch(
        &self,
        scope: Scope,
        batch: &[Joined],
        imported: &mut ImportedIntents,
    ) -> Result<(), EngineError> {
        let ports = &self.ports;
        let names: Vec<String> = batch.iter().map(|joined| joined.text.name.clone()).collect();
        for _ in 0..ATTEMPTS {
            let at = ports.now();
            let mut unit = ports.store.read(scope).await?;
            let known = unit.intents().find_by_names(&names).await?;
            drop(unit);
            let mut known: HashMap<_, _> = known
                .into_iter()
                .map(|intent| (intent.name.clone(), intent))
                .collect();
            let mut step = ImportedIntents::default();
            let mut changed = Vec::new();
            for joined in batch {
                let known = known.remove(&joined.text.name);
                changed.extend(self.merged(scope, known, joined, at, &mut step));
            }
            let written = self.prepare(scope, changed).await?;
            if let Some(first) = written.first() {
                let event = self.changed(scope, first.intent.id, at);
                let mut unit = ports.store.begin(scope).await?;
                match unit.intents().put(&written).await {
                    Err(StoreError::Conflict { .. }) => continue,
                    put => put?,
                }
                unit.outbox().append(&[event]).await?;
                unit.commit().await?;
            }
            imported.created += step.created;
            imported.updated += step.updated;
            imported.unchanged += step.unchanged;
            imported.failed.append(&mut step.failed);
            return Ok(());
        }
        Err(EngineError::Conflict(
            "others are writing intents at the same time: bring them in again".into(),
        ))
    }

    /// What an intent becomes with what is brought in, counted; `None` if it says the same already.
    fn merged(
        &self,
        scope: Scope,
        known: Option<Intent>,
        joined: &Joined,
        at: OffsetDateTime,
        step: &mut ImportedIntents,
    ) -> Option<Intent> {
        let new = &joined.text;
        let before = known.as_ref().map_or(&[][..], |known| &known.training_phrases);
        let phrases = before
            .iter()
            .chain(joined.phrases.iter().map(|(_, phrase)| phrase));
        let mut phrases = unrepeated(phrases.cloned().collect());
        if phrases.len() > MAX_PHRASES {
            let surplus: HashSet<String> = phrases.split_off(MAX_PHRASES).into_iter().collect();
            let phrases = joined.phrases.iter();
            let beyond = phrases.filter(|(_, phrase)| surplus.contains(phrase));
            step.failed.extend(beyond.map(|(line, _)| Remark {
                line: *line,
                message: format!(
                    "{} has {MAX_PHRASES} phrases, which is as many as there may be",
                    new.name
                ),
            }));
        }
        let Some(known) = known else {
            step.created += 1;
            let text = IntentText {
                training_phrases: phrases,
                ..new.clone()
            };
            return Some(self.intent(scope, text, at));
        };
        let replies = match new.response_templates.is_empty() {
            true => &known.response_templates,
            false => &new.response_templates,
        };
        let text = IntentText {
            name: new.name.clone(),
            display_name: new.display_name.clone().or_else(|| known.display_name.clone()),
            description: new.description.clone().or_else(|| known.description.clone()),
            training_phrases: phrases,
            response_templates: replies.clone(),
            enabled: new.enabled,
        };
        let same = text.display_name == known.display_name
            && text.description == known.description
            && text.training_phrases == known.training_phrases
            && text.response_templates == known.response_templates
            && text.enabled == known.enabled;
        if same {
            step.unchanged += 1;
            return None;
        }
        step.updated += 1;
        Some(rewritten(known, text, at))
    }

    /// What the rows are at odds with: each other, or the phrases that are known.
    async fn at_odds(&self, scope: Scope, joined: &[Joined]) -> Result<Vec<Remark>, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let known = unit.intents().wordings().await?;
        drop(unit);
        let mut new: Vec<(usize, Wording)> = Vec::new();
        for Joined { text, phrases } in joined {
            let phrases = phrases.iter();
            new.extend(phrases.map(|(line, phrase)| (*line, (text.name.clone(), phrase.clone()))));
        }
        new.sort_by_key(|(line, _)| *line);
        let (lines, new): (Vec<usize>, Vec<Wording>) = new.into_iter().unzip();
        let place = |place: usize| format!("line {}", lines[place]);
        let found = warnings::among(&*self.ports.understanding, known, new, place).await?;
        let remark = |(place, message): (usize, String)| Remark {
            line: lines[place],
            message,
        };
        Ok(found.into_iter().map(remark).collect())
    }
}

/// The rows that can be taken, by intent, in the order of its first row; what is wrong with the others is told.
fn joined(rows: Vec<IntentRow>, failed: &mut Vec<Remark>) -> Vec<Joined> {
    let mut joined: Vec<Joined> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for IntentRow { line, text } in rows {
        let given = text.training_phrases.len();
        let Cleaned {
            mut text,
            bad_phrases,
            errors,
        } = cleaned(text);
        for wrong in [&errors, &bad_phrases] {
            if !wrong.is_empty() {
                let message = wrong.to_string();
                failed.push(Remark { line, message });
            }
        }
        let phrases = std::mem::take(&mut text.training_phrases);
        if !errors.is_empty() || (given > 0 && phrases.is_empty()) {
            continue;
        }
        let phrases = phrases.into_iter().map(|phrase| (line, phrase));
        match places.get(&text.name) {
            Some(&known) => joined[known].phrases.extend(phrases),
            None => {
                places.insert(text.name.clone(), joined.len());
                let phrases = phrases.collect();
                joined.push(Joined { text, phrases });
            }
        }
    }
    joined
}

/// Whole intents, together not many more phrases than a batch may have.
fn batches(joined: &[Joined]) -> impl Iterator<Item = &[Joined]> {
    let mut rest = joined;
    std::iter::from_fn(move || {
        let mut phrases = 0;
        let fits = rest.iter().take_while(|joined| {
            let before = phrases;
            phrases += joined.phrases.len();
            before < BATCH_PHRASES
        });
        let (batch, after) = rest.split_at(fits.count());
        rest = after;
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(phrases: usize) -> Joined {
        Joined {
            text: IntentText::default(),
            phrases: vec![(1, String::new()); phrases],
        }
    }

    #[test]
    fn batches_are_of_whole_intents() {
        let sizes = |phrases: &[usize]| {
            let joined: Vec<_> = phrases.iter().map(|count| intent(*count)).collect();
            batches(&joined).map(<[Joined]>::len).collect::<Vec<_>>()
        };
        assert!(sizes(&[]).is_empty());
        assert_eq!(sizes(&[0, 0, 0]), [3]);
        assert_eq!(sizes(&[499, 1, 2, 1_000, 1]), [2, 2, 1]);
    }
}
