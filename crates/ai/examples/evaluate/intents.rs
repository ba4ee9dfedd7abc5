//! Which intent comes first: trained heads beside words alone, nearest phrases and the nearest centroid; and how far the
//! confidence of the first is from the truth (ECE: expected calibration error in ten steps).

use std::collections::BTreeMap;
use std::time::Instant;

use acs_ai::learn::expected_calibration_error;
use acs_ai::understand::intent::Blend;
use anyhow::Result;

use crate::model::Model;
use crate::sample::{self, Text};
use crate::{Setting, data};

/// Shares of texts whose intent came first, and how far confidence was from the truth.
#[derive(Default, Clone, Copy)]
struct Figures {
    heads: f64,
    words: f64,
    nearest: f64,
    centroid: f64,
    error: f64,
    words_error: f64,
    train_s: f64,
    text_us: f64,
}

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    head();
    let (folder, folds) = (setting.folder.clone(), setting.folds);
    for (name, rows, test) in [
        ("BANKING77", data::banking(&folder)?, None),
        (
            "HWU64",
            data::hwu(&folder, "train")?,
            Some(("valid", data::hwu(&folder, "valid")?)),
        ),
        (
            "CLINC150",
            data::clinc(&folder, "train")?,
            Some(("val", data::clinc(&folder, "val")?)),
        ),
    ] {
        let texts = setting.texts(rows)?;
        let test = match test {
            Some((part, rows)) => Some((part, setting.texts(rows)?)),
            None => None,
        };
        for most in [5, 10, usize::MAX] {
            let size = match most {
                usize::MAX => "all".to_owned(),
                most => format!("{most} each"),
            };
            across(&format!("{name}, {size}, {folds} folds"), &texts, most, folds)?;
            if let Some((part, test)) = &test {
                line(
                    &format!("{name} {part}, {size}"),
                    &sample::few(&texts, most),
                    test,
                )?;
            }
        }
    }
    Ok(())
}

/// The intents of a shop's customers.
pub(crate) fn shop(setting: &mut Setting) -> Result<()> {
    head();
    let folder = setting.folder.clone();
    let taught = setting.texts(data::bitext(&folder, "train")?)?;
    let asked = setting.texts(data::bitext(&folder, "dev")?)?;
    line("Bitext dev", &taught, &asked)
}

/// 150 intents of 100 phrases: how long training takes, without the embeddings.
pub(crate) fn training(setting: &mut Setting) -> Result<()> {
    let folder = setting.folder.clone();
    let texts = setting.texts(data::clinc(&folder, "train")?)?;
    let model = Model::of(&texts)?;
    println!(
        "CLINC150, {} phrases: {:.1} s on one core, {:.1} MB as stored",
        texts.len(),
        model.took.as_secs_f64(),
        model.stored_bytes() as f64 / 1e6
    );
    Ok(())
}

fn head() {
    println!(
        "{:<28} {:>6} {:>6} {:>6} {:>6} {:>7} {:>8} {:>6} {:>9} {:>8} {:>8}",
        "",
        "train",
        "test",
        "heads",
        "words",
        "nearest",
        "centroid",
        "ECE",
        "words ECE",
        "train s",
        "µs/text"
    );
}

/// One line: the means of some folds.
fn across(name: &str, texts: &[Text], most: usize, folds: usize) -> Result<()> {
    let mut sums: Vec<Figures> = Vec::new();
    let (mut taught, mut asked) = (0, 0);
    for number in 0..folds {
        let (rest, held) = sample::fold(texts, number);
        let few = sample::few(&rest, most);
        (taught, asked) = (few.len(), held.len());
        sums.push(measure(&few, &held)?);
    }
    let mean = |of: fn(&Figures) -> f64| sums.iter().map(of).sum::<f64>() / sums.len() as f64;
    let figures = Figures {
        heads: mean(|f| f.heads),
        words: mean(|f| f.words),
        nearest: mean(|f| f.nearest),
        centroid: mean(|f| f.centroid),
        error: mean(|f| f.error),
        words_error: mean(|f| f.words_error),
        train_s: mean(|f| f.train_s),
        text_us: mean(|f| f.text_us),
    };
    print(name, taught, asked, &figures);
    Ok(())
}

fn line(name: &str, taught: &[Text], asked: &[Text]) -> Result<()> {
    print(name, taught.len(), asked.len(), &measure(taught, asked)?);
    Ok(())
}

fn print(name: &str, taught: usize, asked: usize, figures: &Figures) {
    println!(
        "{name:<28} {taught:>6} {asked:>6} {:>6.3} {:>6.3} {:>7.3} {:>8.3} {:>6.3} {:>9.3} {:>8.1} {:>8.0}",
        figures.heads,
        figures.words,
        figures.nearest,
        figures.centroid,
        figures.error,
        figures.words_error,
        figures.train_s,
        figures.text_us
    );
}

fn measure(taught: &[Text], asked: &[Text]) -> Result<Figures> {
    let model = Model::of(taught)?;
    let (error, heads, text_us) = first(&model, asked, true);
    let (words_error, words, _) = first(&model, asked, false);
    let nearest = |text: &&Text| {
        let near = model.index.nearest(&text.vector);
        near.first().is_some_and(|near| near.intent == text.label)
    };
    let share = |count: usize| count as f64 / asked.len() as f64;
    Ok(Figures {
        heads,
        words,
        error,
        words_error,
        text_us,
        nearest: share(asked.iter().filter(nearest).count()),
        centroid: share(by_centroid(taught, asked)),
        train_s: model.took.as_secs_f64(),
    })
}

/// The calibration error of the first guess of texts in scope, the share of right ones, and the time for each
/// text in µs.
fn first(model: &Model, asked: &[Text], with_meaning: bool) -> (f64, f64, f64) {
    let began = Instant::now();
    let judged: Vec<(f32, bool)> = asked
        .iter()
        .map(|text| {
            let (evidence, right) = model.evidence(text, with_meaning);
            let (_, confidences) = Blend::TRAINED.confidences(&evidence);
            let best = (0..confidences.len()).max_by(|a, b| confidences[*a].total_cmp(&confidences[*b]));
            (best.map_or(0.0, |best| confidences[best]), best == right)
        })
        .collect();
    let took = began.elapsed().as_secs_f64() * 1e6 / asked.len() as f64;
    let right = judged.iter().filter(|(_, right)| *right).count();
    (
        expected_calibration_error(&judged),
        right as f64 / asked.len() as f64,
        took,
    )
}

/// How many texts are nearest to the mean of the right intent's phrases.
fn by_centroid(taught: &[Text], asked: &[Text]) -> usize {
    let mut sums: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
    for text in taught {
        let sum = sums
            .entry(&text.label)
            .or_insert_with(|| vec![0.0; text.vector.len()]);
        for (sum, value) in sum.iter_mut().zip(text.vector.iter()) {
            *sum += value;
        }
    }
    for sum in sums.values_mut() {
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        for value in sum {
            *value /= length.max(f32::MIN_POSITIVE);
        }
    }
    let cosine =
        |sum: &[f32], text: &Text| -> f32 { sum.iter().zip(text.vector.iter()).map(|(a, b)| a * b).sum() };
    let right = |text: &&Text| {
        let best = sums
            .iter()
            .max_by(|a, b| cosine(a.1, text).total_cmp(&cosine(b.1, text)));
        best.is_some_and(|(name, _)| *name == text.label)
    };
    asked.iter().filter(right).count()
}
