//! The embedder with the model that is part of the program.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use acs_ai::Error;
use acs_ai::embed::{EmbedOptions, Encoder, LocalEmbedder, ModelFiles, SentenceModel};
use acs_domain::knowledge::Vector;
use acs_domain::port::embed::{EmbedError, Embedder, Role};

fn embedder() -> LocalEmbedder {
    let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
    LocalEmbedder::start(
        model,
        EmbedOptions {
            workers: 2,
            queue: 8,
            cache: 100,
        },
    )
    .unwrap()
}

async fn embed(embedder: &LocalEmbedder, texts: &[&str]) -> Vec<Vector> {
    embedder
        .embed(
            texts.iter().map(|text| (*text).to_owned()).collect(),
            Role::Question,
        )
        .await
        .unwrap()
}

fn cosine(a: &Vector, b: &Vector) -> f32 {
    a.iter().zip(b.iter()).map(|(x, y)| x * y).sum()
}

#[tokio::test]
async fn what_means_the_same_is_nearer_than_what_shares_words() {
    let embedder = embedder();
    for (text, same, other) in [
        (
            "How do I reset my password?",
            "I forgot my login secret and need a new one",
            "How do I reset my router?",
        ),
        (
            "Where is my parcel?",
            "My order has not arrived yet",
            "Where is your office?",
        ),
        (
            "I want my money back",
            "Please refund my purchase",
            "I want to add money to my account",
        ),
        (
            "cancel my subscription",
            "I'd like to stop paying every month",
            "what does a subscription cost",
        ),
    ] {
        let [text, same, other] = &embed(&embedder, &[text, same, other]).await[..] else {
            panic!("three texts, three vectors")
        };
        assert!(cosine(text, same) > cosine(text, other));
    }
}

#[tokio::test]
async fn vectors_are_unit_vectors_of_the_announced_length() {
    let embedder = embedder();
    for vector in embed(
        &embedder,
        &["hello", "", "\u{0}\u{301}", "😀😀😀", "再见，谢谢你"],
    )
    .await
    {
        assert_eq!(vector.len(), embedder.dimensions());
        assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-5);
    }
    assert!(embedder.model().starts_with("all-minilm-l6-v2-int8@"));
}

#[tokio::test]
async fn a_text_has_the_same_vector_alone_and_among_others() {
    let text = "Can I pay by invoice?";
    let alone = embed(&embedder(), &[text]).await.remove(0);
    let long = "an extraordinarily long neighbour ".repeat(60);
    let among = embed(&embedder(), &["no", &long, text, "x", "y", "z"])
        .await
        .remove(2);
    assert_eq!(alone, among);
}

#[tokio::test]
async fn equal_texts_asked_for_at_once_are_computed_once() {
    let embedder = embedder();
    let (first, second) = tokio::join!(
        embed(&embedder, &["What are your opening hours?"]),
        embed(&embedder, &["What are your opening hours?"; 6])
    );
    assert!(second.iter().all(|vector| Arc::ptr_eq(vector, &first[0])));
}

#[tokio::test]
async fn a_list_longer_than_the_queue_gets_through_in_its_order() {
    let embedder = embedder();
    let texts: Vec<String> = (0..40).map(|n| format!("item {}", n % 20)).collect();
    let vectors = embedder.embed(texts, Role::Passage).await.unwrap();
    assert_eq!(vectors.len(), 40);
    for n in 0..20 {
        assert_eq!(vectors[n], vectors[n + 20]);
        assert_ne!(vectors[n], vectors[(n + 1) % 20]);
    }
}

#[tokio::test]
async fn a_caller_that_leaves_does_not_harm_the_next() {
    let embedder = embedder();
    let mut abandoned = Box::pin(embedder.embed(vec!["the same question".into()], Role::Question));
    assert!(futures::poll!(abandoned.as_mut()).is_pending());
    drop(abandoned);
    assert_eq!(embed(&embedder, &["the same question"]).await.len(), 1);
}

