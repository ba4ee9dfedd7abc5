//! Questions and their intents, read from their public forms.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};

/// A text and its label.
pub(crate) type Labelled = (String, String);

/// CLINC150 (Larson et al. 2019): one of `train`, `val`, `oos_train`, `oos_val`.
pub(crate) fn clinc(folder: &Path, part: &str) -> Result<Vec<Labelled>> {
    let mut parts: HashMap<String, Vec<Labelled>> =
        serde_json::from_str(&read(&folder.join("clinc150/data.json"))?)?;
    parts.remove(part).context("no such part")
}

/// BANKING77 (Casanueva et al. 2020): the training part, as the test part is kept apart.
pub(crate) fn banking(folder: &Path) -> Result<Vec<Labelled>> {
    let text = read(&folder.join("banking77/train.csv"))?;
    rows(&text)
        .map(|row| {
            let (text, label) = row.rsplit_once(',').context("a line without a label")?;
            let text = text.trim().trim_matches('"').replace("\"\"", "\"");
            Ok((text, label.trim().to_owned()))
        })
        .collect()
}

/// HWU64 (Liu et al. 2019): `train` or `valid`.
pub(crate) fn hwu(folder: &Path, part: &str) -> Result<Vec<Labelled>> {
    let texts = read(&folder.join("hwu64").join(part).join("seq.in"))?;
    let labels = read(&folder.join("hwu64").join(part).join("label"))?;
    let pair = |(text, label): (&str, &str)| (text.to_owned(), label.to_owned());
    Ok(texts.lines().zip(labels.lines()).map(pair).collect())
}

/// Questions of a shop's customers (Bitext): `train` or `dev`.
pub(crate) fn bitext(folder: &Path, part: &str) -> Result<Vec<Labelled>> {
    let text = read(&folder.join(format!("bitext-customer-service/{part}.csv")))?;
    rows(&text)
        .map(|row| {
            let (text, rest) = match row.strip_prefix('"') {
                Some(quoted) => quoted.split_once("\","),
                None => row.split_once(','),
            }
            .context("a line without a label")?;
            let label = rest.split(',').next().unwrap_or_default();
            Ok((text.replace("\"\"", "\""), label.to_owned()))
        })
        .collect()
}

/// The rows below the head, each in one line: a quoted field may go on in the next line.
fn rows(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.lines().skip(1);
    std::iter::from_fn(move || {
        let mut row = lines.next()?.to_owned();
        while !row.matches('"').count().is_multiple_of(2) {
            row.push(' ');
            row.push_str(lines.next()?);
        }
        Some(row)
    })
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}
