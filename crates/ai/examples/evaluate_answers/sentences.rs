//! How well sentences of a model's reply are told apart: sources' own sentences in slightly other words, and lies.

use std::sync::Arc;

use acs_ai::ground::RuleGrounding;
use acs_domain::knowledge::Hit;
use acs_domain::port::ground::{Grounding, Sources, Support};
use acs_domain::port::retrieve::Retriever;

use crate::report::ratio;
use crate::world::Asked;

/// A way to change a sentence; `None` where it cannot be changed so.
type Change = fn(&str) -> Option<String>;

const TRUE: &[(&str, Change)] = &[
    ("verbatim", |text| Some(text.to_owned())),
    ("without every seventh word", without_words),
    ("clauses turned round", turned),
    ("with a lead-in", |text| {
        Some(format!("In short, {}", lower_first(text)))
    }),
];

const FALSE: &[(&str, Change)] = &[
    ("a figure changed", other_figure),
    ("denied", denied),
    ("with a promise", |text| {
        Some(format!(
            "{} free of charge, guaranteed.",
            text.trim_end_matches(['.', '!', '?'])
        ))
    }),
    ("with a link", |text| {
        Some(format!(
            "{} at www.fast-help.example.",
            text.trim_end_matches(['.', '!', '?'])
        ))
    }),
    ("with another name", |text| {
        Some(format!(
            "{} at Globex Industries.",
            text.trim_end_matches(['.', '!', '?'])
        ))
    }),
];

/// Prints the share of sentences that count as supported, by how they were changed.
pub(crate) fn report(asked: &[Asked], retriever: &Arc<dyn Retriever>) {
    let grounding = RuleGrounding::new(Arc::clone(retriever));
    let check = |text: &str, hits: &[Hit]| grounding.read(&sources(hits)).check(text, None);
    println!("\n{:<34}{:>7}{:>11}", "sentences", "n", "supported");
    for (name, change) in TRUE.iter().chain(FALSE) {
        let checked = samples(asked).filter_map(|(hits, text)| Some(check(&change(text)?, hits)));
        show(name, checked.collect());
    }
    let strangers: Vec<&str> = samples(asked).map(|(_, text)| text).collect();
    let shift = strangers.len() / 2;
    let foreign = samples(asked)
        .enumerate()
        .map(|(n, (hits, _))| check(strangers[(n + shift) % strangers.len()], hits));
    show("of another article", foreign.collect());
}

fn sources(hits: &[Hit]) -> Sources {
    Sources {
        hits: hits.into(),
        statements: Vec::new(),
        said: Vec::new(),
        names: Vec::new(),
        language: "en".to_owned(),
        strangers: 0.0,
    }
}

fn show(name: &str, checked: Vec<Support>) {
    let supported = checked
        .iter()
        .filter(|support| matches!(support, Support::Supported(_)))
        .count();
    println!(
        "{name:<34}{:>7}{:>11.3}",
        checked.len(),
        ratio(supported, checked.len())
    );
}

/// A sentence of the best passage of every ninth question, beside everything that was found.
fn samples(asked: &[Asked]) -> impl Iterator<Item = (&[Hit], &str)> {
    asked.iter().step_by(9).filter_map(|asked| {
        let passage = &asked.hits.first()?.found.passage;
        let sentence = passage.sentences.get(passage.sentences.len() / 2)?;
        let text = passage.text[sentence.start..sentence.end].trim();
        let words = text.split_whitespace().count();
        ((6..=40).contains(&words) && !text.ends_with('?')).then_some((asked.hits.as_slice(), text))
    })
}

fn without_words(text: &str) -> Option<String> {
    let kept = text
        .split(' ')
        .enumerate()
        .filter(|(n, word)| n % 7 != 5 || word.chars().any(|c| c.is_ascii_digit()));
    Some(kept.map(|(_, word)| word).collect::<Vec<_>>().join(" "))
}

fn turned(text: &str) -> Option<String> {
    let (first, second) = text.trim_end_matches('.').split_once(", ")?;
    Some(format!("{second}, {}.", lower_first(first)))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_lowercase().to_string())
        .unwrap_or_default();
    first + chars.as_str()
}

fn other_figure(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..]
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len() - start);
    let figure: u64 = text[start..start + length].parse().ok()?;
    Some(format!(
        "{}{}{}",
        &text[..start],
        figure + 7,
        &text[start + length..]
    ))
}

fn denied(text: &str) -> Option<String> {
    let verb = [" is ", " are ", " was ", " can ", " will "]
        .into_iter()
        .find(|verb| text.contains(verb))?;
    (!text.contains(" not ")).then(|| text.replacen(verb, &format!("{verb}not "), 1))
}
