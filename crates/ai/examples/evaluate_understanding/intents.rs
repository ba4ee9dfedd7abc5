//! Nearest phrases: how often the right intent comes first, how well texts out of scope are told, and the fit of the
//! calibration.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::path::Path;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::understand::intent::{Calibration, IntentIndex, Near};
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::Embedder;
use acs_domain::port::understand::Phrase;

use crate::data::{self, Labelled};
use crate::logistic::{self, Example};

/// The part of texts that count as out of scope in the fit.
const OUTSIDE: f64 = 0.25;

/// A text with its meaning.
#[derive(Clone)]
struct Text {
    label: String,
    vector: Vector,
}

/// What came of a text: all intents from the nearest down, and the place of the right intent, if there is one.
struct Outcome {
    near: Vec<Near<'static>>,
    place: Option<usize>,
}

pub(crate) async fn report(folder: &Path) -> Result<(), Box<dyn Error>> {
    let model = SentenceModel::load(ModelFiles::bundled())?;
    let workers = std::thread::available_parallelism()?.get();
    let embedder = LocalEmbedder::start(
        model,
        EmbedOptions {
            workers,
            ..EmbedOptions::default()
        },
    )?;
    let train = embed(&embedder, data::clinc(folder, "train")?).await?;
    let val = embed(&embedder, data::clinc(folder, "val")?).await?;
    let mut outside = embed(&embedder, data::clinc(folder, "oos_train")?).await?;
    outside.extend(embed(&embedder, data::clinc(folder, "oos_val")?).await?);

    let fitted = fit(&train, &val, &outside);
    println!("intents: {fitted:.2?}");
    for calibration in [Calibration::default(), fitted] {
        header(&calibration);
        for phrases in [100, 50, 14, 5] {
            line(
                &format!("CLINC150, {phrases} phrases"),
                &few(&train, phrases),
                &val,
                &outside,
                &calibration,
            );
        }
        let (known, unknown) = halves(&train);
        let (asked, strangers) = (of(&val, &known), of(&val, &unknown));
        line(
            "CLINC150, half known",
            &of(&train, &known),
            &asked,
            &strangers,
            &calibration,
        );
        drop(unknown);
    }

    let calibration = Calibration::default();
    header(&calibration);
    let (phrases, asked) = data::banking(folder)?;
    let (phrases, asked) = (embed(&embedder, phrases).await?, embed(&embedder, asked).await?);
    line("BANKING77, all phrases", &phrases, &asked, &outside, &calibration);
    line(
        "BANKING77, 10 phrases",
        &few(&phrases, 10),
        &asked,
        &outside,
        &calibration,
    );
    let (known, unknown) = halves(&phrases);
    line(
        "BANKING77, half known",
        &of(&phrases, &known),
        &of(&asked, &known),
        &of(&asked, &unknown),
        &calibration,
    );
    let phrases = embed(&embedder, data::hwu(folder, "train")?).await?;
    let asked = embed(&embedder, data::hwu(folder, "valid")?).await?;
    line("HWU64, all phrases", &phrases, &asked, &outside, &calibration);
    embedder.stop().await;
    Ok(())
}

async fn embed(embedder: &LocalEmbedder, rows: Vec<Labelled>) -> Result<Vec<Text>, Box<dyn Error>> {
    let (texts, labels): (Vec<String>, Vec<String>) =
        rows.into_iter().map(|row| (row.text, row.label)).unzip();
    let vectors = embedder.embed(texts).await?;
    Ok(labels
        .into_iter()
        .zip(vectors)
        .map(|(label, vector)| Text { label, vector })
        .collect())
}

/// The numbers that fit CLINC150 with many and with few phrases.
fn fit(train: &[Text], val: &[Text], outside: &[Text]) -> Calibration {
    let (mut inside_outcomes, mut outside_outcomes) = (Vec::new(), Vec::new());
    for phrases in [5, 14, 50, 100] {
        let few = few(train, phrases);
        inside_outcomes.extend(outcomes(&few, val));
        outside_outcomes.extend(outcomes(&few, outside));
        let (known, unknown) = halves(train);
        inside_outcomes.extend(outcomes(&of(&few, &known), &of(val, &known)));
        outside_outcomes.extend(outcomes(&of(&few, &known), &of(val, &unknown)));
    }
    let weigh = |outcomes: &[Outcome], share: f64| share / outcomes.len() as f64;
    let (inside_weight, outside_weight) = (
        weigh(&inside_outcomes, 1.0 - OUTSIDE),
        weigh(&outside_outcomes, OUTSIDE),
    );
    let example = |outcome: &Outcome, truth, weight| Example {
        features: Calibration::features(&outcome.near),
        truth,
        weight,
    };
    let examples: Vec<Example<3>> = inside_outcomes
        .iter()
        .map(|outcome| example(outcome, true, inside_weight))
        .chain(
            outside_outcomes
                .iter()
                .map(|outcome| example(outcome, false, outside_weight)),
        )
        .collect();
    let ([best, lead, phrases], constant) = logistic::fit(&examples);
    let scope = [best as f32, lead as f32, phrases as f32, constant as f32];

    // The sharpness under which the right intents are the least surprising.
    let surprise = |sharpness: f32| -> f32 {
        let shares = |outcome: &Outcome| {
            let place = outcome.place?;
            let weight = |score: f32| ((score - outcome.near[0].score) * sharpness).exp();
            let sum: f32 = outcome.near.iter().map(|near| weight(near.score)).sum();
            Some(-(weight(outcome.near[place].score) / sum).ln())
        };
        inside_outcomes.iter().filter_map(shares).sum()
    };
    let sharpness = (4..=80)
        .map(|step| step as f32 * 0.5)
        .min_by(|a, b| surprise(*a).total_cmp(&surprise(*b)));
    Calibration {
        scope,
        sharpness: sharpness.unwrap_or(20.0),
    }
}

