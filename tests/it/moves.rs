//! Another embedding model is configured: everything is found before, during and after the move to it.

use std::path::Path;
use std::time::{Duration, Instant};

use acs_domain::access::Scope;
use acs_domain::port::store;
use rstest::rstest;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, SHARED_KEYS};

/// A move whose process died is free after a second, and so long are vectors kept that are no longer used.
pub(crate) const EAGER: [(&str, &str); 4] = [
    ("ACS__AI__TRAINING_DELAY_SECONDS", "0"),
    ("ACS__TURN__LEASE_SECONDS", "1"),
    SHARED_KEYS[0],
    SHARED_KEYS[1],
];

/// Entries, and what is asked for them in none of their words: meaning alone finds them.
const ENTRIES: [(&str, &str, &str); 3] = [
    (
        "Refunds",
        "Goods may be sent home within fourteen days, and the sum is credited to your card.",
        "money back",
    ),
    (
        "Passwords",
        "Credentials for logging in are reset by mail.",
        "forgot secret code account access",
    ),
    (
        "Opening hours",
        "Our shop is open on weekdays from nine to five.",
        "times when store closes",
    ),
];

/// Another model: the one that comes with the program under another name, which reads texts less far.
struct Model(tempfile::TempDir);

impl Model {
    fn new() -> Self {
        let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/ai/models/all-minilm-l6-v2-int8");
        let folder = tempfile::tempdir().unwrap();
        for file in ["model.onnx", "tokenizer.json"] {
            std::fs::copy(bundled.join(file), folder.path().join(file)).unwrap();
        }
        let config = json!({ "name": "another", "max_tokens": 128 });
        std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
        Self(folder)
    }

    fn settings(&self) -> Vec<(&str, &str)> {
        let mut settings = EAGER.to_vec();
        settings.push(("ACS__AI__EMBEDDING_MODEL_DIR", self.0.path().to_str().unwrap()));
        settings
    }
}

async fn write(app: &App, admin: &As, (title, content, _): (&str, &str, &str)) {
    let entry = json!({ "title": title, "content": content, "category": "help" });
    app.post(admin, "/knowledge", entry).await.expect(201);
}

/// The first title that a search finds.
async fn found(app: &App, admin: &As, query: &str) -> Option<String> {
    let found = app
        .post(admin, "/knowledge/search", json!({ "query": query }))
        .await
        .expect(200);
    found["items"][0]["title"].as_str().map(str::to_owned)
}

/// Asks for each of these by its meaning.
async fn all_are_found(app: &App, admin: &As, entries: &[(&str, &str, &str)]) {
    for (title, _, query) in entries {
        assert_eq!(found(app, admin, query).await.as_deref(), Some(*title), "{query}");
    }
}

async fn move_due(app: &App) -> usize {
    let moves = &app.process.engine.moves;
    moves.move_due(&CancellationToken::new()).await.unwrap()
}

async fn scope(store: &dyn store::Store) -> Scope {
    let found = store.directory().organization("acme").await.unwrap();
    Scope::trusted(found.unwrap())
}

async fn in_force(store: &dyn store::Store) -> String {
    let mut unit = store.read(scope(store).await).await.unwrap();
    unit.embeddings().state().await.unwrap().in_force
}

/// How many passages a model has not embedded.
async fn passages_without(store: &dyn store::Store, model: &str) -> u64 {
    let mut unit = store.read(scope(store).await).await.unwrap();
    unit.embeddings().count_without(model).await.unwrap().0
}

