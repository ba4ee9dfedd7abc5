//! The texts to learn from, with their classes.

use std::path::Path;

use acs_ai::understand::mood::{NEUTRAL, groupings};
use anyhow::Result;

use crate::data;

/// A text and its classes.
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) classes: Vec<u16>,
}

/// The training part of GoEmotions, the groupings added to the labels.
pub(crate) fn go_emotions(folder: &Path) -> Result<Vec<Row>> {
    let row = |(text, labels): data::Felt| {
        let mut classes: Vec<usize> = labels
            .iter()
            .filter_map(|label| groupings(*label))
            .flat_map(|(ekman, group)| [ekman, group])
            .chain(labels.iter().copied())
            .collect();
        classes.sort_unstable();
        classes.dedup();
        let classes = classes.into_iter().map(u16::try_from).collect::<Result<_, _>>()?;
        Ok(Row { text, classes })
    };
    data::go_emotions(folder, "train")?.into_iter().map(row).collect()
}

/// Plain questions of customers, which GoEmotions lacks: every fifth of BANKING77 and every seventh of the training part of
/// CLINC150. Hardly any shows feeling, so all are taken for neutral.
pub(crate) fn customers(folder: &Path) -> Result<Vec<Row>> {
    let banking = data::banking(folder)?.into_iter().step_by(5);
    let clinc = data::clinc(folder, "train")?.into_iter().step_by(7);
    let neutral = u16::try_from(NEUTRAL)?;
    let row = |(text, _): data::Labelled| Row {
        text,
        classes: vec![neutral],
    };
    Ok(banking.chain(clinc).map(row).collect())
}
