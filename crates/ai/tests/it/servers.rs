//! Models on servers that embed and rerank, at the wire.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_ai::embed::{RemoteEmbedder, RemoteError, RemoteOptions};
use acs_ai::provider::{Net, ServerOptions};
use acs_ai::rerank::RemoteReranker;
use acs_ai::router::RetrySettings;
use acs_core::entropy::SeededEntropy;
use acs_core::secret::Secret;
use acs_domain::port::embed::{EmbedError, Embedder, Role};
use acs_domain::port::rerank::{RerankError, Reranker};
use rstest::rstest;
use serde_json::{Value, json};

use crate::model_server::{Asked, ModelServer, Script};
use crate::provider::{AMPLE, SHORT};

const DIMENSIONS: usize = 3;

fn server_options(server: &ModelServer) -> ServerOptions {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ServerOptions {
        base_url: server.base_url(),
        api_key: Some(Secret::new("sk-secret")),
        model: "small-embedder".to_owned(),
        timeout: AMPLE,
        retry: RetrySettings {
            retries: 1,
            longest_wait: Duration::from_secs(1),
        },
        at_once: 2,
        net: Net::trusted().unwrap(),
        entropy: Arc::new(SeededEntropy::new(1)),
    }
}

fn options(server: &ModelServer) -> RemoteOptions {
    RemoteOptions {
        server: server_options(server),
        dimensions: None,
        batch: 2,
        question_prefix: "query: ".to_owned(),
        passage_prefix: String::new(),
        strangers: 0.0,
    }
}

/// A text's length beside two other numbers.
#[expect(clippy::cast_precision_loss, reason = "texts are short")]
fn vector(text: &str) -> Vec<f32> {
    vec![text.len() as f32, 1.0, 2.0]
}

fn unit(text: &str) -> Vec<f32> {
    let vector = vector(text);
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter().map(|x| x / length).collect()
}

async fn embedding() -> ModelServer {
    let server = ModelServer::answering(|asked| Script::embeddings(asked, vector));
    server.await.unwrap()
}

