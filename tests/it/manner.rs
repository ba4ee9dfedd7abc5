//! How the agent answers: in whose words, in which language, in what tone, and when it asks back.

use acs_testkit::model_server::{ModelServer, Script};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, Store, read};
use crate::talk::{PARCEL_QUESTION, PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk};

const NOTE: &str = "You are writing with an AI assistant.";

/// The product with a model that says this, and an organization with these settings.
async fn talk_with(store: Store, says: &[&str], settings: Value) -> (App, ModelServer, Talk) {
    let scripts = says.iter().map(|text| Script::reply(&[text], 10, 10));
    let model = ModelServer::start(scripts.collect::<Vec<_>>()).await.unwrap();
    let app = App::with(store, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    set(&app, &talk, settings).await;
    (app, model, talk)
}

/// Changes settings of the organization.
async fn set(app: &App, talk: &Talk, settings: Value) {
    let change = json!({ "settings": settings });
    let request = app.request(&talk.admin, Method::PATCH, "/admin/organization");
    read(request.json(&change)).await.expect(200);
}

#[rstest]
#[tokio::test]
async fn about_a_topic_bound_to_approved_texts_no_model_is_asked(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let settings = json!({ "approved_only": ["account"] });
    let (app, model, talk) = talk_with(
        store,
        &["A parcel to Germany takes 2 to 3 working days."],
        settings,
    )
    .await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["model_used"], "composer", "{turn}");
    assert!(
        turn["response"].as_str().unwrap().contains(PASSWORD_SENTENCE),
        "{turn}"
    );
    assert!(model.asked().is_empty());

    let other = Talk {
        id: app.conversation(&talk.key, "customer-2").await,
        ..talk
    };
    let turn = other.say(&app, PARCEL_QUESTION).await.expect(200);
    assert_ne!(turn["model_used"], "composer", "{turn}");
    let asked = model.asked();
    let prompt = asked.last().unwrap().body.to_string();
    assert!(prompt.contains("parcel to Norway"), "{prompt}");
    assert!(
        !prompt.contains("choose Forgot password"),
        "texts of a bound topic are no model's to word: {prompt}"
    );
}

#[rstest]
#[tokio::test]
async fn the_first_reply_alone_says_that_no_person_writes(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let settings = json!({ "ai_note": true });
    let (app, _model, talk) = talk_with(store, &[PASSWORD_SENTENCE, PASSWORD_SENTENCE], settings).await;
    let events = talk.hear(&app, PASSWORD_QUESTION).await;
    let deltas = events.iter().filter(|(name, _)| name == "delta");
    let streamed: String = deltas.map(|(_, delta)| delta["text"].as_str().unwrap()).collect();
    let (_, turn) = events.last().unwrap();
    let response = turn["response"].as_str().unwrap();
    assert_eq!(response, format!("{NOTE}\n\n{PASSWORD_SENTENCE} [1]"));
    assert_eq!(streamed.trim(), response);
    let again = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(again["response"], format!("{PASSWORD_SENTENCE} [1]"));
}

#[tokio::test]
async fn a_model_that_answers_in_another_language_is_not_heard() {
    let german = "Wenn Sie Ihr Passwort vergessen haben, wählen Sie Passwort vergessen auf der Anmeldeseite.";
    let (app, model, talk) = talk_with(Store::Sqlite, &[german], json!({})).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(model.asked().len(), 1);
    assert_eq!(turn["model_used"], "composer", "{turn}");
    assert!(
        turn["response"].as_str().unwrap().contains(PASSWORD_SENTENCE),
        "{turn}"
    );
}

