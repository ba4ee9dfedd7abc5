//! The fit of the blend: what margins and nearness count, and from what being in scope is told.
//!
//! Fitted on CLINC150's `train` and `oos_train`; its `val` and `oos_val` take no part in it.

use acs_ai::understand::intent::{Blend, Mix};
use anyhow::Result;

use crate::logistic::{self, Example};
use crate::model::Model;
use crate::sample::{self, Text};
use crate::scope::{self, Outcome};
use crate::{Setting, data};

/// The part of texts that count as out of scope in the fit.
const OUTSIDE: f64 = 0.25;

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let folder = setting.folder.clone();
    let clinc = setting.texts(data::clinc(&folder, "train")?)?;
    let outside = setting.texts(data::clinc(&folder, "oos_train")?)?;
    let (taught, asked) = sample::fold(&clinc, 0);
    let mut inside_of = [Vec::new(), Vec::new()];
    let mut outside_of = [Vec::new(), Vec::new()];
    let mut gather = |taught: &[Text], inside: &[Text], outside: &[&[Text]]| -> Result<()> {
        let model = Model::of(taught)?;
        for (place, with_meaning) in [true, false].into_iter().enumerate() {
            let outcome = |text: &Text| model.evidence(text, with_meaning);
            inside_of[place].extend(inside.iter().map(outcome));
            for texts in outside {
                outside_of[place].extend(texts.iter().map(outcome));
            }
        }
        Ok(())
    };
    let (known_taught, _) = sample::halves(&taught);
    let (known_asked, unknown_asked) = sample::halves(&asked);
    for most in [5, 15, 40, 80] {
        gather(&sample::few(&taught, most), &asked, &[&outside])?;
    }
    for most in [5, 20] {
        gather(
            &sample::few(&known_taught, most),
            &known_asked,
            &[&unknown_asked, &outside],
        )?;
    }
    let [with, without] = [0, 1].map(|place| {
        let start = if place == 0 {
            Blend::TRAINED.with_meaning
        } else {
            Blend::TRAINED.by_words
        };
        fit(start, &inside_of[place], &outside_of[place])
    });
    let fitted = Blend {
        with_meaning: with,
        by_words: without,
    };
    println!("fitted: {fitted:.3?}");

    scope::report_with(setting, &fitted)
}

/// The numbers under which what was asked is the least surprising.
fn fit(start: Mix, inside: &[Outcome], outside: &[Outcome]) -> Mix {
    let mut mix = start;
    let weights = counts(inside);
    mix.margin = [weights[0] as f32, weights[1] as f32];
    mix.near = [weights[2] as f32, weights[3] as f32];

    let example = |(evidence, _): &Outcome, truth, weight| Example {
        features: Mix::scope_features(evidence, &mix.shares(evidence)),
        truth,
        weight,
    };
    let (inside_weight, outside_weight) = (
        (1.0 - OUTSIDE) / inside.len() as f64,
        OUTSIDE / outside.len() as f64,
    );
    let examples: Vec<Example<5>> = inside
        .iter()
        .map(|outcome| example(outcome, true, inside_weight))
        .chain(
            outside
                .iter()
                .map(|outcome| example(outcome, false, outside_weight)),
        )
        .collect();
    let (weights, constant) = logistic::fit(&examples);
    mix.scope = std::array::from_fn(|place| weights.get(place).copied().unwrap_or(constant) as f32);

    // One in twenty in scope is turned away.
    let blend = Blend {
        with_meaning: mix,
        by_words: mix,
    };
    let mut scopes: Vec<f32> = inside
        .iter()
        .map(|(evidence, _)| blend.confidences(evidence).0)
        .collect();
    scopes.sort_by(f32::total_cmp);
    mix.threshold = scopes[scopes.len() / 20];
    mix
}

/// What margins and nearness count, each with the logarithm of the phrases: a logistic regression over the intents of each
/// text, by Newton's method.
fn counts(outcomes: &[Outcome]) -> [f64; 4] {
    let mut weights = [3.0, 0.0, 3.0, 0.0];
    let mut at = surprise(outcomes, &weights);
    for _ in 0..20 {
        let step = solve(at.curve, at.slope);
        // Half the way again and again, until it is better there.
        let better = (0..10).find_map(|halvings| {
            let part = 0.5_f64.powi(halvings);
            let there = std::array::from_fn(|place| weights[place] - part * step[place]);
            let found = surprise(outcomes, &there);
            (found.sum < at.sum).then_some((there, found))
        });
        let Some((there, found)) = better else { break };
        (weights, at) = (there, found);
    }
    weights
}

/// How surprising the right intents are, how that changes with the weights, and how the change changes.
struct Surprise {
    sum: f64,
    slope: [f64; 4],
    curve: [[f64; 4]; 4],
}

fn surprise(outcomes: &[Outcome], weights: &[f64; 4]) -> Surprise {
    let (mut sum, mut slope, mut curve) = (0.0, [0.0; 4], [[0.0; 4]; 4]);
    for (place, weight) in weights.iter().enumerate() {
        // A trace of decay, for what says nothing.
        sum += 5e-4 * weight * weight;
        slope[place] = 1e-3 * weight;
        curve[place][place] = 1e-3;
    }
    for (evidence, right) in outcomes {
        let Some(right) = *right else { continue };
        let amount = f64::from(evidence.phrases_each.ln());
        let feature = |(place, margin): (usize, &Option<f32>)| {
            let margin = f64::from(margin.unwrap_or(-2.0));
            let near = f64::from(evidence.near.get(place).copied().unwrap_or(0.0));
            [margin, margin * amount, near, near * amount]
        };
        let features: Vec<[f64; 4]> = evidence.margins.iter().enumerate().map(feature).collect();
        let logits: Vec<f64> = features.iter().map(|x| dot(x, weights)).collect();
        let highest = logits.iter().copied().fold(f64::MIN, f64::max);
        let whole: f64 = logits.iter().map(|logit| (logit - highest).exp()).sum();
        sum += highest + whole.ln() - logits[right];
        let mut mean = [0.0; 4];
        for (x, logit) in features.iter().zip(&logits) {
            let share = (logit - highest).exp() / whole;
            for a in 0..4 {
                mean[a] += share * x[a];
                for b in 0..4 {
                    curve[a][b] += share * x[a] * x[b];
                }
            }
        }
        for a in 0..4 {
            slope[a] += mean[a] - features[right][a];
            for b in 0..4 {
                curve[a][b] -= mean[a] * mean[b];
            }
        }
    }
    Surprise { sum, slope, curve }
}

fn dot(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The x with matrix·x = side, of a positive definite matrix, by elimination.
fn solve(mut matrix: [[f64; 4]; 4], mut side: [f64; 4]) -> [f64; 4] {
    for pivot in 0..4 {
        for row in pivot + 1..4 {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            for (value, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *value -= factor * above;
            }
            side[row] -= factor * side[pivot];
        }
    }
    for row in (0..4).rev() {
        let known: f64 = (row + 1..4)
            .map(|column| matrix[row][column] * side[column])
            .sum();
        side[row] = (side[row] - known) / matrix[row][row];
    }
    side
}
