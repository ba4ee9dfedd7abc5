//! How well the right entry is found, by the whole way that a question takes: cutting, words, vectors, order.
//!
//! `cargo run --release -p acs-ai --example tune_retrieval -- --data DATA`
//!
//! Chooses `Weights` on one half of each public set, and reports nDCG@10 on the other halves and on the sample company, which
//! takes no part in the choice: by words alone, by meaning alone, by both (as `Retriever::rank` adds them), and by
//! reciprocal rank fusion. An entry counts by its best passage; all passages are nominated.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod data;
mod memory;

use std::error::Error;
use std::path::PathBuf;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::retrieve::{RuleRetriever, Weights};
use data::Set;
use memory::{Asked, Memory};

/// The constant of reciprocal rank fusion, as its authors chose it (Cormack et al. 2009).
const RRF: f32 = 60.0;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = data_folder().ok_or("name the folder of the data sets: --data DATA")?;
    println!("data: {}", folder.display());
    let model = SentenceModel::load(ModelFiles::bundled())?;
    let embedder = LocalEmbedder::start(model, EmbedOptions::default())?;
    let mut sets = Vec::new();
    let xquad = data::xquad(&folder, "en");
    for set in [data::stackfaq(&folder), xquad, data::tau2(&folder)] {
        let set = set?;
        let memory = Memory::load(&set, &embedder).await?;
        let (tuning, held_out): (Vec<Asked>, Vec<Asked>) = memory
            .asked
            .iter()
            .cloned()
            .partition(|asked| asked.group.is_multiple_of(2));
        sets.push((set, memory, tuning, held_out));
    }
    let tuned = choose(
        sets.iter()
            .map(|(_, memory, tuning, _)| (memory, &tuning[..]))
            .collect(),
    );
    println!(
        "chosen on the tuning halves: {tuned:?}\nin use: {:?}\n",
        Weights::default()
    );
    println!(
        "{:<26} {:>9} {:>9} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}",
        "nDCG@10", "questions", "passages", "words", "meaning", "both", "RRF", "tuned", "first"
    );
    for (set, memory, tuning, held_out) in &sets {
        report(set.name, memory, &memory.asked, tuned);
        report("  tuning half", memory, tuning, tuned);
        report("  held-out half", memory, held_out, tuned);
    }
    let demo = data::demo()?;
    let memory = Memory::load(&demo, &embedder).await?;
    report(demo.name, &memory, &memory.asked, tuned);
    for kind in demo.kinds() {
        let asked: Vec<Asked> = memory
            .asked
            .iter()
            .filter(|asked| asked.kind == kind)
            .cloned()
            .collect();
        report(&format!("  {kind}"), &memory, &asked, tuned);
    }
    Ok(())
}

/// The folder with the sets, as `--data` names it.
fn data_folder() -> Option<PathBuf> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--data");
    arguments.nth(1).map(PathBuf::from)
}

/// The weights with the best nDCG@10, each question counting alike; of equals the first, which is the plainer.
fn choose(sets: Vec<(&Memory, &[Asked])>) -> Weights {
    let mut best = (f32::MIN, Weights::default());
    let questions: usize = sets.iter().map(|(_, asked)| asked.len()).sum();
    for k1 in [0.9, 1.2, 1.6] {
        for b in [0.4, 0.6, 0.75] {
            for full in [4, 6, 8, 12, 1_000] {
                for share in (0..=12).map(|step| step as f32 * 0.05) {
                    let weights = Weights { k1, b, share, full };
                    let retriever = RuleRetriever::new("en", weights);
                    let total = |(memory, asked): &(&Memory, &[Asked])| {
                        memory.ndcg(asked, |asked| memory.fused(asked, &retriever)) * asked.len() as f32
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

fn report(name: &str, memory: &Memory, asked: &[Asked], tuned: Weights) {
    if asked.is_empty() {
        return;
    }
    let weights = Weights::default();
    let of = |weights| RuleRetriever::new("en", weights);
    let (fused, dense, tuned) = (
        of(weights),
        of(Weights {
            share: 0.0,
            ..weights
        }),
        of(tuned),
    );
    let words = |asked: &Asked| memory.lexical(asked, &fused);
    let meaning = |asked: &Asked| memory.fused(asked, &dense);
    let both = |asked: &Asked| memory.fused(asked, &fused);
    let ranks = |asked: &Asked| memory::reciprocal_ranks(&words(asked), &meaning(asked), RRF);
    let right_first = |asked: &&Asked| {
        both(asked)
            .first()
            .is_some_and(|entry| asked.right.contains(entry))
    };
    println!(
        "{name:<26} {:>9} {:>9} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3} {:>7.3}",
        asked.len(),
        memory.passages(),
        memory.ndcg(asked, words),
        memory.ndcg(asked, meaning),
        memory.ndcg(asked, both),
        memory.ndcg(asked, ranks),
        memory.ndcg(asked, |asked| memory.fused(asked, &tuned)),
        asked.iter().filter(right_first).count() as f32 / asked.len() as f32,
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
