//! Heads that are trained on an organization's phrases: in force without a restart, on every server, each for its own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_core::clock::{Clock as _, SystemClock};
use acs_domain::access::Scope;
use acs_domain::intent_head::IntentHead;
use acs_domain::port::store;
use acs_testkit::Backend;
use rstest::rstest;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, SHARED_KEYS};

/// Intents are trained as soon as they have changed, and a training whose process died is free after a second.
const EAGER: [(&str, &str); 4] = [
    ("ACS__AI__TRAINING_DELAY_SECONDS", "0"),
    ("ACS__TURN__LEASE_SECONDS", "1"),
    SHARED_KEYS[0],
    SHARED_KEYS[1],
];

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

/// Only a trained head is sure of both wishes: the nearest phrases need the meaning of a clause, and the first three alone
/// are embedded.
const BOTH: &str = "good morning to you, it is sunny here, my cat sleeps well, cancel my order and tell me when the \
    refund does arrive";

/// A server with its store, and an organization that has taught it two intents.
struct Scene {
    app: App,
    store: Arc<dyn store::Store>,
    admin: As,
}

impl Scene {
    async fn on(store: Store) -> Self {
        let backend = store.backend().await;
        Self::of(backend).await
    }

    async fn of(backend: Backend) -> Self {
        let store = backend.shared();
        let app = App::start(backend, &EAGER).await;
        let admin = app.organization("acme", json!({})).await;
        teach(&app, &admin, "cancel", "refund").await;
        Self { app, store, admin }
    }

    async fn scope(&self) -> Scope {
        let found = self.store.directory().organization("acme").await.unwrap();
        Scope::trusted(found.unwrap())
    }

    fn embedding_model(&self) -> &str {
        self.app.process.embedder.model()
    }

    async fn status(&self) -> Value {
        self.app.get(&self.admin, "/intents/status").await.expect(200)
    }
}

/// Teaches the two intents, under these names.
async fn teach(app: &App, admin: &As, cancel: &str, refund: &str) {
    let intents = json!({ "intents": [
        { "name": cancel, "training_phrases": CANCEL },
        { "name": refund, "training_phrases": REFUND },
    ] });
    app.post(admin, "/intents/import", intents).await.expect(200);
}

/// Trains what is to be trained on a server; the number of organizations.
async fn train(app: &App) -> usize {
    let training = &app.process.engine.training;
    training.train_due(&CancellationToken::new()).await.unwrap()
}

