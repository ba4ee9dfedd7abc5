//! The public sets, read from the forms in which they are given away; `docs/models/` names their licences.
//!
//! Every example that reads a set reads it here, so that all of them mean the same texts by its name.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;

/// A text and its label.
pub(crate) type Labelled = (String, String);

/// A text and the places of its labels.
pub(crate) type Felt = (String, Vec<usize>);

/// CLINC150 (Larson et al. 2019): one of `train`, `val`, `oos_train`, `oos_val`.
pub(crate) fn clinc(folder: &Path, part: &str) -> Result<Vec<Labelled>> {
    let mut parts: HashMap<String, Vec<Labelled>> = json(&folder.join("clinc150/data.json"))?;
    parts
        .remove(part)
        .with_context(|| format!("CLINC150 has no {part}"))
}

/// BANKING77 (Casanueva et al. 2020): its training part.
pub(crate) fn banking(folder: &Path) -> Result<Vec<Labelled>> {
    let row = |row: String| {
        let (text, label) = row.rsplit_once(',').context("a line without a label")?;
        let text = text.trim().trim_matches('"').replace("\"\"", "\"");
        Ok((text, label.trim().to_owned()))
    };
    rows(&folder.join("banking77/train.csv"))?
        .into_iter()
        .map(row)
        .collect()
}

/// HWU64 (Liu et al. 2019): `train` or `valid`.
pub(crate) fn hwu(folder: &Path, part: &str) -> Result<Vec<Labelled>> {
    let texts = read(&folder.join("hwu64").join(part).join("seq.in"))?;
    let labels = read(&folder.join("hwu64").join(part).join("label"))?;
    let pair = |(text, label): (&str, &str)| (text.to_owned(), label.to_owned());
    Ok(texts.lines().zip(labels.lines()).map(pair).collect())
}

/// Questions of a shop's customers (Bitext 2020): `train` or `dev`.
pub(crate) fn bitext(folder: &Path, part: &str) -> Result<Vec<Labelled>> {
    let row = |row: String| {
        let (text, rest) = match row.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\","),
            None => row.split_once(','),
        }
        .context("a line without a label")?;
        let label = rest.split(',').next().unwrap_or_default();
        Ok((text.replace("\"\"", "\""), label.to_owned()))
    };
    rows(&folder.join(format!("bitext-customer-service/{part}.csv")))?
        .into_iter()
        .map(row)
        .collect()
}

/// GoEmotions (Demszky et al. 2020): `train` or `dev`. Labels are places in the set's own list.
pub(crate) fn go_emotions(folder: &Path, part: &str) -> Result<Vec<Felt>> {
    let row = |line: &str| {
        let mut fields = line.split('\t');
        let text = fields.next().context("no text")?.to_owned();
        let labels = fields.next().context("no labels")?.split(',').map(str::parse);
        Ok((text, labels.collect::<Result<_, _>>()?))
    };
    read(&folder.join("goemotions").join(format!("{part}.tsv")))?
        .lines()
        .map(row)
        .collect()
}

/// The paragraphs and questions of XQuAD (Artetxe et al. 2020) in a language.
pub(crate) fn xquad(folder: &Path, code: &str) -> Result<Vec<String>> {
    let file: serde_json::Value = json(&folder.join(format!("xquad/xquad.{code}.json")))?;
    let list = |value: &serde_json::Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let mut texts = Vec::new();
    for article in list(&file, "data") {
        for paragraph in list(&article, "paragraphs") {
            texts.extend(
                list(&paragraph, "qas")
                    .iter()
                    .map(|asked| text(asked, "question")),
            );
            texts.push(text(&paragraph, "context"));
        }
    }
    Ok(texts)
}

/// The rows of one of our own files that are marked for `part`, without the mark.
pub(crate) fn own<const N: usize>(file: &str, part: &str) -> Result<Vec<[String; N]>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(file);
    let text = read(&path)?;
    let rows = text.lines().filter(|line| !line.starts_with("# "));
    let fields = rows.filter_map(|line| line.strip_prefix(part)?.strip_prefix('\t'));
    let row = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        match fields.try_into() {
            Ok(fields) => Ok(fields),
            Err(_) => bail!("{file}: {line:?} has not {N} fields"),
        }
    };
    fields.map(row).collect()
}

/// A file of JSON.
pub(crate) fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_str(&read(path)?).with_context(|| format!("{} is not as expected", path.display()))
}

/// A file of text.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The rows of a CSV file below its head, each in one line: a quoted field may go on in the next.
fn rows(path: &Path) -> Result<Vec<String>> {
    let (mut rows, mut open) = (Vec::new(), String::new());
    for line in read(path)?.lines().skip(1) {
        open.push_str(line);
        if open.matches('"').count().is_multiple_of(2) {
            rows.push(std::mem::take(&mut open));
        } else {
            open.push(' ');
        }
    }
    Ok(rows)
}
