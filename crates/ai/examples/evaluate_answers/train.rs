//! Training and judging.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use acs_ai::compose::{FEATURES, GroundedComposer, Logistic, Weights};
use acs_domain::knowledge::Hit;
use acs_domain::port::compose::{Composer, Draft, Question};
use acs_domain::port::retrieve::Retriever;
use anyhow::{Context, Result};

use crate::data::{Kind, fold};
use crate::fit::{Sample, fit};
use crate::world::Asked;

const FOLDS: u64 = 5;

/// What a composer made of a case.
pub(crate) struct Judged<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) draft: Option<Draft>,
    pub(crate) is_right: bool,
    /// How far the draft is ahead of what other entries would say.
    pub(crate) lead: Option<f32>,
}

impl Judged<'_> {
    pub(crate) fn confidence(&self) -> f32 {
        self.draft.as_ref().map_or(0.0, |draft| draft.confidence)
    }
}

/// How the composer does with these weights.
pub(crate) fn judge<'a>(
    asked: impl IntoIterator<Item = &'a Asked>,
    retriever: &Arc<dyn Retriever>,
    weights: Weights,
) -> Vec<Judged<'a>> {
    let composer = GroundedComposer::with_weights(Arc::clone(retriever), weights);
    let judged = asked.into_iter().map(|asked| {
        let draft = composer.compose(&asked.question, &asked.hits);
        let is_right = draft.as_ref().is_some_and(|draft| asked.is_right(draft));
        Judged {
            asked,
            draft,
            is_right,
            lead: composer.lead(&asked.question, &asked.hits),
        }
    });
    judged.collect()
}

/// A case with the evidence for its reply, with meaning and by words alone. Neither depends on the weights.
pub(crate) struct Lesson<'a> {
    asked: &'a Asked,
    with_meaning: Sample<{ FEATURES.len() }>,
    by_words: Sample<{ FEATURES.len() }>,
}

/// What there is to learn from.
pub(crate) fn lessons<'a>(asked: &'a [Asked], retriever: &Arc<dyn Retriever>) -> Vec<Lesson<'a>> {
    let composer = GroundedComposer::new(Arc::clone(retriever));
    let weights = weights(asked);
    let sample = |asked: &Asked, question: &Question, hits: &[Hit]| {
        let evidence = composer.evidence(question, hits)?;
        let is_right = asked.is_right(&composer.compose(question, hits)?);
        Some(Sample {
            features: evidence.features,
            is_right,
            weight: weights[&(asked.set, asked.case.kind)],
        })
    };
    let lesson = |asked: &'a Asked| {
        let (question, hits) = by_words(asked);
        let with_meaning = sample(asked, &asked.question, &asked.hits)?;
        Some(Lesson {
            asked,
            with_meaning,
            by_words: sample(asked, &question, &hits)?,
        })
    };
    asked.iter().filter_map(lesson).collect()
}

/// The case as it is without an embedding: nothing is known of any meaning.
fn by_words(asked: &Asked) -> (Question, Vec<Hit>) {
    let wordless = |hit: &Hit| Hit {
        score: hit.score - hit.cosine,
        cosine: 0.0,
        ..hit.clone()
    };
    let mut hits: Vec<Hit> = asked.hits.iter().map(wordless).collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    (
        Question {
            strangers: 0.0,
            vector: None,
            ..asked.question.clone()
        },
        hits,
    )
}

/// Each fifth of the groups, judged by weights that were trained on the other four.
pub(crate) fn cross_validated<'a>(lessons: &[Lesson<'a>], retriever: &Arc<dyn Retriever>) -> Vec<Judged<'a>> {
    let mut judged = Vec::new();
    for held_out in 0..FOLDS {
        let is_held_out = |lesson: &&Lesson<'_>| fold(&lesson.asked.case.group, FOLDS) == held_out;
        let weights = train(lessons.iter().filter(|lesson| !is_held_out(lesson)));
        judged.extend(judge(
            lessons.iter().filter(is_held_out).map(|lesson| lesson.asked),
            retriever,
            weights,
        ));
    }
    judged
}

/// The weights under which the lessons are likeliest.
pub(crate) fn train<'l, 'a: 'l>(lessons: impl Iterator<Item = &'l Lesson<'a>> + Clone) -> Weights {
    Weights {
        with_meaning: fit(&lessons
            .clone()
            .map(|lesson| lesson.with_meaning.clone())
            .collect::<Vec<_>>()),
        by_words: fit(&lessons.map(|lesson| lesson.by_words.clone()).collect::<Vec<_>>()),
    }
}

/// What all answerable questions of a set count together: each set counts the same, however large it is.
const EACH_SET: f64 = 600.0;

/// The mix that the confidence is calibrated for; these figures, not the model, set how strict the agent is. Beside one
/// question that the knowledge answers there are this many of a kind that it does not. Of what a help centre is asked, a
/// third is not in it, and most of that sounds like what is. It is seldom that just the article is missing while its
/// neighbours, which mostly help too, are there. With an encyclopedia that is the rule: its next paragraph is about the
/// same and does not answer; there are so many of them that at a confidence of 0.3 fewer than one in ten is answered.
fn beside_one_answerable(set: &str, kind: Kind) -> f64 {
    match (kind, set) {
        (Kind::Answerable, _) => 1.0,
        (Kind::NearMiss, _) => 0.33,
        (Kind::OffTopic, _) => 0.17,
        (Kind::Hidden, "xquad") => 2.5,
        (Kind::Hidden, _) => 0.05,
    }
}

/// How much one question of each set and kind counts.
fn weights(asked: &[Asked]) -> HashMap<(&'static str, Kind), f64> {
    let mut counts = HashMap::new();
    for asked in asked {
        *counts.entry((asked.set, asked.case.kind)).or_insert(0.0) += 1.0;
    }
    let share = |((set, kind), count)| ((set, kind), EACH_SET * beside_one_answerable(set, kind) / count);
    counts.into_iter().map(share).collect()
}

/// Writes the weights where the program has them.
pub(crate) fn write(weights: &Weights) -> Result<()> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/compose/weights.rs");
    let source = std::fs::read_to_string(&path)?;
    let (head, _) = source
        .split_once("        with_meaning: Logistic")
        .context("weights.rs has another form")?;
    let mut text = head.to_owned();
    table(&mut text, "with_meaning", &weights.with_meaning)?;
    table(&mut text, "by_words", &weights.by_words)?;
    text.push_str("    };\n}\n");
    Ok(std::fs::write(path, text)?)
}

fn table(text: &mut String, name: &str, model: &Logistic<{ FEATURES.len() }>) -> Result<()> {
    writeln!(
        text,
        "        {name}: Logistic {{\n            bias: {:.4},\n            weights: [",
        model.bias
    )?;
    for (weight, feature) in model.weights.iter().zip(FEATURES) {
        writeln!(text, "                {weight:.4}, // {feature}")?;
    }
    Ok(writeln!(text, "            ],\n        }},")?)
}
