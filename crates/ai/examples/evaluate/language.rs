//! Which language a message is in: pieces of the half of XQuAD that the weights were not fitted on, questions, and our own
//! short messages.

use std::path::Path;

use acs_ai::understand::language;
use anyhow::Result;

use crate::{Setting, data};

/// A piece of a text in a language: `(code, words, text)`; the code `-` stands for none.
pub(crate) type Piece = (String, usize, String);

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let folder = setting.folder.clone();
    let (_, held_out) = halves(&folder)?;
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
            .map(|(text, _)| ("en".to_owned(), 0, text))
            .collect()
    };
    line("CLINC150", english(data::clinc(&folder, "val")?).iter());
    line("BANKING77", english(data::banking(&folder)?).iter());
    for part in ["tune", "test"] {
        let rows = data::own::<2>("short_messages.tsv", part)?;
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

/// Pieces of every other text of XQuAD, and of the others.
pub(crate) fn halves(folder: &Path) -> Result<(Vec<Piece>, Vec<Piece>)> {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for code in ["en", "es", "de"] {
        for (place, text) in data::xquad(folder, code)?.iter().enumerate() {
            let side = if place.is_multiple_of(2) {
                &mut first
            } else {
                &mut second
            };
            side.extend(pieces(code, text));
        }
    }
    Ok((first, second))
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