/// The intents that a text is understood to have, those alone that it surely has.
async fn sure(app: &App, caller: &As, words: &str) -> BTreeSet<String> {
    let analysis = app
        .post(caller, "/ai/analyze", json!({ "text": words }))
        .await
        .expect(200);
    let intents = analysis["intents"].as_array().unwrap().iter();
    let sure = intents.filter(|intent| intent["confidence"].as_f64().unwrap() >= 0.6);
    sure.map(|intent| intent["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Asks until both wishes are understood: a head is fetched beside the messages.
async fn understands_both(app: &App, caller: &As, names: [&str; 2]) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let found = sure(app, caller, BOTH).await;
        if names.iter().all(|name| found.contains(*name)) {
            return;
        }
        assert!(Instant::now() < deadline, "no head is in force: {found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn phrases_count_at_once_and_the_head_trained_on_them_without_a_restart(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let scene = Scene::on(store).await;
    let (app, admin) = (&scene.app, &scene.admin);
    assert_eq!(
        sure(app, admin, CANCEL[0]).await,
        BTreeSet::from(["cancel".to_owned()])
    );
    assert!(sure(app, admin, BOTH).await.len() < 2);
    assert_eq!(
        scene.status().await,
        json!({ "version": 1, "trained_version": 0 })
    );
    assert_eq!(train(app).await, 1);
    assert_eq!(
        scene.status().await,
        json!({ "version": 1, "trained_version": 1 })
    );
    understands_both(app, admin, ["cancel", "refund"]).await;
    assert_eq!(train(app).await, 0, "nothing has changed");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_change_the_old_head_and_the_new_phrases_answer_together(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let scene = Scene::on(store).await;
    let (app, admin) = (&scene.app, &scene.admin);
    train(app).await;
    understands_both(app, admin, ["cancel", "refund"]).await;
    let words = "I moved to another street";
    let intent = json!({ "name": "address", "training_phrases": [words, "here is my new address"] });
    app.post(admin, "/intents", intent).await.expect(201);
    assert_eq!(
        sure(app, admin, words).await,
        BTreeSet::from(["address".to_owned()])
    );
    assert_eq!(
        sure(app, admin, BOTH).await.len(),
        2,
        "what was trained before is not lost"
    );
    assert_eq!(
        scene.status().await,
        json!({ "version": 2, "trained_version": 1 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_trains_is_in_force_on_every_other() {
    let scene = Scene::on(Postgres).await;
    let other = scene.app.replica(&EAGER).await;
    assert!(sure(&other, &scene.admin, BOTH).await.len() < 2);
    assert_eq!(train(&scene.app).await, 1);
    for server in [&scene.app, &other] {
        understands_both(server, &scene.admin, ["cancel", "refund"]).await;
    }
    assert_eq!(train(&other).await, 0, "it is trained once");
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_look_at_once_train_once() {
    let scene = Scene::on(Postgres).await;
    let other = scene.app.replica(&EAGER).await;
    let (ours, theirs) = tokio::join!(train(&scene.app), train(&other));
    assert_eq!(ours + theirs, 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_training_whose_process_died_is_done_by_another(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let (scope, now) = (scene.scope().await, SystemClock.now());
    let mut unit = scene.store.begin(scope).await.unwrap();
    let died = unit
        .intent_heads()
        .acquire(
            scene.embedding_model(),
            "a process that died",
            now,
            now + Duration::from_secs(1),
        )
        .await;
    assert_eq!(died.unwrap(), Some(1));
    unit.commit().await.unwrap();
    assert_eq!(train(&scene.app).await, 0, "it may still live");
    while SystemClock.now() < now + Duration::from_secs(1) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(train(&scene.app).await, 1);
    understands_both(&scene.app, &scene.admin, ["cancel", "refund"]).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_a_training_and_gives_it_back(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let stop = CancellationToken::new();
    let training = scene.app.process.engine.training.clone();
    let (stopped, ()) = tokio::join!(training.train_due(&stop), async {
        // The training has its lease by the time that it looks at the phrases, or finds the stop before it begins.
        tokio::task::yield_now().await;
        stop.cancel();
    });
    assert_eq!(stopped.unwrap(), 0);
    assert_eq!(train(&scene.app).await, 1, "nobody waits for the lease to end");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_cannot_be_read_is_trained_anew_and_the_nearest_phrases_answer_meanwhile(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let scene = Scene::on(store).await;
    let (app, admin, scope) = (&scene.app, &scene.admin, scene.scope().await);
    let head = IntentHead {
        organization_id: scope.organization_id(),
        embedding_model: scene.embedding_model().to_owned(),
        intents_version: 1,
        trained_at: SystemClock.now(),
        took: Duration::ZERO,
    };
    let mut unit = scene.store.begin(scope).await.unwrap();
    assert!(
        unit.intent_heads()
            .put(&head, Some(b"of a format that nobody knows"))
            .await
            .unwrap()
    );
    unit.commit().await.unwrap();
    assert_eq!(train(app).await, 0, "it passes for trained");
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        assert_eq!(
            sure(app, admin, CANCEL[0]).await,
            BTreeSet::from(["cancel".to_owned()])
        );
        if train(app).await == 1 {
            break;
        }
        assert!(Instant::now() < deadline, "the damage was not found");
    }
    understands_both(app, admin, ["cancel", "refund"]).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn phrases_that_change_during_a_training_are_trained_next(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let (app, admin) = (&scene.app, &scene.admin);
    let change = async {
        let phrases = [
            "thank you",
            "thanks a lot",
            "many thanks",
            "you helped me",
            "that was kind",
        ];
        let intent = json!({ "name": "thanks", "training_phrases": phrases });
        app.post(admin, "/intents", intent).await.expect(201);
    };
    tokio::join!(train(app), change);
    let deadline = Instant::now() + Duration::from_secs(20);
    while scene.status().await["trained_version"] != 2 {
        train(app).await;
        assert!(Instant::now() < deadline, "the change was never trained");
    }
    assert_eq!(train(app).await, 0);
    understands_both(app, admin, ["cancel", "refund"]).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn too_few_phrases_are_compared_and_nothing_is_trained(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::start(store.backend().await, &EAGER).await;
    let admin = app.organization("acme", json!({})).await;
    for (name, phrase) in [("cancel", CANCEL[0]), ("refund", REFUND[0])] {
        let intent = json!({ "name": name, "training_phrases": [phrase] });
        app.post(&admin, "/intents", intent).await.expect(201);
    }
    assert_eq!(train(&app).await, 0);
    let status = app.get(&admin, "/intents/status").await.expect(200);
    assert_eq!(
        status,
        json!({ "version": 2, "trained_version": 2 }),
        "it was looked at"
    );
    assert_eq!(
        sure(&app, &admin, CANCEL[0]).await,
        BTreeSet::from(["cancel".to_owned()])
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_head_knows_its_own_organizations_phrases_alone(#[values(Sqlite, Postgres)] store: Store) {
    let scene = Scene::on(store).await;
    let app = &scene.app;
    let other = app.organization("elsewhere", json!({})).await;
    // The same words teach the other organization the contrary, and more.
    teach(app, &other, "zz_refund", "aa_cancel").await;
    let more = json!({ "name": "tungsten", "training_phrases": ["boiling point of tungsten", "how hot is tungsten",
        "when does tungsten boil", "tungsten and heat", "does tungsten melt", "tell me about tungsten"] });
    app.post(&other, "/intents", more).await.expect(201);
    assert_eq!(train(app).await, 2);
    understands_both(app, &scene.admin, ["cancel", "refund"]).await;
    understands_both(app, &other, ["aa_cancel", "zz_refund"]).await;
    let tungsten = "what is the boiling point of tungsten";
    assert_eq!(
        sure(app, &other, tungsten).await,
        BTreeSet::from(["tungsten".to_owned()])
    );
    assert!(sure(app, &scene.admin, tungsten).await.is_empty());
}
