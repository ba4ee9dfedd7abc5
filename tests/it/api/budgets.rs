//! What language models may cost: counted with the turn, and once it is spent the composer answers.

use std::time::Duration;

use acs_app::seed::OPERATOR;
use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, SHARED_KEYS, Store};
use crate::talk::{PARCEL_QUESTION, PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk, asked};

/// Where an organization's own people see it.
const OWN: &str = "/admin/organization";

/// The product with a model that reads a million tokens for 2 and writes them for 10, and takes 40 and 12 for a reply.
async fn app(store: Store) -> (App, ModelServer) {
    app_with(store, Script::reply(&[PASSWORD_SENTENCE], 40, 12)).await
}

/// The same, with a model that does this.
async fn app_with(store: Store, script: Script) -> (App, ModelServer) {
    let model = ModelServer::start([script]).await.unwrap();
    let app = App::with(store, &settings(&model.base_url())).await;
    (app, model)
}

fn settings(base_url: &str) -> Vec<(&str, &str)> {
    let model = [
        ("ACS__AI__MODELS__QUICK__BASE_URL", base_url),
        ("ACS__AI__MODELS__QUICK__MODEL", "small-1"),
        ("ACS__AI__MODELS__QUICK__INPUT_PRICE", "2"),
        ("ACS__AI__MODELS__QUICK__OUTPUT_PRICE", "10"),
    ];
    model.into_iter().chain(SHARED_KEYS).collect()
}

/// The operators bound what models may cost the organization.
async fn bound(app: &App, talk: &Talk, budget: Value) -> Value {
    let operator = app.sign_in(OPERATOR).await;
    let own = app.get(&talk.admin, OWN).await.expect(200);
    let path = format!("/admin/organizations/{}", own["id"].as_str().unwrap());
    app.patch(&operator, &path, json!({ "budget": budget }))
        .await
        .expect(200)
}

/// Who answered, and what the evidence says of the budget.
async fn answered(app: &App, talk: &Talk) -> (String, Vec<Value>) {
    let turn = talk.say(app, PASSWORD_QUESTION).await.expect(200);
    assert!(
        turn["response"].as_str().unwrap().contains(PASSWORD_SENTENCE),
        "{turn}"
    );
    let explained = talk.explained(app, turn["message_id"].as_str().unwrap()).await;
    let verdicts = explained["evidence"]["verdicts"].as_array().unwrap();
    let budget = verdicts.iter().filter(|verdict| verdict["check"] == "budget");
    let reasons: Vec<Value> = budget.map(|verdict| verdict["reason"].clone()).collect();
    assert_eq!(
        explained["evidence"]["degraded"].as_array().unwrap().is_empty(),
        reasons.is_empty(),
        "the turn says so: {explained}"
    );
    (turn["model_used"].as_str().unwrap().to_owned(), reasons)
}

#[rstest]
#[case::tokens(json!({"tokens_per_month": 100}), "the organization's tokens of this month are spent, or held by turns under way")]
#[case::money(json!({"cost_micros_per_month": 300}), "the organization's money of this month is spent, or held by turns under way")]
#[tokio::test]
async fn once_the_month_s_budget_is_spent_the_composer_answers_everyone(
    #[case] budget: Value,
    #[case] reason: &str,
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let (app, model) = app(store).await;
    let talk = Talk::begin(&app).await;
    let changed = bound(&app, &talk, budget).await;
    assert_eq!(changed["budget"].as_object().unwrap().len(), 4);
    for _ in 0..2 {
        assert_eq!(answered(&app, &talk).await, ("small-1".to_owned(), vec![]));
    }
    let usage = app.get(&talk.admin, OWN).await.expect(200)["usage"].clone();
    assert_eq!(
        (
            &usage["model_tokens_in_month"],
            &usage["model_cost_micros_in_month"]
        ),
        (&json!(104), &json!(400))
    );
    let other = Talk {
        id: app.conversation(&talk.key, "customer-2").await,
        ..talk.clone()
    };
    for talk in [&talk, &other] {
        assert_eq!(
            answered(&app, talk).await,
            ("composer".to_owned(), vec![json!(reason)])
        );
    }
    assert_eq!(model.asked().len(), 2);

    bound(&app, &talk, json!({})).await;
    assert_eq!(
        answered(&app, &talk).await.0,
        "small-1",
        "without a bound nothing is spent"
    );
}

