//! How long an analysis takes.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use acs_ai::understand::RuleUnderstanding;
use acs_ai::understand::intent::{Calibration, IntentIndex};
use acs_domain::knowledge::Vector;
use acs_domain::port::understand::Phrase;

const ROUNDS: u32 = 500;

pub(crate) fn report() -> Result<(), Box<dyn Error>> {
    let question = "Hi, I ordered a lamp for 49.99 € last week and it still hasn't arrived. Where is my parcel? I am really \
                    disappointed, please write to jo@acme.example.";
    let long = question.repeat(12);
    for (name, text) in [("a message", question), ("a long letter", &long)] {
        let took = each(|| drop(black_box(RuleUnderstanding::analyze_text(black_box(text)))));
        println!("speed: {name} of {} bytes, without phrases: {took:.3} ms", text.len());
    }
    let vector = |seed: usize| -> Vector {
        let values: Vec<f32> = (0..384).map(|n| ((n * 31 + seed * 17) % 101) as f32 / 101.0 - 0.5).collect();
        let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
        values.iter().map(|v| v / norm).collect()
    };
    for (intents, phrases) in [(38, 14), (150, 100)] {
        let all = (0..intents * phrases)
            .map(|n| Phrase { intent: format!("intent_{:03}", n % intents), text: String::new(), vector: vector(n) });
        let all: Vec<Phrase> = all.collect();
        let start = Instant::now();
        let index = IntentIndex::learn(all);
        let learned = start.elapsed().as_secs_f64() * 1e3;
        let asked = vector(7);
        let took = each(|| drop(black_box(index.guess(black_box(&asked), &Calibration::default()))));
        println!("speed: {intents} intents of {phrases} phrases: learned in {learned:.1} ms, compared in {took:.3} ms");
    }
    Ok(())
}

/// Milliseconds of one round.
fn each(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        work();
    }
    start.elapsed().as_secs_f64() * 1e3 / f64::from(ROUNDS)
}