/// Moves until nothing is left to do for the organization: the model is in force, and the vectors before are cleared.
pub(crate) async fn moved(app: &App, store: &dyn store::Store) {
    let model = app.process.embedder.model();
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        move_due(app).await;
        let mut unit = store.read(scope(store).await).await.unwrap();
        let state = unit.embeddings().state().await.unwrap();
        drop(unit);
        if state.in_force == model && state.beside.is_none() && !state.missing {
            return;
        }
        assert!(Instant::now() < deadline, "the move does not end: {state:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The intent of a text that is surely understood.
async fn understood(app: &App, admin: &As, words: &str) -> Option<String> {
    let analysis = app
        .post(admin, "/ai/analyze", json!({ "text": words }))
        .await
        .expect(200);
    let first = &analysis["intents"][0];
    let sure = first["confidence"]
        .as_f64()
        .is_some_and(|confidence| confidence >= 0.6);
    sure.then(|| first["name"].as_str().unwrap().to_owned())
}

const CANCEL: [&str; 6] = [
    "cancel my order",
    "please cancel the order",
    "I want to cancel",
    "can you cancel an order for me",
    "stop the order, cancel it",
    "I would like to cancel what I ordered",
];
const REFUND: [&str; 6] = [
    "when does my refund arrive",
    "where is my refund",
    "tell me about my refund",
    "has the refund been paid",
    "when is the refund on my card",
    "my refund has not arrived",
];

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn everything_is_found_before_during_and_after_a_move(#[values(Sqlite, Postgres)] store: Store) {
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &EAGER).await;
    let admin = old.organization("acme", json!({})).await;
    for entry in ENTRIES {
        write(&old, &admin, entry).await;
    }
    let model = Model::new();
    let new = old.replica(&model.settings()).await;
    let (before, after) = (old.process.embedder.model(), new.process.embedder.model());
    assert_ne!(before, after);
    let late = (
        "Gift wrap",
        "We wrap presents in green paper.",
        "decorate a birthday parcel",
    );
    write(&new, &admin, late).await;
    let entries = [&ENTRIES[..], &[late]].concat();
    for app in [&old, &new] {
        all_are_found(app, &admin, &entries).await;
    }
    assert_eq!(in_force(&*stored).await, before);
    tokio::join!(moved(&new, &*stored), async {
        for _ in 0..10 {
            all_are_found(&new, &admin, &entries).await;
        }
    });
    assert_eq!(in_force(&*stored).await, after);
    all_are_found(&new, &admin, &entries).await;
    assert_eq!(
        passages_without(&*stored, before).await,
        4,
        "the vectors before are cleared"
    );
    assert_eq!(move_due(&new).await, 0, "nothing is left to do");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_the_model_before_undoes_nothing_and_what_it_writes_is_caught_up(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &EAGER).await;
    let admin = old.organization("acme", json!({})).await;
    write(&old, &admin, ENTRIES[0]).await;
    let model = Model::new();
    let new = old.replica(&model.settings()).await;
    moved(&new, &*stored).await;
    assert_eq!(move_due(&old).await, 0, "it began before");
    all_are_found(&new, &admin, &ENTRIES[..1]).await;
    assert_eq!(
        found(&old, &admin, ENTRIES[0].2).await,
        None,
        "it has not the model"
    );
    assert_eq!(
        found(&old, &admin, "credited card").await.as_deref(),
        Some("Refunds")
    );
    write(&old, &admin, ENTRIES[1]).await;
    assert_eq!(
        found(&new, &admin, "credentials reset").await.as_deref(),
        Some("Passwords")
    );
    moved(&new, &*stored).await;
    all_are_found(&new, &admin, &ENTRIES[..2]).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_broke_off_goes_on_where_it_was(#[values(Sqlite, Postgres)] store: Store) {
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &EAGER).await;
    let admin = old.organization("acme", json!({})).await;
    let content = (0..100).map(|n| format!("# Part {n}\n\nThis is part number {n} of many.\n\n"));
    let long = content.collect::<String>();
    write(&old, &admin, ("Many parts", &long, "")).await;
    write(&old, &admin, ENTRIES[0]).await;
    let model = Model::new();
    let dying = old.replica(&model.settings()).await;
    let after = dying.process.embedder.model();
    assert_eq!(passages_without(&*stored, after).await, 101);
    tokio::select! {
        _ = moved(&dying, &*stored) => panic!("it was to die on the way"),
        () = async {
            while passages_without(&*stored, after).await > 69 {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    let left = passages_without(&*stored, after).await;
    assert!((1..=69).contains(&left), "{left}");
    all_are_found(&dying, &admin, &ENTRIES[..1]).await;
    let next = old.replica(&model.settings()).await;
    all_are_found(&next, &admin, &ENTRIES[..1]).await;
    moved(&next, &*stored).await;
    assert_eq!(in_force(&*stored).await, after);
    for app in [&dying, &next] {
        all_are_found(app, &admin, &ENTRIES[..1]).await;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn servers_that_move_at_once_share_the_work(#[values(Sqlite, Postgres)] store: Store) {
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &EAGER).await;
    let admin = old.organization("acme", json!({})).await;
    for entry in ENTRIES {
        write(&old, &admin, entry).await;
    }
    let model = Model::new();
    let (one, two) = (
        old.replica(&model.settings()).await,
        old.replica(&model.settings()).await,
    );
    tokio::join!(moved(&one, &*stored), async {
        for _ in 0..10 {
            move_due(&two).await;
            all_are_found(&two, &admin, &ENTRIES).await;
        }
    });
    for app in [&one, &two] {
        all_are_found(app, &admin, &ENTRIES).await;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn intents_are_understood_throughout_by_a_trained_head(#[values(Sqlite, Postgres)] store: Store) {
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &EAGER).await;
    let admin = old.organization("acme", json!({})).await;
    let intents = json!({ "intents": [
        { "name": "cancel", "training_phrases": CANCEL },
        { "name": "refund", "training_phrases": REFUND },
    ] });
    old.post(&admin, "/intents/import", intents).await.expect(200);
    let training = &old.process.engine.training;
    assert_eq!(training.train_due(&CancellationToken::new()).await.unwrap(), 1);
    let model = Model::new();
    let new = old.replica(&model.settings()).await;
    let understands = async || {
        assert_eq!(
            understood(&new, &admin, "stop the order please").await.as_deref(),
            Some("cancel")
        );
        assert_eq!(
            understood(&new, &admin, "was the refund paid").await.as_deref(),
            Some("refund")
        );
        let status = new.get(&admin, "/intents/status").await.expect(200);
        assert_eq!(status, json!({ "version": 1, "trained_version": 1 }));
    };
    understands().await;
    tokio::join!(moved(&new, &*stored), async {
        for _ in 0..10 {
            understands().await;
        }
    });
    understands().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn without_the_model_before_words_answer_until_the_move_is_done(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let model = Model::new();
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &model.settings()).await;
    let admin = old.organization("acme", json!({})).await;
    write(&old, &admin, ENTRIES[0]).await;
    let new = old.replica(&EAGER).await;
    assert_eq!(found(&new, &admin, ENTRIES[0].2).await, None);
    assert_eq!(
        found(&new, &admin, "credited card").await.as_deref(),
        Some("Refunds")
    );
    moved(&new, &*stored).await;
    all_are_found(&new, &admin, &ENTRIES[..1]).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_model_before_whose_folder_is_named_answers_until_the_move_is_done(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let model = Model::new();
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &model.settings()).await;
    let admin = old.organization("acme", json!({})).await;
    write(&old, &admin, ENTRIES[0]).await;
    let mut settings = EAGER.to_vec();
    settings.push((
        "ACS__AI__EMBEDDING_PREVIOUS_MODEL_DIR",
        model.0.path().to_str().unwrap(),
    ));
    let new = old.replica(&settings).await;
    all_are_found(&new, &admin, &ENTRIES[..1]).await;
    moved(&new, &*stored).await;
    all_are_found(&new, &admin, &ENTRIES[..1]).await;
    for _ in 0..2 {
        new.process.engine.moves.release_unused().await.unwrap();
    }
    all_are_found(&new, &admin, &ENTRIES[..1]).await;
}