#[rstest]
#[tokio::test]
async fn once_a_conversation_s_budget_is_spent_the_composer_answers_in_it_alone(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let (app, _model) = app(store).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, json!({"cost_micros_per_conversation": 200})).await;
    assert_eq!(answered(&app, &talk).await.0, "small-1");
    let spent = vec![json!("the conversation's money is spent")];
    assert_eq!(answered(&app, &talk).await, ("composer".to_owned(), spent));
    let other = Talk {
        id: app.conversation(&talk.key, "customer-2").await,
        ..talk.clone()
    };
    assert_eq!(answered(&app, &other).await.0, "small-1");
    let usage = app.get(&talk.admin, OWN).await.expect(200)["usage"].clone();
    assert_eq!(
        usage["model_tokens_in_month"], 0,
        "the month has no bound and is not counted"
    );
}

#[tokio::test]
async fn what_a_reply_cost_is_in_its_evidence_even_when_nothing_of_it_could_be_said() {
    let (app, _model) = app(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, json!({"tokens_per_conversation": 52})).await;
    // The model answers another question than was asked, and what it says is in no source found for this one.
    let turn = talk.say(&app, PARCEL_QUESTION).await.expect(200);
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let first = &explained["evidence"]["models"][0];
    assert_eq!(
        [
            &first["input_tokens"],
            &first["output_tokens"],
            &first["cost_micros"]
        ],
        [&json!(40), &json!(12), &json!(200)]
    );
    let (by, _) = answered(&app, &talk).await;
    assert_eq!(by, "composer", "it counts against the conversation all the same");
}

#[rstest]
#[case::nothing_is_told_of_a_reply_that_broke_off(
    Script::stream().words(&format!("{PASSWORD_SENTENCE} We send")))]
#[case::nothing_is_ever_told(Script::stream().words(PASSWORD_SENTENCE).data("[DONE]"))]
#[tokio::test]
async fn a_model_that_does_not_tell_what_it_costs_is_not_free(#[case] script: Script) {
    let (app, model) = app_with(Store::Sqlite, script).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, json!({"tokens_per_conversation": 52})).await;
    let turn = talk.say(&app, PASSWORD_QUESTION).await.expect(200);
    assert_eq!(turn["model_used"], "small-1", "{turn}");
    let explained = talk.explained(&app, turn["message_id"].as_str().unwrap()).await;
    let tried = &explained["evidence"]["models"][0];
    assert_eq!(tried["estimated"], true, "{tried}");
    assert!(tried["input_tokens"].as_u64().unwrap() > 52, "{tried}");
    assert!(tried["output_tokens"].as_u64().unwrap() >= 12, "{tried}");
    let spent = vec![json!("the conversation's tokens are spent")];
    assert_eq!(answered(&app, &talk).await, ("composer".to_owned(), spent));
    assert_eq!(model.asked().len(), 1);
}

/// A model whose reply takes half a second, and 40 and 12 tokens.
fn slow() -> Script {
    taking(Duration::from_millis(500))
}

