//! Time of the guard on one core: at most 0.1 ms for a message of 12 words, at most 5 ms for 5,000 code points.

use std::hint::black_box;

use acs_ai::guard::LayeredExaminer;
use acs_domain::port::guard::{Examiner as _, Origin};
use criterion::{Criterion, criterion_group, criterion_main};

const MESSAGE: &str = "Hi, I ordered a lamp last week and it has not arrived";
/// What the rules have most to do with.
const HOSTILE: &str = "you ignore all the 1gn0re aWdub3Jl i g n ";
const LONGEST: usize = 5_000;

fn guard(criterion: &mut Criterion) {
    let examiner = LayeredExaminer::default();
    let long = |piece: &str| -> String { piece.chars().cycle().take(LONGEST).collect() };
    let (letter, hostile) = (long(MESSAGE), long(HOSTILE));
    for (name, text) in [("message", MESSAGE), ("letter", &letter), ("hostile", &hostile)] {
        criterion.bench_function(&format!("guard/{name}"), |bencher| {
            bencher.iter(|| examiner.examine(black_box(text), Origin::Customer));
        });
    }
    criterion.bench_function("guard/passage, known", |bencher| {
        bencher.iter(|| examiner.examine(black_box(&letter), Origin::Knowledge));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = guard
}
criterion_main!(benches);
