//! The fit of the blend: what margins and nearness count, and from what being in scope is told.
//!
//! Fitted on CLINC150's `train` and `oos_train`; its `val` and `oos_val` take no part in it.

use acs_ai::learn::{Choice, weigh};
use acs_ai::understand::intent::{Blend, Mix};
use anyhow::Result;

use crate::logistic::{self, Example};
use crate::model::Model;
use crate::sample::{self, Text};
use crate::scope::{self, Outcome};
use crate::{Setting, data};

/// The part of texts that count as out of scope in the fit.
const OUTSIDE: f64 = 0.25;
/// The margin of an intent that the heads do not know.
const UNKNOWN: f32 = -2.0;

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
        features: Mix::scope_features(evidence, &mix.shares(evidence, None)),
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

/// What margins and nearness count, each with the logarithm of the phrases.
fn counts(outcomes: &[Outcome]) -> [f64; 4] {
    let choice = |(evidence, right): &Outcome| {
        let amount = evidence.phrases_each.ln();
        let speaks = |(place, margin): (usize, &Option<f32>)| {
            let margin = margin.unwrap_or(UNKNOWN);
            let near = evidence.near.get(place).copied().unwrap_or(0.0);
            [margin, margin * amount, near, near * amount]
        };
        Some(Choice {
            options: evidence.margins.iter().enumerate().map(speaks).collect(),
            right: (*right)?,
        })
    };
    let choices: Vec<Choice<4>> = outcomes.iter().filter_map(choice).collect();
    weigh(&choices, [3.0, 0.0, 3.0, 0.0], 1e-3)
}
