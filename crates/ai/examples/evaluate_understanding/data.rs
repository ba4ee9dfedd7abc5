//! Labelled texts, read from their public forms.

use std::error::Error;
use std::path::Path;

use serde::de::DeserializeOwned;

/// A text and its label.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    pub(crate) text: String,
    pub(crate) label: String,
}

/// A text and the names of the feelings in it.
pub(crate) type Feeling = (String, Vec<String>);

/// CLINC150 (Larson et al. 2019): one of `train`, `val`, `oos_train`, `oos_val`.
pub(crate) fn clinc(folder: &Path, part: &str) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let parts: std::collections::HashMap<String, Vec<(String, String)>> =
        json(&folder.join("clinc150/data.json"))?;
    let rows = parts.get(part).ok_or("no such part")?;
    Ok(rows
        .iter()
        .map(|(text, label)| Labelled {
            text: text.clone(),
            label: label.clone(),
        })
        .collect())
}

/// BANKING77 (Casanueva et al. 2020), the training part: every fifth text of an intent is held out, second.
pub(crate) fn banking(folder: &Path) -> Result<(Vec<Labelled>, Vec<Labelled>), Box<dyn Error>> {
    let text = read(&folder.join("banking77/train.csv"))?;
    let mut rows: Vec<Labelled> = Vec::new();
    let mut open = String::new();
    for line in text.lines().skip(1) {
        open.push_str(line);
        // A quoted field may go on in the next line.
        if open.matches('"').count().is_multiple_of(2) {
            let (text, label) = open.rsplit_once(',').ok_or("a line without a label")?;
            let text = text.trim().trim_matches('"').replace("\"\"", "\"");
            rows.push(Labelled {
                text,
                label: label.trim().to_owned(),
            });
            open.clear();
        } else {
            open.push(' ');
        }
    }
    let mut seen = std::collections::HashMap::new();
    Ok(rows.into_iter().partition(|row| {
        let count = seen.entry(row.label.clone()).or_insert(0_usize);
        *count += 1;
        !count.is_multiple_of(5)
    }))
}

/// GoEmotions (Demszky et al. 2020): texts of `train` or `dev` with their labels' names.
pub(crate) fn go_emotions(folder: &Path, part: &str) -> Result<Vec<Feeling>, Box<dyn Error>> {
    let names = read(&folder.join("goemotions/labels.txt"))?;
    let names: Vec<&str> = names.lines().map(str::trim).collect();
    let rows = read(&folder.join("goemotions").join(format!("{part}.tsv")))?;
    let row = |line: &str| {
        let mut fields = line.split('\t');
        let text = fields.next()?.to_owned();
        let labels = fields
            .next()?
            .split(',')
            .filter_map(|n| names.get(n.parse::<usize>().ok()?).copied());
        Some((text, labels.map(str::to_owned).collect()))
    };
    Ok(rows.lines().filter_map(row).collect())
}

/// The paragraphs and questions of XQuAD (Artetxe et al. 2020) in a language.
pub(crate) fn xquad(folder: &Path, code: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let file: serde_json::Value = json(&folder.join(format!("xquad/xquad.{code}.json")))?;
    let list = |value: &serde_json::Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let paragraphs = list(&file, "data")
        .iter()
        .flat_map(|article| list(article, "paragraphs"))
        .collect::<Vec<_>>();
    let questions = |paragraph: &serde_json::Value| {
        list(paragraph, "qas")
            .iter()
            .map(|qa| text(qa, "question"))
            .collect()
    };
    let texts = |paragraph: &serde_json::Value| {
        let mut texts: Vec<String> = questions(paragraph);
        texts.push(text(paragraph, "context"));
        texts
    };
    Ok(paragraphs.iter().flat_map(texts).collect())
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    Ok(serde_json::from_str(&read(path)?)?)
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// The rows of one of our own files that are marked for `part`, without the mark.
pub(crate) fn own<const N: usize>(file: &str, part: &str) -> Result<Vec<[String; N]>, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(file);
    let text = read(&path)?;
    let rows = text.lines().filter(|line| !line.starts_with("# "));
    let fields = rows.filter_map(|line| line.strip_prefix(part)?.strip_prefix('\t'));
    let row = |line: &str| -> Result<[String; N], Box<dyn Error>> {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        fields
            .try_into()
            .map_err(|_| format!("{file}: {line:?} has not {N} fields").into())
    };
    fields.map(row).collect()
}
