//! What a composed reply costs: eight passages of ten sentences, a long question.

use std::hint::black_box;
use std::sync::Arc;

use acs_ai::compose::GroundedComposer;
use acs_ai::retrieve::RuleRetriever;
use acs_ai::sentence::sentences;
use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, Sentence, Vector};
use acs_domain::port::compose::{Composer, Question};
use acs_domain::port::retrieve::Retriever;
use criterion::{Criterion, criterion_group, criterion_main};
use uuid::Uuid;

const QUESTION: &str =
    "I sent back the lamp that I ordered two weeks ago, when do I get my money and where can I see it?";
const TEXT: &str = "We refund a return to the card that you paid with. The refund takes 5 working days from the day on which \
    the parcel reaches our warehouse. You see the state of a return under Orders and then Returns. A return is free of \
    charge within 30 days of delivery. Batteries cannot be sent back by mail, for reasons of safety. Take a photograph \
    of the lamp before you pack it. The label for the parcel is in the message that confirms your return. If the parcel \
    gets lost on its way to us, we refund the whole price. Gift cards are refunded as gift cards. Lamps that were made to \
    measure are never taken back, unless they are broken.";

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

fn compose(criterion: &mut Criterion) {
    let words = RuleRetriever::default();
    let hits: Vec<Hit> = (0..8).map(|number| hit(number, &words)).collect();
    let question = Question {
        strangers: 0.0,
        text: QUESTION.to_owned(),
        terms: words.terms(QUESTION),
        vector: Some(vector(3)),
        language: "en".to_owned(),
        company: "Acme".to_owned(),
    };
    let composer = GroundedComposer::new(Arc::new(words));
    criterion.bench_function("compose/8_hits", |bencher| {
        bencher.iter(|| composer.compose(black_box(&question), black_box(&hits)));
    });
}

criterion_group!(benches, compose);
criterion_main!(benches);
