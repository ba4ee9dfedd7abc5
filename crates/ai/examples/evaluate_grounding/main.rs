//! How well the check of a model's sentences tells lies from truths, on replies about the demonstration's articles.
//!
//! `cargo run --release -p acs-ai --example evaluate_grounding [-- --verbose]`
//!
//! 200 replies, the same each time: true sentences of an article, reworded in several ways, with lies of every kind between
//! them. Kinds that were held out while the check was written are marked. Besides, sentences that a person wrote.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod desk;
mod lies;
mod replies;
mod truths;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use acs_ai::ground::RuleGrounding;
use acs_ai::retrieve::RuleRetriever;
use acs_domain::port::ground::Grounding as _;
use anyhow::{Context as _, Result};

use desk::Desk;

const REPLIES: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let verbose = std::env::args().any(|argument| argument == "--verbose");
    let desk = Desk::open(1).await?;
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let mut counts: BTreeMap<(bool, bool, &str), (usize, usize)> = BTreeMap::new();
    let began = Instant::now();
    let mut sentences = 0_u32;
    for reply in replies::write(&desk, REPLIES) {
        for outcome in replies::judge(&desk, &grounding, reply).await? {
            let piece = outcome.piece;
            let count = counts
                .entry((piece.is_lie, piece.held_out, piece.kind))
                .or_default();
            count.0 += 1;
            count.1 += usize::from(outcome.passed);
            sentences += 1;
            if verbose && outcome.passed == piece.is_lie {
                println!(
                    "{} {}: {}\n    {}",
                    if piece.is_lie { "LIE PASSED" } else { "truth lost" },
                    piece.kind,
                    piece.text,
                    outcome.how
                );
            }
        }
    }
    let took = began.elapsed() / sentences.max(1);
    for is_lie in [false, true] {
        println!(
            "\n{:<44}{:>6}{:>8}",
            if is_lie { "lies" } else { "truths" },
            "n",
            "passed"
        );
        let (mut all, mut passed) = (0, 0);
        for ((_, held_out, kind), count) in counts.iter().filter(|((lie, ..), _)| *lie == is_lie) {
            println!(
                "{:<44}{:>6}{:>8.3}",
                format!("{kind}{}", if *held_out { " (held out)" } else { "" }),
                count.0,
                share(count.1, count.0)
            );
            all += count.0;
            passed += count.1;
        }
        println!("{:<44}{all:>6}{:>8.3}", "all", share(passed, all));
    }
    let (mut all, mut passed) = (0, 0);
    for (article, sentence) in truths::WRITTEN {
        let at = desk.find(article).context("no such article")?;
        let checker = grounding.read(&desk.sources(at));
        let (is_passed, how) = replies::passes(&desk, &*checker, sentence).await?;
        all += 1;
        passed += usize::from(is_passed);
        if verbose && !is_passed {
            println!("written truth lost: {sentence}\n    {how}");
        }
    }
    println!(
        "{:<44}{all:>6}{:>8.3}",
        "truths written by a person (held out)",
        share(passed, all)
    );
    println!("\n{took:?} a sentence, with its share of reading the sources");
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}