/// A server that gives a vector once, and then answers so.
async fn embedding_once_then(script: Script) -> ModelServer {
    let answer = move |asked: &Asked| {
        if asked.body["input"] == json!(["ready?"]) {
            Script::embeddings(asked, vector)
        } else {
            script.clone()
        }
    };
    ModelServer::answering(answer).await.unwrap()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// What was asked for after the start, request by request.
fn inputs(server: &ModelServer) -> Vec<Value> {
    let asked = server.asked();
    asked
        .iter()
        .skip(1)
        .map(|asked| asked.body["input"].clone())
        .collect()
}

#[tokio::test]
async fn texts_are_sent_in_batches_and_their_vectors_come_in_their_order() {
    let server = embedding().await;
    let embedder = RemoteEmbedder::connect(options(&server)).await.unwrap();
    assert_eq!(embedder.dimensions(), DIMENSIONS);
    let passages = texts(&["a", "bb", "ccc", "dddd", "eeeee"]);
    let vectors = embedder.embed(passages.clone(), Role::Passage).await.unwrap();
    for (text, vector) in passages.iter().zip(&vectors) {
        assert_eq!(vector.to_vec(), unit(text), "{text}");
    }
    let mut sent = inputs(&server);
    sent.sort_by_key(Value::to_string);
    assert_eq!(
        sent,
        [json!(["a", "bb"]), json!(["ccc", "dddd"]), json!(["eeeee"])]
    );
    for asked in server.asked() {
        assert_eq!(asked.line, "POST /v1/embeddings");
        assert_eq!(asked.header("authorization"), Some("Bearer sk-secret"));
        assert_eq!(
            (&asked.body["model"], &asked.body["encoding_format"]),
            (&json!("small-embedder"), &json!("float"))
        );
    }
}

#[tokio::test]
async fn what_was_embedded_before_is_not_sent_again() {
    let server = embedding().await;
    let embedder = RemoteEmbedder::connect(options(&server)).await.unwrap();
    let first = embedder
        .embed_soon("where".to_owned(), Role::Question, AMPLE)
        .await
        .unwrap();
    let again = embedder
        .embed_soon("where".to_owned(), Role::Question, Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(first, again);
    let both = embedder
        .embed(texts(&["where", "when"]), Role::Question)
        .await
        .unwrap();
    assert_eq!(both[0], first);
    assert_eq!(inputs(&server), [json!(["query: where"]), json!(["query: when"])]);
}

#[tokio::test]
async fn what_a_customer_says_leaves_without_personal_data() {
    let server = embedding().await;
    let embedder = RemoteEmbedder::connect(options(&server)).await.unwrap();
    let words = "I am jo@acme.example, where is my parcel?";
    embedder
        .embed_soon(words.to_owned(), Role::Question, AMPLE)
        .await
        .unwrap();
    embedder.embed(texts(&[words]), Role::Passage).await.unwrap();
    assert_eq!(
        inputs(&server),
        [
            json!(["query: I am [email_1], where is my parcel?"]),
            json!([words])
        ],
        "what the organization publishes is its own"
    );
}

#[rstest]
#[case::another_length(Script::json(200, &json!({"data": [{"index": 0, "embedding": [1.0, 0.0]}]})), true)]
#[case::a_wrong_key(Script::json(401, &json!({"error": {"message": "no"}})), true)]
#[case::no_such_model(Script::json(404, &json!({"error": {"message": "no"}})), true)]
#[case::no_vectors(Script::json(200, &json!({"data": []})), true)]
#[case::another_protocol(Script::json(200, &json!({"vectors": [[1.0, 0.0, 0.0]]})), true)]
#[case::garbage(Script::default().raw("\u{1}\u{2} no protocol\r\n\r\n"), false)]
#[case::away(Script::json(503, &json!({})), false)]
#[case::silence(Script::silence(), false)]
#[tokio::test]
async fn a_server_that_does_not_fit_is_refused_at_the_start_and_one_that_is_away_only_if_its_length_is_not_told(
    #[case] script: Script,
    #[case] always: bool,
) {
    let server = ModelServer::start([script]).await.unwrap();
    let mut told = RemoteOptions {
        dimensions: Some(DIMENSIONS),
        ..options(&server)
    };
    told.server.timeout = SHORT;
    let untold = RemoteOptions {
        dimensions: None,
        ..told.clone()
    };
    assert_eq!(RemoteEmbedder::connect(told).await.is_err(), always);
    match RemoteEmbedder::connect(untold).await {
        Ok(embedder) => assert_eq!(embedder.dimensions(), 2, "of what it gives"),
        Err(error) => assert!(matches!(error, RemoteError::NoVector(_)), "{error}"),
    }
}

#[tokio::test]
async fn the_error_of_another_length_says_both() {
    let server = embedding().await;
    let told = RemoteOptions {
        dimensions: Some(384),
        ..options(&server)
    };
    let error = RemoteEmbedder::connect(told).await.err().unwrap().to_string();
    assert_eq!(error, "the embedding server's vectors have 3 dimensions, not 384");
}

fn data(items: &Value) -> Script {
    Script::json(200, &json!({ "data": items }))
}

#[rstest]
#[case::a_failure(Script::json(500, &json!({})), 2)]
#[case::too_much_for_long(Script::refuse(429, &[("Retry-After", "3600")], &json!({})), 1)]
#[case::too_much_for_ever(Script::refuse(429, &[("Retry-After", "18446744073709551615")], &json!({})), 1)]
#[case::too_much(Script::refuse(429, &[("Retry-After", "0")], &json!({})), 2)]
#[case::a_refusal(Script::json(400, &json!({"error": {"message": "no"}})), 1)]
#[case::garbage(Script::json(200, &json!("hello")), 1)]
#[case::half_a_json(Script::default().raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\": [{\"index\": 0, \"emb"), 1)]
#[case::a_cut(Script::default().raw("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"data\": ["), 2)]
#[case::one_too_few(data(&json!([{"index": 0, "embedding": [1.0, 0.0, 0.0]}])), 1)]
#[case::one_twice(data(&json!([{"index": 0, "embedding": [1.0, 0.0, 0.0]}, {"index": 0, "embedding": [1.0, 0.0, 0.0]}])), 1)]
#[case::one_that_nobody_asked_for(data(&json!([{"index": 0, "embedding": [1.0, 0.0, 0.0]}, {"index": 7, "embedding": [1.0, 0.0, 0.0]}])), 1)]
#[case::another_length(data(&json!([{"index": 0, "embedding": [1.0, 0.0]}, {"index": 1, "embedding": [1.0, 0.0]}])), 1)]
#[case::no_direction(data(&json!([{"index": 0, "embedding": [0.0, 0.0, 0.0]}, {"index": 1, "embedding": [1.0, 0.0, 0.0]}])), 1)]
#[case::silence(Script::silence(), 1)]
#[tokio::test]
async fn what_is_no_answer_gives_no_vectors(#[case] script: Script, #[case] tries: usize) {
    let server = embedding_once_then(script).await;
    let mut options = options(&server);
    options.server.timeout = Duration::from_millis(900);
    let embedder = RemoteEmbedder::connect(options).await.unwrap();
    let failed = embedder.embed(texts(&["one", "two"]), Role::Passage).await;
    assert!(matches!(failed, Err(EmbedError::Failed(_))), "{failed:?}");
    assert_eq!(inputs(&server).len(), tries);
}

#[tokio::test]
async fn who_would_wait_for_a_place_does_without() {
    let server = embedding_once_then(Script::silence()).await;
    let mut options = options(&server);
    options.server.at_once = 1;
    let embedder = RemoteEmbedder::connect(options).await.unwrap();
    let mut asked = embedder.embed_soon("one".to_owned(), Role::Question, AMPLE);
    // The first goes as far as the server before the second comes.
    let waiting = tokio::time::timeout(Duration::from_millis(200), &mut asked).await;
    assert!(waiting.is_err());
    let began = Instant::now();
    let second = embedder
        .embed_soon("two".to_owned(), Role::Question, Duration::from_millis(20))
        .await;
    assert!(matches!(second, Err(EmbedError::Busy)), "{second:?}");
    assert!(began.elapsed() < AMPLE / 2);
    assert_eq!(inputs(&server).len(), 1);
}

async fn judging(script: impl Fn(&Asked) -> Script + Send + Sync + 'static) -> (ModelServer, RemoteReranker) {
    let server = ModelServer::answering(script).await.unwrap();
    let mut options = server_options(&server);
    options.timeout = Duration::from_millis(900);
    options.at_once = 1;
    let reranker = RemoteReranker::new(&options, 24).unwrap();
    (server, reranker)
}

#[tokio::test]
#[expect(clippy::cast_precision_loss, reason = "texts are short")]
async fn passages_are_judged_in_their_order_whatever_the_order_of_the_judgements() {
    let (server, reranker) = judging(|asked| Script::judgements(asked, |text| text.len() as f32)).await;
    let question = "I am jo@acme.example, which is longer?";
    let judged = reranker
        .relevance(question, texts(&["bb", "a", "ccc"]))
        .await
        .unwrap();
    assert_eq!(judged, [2.0, 1.0, 3.0]);
    let asked = server.asked();
    assert_eq!(asked[0].line, "POST /v1/rerank");
    assert_eq!(
        asked[0].body,
        json!({"model": "small-embedder", "query": "I am [email_1], which is longer?",
            "documents": ["bb", "a", "ccc"], "top_n": 3})
    );
}

fn results(items: &Value) -> Script {
    Script::json(200, &json!({ "results": items }))
}

#[rstest]
#[case::a_failure(Script::json(500, &json!({})))]
#[case::a_limit_of_rate(Script::refuse(429, &[("Retry-After", "3600")], &json!({})))]
#[case::a_limit_of_rate_for_ever(Script::refuse(429, &[("Retry-After", "18446744073709551615")], &json!({})))]
#[case::a_wrong_key(Script::json(401, &json!({})))]
#[case::garbage(Script::json(200, &json!([])))]
#[case::one_too_few(results(&json!([{"index": 1, "relevance_score": 0.5}])))]
#[case::one_twice(results(&json!([{"index": 1, "relevance_score": 0.5}, {"index": 1, "relevance_score": 0.4}])))]
#[case::one_that_nobody_asked_for(results(&json!([{"index": 0, "relevance_score": 0.5}, {"index": 9, "relevance_score": 0.4}])))]
#[case::no_number(results(&json!([{"index": 0, "relevance_score": 1e99}, {"index": 1, "relevance_score": 0.4}])))]
#[case::silence(Script::silence())]
#[tokio::test]
async fn what_is_no_judgement_gives_no_order(#[case] script: Script) {
    let (_server, reranker) = judging(move |_| script.clone()).await;
    let failed = reranker.relevance("which?", texts(&["one", "two"])).await;
    assert!(matches!(failed, Err(RerankError::Failed(_))), "{failed:?}");
}

#[tokio::test]
async fn nobody_waits_for_a_judgement_behind_others() {
    let (_server, reranker) = judging(|_| Script::silence()).await;
    let (first, second) = tokio::join!(
        reranker.relevance("which?", texts(&["one", "two"])),
        reranker.relevance("which?", texts(&["one", "two"])),
    );
    assert!(matches!(first, Err(RerankError::Failed(_))), "{first:?}");
    assert!(matches!(second, Err(RerankError::Busy)), "{second:?}");
}
