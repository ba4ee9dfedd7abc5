//! How well the composer answers, and the training of its confidence.
//!
//! ```text
//! cargo run --release -p acs-ai --example evaluate_answers -- --data DATA [--train]
//! ```
//!
//! With `--train` it first reports cross-validated figures – each of articles and threads that were not trained on –
//! and then writes `src/compose/weights.rs`, trained on everything; without, it reports on the weights as they are. Either
//! way it ends with the questions that come with the sample company, which are never trained on, and with sentences of a
//! model's reply. `company_questions.json` and `bank_questions.json` hold others, written for training: of the sample
//! company's articles and of a bank's, with about as many again that sound like them and are not answered there.
//! The first run embeds all texts and takes minutes; they are kept in the build folder.

#![expect(clippy::print_stdout, reason = "a report is what this program is for")]

mod company;
mod data;
mod fit;
mod left_out;
#[path = "../common/meaning.rs"]
#[expect(dead_code, reason = "the model is not asked itself")]
mod meaning;
mod report;
mod sentences;
mod train;
mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use acs_ai::compose::Weights;
use acs_ai::retrieve::RuleRetriever;
use acs_domain::port::retrieve::Retriever;
use anyhow::{Context, Result};

use crate::data::{Case, Kind, Set};
use crate::meaning::Meanings;
use crate::world::ask;

fn main() -> Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let data = options.iter().skip_while(|option| *option != "--data").nth(1);
    let data = PathBuf::from(data.context("usage: evaluate_answers --data FOLDER [--train]")?);
    let retriever: Arc<dyn Retriever> = Arc::new(RuleRetriever::default());
    let mut meanings = Meanings::open()?;
    let mut asked = Vec::new();
    println!("{:<28}{:>6}{:>10}", "passages", "n", "share");
    for set in public_sets(&data)? {
        left_out::report(&set, &*retriever);
        asked.extend(ask(&set, &retriever, &mut meanings)?);
        meanings.save()?;
    }
    let demo = demo_folder();
    let demo = company::knowledge("demo", &demo, &demo.join("questions.json"))?;
    left_out::report(&demo, &*retriever);
    let demo = ask(&demo, &retriever, &mut meanings)?;
    meanings.save()?;
    let mut weights = Weights::TRAINED;
    if options.iter().any(|option| option == "--train") {
        let lessons = train::lessons(&asked, &retriever);
        println!("# Cross-validated\n");
        report::answers(&train::cross_validated(&lessons, &retriever));
        weights = train::train(lessons.iter());
        train::write(&weights)?;
    } else {
        println!("# What the weights were trained on\n");
        report::answers(&train::judge(&asked, &retriever, weights));
    }
    println!("\n# The sample company, never trained on\n");
    let judged = train::judge(&demo, &retriever, weights);
    report::answers(&judged);
    report::faults(&judged);
    sentences::report(&asked, &retriever);
    Ok(())
}

fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/demo")
}

/// The sets to train on, with questions of the others as off topic.
fn public_sets(data: &Path) -> Result<Vec<Set>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/evaluate_answers");
    let (mut xquad, mut stackfaq) = (data::xquad(data)?, data::stackfaq(data)?);
    let mut tau2 = data::tau2(data, &own.join("bank_questions.json"))?;
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
    let demo = demo_folder();
    let support = company::knowledge("support", &demo, &own.join("company_questions.json"))?;
    Ok(vec![xquad, stackfaq, terse, tau2, support])
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
