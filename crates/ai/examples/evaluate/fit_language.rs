//! The fit of the weights by which languages are told: every other text of XQuAD, the short messages marked `tune`, and texts
//! in which none of the known languages is to be found.

use acs_ai::understand::language::{self, DOUBTS, Evidence, FEATURES};
use anyhow::Result;

use crate::language::{Piece, halves};
use crate::{Setting, data};

/// How often a short message counts as much as a piece of XQuAD: there are far fewer.
const SHORT_WEIGHT: f64 = 8.0;

/// Texts in languages that are not known, and names: none of the known languages is to be found in them.
const FOREIGN: [&str; 16] = [
    "Gdzie jest moja paczka? Złożyłem zamówienie tydzień temu",
    "Kde je moje objednávka? Měla přijít včera",
    "dzień dobry",
    "prosím pomozte",
    "missä tilaukseni on",
    "kiitos paljon",
    "hol van a csomagom",
    "köszönöm szépen",
    "unde este comanda mea",
    "mulțumesc frumos",
    "terima kasih banyak",
    "di mana pesanan saya",
    "hvor er pakken min bestilt",
    "kur ir mans pasūtījums",
    "asante sana",
    "nasaan ang order ko",
];

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let (training, _) = halves(&setting.folder)?;
    let mut examples: Vec<Example> = training
        .iter()
        .filter_map(|piece| Example::of(piece, 1.0))
        .collect();
    examples.extend(
        data::own::<2>("short_messages.tsv", "tune")?
            .iter()
            .filter_map(|[code, text]| Example::of(&(code.clone(), 0, text.clone()), SHORT_WEIGHT)),
    );
    examples.extend(
        FOREIGN
            .iter()
            .filter_map(|text| Example::of(&("-".to_owned(), 0, (*text).to_owned()), SHORT_WEIGHT)),
    );
    let (weights, doubt) = fit(&examples);
    println!("const WEIGHTS: [f32; FEATURES] = {weights:.3?};");
    println!("const DOUBT: [f32; DOUBTS] = {doubt:.3?};");
    Ok(())
}

/// What speaks for each candidate, the place of the right one (behind the languages: none), and how much it counts.
struct Example {
    evidence: Evidence,
    truth: usize,
    weight: f64,
}

impl Example {
    fn of((code, _, text): &Piece, weight: f64) -> Option<Self> {
        let evidence = language::evidence(text)?;
        let codes = language::codes();
        let truth = codes
            .iter()
            .position(|known| known == code)
            .unwrap_or(codes.len());
        Some(Self {
            evidence,
            truth,
            weight,
        })
    }
}

/// The weights of largest likelihood, by plain gradient ascent; a trace of decay keeps them finite.
fn fit(examples: &[Example]) -> ([f64; FEATURES], [f64; DOUBTS]) {
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let (mut weights, mut doubt) = ([0.0; FEATURES], [0.0; DOUBTS]);
    for _ in 0..600 {
        let (mut slopes, mut doubt_slopes) = ([0.0; FEATURES], [0.0; DOUBTS]);
        for Example {
            evidence,
            truth,
            weight,
        } in examples
        {
            let dot = |x: &[f32], w: &[f64]| x.iter().zip(w).map(|(x, w)| f64::from(*x) * w).sum::<f64>();
            let mut shares: Vec<f64> = evidence.languages.iter().map(|x| dot(x, &weights)).collect();
            shares.push(dot(&evidence.doubts, &doubt));
            let most = shares.iter().copied().fold(f64::MIN, f64::max);
            for share in &mut shares {
                *share = (*share - most).exp();
            }
            let sum: f64 = shares.iter().sum();
            for (place, share) in shares.iter().enumerate() {
                let error = weight * (f64::from(u8::from(place == *truth)) - share / sum) / total;
                match evidence.languages.get(place) {
                    Some(features) => add(&mut slopes, features, error),
                    None => add(&mut doubt_slopes, &evidence.doubts, error),
                }
            }
        }
        climb(&mut weights, &slopes);
        climb(&mut doubt, &doubt_slopes);
    }
    (weights, doubt)
}

fn add(slopes: &mut [f64], features: &[f32], error: f64) {
    for (slope, x) in slopes.iter_mut().zip(features) {
        *slope += error * f64::from(*x);
    }
}

fn climb(weights: &mut [f64], slopes: &[f64]) {
    for (weight, slope) in weights.iter_mut().zip(slopes) {
        *weight += 0.5 * (slope - 1e-4 * *weight);
    }
}
