//! Turns that are run again from their records: the same decision, byte by byte; and what others would come to.

mod varied;

use std::time::Duration;

use acs_domain::access::Scope;
use acs_domain::record::Decided;
use acs_domain::turn::Outcome;
use acs_engine::replay::{Manner, Ran, Replayed, Which};
use acs_testkit::model_server::{ModelServer, Script};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use self::varied::{SAID, bound, kinds, moody_models, patient, talk_at_length, teach};
use crate::harness::{App, SHARED_KEYS, Store};
use crate::talk::{PARCEL_QUESTION, PARCEL_SENTENCE, PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk, asked};

async fn scope(app: &App) -> Scope {
    let found = app.backend().store().directory().organization("acme").await;
    Scope::trusted(found.unwrap().unwrap())
}

/// The organization's turns, run again.
async fn replayed(app: &App, by: &App, which: Which, manner: Manner) -> Vec<Replayed> {
    let mut all = Vec::new();
    let replays = &by.process.engine.replays;
    let run = replays.run(scope(app).await, which, 10_000, &manner, |replayed| {
        all.push(replayed);
    });
    run.await.unwrap();
    all
}

fn ran(replayed: &Replayed) -> &Ran {
    replayed
        .ran
        .as_ref()
        .unwrap_or_else(|why| panic!("turn {}: {why}", replayed.turn))
}

/// How long a sealed record is in the mean, of the newest hundred.
async fn bytes_of_a_record(app: &App) -> usize {
    let mut unit = app.backend().store().read(scope(app).await).await.unwrap();
    let records = unit.records().newest(None, None, 100).await.unwrap();
    records.iter().map(|record| record.sealed.len()).sum::<usize>() / records.len()
}

