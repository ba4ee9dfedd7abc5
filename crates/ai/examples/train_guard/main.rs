//! Trains the guard's head and measures the whole guard on texts that it never saw.
//!
//! ```text
//! cargo run --release -p acs-ai --example train_guard -- --data DIR [--write]
//! ```
//!
//! `DIR` holds the public sets (`docs/models/guard.md` names them). With `--write` the head goes to
//! `crates/ai/models/guard/head.bin`; the same sets give the same file.

#![expect(clippy::print_stdout, reason = "the figures are what it is run for")]

mod data;
mod fit;
mod report;

use std::path::Path;

use acs_ai::guard::head::Head;
use anyhow::{Context as _, Result};

use data::{FOLDS, Sets, Text};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments
        .iter()
        .position(|argument| argument == "--data")
        .and_then(|at| arguments.get(at + 1))
        .context("--data DIR is missing")?;
    let sets = Sets::read(Path::new(folder))?;
    let mut examined = Vec::new();
    for fold in 0..FOLDS {
        let (held_out, known): (Vec<&Text>, Vec<&Text>) =
            sets.learnt.iter().partition(|text| text.fold == fold);
        let head = fit::head(&known);
        examined.push(report::examine(&head, &held_out));
        if fold == 0 {
            // The head that comes with the program has not seen the first fold: its figures can be told at any time.
            report::never_learnt(&head, &sets);
            report::times(&head, &sets);
            if arguments.iter().any(|argument| argument == "--write") {
                write(&head)?;
            }
        }
    }
    report::held_out(&examined);
    Ok(())
}

fn write(head: &Head) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/guard/head.bin");
    std::fs::write(&path, head.write()).with_context(|| format!("cannot write {}", path.display()))
}