/// The same, with a reply that takes so long.
fn taking(time: Duration) -> Script {
    Script::stream()
        .pause(time)
        .words(PASSWORD_SENTENCE)
        .event(&json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
        .event(&json!({"choices": [], "usage": {"prompt_tokens": 40, "completion_tokens": 12}}))
        .data("[DONE]")
}

/// Twenty customers ask the same at once, half of them one server and half the other; gives their turns.
async fn twenty_at_once(servers: [&App; 2], talk: &Talk) -> Vec<Value> {
    let mut asking = Vec::new();
    for number in 0..20 {
        let server = servers[number % 2];
        let customer = format!("crowd-{number}");
        let talk = Talk {
            id: server.conversation(&talk.key, &customer).await,
            ..talk.clone()
        };
        asking.push(async move { talk.say(server, PASSWORD_QUESTION).await.expect(200) });
    }
    let turns = futures::future::join_all(asking).await;
    for turn in &turns {
        let response = turn["response"].as_str().unwrap();
        assert!(
            response.contains(PASSWORD_SENTENCE),
            "everyone is answered: {turn}"
        );
    }
    turns
}

#[rstest]
#[case::tokens(json!({"tokens_per_month": 52}))]
#[case::money(json!({"cost_micros_per_month": 200}))]
#[tokio::test]
async fn twenty_conversations_at_once_do_not_pass_a_budget_for_one_reply(
    #[case] budget: Value,
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
) {
    let (app, model) = app_with(store, slow()).await;
    let other = app.replica(&settings(&model.base_url())).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, budget).await;
    let turns = twenty_at_once([&app, &other], &talk).await;
    let by_model = turns.iter().filter(|turn| turn["model_used"] == "small-1");
    assert_eq!((model.asked().len(), by_model.count()), (1, 1));

    bound(&app, &talk, json!({"tokens_per_month": 1_000_000})).await;
    assert_eq!(
        answered(&app, &talk).await.0,
        "small-1",
        "what was held is given back"
    );
}

#[rstest]
#[case::tokens(json!({"tokens_per_month": 80_000}))]
#[case::money(json!({"cost_micros_per_month": 600_000}))]
#[tokio::test]
async fn twenty_conversations_at_once_are_answered_by_the_model_where_the_budget_has_room_for_them(
    #[case] budget: Value,
) {
    let (app, model) = app_with(Store::Sqlite, slow()).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, budget).await;
    for turn in twenty_at_once([&app, &app], &talk).await {
        assert_eq!(turn["model_used"], "small-1", "{turn}");
    }
    assert_eq!(model.asked().len(), 20);
}

#[tokio::test]
async fn what_a_turn_held_that_will_not_end_is_given_back_with_its_lease() {
    let (app, model) = app(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, json!({"tokens_per_month": 1_000_000})).await;
    answered(&app, &talk).await;
    let dead = |expires_at: i64| {
        format!(
            "UPDATE turns SET state = 'running', lease_owner = 'dead', lease_expires_at = {expires_at}, \
             result = NULL, held_tokens = 2000000"
        )
    };
    let other = Talk {
        id: app.conversation(&talk.key, "customer-2").await,
        ..talk.clone()
    };
    app.execute(&dead(i64::MAX)).await;
    assert_eq!(answered(&app, &other).await.0, "composer");
    app.execute(&dead(1)).await;
    let third = Talk {
        id: app.conversation(&talk.key, "customer-3").await,
        ..talk.clone()
    };
    assert_eq!(answered(&app, &third).await.0, "small-1");
    assert_eq!(model.asked().len(), 2);
}

#[tokio::test]
async fn what_a_reply_cost_that_could_not_be_stored_counts_for_the_month_all_the_same() {
    let (app, model) = app(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, json!({"tokens_per_month": 1_000_000})).await;
    let used = async || app.get(&talk.admin, OWN).await.expect(200)["usage"]["model_tokens_in_month"].clone();
    app.execute(
        "CREATE TRIGGER broken BEFORE UPDATE OF state ON turns WHEN NEW.state = 'done' \
         BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END",
    )
    .await;
    let broken = talk.say_once(&app, PASSWORD_QUESTION, "once").await;
    assert!(broken.status.is_server_error(), "{}", broken.body);
    assert_eq!((used().await, model.asked().len()), (json!(52), 1));

    app.execute("DROP TRIGGER broken").await;
    let turn = talk.say_once(&app, PASSWORD_QUESTION, "once").await.expect(200);
    assert_eq!(turn["model_used"], "small-1", "{turn}");
    assert_eq!((used().await, model.asked().len()), (json!(104), 2));
}

