//! Training and judging.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use acs_ai::compose::{Contender, FEATURES, Logistic, SENTENCE_FEATURES, Weights};
use acs_domain::port::compose::{Composer, Draft};
use acs_domain::port::retrieve::Retriever;
use anyhow::Result;

use crate::data::{Kind, fold};
use crate::fit::{Sample, fit};
use crate::world::{Asked, composer};

const FOLDS: u64 = 5;
/// How often the sentence's model is trained on its own choices.
const ROUNDS: usize = 3;

/// What a composer made of a case.
pub(crate) struct Judged<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) draft: Option<Draft>,
    pub(crate) is_right: bool,
}

impl Judged<'_> {
    pub(crate) fn confidence(&self) -> f32 {
        self.draft.as_ref().map_or(0.0, |draft| draft.confidence)
    }
}

/// How the composer does with these weights.
pub(crate) fn judge<'a>(
    asked: &[&'a Asked],
    retriever: &Arc<dyn Retriever>,
    weights: Weights,
) -> Vec<Judged<'a>> {
    let composer = composer(retriever, weights);
    let judged = asked.iter().map(|asked| {
        let draft = composer.compose(&asked.question, &asked.hits);
        let is_right = draft.as_ref().is_some_and(|draft| asked.is_right(draft));
        Judged {
            asked,
            draft,
            is_right,
        }
    });
    judged.collect()
}

/// Each fifth of the groups, judged by weights that were trained on the other four.
pub(crate) fn cross_validated<'a>(asked: &'a [Asked], retriever: &Arc<dyn Retriever>) -> Vec<Judged<'a>> {
    let mut judged = Vec::new();
    for held_out in 0..FOLDS {
        let (test, train_on): (Vec<&Asked>, Vec<&Asked>) = asked
            .iter()
            .partition(|asked| fold(&asked.case.group, FOLDS) == held_out);
        judged.extend(judge(&test, retriever, train(&train_on, retriever)));
    }
    judged
}

/// The sentence's model first, then the reply's on what the sentence's model chooses.
pub(crate) fn train(asked: &[&Asked], retriever: &Arc<dyn Retriever>) -> Weights {
    let mut weights = Weights::TRAINED;
    for _ in 0..ROUNDS {
        weights.sentence = fit(&sentences(asked, retriever, weights));
    }
    weights.answer = fit(&replies(asked, retriever, weights, true));
    weights.answer_by_words = fit(&replies(asked, retriever, weights, false));
    weights
}

/// Where only the entry is known, its best sentence under the weights so far stands for the answer.
fn sentences(
    asked: &[&Asked],
    retriever: &Arc<dyn Retriever>,
    weights: Weights,
) -> Vec<Sample<{ SENTENCE_FEATURES.len() }>> {
    let composer = composer(retriever, weights);
    let mut samples = Vec::new();
    for asked in asked.iter().filter(|asked| asked.case.kind == Kind::Answerable) {
        let contenders = composer.contenders(&asked.question, &asked.hits);
        let score = |contender: &Contender| weights.sentence.probability(&contender.features);
        let of_entry = |contender: &&Contender| asked.is_of_entry(contender.hit);
        let best = contenders.iter().filter(of_entry).max_by(|a, b| score(a).total_cmp(&score(b)));
        for contender in &contenders {
            let is_right = match asked.case.answer {
                Some(_) => asked.holds_answer(contender.hit, &contender.range),
                None if best == Some(contender) => true,
                None if asked.is_of_entry(contender.hit) => continue,
                None => false,
            };
            samples.push(Sample { features: contender.features, is_right, weight: if asked.case.answer.is_some() { 1.0 } else { 0.25 } });
        }
    }
    samples
}

fn replies(
    asked: &[&Asked],
    retriever: &Arc<dyn Retriever>,
    weights: Weights,
    with_meaning: bool,
) -> Vec<Sample<{ FEATURES.len() }>> {
    let composer = composer(retriever, weights);
    let mut samples = Vec::new();
    for asked in asked {
        let mut question = asked.question.clone();
        question.vector = question.vector.filter(|_| with_meaning);
        let Some(evidence) = composer.evidence(&question, &asked.hits) else {
            continue;
        };
        let draft = composer.compose(&question, &asked.hits);
        let is_right = draft.is_some_and(|draft| asked.is_right(&draft));
        samples.push(Sample {
            features: evidence.features,
            is_right,
            weight: weight(asked),
        });
    }
    samples
}

/// How much a case counts.
fn weight(asked: &Asked) -> f64 {
    match asked.case.kind {
        Kind::Answerable => 1.0,
        Kind::Hidden | Kind::NearMiss => 1.0,
        Kind::OffTopic => 0.2,
    }
}

/// Writes the features of every reply as a table.
pub(crate) fn dump(asked: &[Asked], demo: &[Asked], retriever: &Arc<dyn Retriever>) -> Result<()> {
    let weights = train(&asked.iter().collect::<Vec<_>>(), retriever);
    println!("{:?}", weights.sentence);
    for (label, weights) in [("hand", Weights::TRAINED), ("trained", weights)] {
    let composer = composer(retriever, weights);
    let mut table = format!("set\tkind\tfold\tright\tquestion\tchars\tany\tfirst\t{}\n", FEATURES.join("\t"));
    for asked in asked.iter().chain(demo) {
        let Some(evidence) = composer.evidence(&asked.question, &asked.hits) else { continue };
        let Some(draft) = composer.compose(&asked.question, &asked.hits) else { continue };
        let is_right = asked.is_right(&draft);
        let entry = asked.case.entry.map(crate::world::entry_id);
        let any = draft.citations.iter().any(|c| Some(c.entry_id) == entry);
        let first = asked.hits.first().is_some_and(|h| Some(h.found.passage.entry_id) == entry);
        let features: Vec<String> = evidence.features.iter().map(f32::to_string).collect();
        let question = asked.case.question.replace(['\t', '\n', '\r', '"'], " ");
        let (kind, fold) = (asked.case.kind, fold(&asked.case.group, FOLDS));
        writeln!(table, "{}\t{kind:?}\t{fold}\t{}\t{question}\t{}\t{}\t{}\t{}", asked.set, u8::from(is_right), draft.text.chars().count(), u8::from(any), u8::from(first), features.join("\t"))?;
    }
    std::fs::write(format!("/tmp/ai2/features-{label}.tsv"), table)?;
    }
    Ok(())
}

/// Writes the weights where the program has them.
pub(crate) fn write(weights: &Weights) -> Result<()> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/compose/weights.rs");
    let source = std::fs::read_to_string(&path)?;
    let (head, _) = source
        .split_once("        sentence: Logistic")
        .unwrap_or((&source, ""));
    let mut text = head.to_owned();
    table(&mut text, "sentence", &weights.sentence, &SENTENCE_FEATURES)?;
    table(&mut text, "answer", &weights.answer, &FEATURES)?;
    table(&mut text, "answer_by_words", &weights.answer_by_words, &FEATURES)?;
    text.push_str("    };\n}\n");
    Ok(std::fs::write(path, text)?)
}

fn table<const N: usize>(
    text: &mut String,
    name: &str,
    model: &Logistic<N>,
    features: &[&str; N],
) -> Result<()> {
    writeln!(
        text,
        "        {name}: Logistic {{\n            bias: {:.4},\n            weights: [",
        model.bias
    )?;
    for (weight, feature) in model.weights.iter().zip(features) {
        writeln!(text, "                {weight:.4}, // {feature}")?;
    }
    Ok(writeln!(text, "            ],\n        }},")?)
}
