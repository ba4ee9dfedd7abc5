//! How well embedding models find English passages for questions in three languages, and how long a text takes.
//!
//! `cargo run --release -p acs-ai --example evaluate_embedding -- --data DATA [--model FOLDER]…`
//!
//! XQuAD, all questions of each language against all English paragraphs, cut as knowledge is: nDCG@10 by meaning alone and as
//! `Retriever::rank` adds words to it, and how often the right paragraph comes first. Nothing is fitted on it for the models
//! named; the weights of words were chosen on half of its English questions with the bundled model. One core.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

#[path = "../tune_retrieval/data.rs"]
#[expect(dead_code, reason = "the sets in other languages are enough here")]
mod data;
#[path = "../common/meaning.rs"]
#[expect(dead_code, reason = "any model is opened here")]
mod meaning;
#[path = "../tune_retrieval/measure.rs"]
mod measure;
#[path = "../tune_retrieval/memory.rs"]
#[expect(dead_code, reason = "ways of ranking that are compared elsewhere")]
mod memory;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use acs_ai::embed::{Encoder, ModelFiles, SentenceModel};
use acs_ai::retrieve::{RuleRetriever, Weights};
use acs_domain::port::embed::Role;
use anyhow::{Context, Result, bail};
use meaning::Meanings;
use measure::measure;
use memory::Memory;

const LANGUAGES: [&str; 3] = ["en", "de", "es"];

fn main() -> Result<()> {
    let (mut folder, mut models) = (None, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--data" => folder = arguments.next().map(PathBuf::from),
            "--model" => models.push(arguments.next().map(PathBuf::from).context("which folder?")?),
            other => bail!("{other} is not understood"),
        }
    }
    let folder = folder.context("name the folder of the data sets: --data DATA")?;
    report(&folder, ModelFiles::bundled())?;
    for model in models {
        report(&folder, ModelFiles::read(&model)?)?;
    }
    Ok(())
}

fn report(folder: &Path, files: ModelFiles) -> Result<()> {
    let began = Instant::now();
    let model = SentenceModel::load(files)?;
    println!("\n{}, loaded in {:.1?}", model.name(), began.elapsed());
    let encoder = Encoder::new(model.clone());
    let mut meanings = Meanings::of_model(model)?;
    println!(
        "{:<22} {:>9} {:>8} {:>8} {:>8} {:>12} {:>13}",
        "XQuAD to English", "questions", "meaning", "both", "first", "ms/question", "ms/paragraph"
    );
    for language in LANGUAGES {
        let set = data::xquad(folder, language)?;
        let questions = set.questions.iter().map(|question| question.text.as_str());
        let paragraphs = set.entries.iter().map(|entry| entry.content.as_str());
        let a_question = each(&encoder, questions, Role::Question)?;
        let a_paragraph = each(&encoder, paragraphs, Role::Passage)?;
        let memory = Memory::load(&set, &mut meanings, false)?;
        meanings.save()?;
        let usual = Weights::default();
        let (both, meaning) = (
            RuleRetriever::new("en", usual),
            RuleRetriever::new("en", Weights { share: 0.0, ..usual }),
        );
        let by_meaning = measure(&memory.asked, |asked| memory.fused(asked, &meaning));
        let by_both = measure(&memory.asked, |asked| memory.fused(asked, &both));
        println!(
            "{:<22} {:>9} {:>8.3} {:>8.3} {:>8.3} {:>12.2} {:>13.1}",
            format!("asked in {language}"),
            memory.asked.len(),
            by_meaning.ndcg,
            by_both.ndcg,
            by_both.first,
            milliseconds(a_question),
            milliseconds(a_paragraph),
        );
    }
    Ok(())
}

/// The mean time of a text.
fn each<'t>(
    encoder: &Encoder,
    texts: impl Iterator<Item = &'t str>,
    role: Role,
) -> Result<Duration, acs_ai::Error> {
    let (began, mut count) = (Instant::now(), 0);
    for text in texts {
        encoder.encode(text, role)?;
        count += 1;
    }
    Ok(began.elapsed() / count.max(1))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
