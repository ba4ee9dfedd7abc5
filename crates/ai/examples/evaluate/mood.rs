//! Sentiment and emotion on GoEmotions' dev part, which training never saw.

use std::time::Instant;

use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::entity::Context;
use acs_ai::understand::mood::{CLASSES, EKMAN, LABELS, MoodModel, NEUTRAL, Reading, groupings, meaning};
use acs_domain::analysis::EmotionLabel;
use acs_domain::knowledge::Vector;
use anyhow::{Context as _, Result};

use crate::{Setting, data};

/// A text, its vector, and its classes.
type Row = (String, Vector, Vec<usize>);

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let dev = data::go_emotions(&setting.folder, "dev")?;
    let meanings = setting.meanings()?;
    let mut rows: Vec<Row> = Vec::new();
    for (text, labels) in dev {
        let vector = meanings.of(&text)?;
        rows.push((text, vector, classes(&labels)));
    }
    println!("GoEmotions dev: {} texts", rows.len());
    let model = MoodModel::bundled().context("the bundled head cannot be read")?;
    for joined in [true, false] {
        let name = if joined { "with the embedding" } else { "without" };
        let begun = Instant::now();
        let read = |row: &Row| model.read(&row.0, joined.then_some(&*row.1));
        let readings: Vec<(Reading, &[usize])> =
            rows.iter().map(|row| (read(row), row.2.as_slice())).collect();
        let each = begun.elapsed().as_secs_f64() * 1e6 / rows.len() as f64;
        let groups = LABELS.len() + EKMAN.len()..CLASSES;
        println!(
            "  {name}: macro-F1 28 {:.3}, Ekman-7 {:.3}, grouped {:.3}; {each:.0} µs each",
            macro_f1(&readings, 0..LABELS.len()),
            macro_f1(&readings, (LABELS.len()..groups.start).chain([NEUTRAL])),
            macro_f1(&readings, groups.chain([NEUTRAL])),
        );
        emotions(&rows, joined);
    }
    meanings.save()?;
    Ok(())
}

/// The labels' columns and those of their groupings.
fn classes(labels: &[usize]) -> Vec<usize> {
    let both = |place: &usize| {
        let (ekman, group) = groupings(*place).unzip();
        [Some(*place), ekman, group].into_iter().flatten()
    };
    let mut classes: Vec<usize> = labels.iter().flat_map(both).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

fn macro_f1(readings: &[(Reading, &[usize])], classes: impl IntoIterator<Item = usize>) -> f64 {
    let f1 = |class: usize| {
        let (mut said, mut true_of, mut right) = (0.0, 0.0, 0.0);
        for (reading, truth) in readings {
            let (is_said, is_true) = (reading.said[class], truth.contains(&class));
            said += f64::from(u8::from(is_said));
            true_of += f64::from(u8::from(is_true));
            right += f64::from(u8::from(is_said && is_true));
        }
        if right > 0.0 {
            2.0 * right / (said + true_of)
        } else {
            0.0
        }
    };
    let all: Vec<f64> = classes.into_iter().map(f1).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

/// F1 of each emotion that is named, among texts with a single label that has a counterpart.
fn emotions(rows: &[Row], joined: bool) {
    let mut counts = vec![[0.0_f64; 3]; EmotionLabel::ALL.len()];
    let place = |emotion: EmotionLabel| EmotionLabel::ALL.iter().position(|other| *other == emotion);
    for (text, vector, classes) in rows {
        let labels: Vec<usize> = classes
            .iter()
            .copied()
            .filter(|class| *class < LABELS.len())
            .collect();
        let [label] = labels[..] else { continue };
        let Some(truth) = meaning(label) else { continue };
        let vector = joined.then_some(vector);
        let found = RuleUnderstanding::analyze_in(text, Context::default(), vector)
            .emotion
            .label;
        let (Some(truth), Some(found)) = (place(truth), place(found)) else {
            continue;
        };
        counts[truth][0] += 1.0;
        counts[found][1] += 1.0;
        if truth == found {
            counts[truth][2] += 1.0;
        }
    }
    let f1 = |[truth, found, right]: &[f64; 3]| 2.0 * right / (truth + found).max(1.0);
    let each: Vec<String> = counts
        .iter()
        .zip(EmotionLabel::ALL)
        .map(|(count, label)| format!("{label} {:.2}", f1(count)))
        .collect();
    let mean = counts.iter().map(f1).sum::<f64>() / counts.len() as f64;
    println!("    the ten emotions, macro-F1 {mean:.3}: {}", each.join(", "));
}
