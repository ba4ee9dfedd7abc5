//! What the check of a reply's sentence costs, words alone and with its meaning made: eight passages of ten sentences. A
//! sentence may leave five milliseconds after its last word.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::ground::RuleGrounding;
use acs_ai::retrieve::RuleRetriever;
use acs_ai::sentence::sentences;
use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, Sentence, Vector};
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::ground::{Grounding, Sources};
use acs_domain::port::retrieve::Retriever;
use criterion::{Criterion, criterion_group, criterion_main};
use uuid::Uuid;

const AMPLE: Duration = Duration::from_secs(1);
const TEXT: &str = "We refund a return to the card that you paid with. The refund takes 5 working days from the day on which \
    the parcel reaches our warehouse. You see the state of a return under Orders and then Returns. A return is free of \
    charge within 30 days of delivery. Batteries cannot be sent back by mail, for reasons of safety. Take a photograph \
    of the lamp before you pack it. The label for the parcel is in the message that confirms your return. If the parcel \
    gets lost on its way to us, we refund the whole price. Gift cards are refunded as gift cards. Lamps that were made to \
    measure are never taken back, unless they are broken.";
const PLAIN: &str = "The refund takes five working days from the day the parcel reaches the warehouse.";
const OPEN: &str = "Pack your lamp only once you have a picture of the device.";

/// Any unit vector: only its length counts here.
fn vector(seed: usize) -> Vector {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let values = (0..384).map(|n| ((n * 31 + seed * 17) % 97) as f32 - 48.0);
    let values: Vec<f32> = values.collect();
    let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    values.into_iter().map(|v| v / norm).collect()
}

fn hit(number: usize, words: &RuleRetriever) -> Hit {
    let sentence = |(n, range): (usize, std::ops::Range<usize>)| Sentence {
        start: range.start,
        end: range.end,
        vector: vector(10 * number + n),
    };
    let passage = Passage {
        id: Id::from_uuid(Uuid::from_u128(number as u128)),
        entry_id: Id::from_uuid(Uuid::from_u128(number as u128)),
        ordinal: 0,
        heading: "Returns › Refunds".to_owned(),
        text: TEXT.to_owned(),
        terms: words.terms(TEXT),
        vector: vector(number),
        sentences: sentences(TEXT).into_iter().enumerate().map(sentence).collect(),
    };
    let found = FoundPassage {
        passage,
        title: "When and how you get a refund".to_owned(),
        category: "returns".to_owned(),
        source_url: None,
        version: 1,
        success_count: 0,
        updated_at: time::OffsetDateTime::UNIX_EPOCH,
    };
    Hit {
        found,
        score: 0.7,
        cosine: 0.6,
        lexical: 9.0,
    }
}

fn ground(criterion: &mut Criterion) {
    let words = RuleRetriever::default();
    let sources = Sources {
        hits: (0..8).map(|number| hit(number, &words)).collect(),
        statements: Vec::new(),
        said: vec!["When do I get my money back?".to_owned()],
        names: vec!["Acme".to_owned()],
        language: "en".to_owned(),
        strangers: 0.0,
    };
    let grounding = RuleGrounding::new(Arc::new(words));
    criterion.bench_function("ground/read_8_hits", |bencher| {
        bencher.iter(|| grounding.read(black_box(&sources)));
    });
    let checker = grounding.read(&sources);
    criterion.bench_function("ground/sentence_by_words", |bencher| {
        bencher.iter(|| checker.check(black_box(PLAIN), None));
    });
    let Ok(model) = SentenceModel::load(ModelFiles::bundled()) else {
        return;
    };
    // Nothing is remembered: a sentence of a model is seldom seen twice.
    let options = EmbedOptions {
        cache: 0,
        ..EmbedOptions::default()
    };
    let (Ok(embedder), Ok(runtime)) = (
        LocalEmbedder::start(model, options),
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build(),
    ) else {
        return;
    };
    criterion.bench_function("ground/sentence_by_meaning", |bencher| {
        bencher.iter(|| {
            let first = checker.check(black_box(OPEN), None);
            let meaning = runtime.block_on(embedder.embed_soon(OPEN.to_owned(), Role::Passage, AMPLE));
            (first, checker.check(black_box(OPEN), meaning.ok().as_ref()))
        });
    });
}

criterion_group!(benches, ground);
criterion_main!(benches);
