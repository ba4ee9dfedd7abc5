//! Messages that want two things: pairs of questions put together, and single questions, in which nothing second may be
//! found.

use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::intent::{Guesses, Intents};
use acs_domain::knowledge::Vector;
use acs_domain::port::understand::{Clause, Understanding as _};
use anyhow::{Context, Result};

use crate::meaning::Meanings;
use crate::sample;
use crate::{Setting, data};

/// As many pairs and single questions are asked.
const ASKED: usize = 600;

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    println!(
        "{:<20} {:>6} {:>11} {:>11} {:>16}",
        "", "asked", "both found", "one found", "several in one"
    );
    let folder = setting.folder.clone();
    for (name, taught, asked) in [
        (
            "CLINC150 val",
            data::clinc(&folder, "train")?,
            data::clinc(&folder, "val")?,
        ),
        (
            "Bitext dev",
            data::bitext(&folder, "train")?,
            data::bitext(&folder, "dev")?,
        ),
    ] {
        let taught = setting.texts(taught)?;
        let asked = setting.texts(asked)?;
        let meanings = setting.meanings()?;
        let intents = Intents::trained(sample::phrases(&taught), &|| false).context("it was stopped")?;
        let (mut both, mut one, mut pairs) = (0_usize, 0_usize, 0_usize);
        for pair in asked.chunks_exact(2).take(ASKED) {
            let [first, second] = pair else { continue };
            if first.label == second.label {
                continue;
            }
            let text = format!(
                "{} and {}",
                first.text.trim_end_matches(['.', '?', '!', ' ']),
                second.text
            );
            let vector = meanings.of(&text)?;
            let guesses = intents.guess_with(&text, Some(&vector), &meant(meanings, &text)?);
            let found = [first, second]
                .iter()
                .filter(|text| wanted(&guesses).any(|name| name == text.label))
                .count();
            pairs += 1;
            both += usize::from(found == 2);
            one += usize::from(found == 1);
        }
        meanings.save()?;
        let asked_alone = asked.len().min(ASKED);
        let mut several = 0;
        for text in asked.iter().take(ASKED) {
            let vector: &Vector = &text.vector;
            let guesses = intents.guess_with(&text.text, Some(vector), &meant(meanings, &text.text)?);
            several += usize::from(wanted(&guesses).count() > 1);
        }
        meanings.save()?;
        println!(
            "{name:<20} {pairs:>6} {:>11.3} {:>11.3} {:>16.4}",
            both as f64 / pairs as f64,
            one as f64 / pairs as f64,
            several as f64 / asked_alone as f64
        );
    }
    Ok(())
}

/// The clauses with the meanings that a turn has of them.
fn meant(meanings: &mut Meanings, text: &str) -> Result<Vec<Clause>> {
    let clauses = RuleUnderstanding::default().clauses(text).into_iter();
    let clause = |text: String| {
        let vector = Some(meanings.of(&text)?);
        Ok(Clause { text, vector })
    };
    clauses.map(clause).collect()
}

/// What is said to be wanted: guesses that are likelier than not.
fn wanted(guesses: &Guesses) -> impl Iterator<Item = &str> {
    let likely = guesses.intents.iter().filter(|guess| guess.confidence > 0.5);
    likely.map(|guess| guess.name.as_str())
}
