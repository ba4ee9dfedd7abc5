//! Sentiment and emotion against GoEmotions.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use acs_ai::understand::RuleUnderstanding;
use acs_domain::analysis::{EmotionLabel, SentimentLabel};

use crate::data;

const POSITIVE: [&str; 12] = [
    "admiration",
    "amusement",
    "approval",
    "caring",
    "desire",
    "excitement",
    "gratitude",
    "joy",
    "love",
    "optimism",
    "pride",
    "relief",
];
const NEGATIVE: [&str; 11] = [
    "anger",
    "annoyance",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "fear",
    "grief",
    "nervousness",
    "remorse",
    "sadness",
];

pub(crate) fn report(folder: &Path) -> Result<(), Box<dyn Error>> {
    for part in ["train", "dev"] {
        let rows = data::go_emotions(folder, part)?;
        println!("GoEmotions {part}: {} texts", rows.len());
        sentiment(&rows);
        emotion(&rows);
    }
    Ok(())
}

/// Recall of positive, negative and neutral; texts of several groups or of the ambiguous ones are left out.
fn sentiment(rows: &[(String, Vec<String>)]) {
    let group = |label: &String| match label.as_str() {
        label if POSITIVE.contains(&label) => Some("positive"),
        label if NEGATIVE.contains(&label) => Some("negative"),
        "neutral" => Some("neutral"),
        _ => None,
    };
    let mut counts: HashMap<&str, (f64, f64)> = HashMap::new();
    for (text, labels) in rows {
        let groups: Vec<Option<&str>> = labels.iter().map(group).collect();
        let Some(Some(truth)) = groups.first().copied() else {
            continue;
        };
        if groups.iter().any(|other| *other != Some(truth)) {
            continue;
        }
        let found = match RuleUnderstanding::analyze_text(text).sentiment.label {
            SentimentLabel::Negative | SentimentLabel::VeryNegative => "negative",
            SentimentLabel::Positive | SentimentLabel::VeryPositive => "positive",
            SentimentLabel::Neutral => "neutral",
        };
        let count = counts.entry(truth).or_default();
        count.0 += 1.0;
        count.1 += f64::from(u8::from(found == truth));
    }
    let mut sum = 0.0;
    for group in ["positive", "negative", "neutral"] {
        let (all, right) = counts.get(group).copied().unwrap_or_default();
        sum += right / all;
        print!("  {group} {:.3} of {all}", right / all);
    }
    println!("  macro-recall {:.3}", sum / 3.0);
}

/// F1 of each emotion among texts with a single label that has a counterpart.
fn emotion(rows: &[(String, Vec<String>)]) {
    let mut found_of: HashMap<EmotionLabel, f64> = HashMap::new();
    let mut truth_of: HashMap<EmotionLabel, f64> = HashMap::new();
    let mut right_of: HashMap<EmotionLabel, f64> = HashMap::new();
    for (text, labels) in rows {
        let [label] = &labels[..] else { continue };
        let Some(truth) = counterpart(label) else { continue };
        let found = RuleUnderstanding::analyze_text(text).emotion.label;
        *truth_of.entry(truth).or_default() += 1.0;
        *found_of.entry(found).or_default() += 1.0;
        if found == truth {
            *right_of.entry(truth).or_default() += 1.0;
        }
    }
    let count = |of: &HashMap<EmotionLabel, f64>, label| of.get(&label).copied().unwrap_or(0.0);
    let mut sum = 0.0;
    for label in EmotionLabel::ALL {
        let (truth, found, right) = (
            count(&truth_of, *label),
            count(&found_of, *label),
            count(&right_of, *label),
        );
        let f1 = if right > 0.0 {
            2.0 * right / (truth + found)
        } else {
            0.0
        };
        sum += f1;
        println!(
            "  {label:<15} {truth:>6} texts  precision {:.3}  recall {:.3}  F1 {f1:.3}",
            right / found.max(1.0),
            right / truth
        );
    }
    println!("  macro-F1 {:.3}", sum / EmotionLabel::ALL.len() as f64);
}

fn counterpart(label: &str) -> Option<EmotionLabel> {
    Some(match label {
        "neutral" => EmotionLabel::Neutral,
        "joy" | "excitement" | "amusement" | "love" | "admiration" => EmotionLabel::Joy,
        "gratitude" => EmotionLabel::Gratitude,
        "confusion" => EmotionLabel::Confusion,
        "disappointment" => EmotionLabel::Disappointment,
        "annoyance" => EmotionLabel::Frustration,
        "anger" | "disgust" => EmotionLabel::Anger,
        "sadness" | "grief" => EmotionLabel::Sadness,
        "fear" | "nervousness" => EmotionLabel::Fear,
        "surprise" => EmotionLabel::Surprise,
        _ => return None,
    })
}
