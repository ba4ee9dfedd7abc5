//! Trains the bundled mood head and writes its file.
//!
//! `cargo run --release -p acs-ai --example train_mood -- --data DATA`
//!
//! Everything is seeded: on the same kind of processor the same file comes out again. A seventh of GoEmotions' training part is held back to fit
//! probabilities and thresholds; the head that is kept then learns from all of it.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod data;
mod fit;
#[path = "../evaluate_answers/meaning.rs"]
mod meaning;

use std::path::{Path, PathBuf};
use std::time::Instant;

use acs_ai::learn::{Example, LinearHead, Loss, TrainOptions, Vocabulary, VocabularyOptions, train};
use acs_ai::understand::mood::{CLASSES, Judge, LABELS, MoodModel};
use anyhow::{Context, Result};

use data::Row;
use meaning::Meanings;

/// Every so manieth text is held back.
const HELD_BACK: usize = 7;

const VOCABULARY: VocabularyOptions = VocabularyOptions {
    min_texts: 3,
    most_words: 14_000,
    most_pieces: 24_000,
    meaning: 2.0,
};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut folder, mut cost, mut file) = (
        None,
        0.3,
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models/mood/mood.bin"),
    );
    while let Some(argument) = arguments.next() {
        let value = arguments.next().context("an option without its value")?;
        match argument.as_str() {
            "--data" => folder = Some(PathBuf::from(value)),
            "--cost" => cost = value.parse()?,
            "--file" => file = PathBuf::from(value),
            other => anyhow::bail!("unknown option {other}"),
        }
    }
    let folder = folder.context("name the folder of the data sets: --data DATA")?;
    let rows = data::go_emotions(&folder, "train")?;
    let customers = data::customers(&folder)?;
    println!(
        "{} texts of GoEmotions, {} of customers",
        rows.len(),
        customers.len()
    );
    let all: Vec<&Row> = rows.iter().chain(&customers).collect();
    let vocabulary = Vocabulary::learn(all.iter().map(|row| row.text.as_str()), &VOCABULARY);
    println!("{} grams", vocabulary.len());

    let mut meanings = Meanings::open()?;
    let mut examples = Vec::with_capacity(all.len());
    for row in &all {
        let vector = meanings.of(&row.text)?;
        examples.push(Example {
            features: vocabulary.features(&row.text, Some(&vector)),
            classes: row.classes.clone(),
            weight: row.weight,
        });
    }
    meanings.save()?;
    let joined = judge(&examples, rows.len(), cost, "with the embedding")?;
    for example in &mut examples {
        example.features.dense = Vec::new();
    }
    let lexical = judge(&examples, rows.len(), cost, "without")?;
    let bytes = MoodModel::new(vocabulary, joined, lexical).to_bytes();
    println!("{}: {} bytes", file.display(), bytes.len());
    std::fs::write(file, bytes)?;
    Ok(())
}

/// Trains twice: without what is held back, to see what scores mean, and with all. Only the first `emotions` examples are
/// held back from.
fn judge(examples: &[Example], emotions: usize, cost: f32, name: &str) -> Result<Judge> {
    let begun = Instant::now();
    let is_held = |place: usize| place < emotions && place % HELD_BACK == HELD_BACK - 1;
    let mut first = examples.to_vec();
    for (_, example) in first.iter_mut().enumerate().filter(|(place, _)| is_held(*place)) {
        example.weight = 0.0;
    }
    let head = learn(&first, cost)?;
    let held: Vec<(Vec<f32>, &[u16])> = examples
        .iter()
        .enumerate()
        .filter(|(place, _)| is_held(*place))
        .map(|(_, example)| (head.scores(&example.features), example.classes.as_slice()))
        .collect();
    let (mut fits, mut thresholds) = (Vec::new(), Vec::new());
    let mut sums = 0.0;
    for class in 0..CLASSES {
        let outcomes: Vec<(f32, bool)> = held
            .iter()
            .map(|(scores, classes)| (scores[class], classes.iter().any(|of| usize::from(*of) == class)))
            .collect();
        let (fit, threshold, f1) = fit::class(&outcomes);
        fits.push(fit);
        thresholds.push(threshold);
        if class < LABELS.len() {
            sums += f1;
        }
    }
    println!(
        "{name}: macro-F1 {:.3} on what was held back, at its own thresholds",
        sums / LABELS.len() as f64
    );
    let head = learn(examples, cost)?;
    println!("{name}: trained in {:.0} s", begun.elapsed().as_secs_f32());
    Ok(Judge::new(head, fits, thresholds)?)
}

fn learn(examples: &[Example], cost: f32) -> Result<LinearHead> {
    let options = TrainOptions {
        loss: Loss::SquaredHinge,
        cost,
        rounds: 40,
        ..TrainOptions::default()
    };
    train(examples, CLASSES, &options, &|| false).context("nothing told it to stop")
}
