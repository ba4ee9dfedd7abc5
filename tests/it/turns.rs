//! Turns beside each other: several messages, several servers, a person who steps in, a customer who goes away.

use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::port::embed::Role;
use futures::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{App, SHARED_KEYS, Store};
use crate::talk::{
    PARCEL_QUESTION, PARCEL_SENTENCE, PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk, asked, thoughtful_model,
};

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn two_messages_50_ms_apart_are_both_answered_in_their_order(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let model = thoughtful_model(Duration::from_millis(200)).await;
    let app = App::with(store, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let second = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        talk.say(&app, PARCEL_QUESTION).await
    };
    let (first, second) = tokio::join!(talk.say(&app, PASSWORD_QUESTION), second);
    assert_eq!(first.expect(200)["response"], format!("{PASSWORD_SENTENCE} [1]"));
    assert_eq!(second.expect(200)["response"], format!("{PARCEL_SENTENCE} [1]"));
    let transcript = talk.transcript(&app).await;
    transcript.check();
    let senders: Vec<&Value> = transcript
        .messages
        .iter()
        .map(|message| &message["sender_type"])
        .collect();
    assert_eq!(
        senders,
        ["user", "user", "ai_agent", "ai_agent"],
        "the second came while the first was answered"
    );
    assert_eq!(transcript.words_of("user"), [PASSWORD_QUESTION, PARCEL_QUESTION]);
    assert_eq!(transcript.conversation["status"], "waiting_for_user");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn ten_messages_at_once_are_answered_in_the_order_in_which_they_were_accepted(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    check_at_once(&talk, &[&app]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_through_two_servers_are_answered_in_one_order() {
    let app = App::with(Store::Postgres, &SHARED_KEYS).await;
    let other = app.replica(&SHARED_KEYS).await;
    let talk = Talk::begin(&app).await;
    check_at_once(&talk, &[&app, &other]).await;
}

/// Says ten things at once, through each server in turn.
async fn check_at_once(talk: &Talk, servers: &[&App]) {
    let questions = [PASSWORD_QUESTION, PARCEL_QUESTION];
    let say = async |number: usize| {
        let question = questions[number % 3 % 2];
        (
            question,
            talk.say(servers[number % servers.len()], question)
                .await
                .expect(200),
        )
    };
    let answers = join_all((0..10).map(say)).await;
    let transcript = talk.transcript(servers[0]).await;
    transcript.check();
    assert_eq!(transcript.ids_of("user").len(), 10);
    assert_eq!(transcript.ids_of("ai_agent").len(), 10);
    for (question, answer) in answers {
        let turn = transcript
            .turns
            .iter()
            .find(|turn| turn["message_id"] == answer["message_id"])
            .unwrap();
        assert_eq!(
            turn["turn"]["reply_id"], answer["reply_id"],
            "each caller hears of its own turn"
        );
        assert_eq!(turn["attempts"], 1, "nobody took a turn from another");
        let word = if question == PASSWORD_QUESTION {
            "password"
        } else {
            "working days"
        };
        assert!(answer["response"].as_str().unwrap().contains(word), "{answer}");
    }
}

#[rstest]
#[tokio::test]
async fn a_person_who_takes_over_while_the_model_writes_is_not_talked_over(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let model = thoughtful_model(Duration::from_millis(300)).await;
    let app = App::with(store, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let take_over = async {
        asked(&model, 1).await;
        app.post(
            &talk.admin,
            &format!("/conversations/{}/takeover", talk.id),
            json!({}),
        )
        .await
        .expect(200)
    };
    let (turn, taken) = tokio::join!(talk.say(&app, PASSWORD_QUESTION), take_over);
    assert_eq!(taken["status"], "waiting_for_agent");
    let turn = turn.expect(200);
    assert_eq!(turn["outcome"], "handed_over");
    assert_eq!(
        (&turn["response"], &turn["reply_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&turn["citations"], &turn["status"]),
        (&json!([]), &json!("waiting_for_agent"))
    );

    let transcript = talk.transcript(&app).await;
    transcript.check();
    assert_eq!(transcript.messages.len(), 1, "the draft is nowhere");
    let verdicts = transcript.turns[0]["evidence"]["verdicts"].as_array().unwrap();
    let dropped = verdicts
        .iter()
        .any(|verdict| verdict["decision"] == "draft_dropped");
    assert!(dropped, "{verdicts:?}");
    let written = transcript.turns[0]["evidence"]["models"][0]["outcome"].as_str();
    assert_eq!(written, Some("given up"), "the model is hung up on");
}

#[rstest]
#[case::waiting("application/json")]
#[case::listening("text/event-stream")]
#[tokio::test]
async fn a_customer_who_goes_away_finds_the_reply_later(
    #[case] accept: &str,
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let model = thoughtful_model(Duration::from_millis(150)).await;
    let app = App::with(store, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let request = talk.request(&app, PASSWORD_QUESTION).header("Accept", accept);
    let listening = async { request.send().await.unwrap().text().await };
    tokio::select! {
        heard = listening => panic!("the turn was over before: {heard:?}"),
        // The request is dropped with its connection.
        () = asked(&model, 1) => {}
    }
    let transcript = talk.at_rest(&app).await;
    transcript.check();
    assert_eq!(
        transcript.words_of("ai_agent"),
        [format!("{PASSWORD_SENTENCE} [1]")]
    );
    assert_eq!(
        transcript.turns[0]["attempts"], 1,
        "the turn went on where it was"
    );
}

/// Many who stand in the line before the embedding model, again and again until they are dropped.
async fn crowd(app: &App) -> JoinSet<()> {
    let mut crowd = JoinSet::new();
    for number in 0..200 {
        let embedder = app.process.embedder.clone();
        let mut asking = Box::pin(async move {
            // What was embedded once is known, and waits for nobody.
            for round in 0_u64.. {
                let words = vec![format!("Question number {number}, asked {round} times")];
                let _gone = embedder.embed(words, Role::Question).await;
            }
        });
        assert!(futures::poll!(&mut asking).is_pending());
        crowd.spawn(asking);
    }
    crowd
}

#[tokio::test(flavor = "multi_thread")]
async fn under_overload_an_analysis_says_that_words_alone_were_read() {
    let app = App::with(Store::Sqlite, &[("ACS__TURN__EMBED_WAIT_SECONDS", "0")]).await;
    let talk = Talk::begin(&app).await;
    let _crowd = crowd(&app).await;
    let asked = json!({ "text": PASSWORD_QUESTION });
    let analysis = app.post(&talk.key, "/ai/analyze", asked).await.expect(200);
    assert_eq!(
        analysis["degraded"],
        json!(["embedding: left out, too many wait for it"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn under_overload_a_message_is_answered_by_its_words_and_the_turn_says_so() {
    let app = App::with(Store::Sqlite, &[("ACS__TURN__EMBED_WAIT_SECONDS", "0")]).await;
    let talk = Talk::begin(&app).await;
    // A crowd before the model: each is looked at once, and so stands in the line.
    let mut crowd = crowd(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert!(turn["response"].is_string(), "{turn}");
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    assert_eq!(
        explained["evidence"]["degraded"],
        json!(["embedding: left out, too many wait for it"])
    );
    let metrics = reqwest::get(format!("{}/metrics", app.base)).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("acs_embeddings_left_out_total{cause=\"overload\"}"),
        "{metrics}"
    );
    crowd.shutdown().await;
    let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
    assert_eq!(turn["outcome"], "answered", "nobody waits any more: {turn}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_broke_off_too_often_is_answered_honestly_and_holds_up_nobody(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let backend = store.backend().await;
    let shared = backend.shared();
    let app = App::start(backend, &[]).await;
    let talk = Talk::begin(&app).await;
    // A message whose turn was taken up time and again, by processes that all died of it.
    let organization = shared.directory().organization("acme").await.unwrap().unwrap();
    let mut unit = shared.begin(Scope::trusted(organization)).await.unwrap();
    let id = talk.id.parse().unwrap();
    let mut conversation = unit.conversations().lock(id).await.unwrap().unwrap();
    let sample = acs_testkit::Sample::default();
    let message = sample.message(&conversation, 1);
    let turn = sample.turn(&message);
    (conversation.message_count, conversation.user_message_count) = (1, 1);
    conversation.receive_from_customer(sample.now()).unwrap();
    unit.messages()
        .insert(std::slice::from_ref(&message))
        .await
        .unwrap();
    unit.turns().insert(&turn).await.unwrap();
    unit.conversations().update(&conversation).await.unwrap();
    for _ in 0..8 {
        let past = sample.now();
        unit.turns()
            .acquire(id, "dead", past, past)
            .await
            .unwrap()
            .unwrap();
    }
    unit.commit().await.unwrap();

    let next = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(next["outcome"], "answered", "{next}");
    let given_up = talk.explained(&app, &message.id.to_string()).await;
    assert_eq!(given_up["turn"]["outcome"], "unknown", "{given_up}");
    assert_eq!(
        given_up["evidence"]["degraded"],
        json!(["turn: given up, it was tried 9 times"])
    );
    talk.transcript(&app).await.check();
}
