//! How well the check of a model's sentences tells lies from truths, on replies about the demonstration's articles.
//!
//! `cargo run --release -p acs-ai --example evaluate_grounding [-- --verbose]`
//!
//! 200 replies, the same each time: true sentences of an article, reworded in several ways, with lies of every kind between
//! them. Kinds that were held out while the check was written are marked. Besides, true sentences worded by hand.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod desk;
mod lies;
mod replies;
mod truths;
mod worded;

use std::collections::BTreeMap;
use std::sync::Arc;

use acs_ai::ground::RuleGrounding;
use acs_ai::retrieve::RuleRetriever;
use acs_domain::port::ground::{Grounding as _, Support};
use anyhow::{Context as _, Result};

use desk::Desk;

const REPLIES: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let verbose = std::env::args().any(|argument| argument == "--verbose");
    let desk = Desk::open(1).await?;
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let mut counts: BTreeMap<(bool, bool, &str), (usize, usize)> = BTreeMap::new();
    let (mut by_words, mut by_meaning) = (Vec::new(), Vec::new());
    for reply in replies::write(&desk, REPLIES) {
        for outcome in replies::judge(&desk, &grounding, reply).await? {
            let piece = outcome.piece;
            let count = counts
                .entry((piece.is_lie, piece.held_out, piece.kind))
                .or_default();
            count.0 += 1;
            count.1 += usize::from(outcome.passed);
            for (embedded, took) in outcome.times {
                if embedded { &mut by_meaning } else { &mut by_words }.push(took);
            }
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
    let worded = [
        ("worded by hand, first", worded::FIRST),
        ("worded by hand, second", worded::SECOND),
        ("worded by hand, third (held out)", worded::THIRD),
    ];
    for (set, sentences) in worded {
        let (mut all, mut passed) = (0, 0);
        for (article, sentence) in worded::sentences(sentences) {
            let at = desk.find(article).context("no such article")?;
            let checker = grounding.read(&desk.sources(at));
            let checked = replies::check(&desk, &*checker, sentence).await?;
            all += 1;
            passed += usize::from(checked.passed);
            if verbose && !checked.passed {
                println!("{set}: lost {sentence}\n    {}", checked.how);
            }
        }
        println!("{set:<44}{all:>6}{:>8.3}", share(passed, all));
    }
    let (mut all, mut passed) = (0, 0);
    for (language, sentence) in worded::sentences(worded::COURTESIES) {
        let mut sources = desk.sources(0);
        sources.language = language.to_owned();
        let support = grounding.read(&sources).check(sentence, None);
        all += 1;
        let kept = matches!(support, Support::Courtesy | Support::Apology);
        passed += usize::from(kept);
        if verbose && !kept {
            println!("courtesy lost: {sentence}\n    {support:?}");
        }
    }
    println!("{:<44}{all:>6}{:>8.3}", "courtesies", share(passed, all));
    println!("\n{:<44}{:>6}{:>12}{:>12}", "a check takes", "n", "p50", "p99");
    for (way, mut times) in [("by words", by_words), ("with an embedding", by_meaning)] {
        times.sort_unstable();
        let at = |percent: usize| {
            times
                .get(times.len() * percent / 100)
                .copied()
                .unwrap_or_default()
        };
        println!("{way:<44}{:>6}{:>12.1?}{:>12.1?}", times.len(), at(50), at(99));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}
