//! Language detection on pieces of one to twelve words.

use std::error::Error;
use std::path::Path;

use acs_ai::understand::language::{self, Evidence};

use crate::data;
use crate::logistic::{self, Example};

/// Pieces of a text in a language: `(code, words, text)`.
type Piece = (&'static str, usize, String);

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
    let examples: Vec<Example<4>> = training
        .iter()
        .filter_map(|(code, _, text)| {
            let Evidence {
                code: guess,
                features,
            } = language::evidence(text)?;
            Some(Example {
                features,
                truth: guess == *code,
                weight: 1.0,
            })
        })
        .collect();
    let ([letters, agreement, own, other], constant) = logistic::fit(&examples);
    println!(
        "language: const WEIGHTS: [f32; 5] = [{letters:.2}, {agreement:.2}, {own:.2}, {other:.2}, {constant:.2}];"
    );
    println!(
        "{:<10} {:>7} {:>9} {:>9} {:>9}",
        "words", "pieces", "told", "right", "guess"
    );
    for (from, to) in [(1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 12)] {
        line(
            &format!("{from}-{to}"),
            held_out
                .iter()
                .filter(|(_, words, _)| (from..=to).contains(words)),
        );
    }
    let mut short: Vec<Piece> = Vec::new();
    short.extend(
        data::clinc(folder, "val")?
            .into_iter()
            .map(|row| ("en", 0, row.text)),
    );
    line("CLINC150", short.iter());
    let banking = data::banking(folder)?
        .1
        .into_iter()
        .map(|row| ("en", 0, row.text))
        .collect::<Vec<Piece>>();
    line("BANKING77", banking.iter());
    Ok(())
}

/// Cuts a text into pieces of one, two, three … twelve words, then one again.
fn pieces(code: &'static str, text: &str) -> Vec<Piece> {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let mut pieces = Vec::new();
    let (mut at, mut size) = (0, 1);
    while at + size <= words.len() {
        pieces.push((code, size, words[at..at + size].join(" ")));
        at += size;
        size = size % 12 + 1;
    }
    pieces
}

/// How many are told, how many of those are right, and how many bare guesses are.
fn line<'p>(name: &str, pieces: impl Iterator<Item = &'p Piece>) {
    let (mut all, mut told, mut right, mut guessed) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for (code, _, text) in pieces {
        all += 1.0;
        if let Some(language) = language::detect(text) {
            told += 1.0;
            right += f64::from(u8::from(language.code == *code));
        }
        guessed += f64::from(u8::from(
            language::evidence(text).is_some_and(|evidence| evidence.code == *code),
        ));
    }
    println!(
        "{name:<10} {all:>7} {:>9.3} {:>9.3} {:>9.3}",
        told / all,
        right / told,
        guessed / all
    );
}
