//! The texts to learn from.

use std::path::Path;

use acs_ai::understand::mood::{NEUTRAL, groupings};
use anyhow::{Context, Result};

/// A text and its classes.
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) classes: Vec<u16>,
}

/// GoEmotions (Demszky et al. 2020): `train` or `dev`, the groupings added to the labels.
pub(crate) fn go_emotions(folder: &Path, part: &str) -> Result<Vec<Row>> {
    let path = folder.join("goemotions").join(format!("{part}.tsv"));
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let row = |line: &str| -> Result<Row> {
        let mut fields = line.split('\t');
        let text = fields.next().context("no text")?.to_owned();
        let labels = fields.next().context("no labels")?;
        let labels = labels
            .split(',')
            .map(str::parse)
            .collect::<Result<Vec<usize>, _>>()?;
        let mut classes: Vec<usize> = labels
            .iter()
            .filter_map(|label| groupings(*label))
            .flat_map(|(ekman, group)| [ekman, group])
            .chain(labels.iter().copied())
            .collect();
        classes.sort_unstable();
        classes.dedup();
        Ok(Row {
            text,
            classes: classes.into_iter().map(u16::try_from).collect::<Result<_, _>>()?,
        })
    };
    text.lines().map(row).collect()
}

/// Plain questions of customers, which GoEmotions lacks: every fifth of BANKING77 (Casanueva et al. 2020) and every
/// seventh of the training part of CLINC150 (Larson et al. 2019). Hardly any shows feeling, so all are taken for neutral.
pub(crate) fn customers(folder: &Path) -> Result<Vec<Row>> {
    let path = folder.join("banking77/train.csv");
    let banking = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    // A question that is quoted or goes on in the next line is passed over: there are enough others.
    let plain = banking.lines().skip(1).filter(|line| !line.contains('"'));
    let mut texts: Vec<String> = plain
        .filter_map(|line| Some(line.rsplit_once(',')?.0.to_owned()))
        .step_by(5)
        .collect();
    let path = folder.join("clinc150/data.json");
    let clinc = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let parts: serde_json::Value = serde_json::from_str(&clinc)?;
    let rows: Vec<(String, String)> = serde_json::from_value(parts["train"].clone())?;
    texts.extend(rows.into_iter().map(|(text, _)| text).step_by(7));
    let neutral = u16::try_from(NEUTRAL)?;
    Ok(texts
        .into_iter()
        .map(|text| Row {
            text,
            classes: vec![neutral],
        })
        .collect())
}
