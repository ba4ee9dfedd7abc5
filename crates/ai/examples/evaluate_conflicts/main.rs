//! What the comparison of entries reports: on articles that people wrote, where nearly all reports are false alarms, and on
//! pairs written by hand, some of which contradict each other.
//!
//! `cargo run -p acs-ai --example evaluate_conflicts -- DATA [--verbose]`
//!
//! DATA is a folder with `tau2-bench/banking_knowledge/articles.json` and `stackfaq/threads.json`. What is reported between two
//! articles of the bank at even places, or two at odd ones, was looked at while the rules were written; what is reported between an
//! even one and an odd one was held out, and so were StackFAQ and the last file of pairs.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

#[path = "../common/meaning.rs"]
#[expect(dead_code, reason = "shared with examples that need more of it")]
mod meaning;
mod pairs;
mod sets;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use acs_ai::ground::RuleGrounding;
use acs_ai::retrieve::RuleRetriever;
use acs_domain::conflict::Difference;
use acs_domain::port::conflict::{Compared, Comparison as _, Contradiction};
use anyhow::{Context as _, Result};

use meaning::Meanings;
use sets::{cut, neighbours};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let verbose = arguments.iter().any(|argument| argument == "--verbose");
    let folder: PathBuf = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .context("where are the data?")?
        .into();
    let retriever = RuleRetriever::default();
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let mut meanings = Meanings::open()?;
    for (name, entries) in sets::all(&folder)? {
        let passages = cut(&retriever, &mut meanings, &entries)?;
        let sentences: usize = passages.iter().map(|one| one.found.passage.sentences.len()).sum();
        let near = neighbours(&passages);
        let found = grounding.contradictions(&passages, &near, 0.0);
        println!(
            "{name}: {} entries, {} passages, {sentences} sentences, {} pairs of passages compared",
            entries.len(),
            passages.len(),
            near.len(),
        );
        let entry = |at: usize| passages[at].found.passage.entry_id.as_uuid().as_u128();
        let side = |one: &Contradiction| one.passages.map(entry).iter().sum::<u128>() % 2;
        for (half, what) in [
            (0, "of two even places or two odd ones"),
            (1, "of an even place and an odd one"),
        ] {
            let mut kinds: BTreeMap<Difference, usize> = BTreeMap::new();
            for one in found.iter().filter(|one| side(one) == half) {
                *kinds.entry(one.difference).or_default() += 1;
            }
            let told: usize = kinds.values().sum();
            println!("  between entries {what}: {told} reported {kinds:?}");
        }
        for one in found.iter().filter(|_| verbose) {
            println!("  {} ({})", one.difference, side(one));
            for (at, range) in one.passages.iter().zip(&one.sentences) {
                let Compared { found, .. } = &passages[*at];
                let sentence = found.passage.text[range.clone()].trim().replace('\n', " ");
                println!("    [{} › {}] {sentence}", found.title, found.passage.heading);
            }
        }
    }
    for (name, entries) in sets::all(&folder)? {
        let (mut copies, mut found) = (0, 0);
        for text in entries.iter().skip(1).step_by(2) {
            let Some(copy) = sets::altered(text) else { continue };
            let passages = cut(&retriever, &mut meanings, &[text.clone(), copy])?;
            let told = grounding.contradictions(&passages, &neighbours(&passages), 0.0);
            copies += 1;
            found += usize::from(!told.is_empty());
            if verbose && told.is_empty() {
                println!("  nothing told of a copy of {}", text.title);
            }
        }
        println!(
            "{name}: {found} of {copies} copies at odd places with one figure altered are told from what they were"
        );
    }
    for (name, text) in pairs::FILES {
        let pairs = pairs::read(text)?;
        let (mut found, mut contrary, mut alarms) = (0, 0, 0);
        for pair in &pairs {
            let passages = cut(&retriever, &mut meanings, &pair.entries)?;
            let told: Vec<_> = grounding
                .contradictions(&passages, &neighbours(&passages), 0.0)
                .into_iter()
                .map(|one| one.difference)
                .collect();
            match pair.difference {
                Some(difference) => {
                    contrary += 1;
                    found += usize::from(told.contains(&difference));
                }
                None => alarms += usize::from(!told.is_empty()),
            }
            let right = pair
                .difference
                .map_or(told.is_empty(), |difference| told.contains(&difference));
            if verbose && !right {
                println!("  {:?} taken for {told:?}: {:?}", pair.difference, pair.texts());
            }
        }
        println!(
            "{name}: {found} of {contrary} contradictions found, {alarms} false alarms of {} pairs without one",
            pairs.len() - contrary
        );
    }
    meanings.save()
}
