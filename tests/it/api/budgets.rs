//! What language models may cost: counted with the turn, and once it is spent the composer answers.

use acs_app::seed::OPERATOR;
use acs_testkit::model_server::{ModelServer, Script};
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{App, Store};
use crate::talk::{PARCEL_QUESTION, PASSWORD_QUESTION, PASSWORD_SENTENCE, Talk};

/// Where an organization's own people see it.
const OWN: &str = "/admin/organization";

/// The product with a model that reads a million tokens for 2 and writes them for 10, and takes 40 and 12 for a reply.
async fn app(store: Store) -> (App, ModelServer) {
    let model = ModelServer::start([Script::reply(&[PASSWORD_SENTENCE], 40, 12)])
        .await
        .unwrap();
    let app = App::with(
        store,
        &[
            ("ACS__AI__MODELS__QUICK__BASE_URL", &model.base_url()),
            ("ACS__AI__MODELS__QUICK__MODEL", "small-1"),
            ("ACS__AI__MODELS__QUICK__INPUT_PRICE", "2"),
            ("ACS__AI__MODELS__QUICK__OUTPUT_PRICE", "10"),
        ],
    )
    .await;
    (app, model)
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
#[case::tokens(json!({"tokens_per_month": 100}), "the organization's tokens of this month are spent")]
#[case::money(json!({"cost_micros_per_month": 300}), "the organization's money of this month is spent")]
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
