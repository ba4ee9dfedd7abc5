//! Sentiment and emotion on our own customer messages: two sets in English and one in the other languages.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::entity::Context;
use acs_domain::analysis::{Analysis, SentimentLabel};
use anyhow::Result;

use crate::meaning::Meanings;
use crate::{Setting, data};

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let meanings = setting.meanings()?;
    english(meanings)?;
    meanings.save()?;
    languages()?;
    let texts = data::own::<3>("moods.tsv", "tune")?;
    let begun = Instant::now();
    for [_, _, text] in &texts {
        black_box(RuleUnderstanding::analyze_text(black_box(text)));
    }
    let each = begun.elapsed().as_secs_f64() * 1e3 / texts.len().max(1) as f64;
    println!("an analysis without the embedding: {each:.3} ms");
    Ok(())
}

/// Three classes; only of the rows marked `tune` the wrong ones are shown.
fn english(meanings: &mut Meanings) -> Result<()> {
    for (file, part) in [
        ("moods.tsv", "tune"),
        ("moods.tsv", "test"),
        ("moods_second.tsv", "tune"),
        ("moods_second.tsv", "test"),
    ] {
        let rows = data::own::<3>(file, part)?;
        for joined in [true, false] {
            let mut right = 0;
            for [label, kind, text] in &rows {
                let vector = if joined { Some(meanings.of(text)?) } else { None };
                let analysis = RuleUnderstanding::analyze_in(text, Context::default(), vector.as_ref());
                if class(&analysis) == label {
                    right += 1;
                } else if part == "tune" && joined {
                    println!("    {label} ({kind}), {:.2}: {text}", analysis.sentiment.score);
                }
            }
            told(&format!("{file}, {part}, embedding {joined}"), right, rows.len());
        }
    }
    Ok(())
}

/// Sentiment and, where one is right, emotion.
fn languages() -> Result<()> {
    let rows = data::own::<4>("moods_languages.tsv", "test")?;
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let (mut named, mut well_named) = (0, 0);
    for [code, label, emotion, text] in &rows {
        let analysis = RuleUnderstanding::analyze_text(text);
        let count = counts.entry(code).or_default();
        count[0] += 1;
        count[1] += usize::from(class(&analysis) == label);
        if emotion != "-" {
            named += 1;
            well_named += usize::from(analysis.emotion.label.as_str() == emotion);
        }
    }
    for (code, [all, right]) in &counts {
        told(&format!("moods_languages.tsv, {code}"), *right, *all);
    }
    let right = counts.values().map(|count| count[1]).sum();
    told("moods_languages.tsv, all, sentiment", right, rows.len());
    told("moods_languages.tsv, all, emotion", well_named, named);
    Ok(())
}

fn class(analysis: &Analysis) -> &'static str {
    match analysis.sentiment.label {
        SentimentLabel::VeryNegative | SentimentLabel::Negative => "negative",
        SentimentLabel::Neutral => "neutral",
        SentimentLabel::Positive | SentimentLabel::VeryPositive => "positive",
    }
}

fn told(what: &str, right: usize, all: usize) {
    println!("{what}: {:.3} of {all}", right as f64 / all.max(1) as f64);
}