#[tokio::test]
async fn an_upset_customer_is_told_the_same_with_an_apology_and_a_calm_one_without() {
    let app = App::on(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    let calm = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(calm["response"], format!("{PASSWORD_SENTENCE} [1]"));
    let words = "This is ridiculous, I am furious! I forgot my password for my account and nothing works!";
    let upset = talk.say(&app, words).await.expect(200);
    let response = upset["response"].as_str().unwrap();
    assert!(
        response.starts_with("I am sorry for the trouble this has caused you.")
            && response.contains(PASSWORD_SENTENCE),
        "{upset}"
    );
}

#[rstest]
#[tokio::test]
async fn a_word_alone_is_asked_back_twice_and_then_a_person_is_called(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let talk = Talk::begin(&app).await;
    // No answer is sure enough for a single word.
    let settings = json!({ "answer_threshold": 0.99, "certain_threshold": 1.0 });
    set(&app, &talk, settings).await;
    let mut outcomes = Vec::new();
    for word in ["refund", "parcel", "refund"] {
        let turn = talk.say(&app, word).await.expect(200);
        if turn["outcome"] == "clarify" {
            let response = turn["response"].as_str().unwrap();
            assert!(response.contains("Which of these do you mean?\n- "), "{response}");
        }
        outcomes.push(turn["outcome"].as_str().unwrap().to_owned());
    }
    assert_eq!(outcomes, ["clarify", "clarify", "handed_over"]);
}

#[tokio::test]
async fn where_the_law_wants_it_a_customer_is_told_that_no_person_writes() {
    let app = App::on(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    let zone = json!({ "timezone": "Europe/Berlin" });
    app.patch(&talk.admin, "/admin/organization", zone)
        .await
        .expect(200);
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["response"], format!("{NOTE}\n\n{PASSWORD_SENTENCE} [1]"));
}

#[tokio::test]
async fn who_was_in_danger_first_is_told_with_the_next_reply() {
    let app = App::on(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    set(&app, &talk, json!({ "ai_note": true })).await;
    let urgent = talk
        .say(&app, "I am going to kill myself tonight")
        .await
        .expect(200);
    assert!(
        !urgent["response"].as_str().unwrap().starts_with(NOTE),
        "{urgent}"
    );
    app.post(
        &talk.admin,
        &format!("/conversations/{}/handback", talk.id),
        json!({}),
    )
    .await
    .expect(200);
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert!(turn["response"].as_str().unwrap().starts_with(NOTE), "{turn}");
}

#[tokio::test]
async fn a_model_that_says_sorry_without_reason_is_not_heard_saying_it() {
    let says = format!("We are so sorry for all the trouble! {PASSWORD_SENTENCE}");
    let (app, _model, talk) = talk_with(Store::Sqlite, &[&says], json!({})).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["response"], format!("{PASSWORD_SENTENCE} [1]"));
}

#[tokio::test]
async fn where_most_of_a_reply_had_to_be_dropped_a_person_is_offered() {
    let invented = " Our shops in Paris repair it while you wait. Dogs may come along to all of them.";
    let script = Script::reply(&[PASSWORD_SENTENCE, " Our", invented], 10, 10);
    let model = ModelServer::start(vec![script]).await.unwrap();
    let app = App::with(Store::Sqlite, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["response"], format!("{PASSWORD_SENTENCE} [1]"));
    assert_eq!(turn["offers_person"], true, "{turn}");
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let verdicts = explained["evidence"]["verdicts"].as_array().unwrap();
    assert!(
        verdicts.iter().any(|verdict| verdict["decision"] == "thin"),
        "{explained}"
    );
}

#[tokio::test]
async fn a_model_that_mostly_invents_before_it_says_what_is_true_gives_way() {
    let says =
        format!("Our shops in Paris repair it while you wait. Dogs may come along. {PASSWORD_SENTENCE}");
    let (app, _model, talk) = talk_with(Store::Sqlite, &[&says], json!({})).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["model_used"], "composer", "{turn}");
}

#[tokio::test]
async fn a_source_in_another_language_is_quoted_with_a_word_about_it() {
    let app = App::on(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    let german = json!({ "supported_languages": ["en", "de"] });
    app.patch(&talk.admin, "/admin/organization", german)
        .await
        .expect(200);
    let words = "Das ist eine Frechheit! Was mache ich, wenn ich mein password für den account forgot, choose Forgot password?";
    let turn = talk.say(&app, words).await.expect(200);
    let response = turn["response"].as_str().unwrap();
    assert!(
        response
            .starts_with("Dazu habe ich nur einen Text in einer anderen Sprache gefunden:\n\nIf you forgot"),
        "{turn}"
    );
}
