//! Time of one inference on one core, tokenizing included: a short question must take at most 2 ms.

#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot load its model has nothing to measure"
)]

use std::hint::black_box;

use acs_ai::embed::{Encoder, ModelFiles, SentenceModel};
use acs_domain::port::embed::Role;
use criterion::{Criterion, criterion_group, criterion_main};

const QUESTION: &str = "how long does it take until my new card arrives at home?";

fn embed(criterion: &mut Criterion) {
    let model = SentenceModel::load(ModelFiles::bundled()).expect("the bundled model loads");
    let encoder = Encoder::new(model);
    let passage = [QUESTION; 8].join(" ");
    let longest = [QUESTION; 40].join(" ");
    for (name, text) in [
        ("question", QUESTION),
        ("passage", &passage),
        ("longest", &longest),
    ] {
        criterion.bench_function(&format!("embed/{name}"), |bencher| {
            bencher.iter(|| {
                encoder
                    .encode(black_box(text), Role::Question)
                    .expect("the model runs")
            });
        });
    }
    criterion.bench_function("embed/load", |bencher| {
        bencher.iter(|| SentenceModel::load(ModelFiles::bundled()).expect("the bundled model loads"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = embed
}
criterion_main!(benches);
