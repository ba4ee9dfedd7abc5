//! A talk is more than its messages: what they lean on, what they are about, when they are settled, and when they end.

use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, Store};
use crate::talk::{PARCEL_QUESTION, PARCEL_SENTENCE, PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk};

async fn conversation(app: &App, talk: &Talk) -> Value {
    app.get(&talk.admin, &format!("/conversations/{}", talk.id))
        .await
        .expect(200)
}

/// What the turn took the message to ask.
async fn read_as(app: &App, talk: &Talk, turn: &Value) -> Option<String> {
    let explained = talk.explained(app, turn["message_id"].as_str().unwrap()).await;
    let verdicts = explained["evidence"]["verdicts"].as_array().unwrap().clone();
    let context = verdicts
        .into_iter()
        .find(|verdict| verdict["decision"] == "read_as")?;
    Some(context["reason"].as_str().unwrap().to_owned())
}

fn says(turn: &Value, sentence: &str) -> bool {
    turn["response"]
        .as_str()
        .is_some_and(|response| response.contains(sentence))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_leans_on_the_one_before_is_answered(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, "Where is my parcel to Germany?").await.expect(200);
    assert_eq!(read_as(&app, &talk, &turn).await, None);
    let turn = talk.say(&app, "and how long does it take?").await.expect(200);
    assert_eq!(
        read_as(&app, &talk, &turn).await.as_deref(),
        Some("how long does my parcel to Germany take?")
    );
    assert!(says(&turn, PARCEL_SENTENCE), "{turn}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn topics_change_with_the_subject_and_the_customer_goes_back(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    talk.say(&app, PARCEL_QUESTION).await.expect(200);
    let parcel = conversation(&app, &talk).await["current_topic"].clone();
    assert!(parcel.is_string());
    talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    let now = conversation(&app, &talk).await;
    assert_ne!(now["current_topic"], parcel);
    assert_eq!(now["topic_stack"], json!([parcel]));
    let turn = talk.say(&app, "ok, back to my parcel").await.expect(200);
    assert_eq!(
        read_as(&app, &talk, &turn).await.as_deref(),
        Some(PARCEL_QUESTION)
    );
    assert!(says(&turn, PARCEL_SENTENCE), "{turn}");
    let now = conversation(&app, &talk).await;
    assert_eq!(now["current_topic"], parcel);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn people_and_programs_change_the_topic_too(#[values(Store::Sqlite, Store::Postgres)] store: Store) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let path = format!("/conversations/{}/topic", talk.id);
    let resume = format!("{path}/resume");
    assert_eq!(
        app.post(&talk.key, &resume, json!({})).await.error(),
        (409, "2004")
    );
    for topic in ["warranty", "invoice"] {
        let now = app
            .post(&talk.key, &path, json!({ "topic": topic }))
            .await
            .expect(200);
        assert_eq!(now["current_topic"], topic);
    }
    let now = app.post(&talk.admin, &resume, json!({})).await.expect(200);
    assert_eq!(
        (&now["current_topic"], &now["topic_stack"]),
        (&json!("warranty"), &json!([]))
    );
    for bad in ["", " \u{200b}", &"x".repeat(101)] {
        let refused = app.post(&talk.key, &path, json!({ "topic": bad })).await;
        assert_eq!(refused.error(), (400, "2001"), "{bad}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_matter_that_is_settled_ends_the_conversation_and_a_later_message_opens_it(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let early = talk.say(&app, "That worked, thanks!").await.expect(200);
    assert_eq!(
        early["status"], "waiting_for_user",
        "nothing was answered yet: {early}"
    );
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert!(says(&turn, PASSWORD_SENTENCE), "{turn}");
    let turn = talk.say(&app, "That worked, thanks!").await.expect(200);
    assert_eq!(
        (&turn["status"], &turn["outcome"]),
        (&json!("resolved"), &json!("answered"))
    );
    let now = conversation(&app, &talk).await;
    assert_eq!(
        (&now["resolved"], &now["resolution_type"]),
        (&json!(true), &json!("automated"))
    );
    assert!(app.events().await.contains(&"conversation.resolved".to_owned()));
    let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
    assert!(says(&turn, PARCEL_SENTENCE), "{turn}");
    assert_eq!(conversation(&app, &talk).await["resolved"], false);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_open_question_keeps_the_conversation_open(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let path = format!("/conversations/{}/topic", talk.id);
    app.post(&talk.key, &path, json!({ "topic": "tungsten" }))
        .await
        .expect(200);
    let turn = talk
        .say(&app, "At which temperature does tungsten melt?")
        .await
        .expect(200);
    assert_eq!(turn["outcome"], "unknown");
    talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    let turn = talk.say(&app, "That worked, thanks!").await.expect(200);
    assert_eq!(turn["status"], "waiting_for_user");
    assert!(says(&turn, "your earlier question?"), "{turn}");
    assert_eq!(conversation(&app, &talk).await["current_topic"], "tungsten");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn short_words_are_answered_in_the_language_of_the_talk(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    let turn = talk
        .say(&app, "Wann schmilzt eigentlich Wolfram, und warum?")
        .await
        .expect(200);
    let told = turn["response"].clone();
    let turn = talk.say(&app, "5?").await.expect(200);
    assert_eq!(turn["outcome"], "unknown");
    assert_eq!(turn["response"], told, "in German as before");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn who_goes_silent_is_reminded_once_and_then_the_conversation_is_abandoned(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::with(store, &[("ACS__CONVERSATION__REMINDER_SECONDS", "0.001")]).await;
    let talk = Talk::begin(&app).await;
    talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    let silence = &app.process.engine.silence;
    assert_eq!(
        (silence.look().await.unwrap(), silence.look().await.unwrap()),
        (1, 0)
    );
    let transcript = talk.transcript(&app).await;
    let [word] = &transcript.words_of("system")[..] else {
        panic!("one word: {:?}", transcript.messages)
    };
    assert!(word.starts_with("Are you still there?"), "{word}");
    let patient = app
        .replica(&[("ACS__CONVERSATION__ABANDON_SECONDS", "0.001")])
        .await;
    assert_eq!(patient.process.engine.silence.look().await.unwrap(), 1);
    let now = conversation(&app, &talk).await;
    assert_eq!(
        (&now["status"], &now["resolution_type"]),
        (&json!("abandoned"), &json!("abandoned"))
    );
    let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
    assert_eq!(turn["status"], "waiting_for_user");
}

#[tokio::test]
async fn one_look_ends_all_conversations_that_are_due_however_many() {
    let app = App::with(Store::Sqlite, &[("ACS__CONVERSATION__ABANDON_SECONDS", "0.001")]).await;
    let talk = Talk::begin(&app).await;
    for number in 2..=210 {
        app.conversation(&talk.key, &format!("customer-{number}")).await;
    }
    let silence = &app.process.engine.silence;
    assert_eq!(
        (silence.look().await.unwrap(), silence.look().await.unwrap()),
        (210, 0)
    );
}
