//! How well messages are understood, on texts that training never saw.
//!
//! `cargo run --release -p acs-ai --example evaluate -- --data DATA [part …] [--folds N] [--intents N] [--texts N]`
//!
//! Without a part named, all figures are told; what is fitted on a set is printed as it stands in the source, where a fit is
//! named. A part is one file and one line in [`PARTS`]. Embeddings are kept in the build folder and made once; figures are
//! means of five seeded folds unless fewer are asked for. For a quick look, only the first so many intents of a set, or so
//! many texts of each intent, are taken.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod customers;
#[path = "../common/data.rs"]
mod data;
mod entities;
mod fit_language;
mod fit_scope;
mod guard;
#[path = "../common/guard/mod.rs"]
mod guard_head;
mod intents;
mod language;
mod logistic;
#[path = "../common/meaning.rs"]
#[expect(dead_code, reason = "no passages are read here")]
mod meaning;
mod model;
mod mood;
mod sample;
mod scope;
mod several;
mod speed;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use data::Labelled;
use meaning::Meanings;
use sample::{Part, Text};

/// Measures something and prints it.
type Report = fn(&mut Setting) -> Result<()>;

/// What can be measured, in the order in which it is.
const PARTS: [(&str, Report); 11] = [
    ("intents", intents::report),
    ("bitext", intents::shop),
    ("training", intents::training),
    ("scope", scope::report),
    ("several", several::report),
    ("mood", mood::report),
    ("customers", customers::report),
    ("language", language::report),
    ("entities", entities::report),
    ("guard", guard::report),
    ("speed", speed::report),
];

/// What can be fitted; only when it is named.
const FITS: [(&str, Report); 2] = [
    ("fit_scope", fit_scope::report),
    ("fit_language", fit_language::report),
];

/// What every part is given.
pub(crate) struct Setting {
    /// The folder of the data sets.
    pub(crate) folder: PathBuf,
    /// How many of the five folds are asked.
    pub(crate) folds: usize,
    /// How much of each set is taken.
    part: Part,
    meanings: Option<Meanings>,
}

impl Setting {
    /// Texts with their meanings, in the order of a seeded sample.
    pub(crate) fn texts(&mut self, rows: Vec<Labelled>) -> Result<Vec<Text>> {
        let part = self.part;
        sample::texts(self.meanings()?, rows, part)
    }

    /// Texts to vectors; the model is loaded when it is first needed.
    pub(crate) fn meanings(&mut self) -> Result<&mut Meanings> {
        if self.meanings.is_none() {
            self.meanings = Some(Meanings::open()?);
        }
        self.meanings.as_mut().context("just set")
    }
}

fn main() -> Result<()> {
    let (mut folder, mut folds, mut wanted) = (None, sample::FOLDS, Vec::new());
    let mut part = Part {
        intents: usize::MAX,
        texts: usize::MAX,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--data" => folder = arguments.next().map(PathBuf::from),
            "--folds" => folds = arguments.next().context("how many folds?")?.parse()?,
            "--intents" => part.intents = arguments.next().context("how many intents?")?.parse()?,
            "--texts" => part.texts = arguments.next().context("how many texts?")?.parse()?,
            part => wanted.push(part.to_owned()),
        }
    }
    let mut setting = Setting {
        folder: folder.context("name the folder of the data sets: --data DATA")?,
        folds: folds.clamp(1, sample::FOLDS),
        part,
        meanings: None,
    };
    let known = || PARTS.iter().chain(&FITS);
    if let Some(unknown) = wanted.iter().find(|part| !known().any(|(name, _)| name == part)) {
        bail!("there is no part {unknown}");
    }
    for (name, report) in known() {
        let by_default = wanted.is_empty() && PARTS.iter().any(|(part, _)| part == name);
        if by_default || wanted.iter().any(|part| part == name) {
            println!("\n# {name}");
            report(&mut setting)?;
        }
    }
    Ok(())
}
