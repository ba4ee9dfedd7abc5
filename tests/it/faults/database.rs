//! A PostgreSQL that is gone for a while.

use std::time::{Duration, Instant};

use acs_core::entropy::{Entropy as _, SeededEntropy};
use acs_testkit::Backend;
use acs_testkit::model_server::ModelServer;
use acs_testkit::proxy::Proxy;
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, App, As, read};
use crate::talk::{PARCEL_QUESTION, PASSWORD_QUESTION, Talk, asked, thoughtful_model};

/// A server whose way to its database can be cut.
struct Far {
    app: App,
    proxy: Proxy,
    model: ModelServer,
}

/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(1);
/// How long a statement may take.
const STATEMENT: Duration = Duration::from_secs(1);

impl Far {
    async fn start(thinking: Duration) -> Self {
        let backend = Backend::postgres().await;
        let (proxy, url) = Proxy::of_url(&backend.options().url).await.unwrap();
        let model = thoughtful_model(thinking).await;
        let model_url = model.base_url();
        let (acquire, statement) = (ACQUIRE.as_secs().to_string(), STATEMENT.as_secs().to_string());
        let settings = [
            ("ACS__STORE__URL", url.expose()),
            ("ACS__STORE__ACQUIRE_TIMEOUT_SECONDS", &acquire),
            ("ACS__STORE__STATEMENT_TIMEOUT_SECONDS", &statement),
            ("ACS__TURN__LEASE_SECONDS", "1"),
            ("ACS__AI__OPENAI_BASE_URL", &model_url),
        ];
        let app = App::start(backend, &settings).await;
        Self { app, proxy, model }
    }
}

/// An answer that says: the database is away, come again.
#[track_caller]
fn is_away(answer: &Answer) {
    assert_eq!(answer.error(), (503, "4002"), "{}", answer.body);
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_gone_requests_are_told_so_and_afterwards_nothing_is_missing() {
    let far = Far::start(Duration::from_millis(300)).await;
    let Far { app, proxy, model } = &far;
    let talk = Talk::begin(app).await;
    talk.say(app, PASSWORD_QUESTION).await.expect(200);

    let cut = async {
        asked(model, 2).await;
        proxy.cut().await;
    };
    let (interrupted, ()) = tokio::join!(talk.say_once(app, PARCEL_QUESTION, "interrupted"), cut);
    is_away(&interrupted);

    let path = format!("/conversations/{}", talk.id);
    let asking = Instant::now();
    let new = json!({ "user_id": "customer-2", "channel": "web" });
    let stranger = As::Key("a key that nobody has seen".to_owned());
    let answers = tokio::join!(
        app.get(&talk.key, &path),
        talk.say_once(app, PASSWORD_QUESTION, "refused"),
        app.post(&talk.key, "/conversations", new),
        app.get(&stranger, &path),
    );
    let (got, said, opened, _stranger) = &answers;
    [got, said, opened].into_iter().for_each(is_away);
    assert!(
        asking.elapsed() < ACQUIRE * 4,
        "nobody waits longer than is set: {:?}",
        asking.elapsed()
    );
    let health = async |path: &str| read(app.http.request(Method::GET, format!("{}{path}", app.base))).await;
    assert_eq!(health("/health/live").await.status, 200);
    assert_eq!(
        health("/health/ready").await.expect(503)["checks"]["store"]["status"],
        "failed"
    );

    proxy.mend().await.unwrap();
    app.get(&talk.key, &path).await.expect(200);
    assert_eq!(health("/health/ready").await.status, 200);
    let transcript = talk.at_rest_with_help(app).await;
    transcript.check();
    assert_eq!(
        transcript.words_of("user"),
        [PASSWORD_QUESTION, PARCEL_QUESTION],
        "what was refused is not there"
    );
    assert_eq!(transcript.ids_of("ai_agent").len(), 2);
    let again = talk
        .say_once(app, PARCEL_QUESTION, "interrupted")
        .await
        .expect(200);
    assert_eq!(
        again["message_id"],
        transcript.ids_of("user")[1],
        "it was accepted before"
    );
    talk.say_once(app, PASSWORD_QUESTION, "refused").await.expect(200);
    talk.transcript(app).await.check();
}

/// How many messages are on their way while the database comes and goes.
const MESSAGES: usize = 12;
/// How often it goes.
const CUTS: u32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn whenever_the_database_goes_each_message_has_one_effect_and_one_reply() {
    let far = Far::start(Duration::from_millis(20)).await;
    let Far { app, proxy, .. } = &far;
    let first = Talk::begin(app).await;
    let second = Talk {
        id: app.conversation(&first.key, "customer-2").await,
        ..first.clone()
    };
    let talks = [&first, &second];

    let chance = SeededEntropy::new(42);
    let breaking = async {
        for _ in 0..CUTS {
            let mut drawn = [0; 1];
            chance.fill(&mut drawn);
            tokio::time::sleep(Duration::from_millis(20 + u64::from(drawn[0]))).await;
            proxy.cut().await;
            tokio::time::sleep(Duration::from_millis(30)).await;
            proxy.mend().await.unwrap();
        }
    };
    // As a client of good manners: until there is an answer, the same request is sent again.
    let insist = async |number: usize| {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let talk = talks[number % talks.len()];
            let answer = talk
                .say_once(app, PASSWORD_QUESTION, &format!("key-{number}"))
                .await;
            if answer.status == 200 {
                return answer.body;
            }
            is_away_or_stopping(&answer);
            assert!(Instant::now() < deadline, "never answered: {}", answer.body);
        }
    };
    let (answers, ()) = tokio::join!(join_all((0..MESSAGES).map(insist)), breaking);

    for (place, talk) in talks.into_iter().enumerate() {
        let transcript = talk.at_rest_with_help(app).await;
        transcript.check();
        let mut told: Vec<&str> = answers
            .iter()
            .skip(place)
            .step_by(2)
            .map(|turn| turn["message_id"].as_str().unwrap())
            .collect();
        let mut kept = transcript.ids_of("user");
        told.sort_unstable();
        kept.sort_unstable();
        assert_eq!(told, kept, "one message for each request");
    }
}

/// The database is away, or another attempt has taken the turn over: in both cases the same request may be sent again.
#[track_caller]
fn is_away_or_stopping(answer: &Answer) {
    let (status, code) = answer.error();
    assert!(
        status == 503 && matches!(code, "4002" | "5002"),
        "{}",
        answer.body
    );
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_the_network_has_forgotten_hold_nobody_up() {
    let far = Far::start(Duration::from_millis(300)).await;
    let Far { app, proxy, model } = &far;
    let talk = Talk::begin(app).await;
    let freeze = async {
        asked(model, 1).await;
        proxy.freeze();
        Instant::now()
    };
    let (interrupted, frozen_at) = tokio::join!(talk.say_once(app, PASSWORD_QUESTION, "interrupted"), freeze);
    let bound = (ACQUIRE + STATEMENT) * 3;
    assert!(
        frozen_at.elapsed() < bound,
        "answered in time: {:?}",
        frozen_at.elapsed()
    );
    if interrupted.status != 200 {
        is_away_or_stopping(&interrupted);
    }
    let path = format!("/conversations/{}", talk.id);
    let deadline = Instant::now() + bound;
    while app.get(&talk.key, &path).await.status != 200 {
        assert!(
            Instant::now() < deadline,
            "new connections are made in place of the old"
        );
    }
    let transcript = talk.at_rest_with_help(app).await;
    transcript.check();
    assert_eq!(transcript.ids_of("ai_agent").len(), 1);
}