#[tokio::test]
async fn a_stopped_embedder_finishes_what_waits_and_says_so_to_the_rest() {
    let embedder = embedder();
    let mut waiting = Box::pin(embedder.embed(vec!["asked in time".into()], Role::Question));
    assert!(futures::poll!(waiting.as_mut()).is_pending());
    embedder.stop().await;
    assert_eq!(waiting.await.unwrap().len(), 1);
    let late = embedder
        .embed(vec!["asked too late".into()], Role::Question)
        .await;
    assert!(matches!(late, Err(EmbedError::Stopped)));
}

#[test]
fn the_marks_of_the_model_are_plain_words_in_a_customers_text() {
    let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
    let tokens = |text| model.count_tokens(text).unwrap();
    assert_eq!(tokens("hello"), 3);
    assert!(tokens("hello [SEP]") > 4);
    let encoder = Encoder::new(Arc::clone(&model));
    let encode = |text| encoder.encode(text, Role::Question).unwrap();
    assert_ne!(encode("[CLS]"), encode(""));
}

#[test]
fn a_text_is_read_up_to_256_tokens() {
    let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
    let long = "word ".repeat(50_000);
    assert_eq!(model.count_tokens(&long).unwrap(), 256);
    let encoder = Encoder::new(model);
    let encode = |text: &str| encoder.encode(text, Role::Question).unwrap();
    assert_eq!(encode(&long), encode(&"word ".repeat(254)));
}

#[test]
fn a_model_is_read_from_a_folder_too() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/all-minilm-l6-v2-int8");
    let read = SentenceModel::load(ModelFiles::read(&folder).unwrap()).unwrap();
    let bundled = SentenceModel::load(ModelFiles::bundled()).unwrap();
    assert_eq!(read.name(), bundled.name());
    let text = "Is there a warranty?";
    assert_eq!(
        Encoder::new(read).encode(text, Role::Question).unwrap(),
        Encoder::new(bundled).encode(text, Role::Passage).unwrap()
    );
}

#[test]
fn a_missing_model_is_reported_with_its_path() {
    let error = ModelFiles::read(Path::new("no/such/folder")).unwrap_err();
    assert!(matches!(&error, Error::ReadFile { path, .. } if path.starts_with("no/such/folder")));
    assert!(error.to_string().starts_with("cannot read no/such/folder"));
}

#[tokio::test]
async fn who_cannot_wait_is_told_at_once_unless_the_text_is_known() {
    let embedder = embedder();
    let known = embed(&embedder, &["Where is my parcel?"]).await.remove(0);
    let soon = |text: &str| embedder.embed_soon(text.to_owned(), Role::Question, Duration::ZERO);
    let crowd =
        (0..8).map(|number| embedder.embed(vec![format!("Question number {number}")], Role::Question));
    let mut crowd: Vec<_> = crowd.map(Box::pin).collect();
    for asked in &mut crowd {
        // The first look puts the text in the line.
        assert!(futures::poll!(asked.as_mut()).is_pending());
    }
    assert!(matches!(soon("Where is my refund?").await, Err(EmbedError::Busy)));
    assert_eq!(soon("Where is my parcel?").await.unwrap(), known);
    for asked in crowd {
        asked.await.unwrap();
    }
    assert!(soon("Where is my refund?").await.is_ok(), "nobody waits any more");
}

#[tokio::test]
async fn what_was_foreseen_is_known_when_somebody_asks() {
    let embedder = embedder();
    embedder.foresee("Where is my refund?".to_owned(), Role::Question);
    // What was spawned gets into the line.
    tokio::task::yield_now().await;
    embedder.stop().await;
    let soon = |text: &str| embedder.embed_soon(text.to_owned(), Role::Question, Duration::ZERO);
    assert!(soon("Where is my refund?").await.is_ok());
    assert!(matches!(
        soon("Where is my parcel?").await,
        Err(EmbedError::Stopped)
    ));
}
