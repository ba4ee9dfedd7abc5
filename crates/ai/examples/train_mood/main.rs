//! Trains the bundled mood heads and writes their file.
//!
//! `cargo run --release -p acs-ai --example train_mood -- --data DATA`
//!
//! Everything is seeded: on the same kind of processor the same file comes out again. A seventh of GoEmotions' training
//! part is held back: probabilities and thresholds are fitted on it.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

#[path = "../common/data.rs"]
#[expect(dead_code, reason = "the other examples read the other sets")]
mod data;
mod fit;
#[path = "../common/meaning.rs"]
#[expect(dead_code, reason = "no passages are read here")]
mod meaning;
mod rows;

use std::path::{Path, PathBuf};
use std::time::Instant;

use acs_ai::learn::{Example, TrainOptions, Vocabulary, VocabularyOptions, train};
use acs_ai::understand::mood::{CLASSES, Judge, LABELS, MoodModel};
use anyhow::{Context, Result};

use meaning::Meanings;
use rows::Row;

const VOCABULARY: VocabularyOptions = VocabularyOptions {
    min_texts: 3,
    most_words: 14_000,
    most_pieces: 24_000,
    meaning: 2.0,
};

/// What an error costs. Little: labels of few readers are noisy.
const COST: f32 = 0.3;

/// Every so manieth text of GoEmotions is held back.
const HELD_BACK: usize = 7;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some("--data"), Some(folder)) = (arguments.next().as_deref(), arguments.next()) else {
        anyhow::bail!("name the folder of the data sets: --data DATA");
    };
    let folder = PathBuf::from(folder);
    let mut rows = rows::go_emotions(&folder)?;
    let emotions = rows.len();
    rows.extend(rows::customers(&folder)?);
    let vocabulary = Vocabulary::learn(rows.iter().map(|row| row.text.as_str()), &VOCABULARY);
    println!(
        "{emotions} texts of GoEmotions, {} of all, {} grams",
        rows.len(),
        vocabulary.len()
    );

    let mut meanings = Meanings::open()?;
    let is_held = |place: usize| place < emotions && place % HELD_BACK == HELD_BACK - 1;
    let mut examples = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let vector = meanings.of(&row.text)?;
        examples.push(example(&vocabulary, row, &vector, is_held(place)));
    }
    meanings.save()?;
    let joined = judge("with the embedding", &examples, is_held)?;
    for example in &mut examples {
        example.features.dense = Vec::new();
    }
    let lexical = judge("without", &examples, is_held)?;

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/mood/mood.bin");
    let bytes = MoodModel::new(vocabulary, joined, lexical).to_bytes();
    println!("{}: {} bytes", file.display(), bytes.len());
    std::fs::write(file, bytes)?;
    Ok(())
}

fn example(vocabulary: &Vocabulary, row: &Row, vector: &[f32], is_held: bool) -> Example {
    Example {
        features: vocabulary.features(&row.text, Some(vector)),
        classes: row.classes.clone(),
        weight: if is_held { 0.0 } else { 1.0 },
    }
}

/// Trains a head, and tells on the examples that are to be asked what its scores mean.
fn judge(name: &str, examples: &[Example], asked: impl Fn(usize) -> bool) -> Result<Judge> {
    let begun = Instant::now();
    let options = TrainOptions {
        cost: COST,
        rounds: 40,
        ..TrainOptions::default()
    };
    let head = train(examples, CLASSES, &options, &|| false).context("nothing told it to stop")?;
    let held: Vec<(Vec<f32>, &[u16])> = examples
        .iter()
        .enumerate()
        .filter(|(place, _)| asked(*place))
        .map(|(_, example)| (head.scores(&example.features), example.classes.as_slice()))
        .collect();
    let (mut fits, mut thresholds, mut sum) = (Vec::new(), Vec::new(), 0.0);
    for class in 0..CLASSES {
        let is_of = |classes: &[u16]| classes.iter().any(|of| usize::from(*of) == class);
        let outcomes: Vec<(f32, bool)> = held
            .iter()
            .map(|(scores, classes)| (scores[class], is_of(classes)))
            .collect();
        let (fit, threshold, f1) = fit::class(&outcomes);
        fits.push(fit);
        thresholds.push(threshold);
        sum += if class < LABELS.len() { f1 } else { 0.0 };
    }
    println!(
        "{name}: {:.0} s; macro-F1 {:.3} on what was held back, at the thresholds found there",
        begun.elapsed().as_secs_f32(),
        sum / LABELS.len() as f64
    );
    Ok(Judge::new(head, fits, thresholds)?)
}
