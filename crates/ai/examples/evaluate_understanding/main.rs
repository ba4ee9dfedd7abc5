//! How well messages are understood, and the numbers that make probabilities of scores.
//!
//! `cargo run --release -p acs-ai --example evaluate_understanding -- --data DATA [language|mood]`
//!
//! Without a part named, all are run. What is fitted is printed as it stands in the source.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod data;
mod languages;
#[path = "../evaluate_answers/meaning.rs"]
mod meaning;
mod mood;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut folder = None;
    let mut parts = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--data" => folder = arguments.next().map(PathBuf::from),
            part => parts.push(part.to_owned()),
        }
    }
    let folder = folder.ok_or("name the folder of the data sets: --data DATA")?;
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    if wanted("language") {
        languages::report(&folder)?;
    }
    if wanted("mood") {
        mood::report(&folder)?;
    }
    Ok(())
}