fn header(calibration: &Calibration) {
    println!("\nwith {calibration:.2?}");
    println!(
        "{:<26} {:>7} {:>6} {:>6} {:>7} {:>8} {:>8} {:>8} {:>8} {:>6}",
        "", "phrases", "first", "in 3", "AUROC", "found@5%", "rejected", "found", "accuracy", "ECE"
    );
}

/// One line: accuracy of the first guess and of three; AUROC of in scope against out; out of scope found when 5 % in scope
/// are rejected; and with the threshold in use: in scope rejected, out of scope found, first guess right and not rejected;
/// the calibration error of the first guess.
fn line(name: &str, phrases: &[Text], inside: &[Text], outside: &[Text], calibration: &Calibration) {
    let (inside, outside) = (outcomes(phrases, inside), outcomes(phrases, outside));
    let scope = |outcome: &Outcome| calibration.confidences(&outcome.near).0;
    let (known, unknown): (Vec<f32>, Vec<f32>) = (
        inside.iter().map(scope).collect(),
        outside.iter().map(scope).collect(),
    );
    let mut sorted = known.clone();
    sorted.sort_by(f32::total_cmp);
    let at_five = sorted[sorted.len() / 20];
    let share = |scores: &[f32], below: f32| {
        scores.iter().filter(|score| **score < below).count() as f64 / scores.len() as f64
    };
    let within = |places: usize| {
        inside
            .iter()
            .filter(|o| o.place.is_some_and(|place| place < places))
            .count() as f64
            / inside.len() as f64
    };
    let accepted_right = inside
        .iter()
        .zip(&known)
        .filter(|(o, scope)| o.place == Some(0) && **scope >= Calibration::IN_SCOPE)
        .count();
    // Inside and outside in the proportion of the fit.
    let weight = ((1.0 - OUTSIDE) / OUTSIDE * outside.len() as f64 / inside.len() as f64).max(0.01);
    let confidence = |outcome: &Outcome| {
        calibration
            .confidences(&outcome.near)
            .1
            .first()
            .copied()
            .unwrap_or(0.0)
    };
    let repeats = (1.0 / weight).round().max(1.0) as usize;
    let mut judged: Vec<(f32, bool)> = inside
        .iter()
        .map(|o| (confidence(o), o.place == Some(0)))
        .collect();
    for _ in 0..repeats {
        judged.extend(outside.iter().map(|o| (confidence(o), false)));
    }
    println!(
        "{name:<26} {:>7} {:>6.3} {:>6.3} {:>7.3} {:>8.3} {:>8.3} {:>8.3} {:>8.3} {:>6.3}",
        phrases.len(),
        within(1),
        within(3),
        logistic::area(&known, &unknown),
        share(&unknown, at_five),
        share(&known, Calibration::IN_SCOPE),
        share(&unknown, Calibration::IN_SCOPE),
        accepted_right as f64 / inside.len() as f64,
        logistic::calibration_error(&judged),
    );
}

fn outcomes(phrases: &[Text], asked: &[Text]) -> Vec<Outcome> {
    let phrase = |text: &Text| Phrase {
        intent: text.label.clone(),
        text: String::new(),
        vector: text.vector.clone(),
    };
    let index = IntentIndex::learn(phrases.iter().map(phrase).collect());
    let outcome = |text: &Text| {
        let near = index.nearest(&text.vector);
        Outcome {
            place: near.iter().position(|near| near.intent == text.label),
            // The names have done their part.
            near: near.iter().map(|near| Near { intent: "", ..*near }).collect(),
        }
    };
    asked.iter().map(outcome).collect()
}

/// The first so many texts of each label.
fn few(texts: &[Text], most: usize) -> Vec<Text> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let keep = |text: &&Text| {
        let count = seen.entry(text.label.clone()).or_default();
        *count += 1;
        *count <= most
    };
    texts.iter().filter(keep).cloned().collect()
}

/// Every other label, and the rest.
fn halves(texts: &[Text]) -> (BTreeSet<String>, BTreeSet<String>) {
    let labels: BTreeSet<String> = texts.iter().map(|text| text.label.clone()).collect();
    let (first, second): (Vec<_>, Vec<_>) = labels
        .into_iter()
        .enumerate()
        .partition(|(place, _)| place.is_multiple_of(2));
    let names = |half: Vec<(usize, String)>| half.into_iter().map(|(_, name)| name).collect();
    (names(first), names(second))
}

fn of(texts: &[Text], labels: &BTreeSet<String>) -> Vec<Text> {
    texts
        .iter()
        .filter(|text| labels.contains(&text.label))
        .cloned()
        .collect()
}
