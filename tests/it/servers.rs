//! Models on servers that embed and rerank: what they find, and that nothing is lost when they are away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acs_testkit::model_server::{Asked, ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};
use crate::moves::{EAGER, moved};
use crate::talk::{PARCEL_QUESTION, PARCEL_SENTENCE, Talk};

/// A server that answers for as long as it is wanted to.
struct Server {
    model: ModelServer,
    away: Arc<AtomicBool>,
}

impl Server {
    async fn start(answer: impl Fn(&Asked) -> Script + Send + Sync + 'static) -> Self {
        let away = Arc::new(AtomicBool::new(false));
        let is_away = Arc::clone(&away);
        let model = ModelServer::answering(move |asked| {
            if is_away.load(Ordering::Relaxed) {
                Script::json(503, &json!({}))
            } else {
                answer(asked)
            }
        });
        let model = model.await.unwrap();
        Self { model, away }
    }

    fn go_away(&self) {
        self.away.store(true, Ordering::Relaxed);
    }
}

/// What words are about, to a model that knows four things.
fn meaning(text: &str) -> Vec<f32> {
    let about = |words: &[&str]| {
        f32::from(u8::from(
            words.iter().any(|word| text.to_lowercase().contains(word)),
        ))
    };
    let known = [
        about(&["password", "sign-in", "credentials"]),
        about(&["parcel", "delivery", "shipment"]),
        about(&["refund", "money"]),
    ];
    let none = f32::from(u8::from(known.iter().all(|known| *known == 0.0)));
    known.into_iter().chain([none]).collect()
}

async fn titles(app: &App, caller: &As, query: &str) -> Vec<String> {
    let found = app
        .post(caller, "/knowledge/search", json!({ "query": query }))
        .await
        .expect(200);
    let items = found["items"].as_array().unwrap().iter();
    items
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

async fn explained(app: &App, talk: &Talk, words: &str) -> (Value, Value) {
    let turn = talk.say(app, words).await.expect(200);
    let explained = talk.explained(app, turn["message_id"].as_str().unwrap()).await;
    (turn, explained["evidence"].clone())
}

fn degraded(evidence: &Value) -> Vec<&str> {
    let degraded = evidence["degraded"].as_array().unwrap().iter();
    degraded.map(|why| why.as_str().unwrap()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_organization_moves_to_a_server_s_model_as_to_any_other(#[values(Sqlite, Postgres)] store: Store) {
    let server = Server::start(|asked| Script::embeddings(asked, meaning)).await;
    let backend = store.backend().await;
    let stored = backend.shared();
    let old = App::start(backend, &EAGER).await;
    let admin = old.organization("acme", json!({})).await;
    old.teach(&admin).await;
    let url = server.model.base_url();
    let settings = [
        ("ACS__AI__EMBEDDING_URL", url.as_str()),
        ("ACS__AI__EMBEDDING_MODEL", "four-things"),
        ("ACS__AI__EMBEDDING_API_KEY", "sk-embeddings"),
    ];
    let settings: Vec<_> = settings.into_iter().chain(EAGER).collect();
    let new = old.replica(&settings).await;
    assert_eq!(
        titles(&new, &admin, "shipment").await.first().map(String::as_str),
        Some("Delivery times")
    );
    moved(&new, &*stored).await;
    assert_eq!(
        titles(&new, &admin, "shipment").await.first().map(String::as_str),
        Some("Delivery times"),
        "none of its words says so"
    );
    let asked = server.model.asked();
    assert!(
        asked
            .iter()
            .all(|asked| asked.header("authorization") == Some("Bearer sk-embeddings"))
    );
}

#[tokio::test]
async fn while_the_embedding_server_is_away_words_alone_answer() {
    let server = Server::start(|asked| Script::embeddings(asked, meaning)).await;
    let url = server.model.base_url();
    let settings = [
        ("ACS__AI__EMBEDDING_URL", url.as_str()),
        ("ACS__AI__EMBEDDING_MODEL", "four-things"),
    ];
    let app = App::with(Sqlite, &settings).await;
    let talk = Talk::begin(&app).await;
    let (_, evidence) = explained(&app, &talk, "How long does delivery to Germany take?").await;
    assert_eq!(degraded(&evidence), [""; 0]);
    server.go_away();
    let (turn, evidence) = explained(&app, &talk, PARCEL_QUESTION).await;
    assert!(
        turn["response"].as_str().unwrap().contains(PARCEL_SENTENCE),
        "{turn}"
    );
    assert_eq!(degraded(&evidence), ["embedding: it failed"]);
}

#[rstest]
#[tokio::test]
async fn a_reranker_has_the_last_word_on_the_order_and_without_it_the_order_stands(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let refunds_first = |text: &str| if text.starts_with("Refunds") { 0.9 } else { 0.1 };
    let server = Server::start(move |asked| Script::judgements(asked, refunds_first)).await;
    let url = server.model.base_url();
    let settings = [
        ("ACS__AI__RERANK_URL", url.as_str()),
        ("ACS__AI__RERANK_MODEL", "judge-1"),
    ];
    let app = App::with(store, &settings).await;
    let talk = Talk::begin(&app).await;
    let first = |evidence: &Value| evidence["candidates"][0]["title"].as_str().unwrap().to_owned();
    let (_, evidence) = explained(&app, &talk, PARCEL_QUESTION).await;
    assert_eq!(first(&evidence), "Refunds");
    let verdicts = evidence["verdicts"].as_array().unwrap();
    let ordered = verdicts
        .iter()
        .find(|verdict| verdict["check"] == "rerank")
        .unwrap();
    assert_eq!(ordered["reason"], "by judge-1");
    let asked = server.model.asked();
    assert_eq!(asked[0].body["query"], PARCEL_QUESTION);

    server.go_away();
    let (turn, evidence) = explained(&app, &talk, "How long does a parcel to Norway take?").await;
    assert_eq!(first(&evidence), "Delivery times");
    assert_eq!(degraded(&evidence), ["rerank: it failed"]);
    assert!(
        turn["response"].as_str().unwrap().contains("5 working days"),
        "{turn}"
    );
}
