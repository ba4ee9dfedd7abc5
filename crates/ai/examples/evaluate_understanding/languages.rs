//! Language detection: the weights of the candidates' features, and how well pieces of one to twelve words are told.

use std::error::Error;
use std::path::Path;

use acs_ai::understand::language::{self, DOUBTS, Evidence, FEATURES};

use crate::data;

/// Pieces of a text in a language: `(code, words, text)`; the code `-` stands for none.
type Piece = (String, usize, String);

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

pub(crate) fn report(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (mut training, mut held_out) = (Vec::new(), Vec::new());
    for code in ["en", "es", "de"] {
        for (place, text) in data::xquad(folder, code)?.iter().enumerate() {
            let side = if place.is_multiple_of(2) {
                &mut training
            } else {
                &mut held_out
            };
            side.extend(pieces(code, text));
        }
    }
    let short = |part| data::own("short_messages.tsv", part);
    let mut examples: Vec<Example> = training
        .iter()
        .filter_map(|piece| Example::of(piece, 1.0))
        .collect();
    examples.extend(
        short("tune")?
            .iter()
            .filter_map(|[code, text]| Example::of(&(code.clone(), 0, text.clone()), SHORT_WEIGHT)),
    );
    examples.extend(
        FOREIGN
            .iter()
            .filter_map(|text| Example::of(&("-".to_owned(), 0, (*text).to_owned()), SHORT_WEIGHT)),
    );
    let (weights, doubt) = fit(&examples);
    println!("language: const WEIGHTS: [f32; FEATURES] = {weights:.3?};");
    println!("language: const DOUBT: [f32; DOUBTS] = {doubt:.3?};");
    println!(
        "{:<16} {:>7} {:>9} {:>9} {:>9}",
        "words", "pieces", "told", "right", "of all"
    );
    for (from, to) in [(1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 12)] {
        let of_size = held_out
            .iter()
            .filter(|(_, words, _)| (from..=to).contains(words));
        line(&format!("XQuAD {from}-{to}"), of_size);
    }
    let english = |texts: Vec<data::Labelled>| -> Vec<Piece> {
        texts
            .into_iter()
            .map(|row| ("en".to_owned(), 0, row.text))
            .collect()
    };
    line("CLINC150", english(data::clinc(folder, "val")?).iter());
    line("BANKING77", english(data::banking(folder)?.1).iter());
    for part in ["tune", "test"] {
        let rows = short(part)?;
        let (none, told): (Vec<Piece>, Vec<Piece>) = rows
            .into_iter()
            .map(|[code, text]| (code, 0, text))
            .partition(|(code, _, _)| code == "-");
        line(&format!("short {part}"), told.iter());
        let silent = none
            .iter()
            .filter(|(_, _, text)| language::detect(text).is_none())
            .count();
        println!("  none to tell: {silent} of {} left untold", none.len());
        if part == "tune" {
            for (code, _, text) in told.iter().chain(&none) {
                let found = language::detect(text);
                if found.as_ref().map_or("-", |found| &found.code) != code {
                    println!("  {code} {text:?}: {found:?}");
                }
            }
        }
    }
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

/// Cuts a text into pieces of one, two, three … twelve words, then one again.
fn pieces(code: &str, text: &str) -> Vec<Piece> {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let mut pieces = Vec::new();
    let (mut at, mut size) = (0, 1);
    while at + size <= words.len() {
        pieces.push((code.to_owned(), size, words[at..at + size].join(" ")));
        at += size;
        size = size % 12 + 1;
    }
    pieces
}

/// How many are told, how many of those are right, and how many of all.
fn line<'p>(name: &str, pieces: impl Iterator<Item = &'p Piece>) {
    let (mut all, mut told, mut right) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (code, _, text) in pieces {
        all += 1.0;
        if let Some(language) = language::detect(text) {
            told += 1.0;
            right += f64::from(u8::from(language.code == *code));
        }
    }
    println!(
        "{name:<16} {all:>7} {:>9.3} {:>9.3} {:>9.3}",
        told / all,
        right / told,
        right / all
    );
}