#[tokio::test]
async fn counting_and_a_writer_of_the_cited_entry_never_wait_for_each_other() {
    let (app, model) = app_with(Store::Postgres, taking(Duration::from_secs(3))).await;
    let talk = Talk::begin(&app).await;
    bound(&app, &talk, json!({"tokens_per_month": 1_000_000})).await;
    // As whoever writes knowledge: first the organization, then, once the turn's commit waits behind it, the entries.
    let writes = "DO $$ BEGIN \
            PERFORM 1 FROM organizations FOR NO KEY UPDATE; \
            FOR tries IN 1..6000 LOOP \
                PERFORM pg_stat_clear_snapshot(), pg_sleep(0.01); \
                EXIT WHEN EXISTS ( \
                    SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))); \
                IF tries = 6000 THEN RAISE 'the commit never waits'; END IF; \
            END LOOP; \
            UPDATE knowledge_entries SET title = title; \
        END $$";
    let writing = async {
        asked(&model, 1).await;
        app.backend().tamper(writes).await;
    };
    let ((by, spent), ()) = tokio::join!(answered(&app, &talk), writing);
    assert_eq!((by.as_str(), spent.len()), ("small-1", 0));
}

#[tokio::test]
async fn from_four_fifths_of_the_budget_on_the_small_model_answers() {
    let (small, large) = (
        ModelServer::start([Script::reply(&[PASSWORD_SENTENCE], 5, 5)])
            .await
            .unwrap(),
        ModelServer::start([Script::reply(&[PASSWORD_SENTENCE], 40, 12)])
            .await
            .unwrap(),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("acs.toml");
    let model = |name: &str, server: &ModelServer| {
        format!(
            "[ai.models.{name}]\nmodel = \"{name}\"\nbase_url = \"{}\"\n",
            server.base_url()
        )
    };
    let chains =
        "[[ai.chains]]\nmin_spent = 0.8\nmodels = [\"small\"]\n[[ai.chains]]\nmodels = [\"large\"]\n";
    let config = [model("small", &small), model("large", &large), chains.to_owned()].concat();
    std::fs::write(&file, config).unwrap();
    let app = App::with(Store::Sqlite, &[("ACS_CONFIG", file.to_str().unwrap())]).await;
    let talk = Talk::begin(&app).await;
    // Two replies of the large model are four fifths.
    bound(&app, &talk, json!({"tokens_per_month": 130})).await;
    let mut answerers = Vec::new();
    for _ in 0..4 {
        answerers.push(answered(&app, &talk).await.0);
    }
    assert_eq!(answerers, ["large", "large", "small", "small"]);
}

#[tokio::test]
async fn a_budget_that_cannot_be_counted_is_refused() {
    let (app, _model) = app(Store::Sqlite).await;
    let talk = Talk::begin(&app).await;
    let operator = app.sign_in(OPERATOR).await;
    let own = app.get(&talk.admin, OWN).await.expect(200);
    let path = format!("/admin/organizations/{}", own["id"].as_str().unwrap());
    let answer = app
        .patch(&operator, &path, json!({"budget": {"tokens_per_month": -1}}))
        .await;
    assert_eq!(answer.error(), (400, "2001"));
    let unknown = app
        .patch(&operator, &path, json!({"budget": {"tokens_per_year": 1}}))
        .await;
    assert_eq!(unknown.error(), (400, "2002"));
    let by_its_own_people = app.patch(&talk.admin, OWN, json!({"budget": {}})).await;
    assert_eq!(by_its_own_people.error(), (400, "2002"), "only operators set it");
}