/// Runs so many varied turns, and then again, and gives the turns whose decisions were not the same.
#[expect(clippy::print_stdout, reason = "whoever measures wants the figures")]
async fn run_twice(store: Store, turns: usize) -> Vec<Replayed> {
    let models = moody_models().await;
    let folder = tempfile::tempdir().unwrap();
    let file = patient(&models, folder.path());
    let app = App::with(store, &[("ACS_CONFIG", &file)]).await;
    let admin = app.organization("acme", json!({})).await;
    teach(&app, &admin).await;
    bound(&app, &admin, json!({ "tokens_per_conversation": 2_500 })).await;
    let key = app.key(&admin, &["converse"]).await;
    talk_at_length(&app, &key, turns).await;
    let asked = || models.each_ref().map(|model| model.asked().len());
    let (asked_then, events) = (asked(), app.events().await);
    let all = replayed(&app, &app, Which::Newest, Manner::default()).await;
    assert_eq!(all.len(), turns.next_multiple_of(SAID.len()));
    assert_eq!(asked(), asked_then, "no model is asked again");
    assert_eq!(app.events().await, events, "nothing is written");
    let kinds = kinds(&all);
    let understood_again = all.iter().filter(|turn| ran(turn).as_recorded.is_empty()).count();
    println!(
        "{} turns, {understood_again} of them understood again; a record takes {} bytes; {kinds:?}",
        all.len(),
        bytes_of_a_record(&app).await
    );
    assert!(
        kinds.iter().all(|(_, count)| *count > 0),
        "the turns are varied: {kinds:?}"
    );
    // The first turns may not have waited for the trained head.
    let left = all.iter().flat_map(|turn| &ran(turn).as_recorded);
    let other: Vec<&String> = left
        .filter(|why| !why.contains("the head of version 0"))
        .collect();
    assert!(other.is_empty() && understood_again * 2 > all.len(), "{other:?}");
    all.into_iter()
        .filter(|turn| ran(turn).difference.is_some())
        .collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn turns_run_again_are_decided_the_same_byte_by_byte(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let different = run_twice(store, 4 * SAID.len()).await;
    assert!(different.is_empty(), "{:#?}", different[0]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn a_thousand_turns_run_again_are_decided_the_same_byte_by_byte() {
    let different = run_twice(Store::Sqlite, 1_000).await;
    assert!(different.is_empty(), "{:#?}", different[0]);
}

/// A talk of two answered turns, and the ids of the entries that were taught.
async fn answered(app: &App) -> (Talk, Vec<String>) {
    let talk = Talk::begin(app).await;
    for words in [PASSWORD_QUESTION, PARCEL_QUESTION] {
        assert_eq!(talk.say(app, words).await.expect(200)["outcome"], "answered");
    }
    let entries = app.get(&talk.admin, "/knowledge").await.expect(200);
    let ids = entries["items"].as_array().unwrap().iter();
    (
        talk,
        ids.map(|entry| entry["id"].as_str().unwrap().to_owned())
            .collect(),
    )
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn knowledge_that_is_gone_is_in_the_record_and_what_it_says_now_can_be_tried(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let (talk, entries) = answered(&app).await;
    for id in entries {
        let gone = app
            .call(&talk.admin, Method::DELETE, &format!("/knowledge/{id}"), None)
            .await;
        gone.expect(204);
    }
    for turn in replayed(&app, &app, Which::Newest, Manner::default()).await {
        assert_eq!((&ran(&turn).difference, ran(&turn).as_recorded.len()), (&None, 0));
        assert_eq!(ran(&turn).now.outcome, Outcome::Answered);
    }
    let now = Manner {
        knowledge_of_now: true,
        ..Manner::default()
    };
    let transcript = talk.transcript(&app).await;
    for turn in replayed(&app, &app, Which::Newest, now).await {
        let Ran {
            then,
            now,
            difference,
            ..
        } = ran(&turn);
        assert_eq!((then.outcome, now.outcome), (Outcome::Answered, Outcome::Unknown));
        assert!(difference.is_some());
    }
    let after = talk.transcript(&app).await;
    assert_eq!(
        (after.messages, after.turns),
        (transcript.messages, transcript.turns),
        "nothing is written"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_settings_show_what_they_would_change() {
    let app = App::with(Store::Sqlite, &SHARED_KEYS).await;
    let (_, _) = answered(&app).await;
    let model = ModelServer::answering(|_| Script::reply(&[PARCEL_SENTENCE], 10, 10))
        .await
        .unwrap();
    let other = app
        .replica(&[
            SHARED_KEYS[0],
            SHARED_KEYS[1],
            ("ACS__AI__UNKNOWN_THRESHOLD", "0.05"),
            ("ACS__AI__OPENAI_BASE_URL", &model.base_url()),
        ])
        .await;
    for turn in replayed(&app, &other, Which::Newest, Manner::default()).await {
        assert_eq!(ran(&turn).difference, None, "as it was, on another server too");
    }
    assert_eq!(model.asked().len(), 0);
    let manner = Manner {
        settings_of_now: true,
        ..Manner::default()
    };
    let by_model = replayed(&app, &other, Which::Newest, manner).await;
    asked(&model, 2).await;
    let models: Vec<(&str, &str)> = by_model
        .iter()
        .map(|turn| {
            (
                ran(turn).then.model_used.as_str(),
                ran(turn).now.model_used.as_str(),
            )
        })
        .collect();
    let named = models[0].1;
    assert!(
        models.contains(&("composer", named)) && named != "composer",
        "{models:?}"
    );
    let difference = ran(&by_model[0]).difference.as_ref().unwrap();
    assert_eq!(
        (difference.place.as_str(), difference.then.as_str()),
        ("model_used", "\"composer\"")
    );
}

fn settings_of_now() -> Manner {
    Manner {
        settings_of_now: true,
        ..Manner::default()
    }
}

/// An organization whose one turn was written by a model, and the model.
async fn written_by_a_model() -> (App, Talk, ModelServer) {
    let model = ModelServer::answering(|_| Script::reply(&[PARCEL_SENTENCE], 10, 10)).await;
    let model = model.unwrap();
    let app = App::with(Store::Sqlite, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
    assert_ne!(turn["model_used"], "composer");
    (app, talk, model)
}

/// The prompts of the one turn, then and now.
fn prompts(turns: &[Replayed]) -> (String, String) {
    let prompt = |decided: &Decided| decided.prompt.as_ref().unwrap().to_string();
    let Ran { then, now, .. } = ran(&turns[0]);
    (prompt(then), prompt(now))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_organization_sets_now_is_tried() {
    let (app, talk, model) = written_by_a_model().await;
    let same = replayed(&app, &app, Which::Newest, settings_of_now()).await;
    assert_eq!(ran(&same[0]).difference, None, "nothing was changed yet");
    for (change, words) in [
        (json!({ "agent_name": "Robin Redbreast" }), "Robin Redbreast"),
        (
            json!({ "prompt_template": "Chirp like a wren.\n{{ rules }}\n{{ sources }}" }),
            "Chirp like a wren.",
        ),
    ] {
        let change = json!({ "settings": change });
        app.patch(&talk.admin, "/admin/organization", change)
            .await
            .expect(200);
        let turns = replayed(&app, &app, Which::Newest, settings_of_now()).await;
        let difference = ran(&turns[0]).difference.as_ref().unwrap();
        assert!(difference.place.starts_with("prompt"), "{difference:?}");
        let (then, now) = prompts(&turns);
        assert!(!then.contains(words) && now.contains(words), "{now}");
    }
    let asked = model.asked().len();
    let strict = replayed(&app, &app, Which::Newest, Manner::default()).await;
    assert_eq!(ran(&strict[0]).difference, None, "as it was, it is as it was");
    assert_eq!(model.asked().len(), asked);
    let only = json!({ "settings": { "approved_only": ["orders"] } });
    app.patch(&talk.admin, "/admin/organization", only)
        .await
        .expect(200);
    let turns = replayed(&app, &app, Which::Newest, settings_of_now()).await;
    assert_eq!(ran(&turns[0]).now.model_used, "composer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_is_not_live_can_be_tried_once_it_was_checked() {
    let (app, talk, _model) = written_by_a_model().await;
    let replays = &app.process.engine.replays;
    let fault = replays
        .template("Be kind.\n{{ rules }}\n{{ surces }}")
        .unwrap_err();
    assert_eq!(fault.line, 3, "{fault}");
    let template = replays.template("Chirp like a wren.\n{{ rules }}\n{{ sources }}");
    let trial = Manner {
        template: Some(template.unwrap()),
        ..Manner::default()
    };
    let turns = replayed(&app, &app, Which::Newest, trial).await;
    let (then, now) = prompts(&turns);
    assert!(
        !then.contains("wren") && now.contains("Chirp like a wren."),
        "{now}"
    );
    let own = app.get(&talk.admin, "/admin/organization").await.expect(200);
    assert_eq!(own["settings"]["prompt_template"], Value::Null, "nothing is live");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_budget_stops_a_trial_and_what_it_spends_is_told() {
    let (app, talk, model) = written_by_a_model().await;
    bound(
        &app,
        &talk.admin,
        json!({ "tokens_per_month": 0, "tokens_per_conversation": 1 }),
    )
    .await;
    let turns = replayed(&app, &app, Which::Newest, settings_of_now()).await;
    assert_eq!((turns[0].spent.tokens, model.asked().len()), (20, 2));
    assert_eq!(ran(&turns[0]).difference, None, "the model answers nevertheless");
    let strict = replayed(&app, &app, Which::Newest, Manner::default()).await;
    assert_eq!((strict[0].spent.tokens, model.asked().len()), (0, 2));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_run_again_is_said_and_not_guessed(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let (talk, _) = answered(&app).await;
    let intent = json!({ "name": "late", "training_phrases": ["it is late"] });
    app.post(&talk.admin, "/intents", intent).await.expect(201);
    for turn in replayed(&app, &app, Which::Newest, Manner::default()).await {
        let as_recorded = &ran(&turn).as_recorded;
        assert!(as_recorded[0].contains("no longer stored"), "{as_recorded:?}");
        assert_eq!(ran(&turn).difference, None);
    }
    // Of a later turn the record is opened with a key that is gone.
    let id = talk.id.parse().unwrap();
    let mut unit = app.backend().store().begin(scope(&app).await).await.unwrap();
    let conversation = unit.conversations().lock(id).await.unwrap().unwrap();
    unit.records().erase_keys(conversation.customer_id).await.unwrap();
    unit.commit().await.unwrap();
    for turn in replayed(&app, &app, Which::Conversation(id), Manner::default()).await {
        assert_eq!(turn.ran.unwrap_err(), "the customer was erased");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_tampered_with_is_not_run() {
    let app = App::on(Store::Sqlite).await;
    let (_, _) = answered(&app).await;
    let sql = "DROP TRIGGER turn_records_never_change; UPDATE turn_records SET content = content_hash";
    app.backend().tamper(sql).await;
    for turn in replayed(&app, &app, Which::Newest, Manner::default()).await {
        assert_eq!(turn.ran.unwrap_err(), "the sealed content was altered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_dropped_is_in_the_record_as_it_was_written() {
    let model = crate::talk::thoughtful_model(Duration::from_millis(300)).await;
    let app = App::with(Store::Sqlite, &[("ACS__AI__OPENAI_BASE_URL", &model.base_url())]).await;
    let talk = Talk::begin(&app).await;
    let take_over = async {
        asked(&model, 1).await;
        let path = format!("/conversations/{}/escalate", talk.id);
        let done = app.post(&talk.admin, &path, json!({ "reason": "me" })).await;
        assert!(done.status.is_success(), "{}", done.body);
    };
    let (turn, ()) = tokio::join!(talk.say(&app, PASSWORD_QUESTION), take_over);
    assert_eq!(turn.expect(200)["response"], Value::Null);
    let turns = replayed(&app, &app, Which::Newest, Manner::default()).await;
    let Ran { then, difference, .. } = ran(&turns[0]);
    let said = |decided: &Decided| decided.response.clone().unwrap();
    assert_eq!(
        (said(then), difference),
        (format!("{PASSWORD_SENTENCE} [1]"), &None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_is_in_the_record_as_it_was_said_again() {
    let model = ModelServer::start([Script::reply(&[PARCEL_SENTENCE], 10, 10)]);
    let model = model.await.unwrap();
    let settings = [
        ("ACS__AI__OPENAI_BASE_URL", &*model.base_url()),
        ("ACS__AI__ANSWER_CACHE_MIB", "4"),
    ];
    let app = App::with(Store::Sqlite, &settings).await;
    let talk = Talk::begin(&app).await;
    let other = app.conversation(&talk.key, "customer-2").await;
    for conversation in [&talk.id, &other] {
        app.say(&talk.key, conversation, PARCEL_QUESTION)
            .await
            .expect(200);
    }
    let turns = replayed(&app, &app, Which::Newest, Manner::default()).await;
    assert_eq!(ran(&turns[0]).then.tried[0].outcome, "from cache, exact");
    for turn in &turns {
        assert_eq!(ran(turn).difference, None);
    }
    assert_eq!(model.asked().len(), 1);
}
