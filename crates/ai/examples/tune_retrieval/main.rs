//! How well the right entry is found, by the whole way that a question takes: cutting, words, vectors, order.
//!
//! `cargo run --release -p acs-ai --example tune_retrieval -- --data DATA [--tune]`
//!
//! Reports nDCG@10 with and without each part of the way, on public sets and on the sample company: by words alone, by meaning
//! alone, by both (`Retriever::rank`), in the order in use (`Retriever::rerank` after it), by reciprocal rank fusion, and with
//! the nearest sentence added. `misspelt` has every third long word of every question misspelt; `mended` mends it as the
//! engine does. With `--tune` it first chooses `Weights` on one half of each public set. What was chosen by hand was chosen on
//! the tuning halves too; the sample company took no part in any choice. An entry counts by its best passage; all passages are
//! nominated. The first run embeds all texts and takes minutes; they are kept in the build folder.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod data;
#[path = "../common/meaning.rs"]
mod meaning;
mod measure;
mod memory;

use std::path::PathBuf;
use std::time::Instant;

use acs_ai::retrieve::{RuleRetriever, Weights};
use anyhow::{Context, Result};
use data::Set;
use meaning::Meanings;
use measure::measure;
use memory::{Asked, Memory};

/// The constant of reciprocal rank fusion, as its authors chose it (Cormack et al. 2009).
const RRF: f32 = 60.0;
/// How much the nearest sentence counts in the column of that name.
const NEAREST_SENTENCE: f32 = 0.2;

fn main() -> Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let folder = options.iter().skip_while(|option| *option != "--data").nth(1);
    let folder = PathBuf::from(folder.context("name the folder of the data sets: --data DATA")?);
    let mut meanings = Meanings::open()?;
    let stackfaq = data::stackfaq(&folder)?;
    let misspelt = stackfaq.misspelt();
    let sets = [
        (stackfaq, true),
        (misspelt.named("StackFAQ, misspelt"), false),
        (misspelt.named("StackFAQ, mended"), true),
        (data::xquad(&folder, "en")?, true),
        (data::tau2(&folder)?, true),
    ];
    let mut loaded = Vec::new();
    for (set, mends) in sets {
        let memory = Memory::load(&set, &mut meanings, mends)?;
        meanings.save()?;
        let (tuning, held_out): (Vec<Asked>, Vec<Asked>) = memory
            .asked
            .iter()
            .cloned()
            .partition(|asked| asked.group.is_multiple_of(2));
        loaded.push((set, memory, tuning, held_out));
    }
    if options.iter().any(|option| option == "--tune") {
        let halves = loaded.iter().filter(|(set, ..)| set.is_natural);
        let tuned = choose(
            &halves
                .map(|(_, memory, tuning, _)| (memory, &tuning[..]))
                .collect::<Vec<_>>(),
        );
        println!("chosen on the tuning halves: {tuned:?}");
    }
    println!("in use: {:?}\n", Weights::default());
    heading();
    for (set, memory, tuning, held_out) in &loaded {
        report(set.name, memory, &memory.asked);
        report("  tuning half", memory, tuning);
        report("  held-out half", memory, held_out);
    }
    let demo = data::demo()?;
    let memory = Memory::load(&demo, &mut meanings, true)?;
    meanings.save()?;
    report(demo.name, &memory, &memory.asked);
    for kind in demo.kinds() {
        let asked = memory.asked.iter().filter(|asked| asked.kind == kind);
        report(&format!("  {kind}"), &memory, &asked.cloned().collect::<Vec<_>>());
    }
    Ok(())
}

/// The weights with the best nDCG@10, each question counting alike; of equals the first, which is the plainer.
fn choose(sets: &[(&Memory, &[Asked])]) -> Weights {
    let mut best = (f32::MIN, Weights::default());
    let questions: usize = sets.iter().map(|(_, asked)| asked.len()).sum();
    for k1 in [0.9, 1.2, 1.6] {
        for b in [0.4, 0.6, 0.75] {
            for full in [4, 6, 8, 12, 1_000] {
                for share in (0..=12).map(|step| step as f32 * 0.05) {
                    let weights = Weights { k1, b, share, full };
                    let retriever = RuleRetriever::new("en", weights);
                    let total = |(memory, asked): &(&Memory, &[Asked])| {
                        measure(asked, |asked| memory.fused(asked, &retriever)).ndcg * asked.len() as f32
                    };
                    let mean = sets.iter().map(total).sum::<f32>() / questions as f32;
                    if mean > best.0 + 1e-6 {
                        best = (mean, weights);
                    }
                }
            }
        }
    }
    best.1
}

fn heading() {
    println!(
        "{:<22} {:>9} {:>8} | {:>7} {:>7} {:>7} {:>7} {:>8} | {:>7} {:>7} {:>7} {:>8}",
        "nDCG@10",
        "questions",
        "passages",
        "words",
        "meaning",
        "both",
        "RRF",
        "sentence",
        "in use",
        "recall",
        "first",
        "rank ms"
    );
}

fn report(name: &str, memory: &Memory, asked: &[Asked]) {
    if asked.is_empty() {
        return;
    }
    let usual = Weights::default();
    let both = RuleRetriever::new("en", usual);
    let dense = RuleRetriever::new("en", Weights { share: 0.0, ..usual });
    let words = |asked: &Asked| memory.lexical(asked, &both);
    let meaning = |asked: &Asked| memory.fused(asked, &dense);
    let ranks = |asked: &Asked| memory::reciprocal_ranks(&words(asked), &meaning(asked), RRF);
    let began = Instant::now();
    let in_use = measure(asked, |asked| memory.reranked(asked, &both));
    let each_ms = began.elapsed().as_secs_f64() * 1_000.0 / asked.len() as f64;
    println!(
        "{name:<22} {:>9} {:>8} | {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>8.3} | {:>7.3} {:>7.3} {:>7.3} {each_ms:>8.2}",
        asked.len(),
        memory.passages(),
        measure(asked, words).ndcg,
        measure(asked, meaning).ndcg,
        measure(asked, |asked| memory.fused(asked, &both)).ndcg,
        measure(asked, ranks).ndcg,
        measure(asked, |asked| memory.by_sentences(asked, &both, NEAREST_SENTENCE)).ndcg,
        in_use.ndcg,
        in_use.recall,
        in_use.first,
    );
}

impl Set {
    /// The kinds of questions, if there are several.
    fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self
            .questions
            .iter()
            .map(|question| question.kind.clone())
            .collect();
        kinds.sort();
        kinds.dedup();
        if kinds.len() > 1 { kinds } else { Vec::new() }
    }
}
