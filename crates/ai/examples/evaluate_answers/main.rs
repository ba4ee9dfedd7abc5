//! How well the composer answers, and the training of its weights.
//!
//! ```text
//! cargo run --release -p acs-ai --example evaluate_answers -- --data ../shared/data [--train]
//! ```
//!
//! Reports for the committed weights, or with `--train` fits new ones (cross-validated figures first, then
//! `src/compose/weights.rs` is written), how often questions are answered rightly, how often something is answered that
//! the knowledge does not hold, at every threshold; and how well sentences of a model's reply are told apart.

#![expect(clippy::print_stdout, reason = "a report is what this program is for")]

mod data;
mod fit;
mod meaning;
mod report;
mod train;
mod world;

use std::path::PathBuf;
use std::sync::Arc;

use acs_ai::compose::Weights;
use acs_ai::retrieve::RuleRetriever;
use acs_domain::port::retrieve::Retriever;
use anyhow::{Context, Result};

use crate::data::{Case, Kind, Set};
use crate::meaning::Meanings;
use crate::world::{Asked, ask};

fn main() -> Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let data = options.iter().skip_while(|option| *option != "--data").nth(1);
    let data = PathBuf::from(data.context("usage: evaluate_answers --data FOLDER [--train]")?);
    let retriever: Arc<dyn Retriever> = Arc::new(RuleRetriever::default());
    let mut meanings = Meanings::open()?;
    let mut asked = Vec::new();
    for set in public_sets(&data)? {
        asked.extend(ask(&set, &retriever, &mut meanings)?);
    }
    let demo_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../app/demo");
    let demo = ask(&data::demo(&demo_folder)?, &retriever, &mut meanings)?;
    meanings.save()?;
    if options.iter().any(|option| option == "--dump") {
        train::dump(&asked, &demo, &retriever)?;
    }
    let weights = if options.iter().any(|option| option == "--train") {
        println!("# Cross-validated: each figure is of articles and threads that were not trained on\n");
        report::answers(&train::cross_validated(&asked, &retriever));
        let weights = train::train(&asked.iter().collect::<Vec<_>>(), &retriever);
        train::write(&weights)?;
        weights
    } else {
        println!("# The committed weights on what they were trained on\n");
        report::answers(&train::judge(
            &asked.iter().collect::<Vec<_>>(),
            &retriever,
            Weights::TRAINED,
        ));
        Weights::TRAINED
    };
    println!("\n# The sample company, never trained on\n");
    let judged = train::judge(&demo.iter().collect::<Vec<_>>(), &retriever, weights);
    report::answers(&judged);
    report::faults(&judged);
    Ok(())
}

/// The sets to train on, with questions of the others as off topic.
fn public_sets(data: &std::path::Path) -> Result<Vec<Set>> {
    let (mut xquad, mut stackfaq, mut tau2) = (data::xquad(data)?, data::stackfaq(data)?, data::tau2(data)?);
    let chat = data::clinc_out_of_scope(data)?;
    let bank = data::banking77(data)?;
    let questions = |set: &Set| -> Vec<String> {
        let answerable = set
            .cases
            .iter()
            .filter(|case| case.kind == Kind::Answerable)
            .step_by(3);
        answerable.map(|case| case.question.clone()).collect()
    };
    let (of_xquad, of_stackfaq) = (questions(&xquad), questions(&stackfaq));
    add_off_topic(&mut xquad, &[&chat, &bank, &of_stackfaq]);
    add_off_topic(&mut stackfaq, &[&chat, &bank, &of_xquad]);
    add_off_topic(&mut tau2, &[&chat, &of_xquad, &of_stackfaq]);
    let terse = data::terse(&stackfaq);
    Ok(vec![xquad, stackfaq, terse, tau2])
}

fn add_off_topic(set: &mut Set, sources: &[&[String]]) {
    for question in sources.iter().copied().flatten() {
        set.cases.push(Case {
            question: question.clone(),
            kind: Kind::OffTopic,
            entry: None,
            answer: None,
            group: format!("off topic {question}"),
        });
    }
}

/// Which set a case belongs to, for a report.
fn name(asked: &Asked) -> (&'static str, Kind) {
    (asked.set, asked.case.kind)
}
