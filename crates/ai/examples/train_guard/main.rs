//! Trains the guard's head and writes its file.
//!
//! `cargo run --release -p acs-ai --example train_guard -- --data DATA`
//!
//! Four fifths of each set are learnt from (`docs/models/guard.md` names the sets); the part `guard` of the example
//! `evaluate` tells how the guard does on the rest. Everything is seeded: on the same kind of processor the same file comes
//! out again.

#![expect(clippy::print_stdout, reason = "it says what it wrote")]

#[path = "../common/data.rs"]
#[expect(dead_code, reason = "the other examples read the other sets")]
mod data;
#[path = "../common/guard/mod.rs"]
#[expect(dead_code, reason = "what is only measured is not learnt from")]
mod guard_head;

use std::path::Path;

use anyhow::{Context as _, Result};
use guard_head::{Sets, Text};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some("--data"), Some(folder)) = (arguments.next().as_deref(), arguments.next()) else {
        anyhow::bail!("name the folder of the data sets: --data DATA");
    };
    let sets = Sets::read(Path::new(&folder))?;
    let known: Vec<&Text> = sets.learnt.iter().filter(|text| text.fold != 0).collect();
    let bytes = guard_head::head(&known).write();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/guard/head.bin");
    println!("{} texts, {}: {} bytes", known.len(), path.display(), bytes.len());
    std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
