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
#[path = "../tune_retrieval/memory.rs"]
#[expect(dead_code, reason = "ways of ranking that are compared elsewhere")]
mod memory;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use acs_ai::embed::{EmbedOptions, Encoder, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::retrieve::{RuleRetriever, Weights};
use acs_domain::port::embed::Role;
use memory::{Asked, Memory};

const LANGUAGES: [&str; 3] = ["en", "de", "es"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut folder, mut models) = (None, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--data" => folder = arguments.next().map(PathBuf::from),
            "--model" => models.push(arguments.next().map(PathBuf::from).ok_or("which folder?")?),
            other => return Err(format!("{other} is not understood").into()),
        }
    }
    let folder = folder.ok_or("name the folder of the data sets: --data DATA")?;
    report(&folder, ModelFiles::bundled()).await?;
    for model in models {
        report(&folder, ModelFiles::read(&model)?).await?;
    }
    Ok(())
}

async fn report(folder: &Path, files: ModelFiles) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let model = SentenceModel::load(files)?;
    println!("\n{}, loaded in {:.1?}", model.name(), began.elapsed());
    let encoder = Encoder::new(model.clone());
    let options = EmbedOptions {
        workers: 1,
        ..EmbedOptions::default()
    };
    let embedder = LocalEmbedder::start(model, options)?;
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
        let memory = Memory::load(&set, &embedder).await?;
        let usual = Weights::default();
        let (both, meaning) = (
            RuleRetriever::new("en", usual),
            RuleRetriever::new("en", Weights { share: 0.0, ..usual }),
        );
        let right_first = |asked: &&Asked| {
            let order = memory.fused(asked, &both);
            order.first().is_some_and(|entry| asked.right.contains(entry))
        };
        let first = memory.asked.iter().filter(right_first).count() as f32 / memory.asked.len() as f32;
        println!(
            "{:<22} {:>9} {:>8.3} {:>8.3} {first:>8.3} {:>12.2} {:>13.1}",
            format!("asked in {language}"),
            memory.asked.len(),
            memory.ndcg(&memory.asked, |asked| memory.fused(asked, &meaning)),
            memory.ndcg(&memory.asked, |asked| memory.fused(asked, &both)),
            milliseconds(a_question),
            milliseconds(a_paragraph),
        );
    }
    embedder.stop().await;
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
