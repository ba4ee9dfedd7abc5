//! How well texts out of scope are told from those within: CLINC150's `val` and `oos_val`, which neither training nor the
//! fit of the blend saw, and intents of BANKING77 and HWU64 that were left out.

use acs_ai::understand::intent::{Blend, Evidence};
use anyhow::Result;

use crate::model::Model;
use crate::sample::{self, Text};
use crate::{Setting, data};

/// What came of a text: the evidence, and the place of the right intent, if there is one.
pub(crate) type Outcome = (Evidence, Option<usize>);

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    report_with(setting, &Blend::TRAINED)
}

/// The figures of these numbers.
pub(crate) fn report_with(setting: &mut Setting, blend: &Blend) -> Result<()> {
    let folder = setting.folder.clone();
    println!(
        "{:<28} {:>7} {:>7} {:>6} {:>9} {:>9} {:>6}",
        "", "inside", "outside", "AUROC", "found@5%", "rejected", "found"
    );
    let clinc = setting.texts(data::clinc(&folder, "train")?)?;
    let val = setting.texts(data::clinc(&folder, "val")?)?;
    let outside = setting.texts(data::clinc(&folder, "oos_val")?)?;
    for most in [10, 20, 100] {
        let model = Model::of(&sample::few(&clinc, most))?;
        for (name, with_meaning) in [("", true), (", words alone", false)] {
            told(
                &format!("CLINC150, {most}{name}"),
                blend,
                &outcomes(&model, &val, with_meaning),
                &outcomes(&model, &outside, with_meaning),
            );
        }
    }
    let banking = setting.texts(data::banking(&folder)?)?;
    let hwu = setting.texts(data::hwu(&folder, "train")?)?;
    for (name, texts) in [("BANKING77", banking), ("HWU64", hwu)] {
        let (taught, asked) = sample::fold(&texts, 0);
        let (known, _) = sample::halves(&taught);
        let (inside, outside) = sample::halves(&asked);
        let model = Model::of(&known)?;
        told(
            &format!("{name}, half known"),
            blend,
            &outcomes(&model, &inside, true),
            &outcomes(&model, &outside, true),
        );
    }
    Ok(())
}

fn outcomes(model: &Model, texts: &[Text], with_meaning: bool) -> Vec<Outcome> {
    let outcome = |text| model.evidence(text, with_meaning);
    texts.iter().map(outcome).collect()
}

/// One line: AUROC of in scope against out; out of scope found when 5 % in scope are rejected; and with the threshold in
/// use, in scope rejected and out of scope found.
fn told(name: &str, blend: &Blend, inside: &[Outcome], outside: &[Outcome]) {
    let scope = |(evidence, _): &Outcome| blend.confidences(evidence).0;
    let mut known: Vec<f32> = inside.iter().map(scope).collect();
    let unknown: Vec<f32> = outside.iter().map(scope).collect();
    known.sort_by(f32::total_cmp);
    let threshold = inside
        .first()
        .map_or(0.0, |(evidence, _)| blend.mix(evidence).threshold);
    let share = |scores: &[f32], below: f32| {
        scores.iter().filter(|score| **score < below).count() as f64 / scores.len() as f64
    };
    println!(
        "{name:<28} {:>7} {:>7} {:>6.3} {:>9.3} {:>9.3} {:>6.3}",
        known.len(),
        unknown.len(),
        area(&known, &unknown),
        share(&unknown, known[known.len() / 20]),
        share(&known, threshold),
        share(&unknown, threshold),
    );
}

/// How often a text in scope scores higher than one out of scope; `known` in ascending order.
fn area(known: &[f32], unknown: &[f32]) -> f64 {
    let higher = |score: &f32| known.len() - known.partition_point(|known| known <= score);
    unknown.iter().map(higher).sum::<usize>() as f64 / (known.len() * unknown.len()) as f64
}
