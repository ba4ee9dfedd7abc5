//! Intents: taught by phrases, recognised from the next message on.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::idempotency::replays;
use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, read};

fn intent(name: &str, phrases: &[&str]) -> Value {
    json!({ "name": name, "training_phrases": phrases })
}

/// The likeliest intent of a text.
async fn recognised(app: &App, caller: &As, words: &str) -> (String, f64) {
    let analysis = app
        .post(caller, "/ai/analyze", json!({ "text": words }))
        .await
        .expect(200);
    match analysis["intents"].as_array().unwrap().first() {
        Some(first) => (
            text(first, "name").to_owned(),
            first["confidence"].as_f64().unwrap(),
        ),
        None => (String::new(), 0.0),
    }
}

/// A report without anything to be told of single rows.
fn report(created: usize, updated: usize, unchanged: usize) -> Value {
    json!({ "created": created, "updated": updated, "unchanged": unchanged, "failed": [], "warnings": [] })
}

/// The lines of what a report tells of single rows.
fn lines(report: &Value, what: &str) -> Vec<u64> {
    let rows = report[what].as_array().unwrap().iter();
    rows.map(|row| row["line"].as_u64().unwrap()).collect()
}

async fn import_csv(app: &App, caller: &As, csv: &str) -> Answer {
    let request = app
        .request(caller, Method::POST, "/intents/import")
        .header("Content-Type", "text/csv; charset=utf-8");
    read(request.body(csv.to_owned())).await
}

#[rstest]
#[tokio::test]
async fn an_intent_is_added_read_replaced_and_removed(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "name": "refund", "display_name": "Refund", "description": "Wants money back.",
        "training_phrases": ["I want my money back", " i want my MONEY back ", "refund please"], "response_templates": ["Sure."] });
    let made = app.post(&admin, "/intents", body).await.expect(201);
    let fields = [
        "created_at",
        "description",
        "display_name",
        "enabled",
        "id",
        "name",
        "response_templates",
        "training_phrases",
        "updated_at",
        "usage_count",
        "version",
    ];
    let known = |saved: &Value| {
        let mut known = saved.clone();
        known.as_object_mut().unwrap().remove("warnings");
        known
    };
    assert_eq!(names(&known(&made)), fields);
    assert_eq!(
        made["warnings"],
        json!(["\"i want my MONEY back\" says the same as phrase 1"])
    );
    assert_eq!(
        (&made["training_phrases"], &made["enabled"], &made["version"]),
        (
            &json!(["I want my money back", "refund please"]),
            &json!(true),
            &json!(1)
        )
    );
    let path = format!("/intents/{}", text(&made, "id"));
    assert_eq!(app.get(&admin, &path).await.expect(200), known(&made));
    let replaced = app
        .put(&admin, &path, intent("refunds", &["give it back"]))
        .await
        .expect(200);
    assert_eq!(
        (&replaced["name"], &replaced["version"], &replaced["description"]),
        (&json!("refunds"), &json!(2), &Value::Null)
    );
    assert_eq!(app.get(&admin, &path).await.expect(200), known(&replaced));
    app.delete(&admin, &path).await.expect(204);
    app.get(&admin, &path).await.refused(404, "3004");
    app.delete(&admin, &path).await.refused(404, "3004");
    app.put(&admin, &path, intent("refunds", &[]))
        .await
        .refused(404, "3004");
}

#[rstest]
#[tokio::test]
async fn a_name_belongs_to_one_intent(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.post(&admin, "/intents", intent("refund", &["money back"]))
        .await
        .expect(201);
    let other = app
        .post(&admin, "/intents", intent("order", &["buy"]))
        .await
        .expect(201);
    app.post(&admin, "/intents", intent("refund", &["pay me"]))
        .await
        .refused(409, "2004");
    app.put(
        &admin,
        &format!("/intents/{}", text(&other, "id")),
        intent("refund", &["buy"]),
    )
    .await
    .refused(409, "2004");
    let elsewhere = app.organization("elsewhere", json!({})).await;
    app.post(&elsewhere, "/intents", intent("refund", &["money back"]))
        .await
        .expect(201);
}

#[rstest]
#[tokio::test]
async fn a_new_phrase_counts_at_the_next_message(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let words = "my parcel never showed up";
    app.post(&admin, "/intents", intent("refund", &["I want my money back"]))
        .await
        .expect(201);
    let made = app
        .post(&admin, "/intents", intent("lost_parcel", &["where is my order"]))
        .await
        .expect(201);
    let path = format!("/intents/{}", text(&made, "id"));
    app.put(
        &admin,
        &path,
        intent("lost_parcel", &["where is my order", words]),
    )
    .await
    .expect(200);
    let (name, confidence) = recognised(&app, &admin, words).await;
    assert_eq!(name, "lost_parcel");
    assert!(confidence > 0.7, "{confidence}");
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let turn = app.say(&key, &conversation, words).await.expect(200);
    assert_eq!(turn["intent"]["primary"], "lost_parcel");
    // Switched off or removed, it is not recognised any more.
    let mut off = intent("lost_parcel", &[words]);
    off["enabled"] = json!(false);
    app.put(&admin, &path, off).await.expect(200);
    assert_ne!(recognised(&app, &admin, words).await.0, "lost_parcel");
    app.put(&admin, &path, intent("lost_parcel", &[words]))
        .await
        .expect(200);
    assert_eq!(recognised(&app, &admin, words).await.0, "lost_parcel");
    app.delete(&admin, &path).await.expect(204);
    assert_ne!(recognised(&app, &admin, words).await.0, "lost_parcel");
}

#[rstest]
#[tokio::test]
async fn a_greeting_is_met_with_the_organizations_own_words(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let mut greeting = intent("greeting", &["hello", "good morning", "hi there"]);
    greeting["response_templates"] = json!(["Welcome to Acme!"]);
    app.post(&admin, "/intents", greeting).await.expect(201);
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let turn = app.say(&key, &conversation, "Good morning").await.expect(200);
    assert_eq!(
        (&turn["outcome"], &turn["response"]),
        (&json!("answered"), &json!("Welcome to Acme!"))
    );
    assert_eq!(turn["model_used"], "template");
}

#[rstest]
#[tokio::test]
async fn intents_come_in_as_json_and_as_csv_and_repeating_changes_nothing(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "intents": [intent("refund", &["money back", "pay me back"]), intent("order", &["I want to buy"])] });
    assert_eq!(
        app.post(&admin, "/intents/import", body.clone())
            .await
            .expect(200),
        report(2, 0, 0)
    );
    assert_eq!(
        app.post(&admin, "/intents/import", body).await.expect(200),
        report(0, 0, 2)
    );
    let csv = "\u{feff}name,phrase\nrefund,money back\nrefund,\"please, a refund\"\ngift,wrap it\n";
    assert_eq!(import_csv(&app, &admin, csv).await.expect(200), report(1, 1, 0));
    assert_eq!(import_csv(&app, &admin, csv).await.expect(200), report(0, 0, 2));
    let list = app.get(&admin, "/intents").await.expect(200);
    let mut known = each(&list, "name");
    known.sort_unstable();
    assert_eq!(known, ["gift", "order", "refund"]);
    let refund = items(&list)
        .iter()
        .find(|intent| intent["name"] == "refund")
        .unwrap();
    assert_eq!(
        refund["training_phrases"],
        json!(["money back", "pay me back", "please, a refund"])
    );
}

#[rstest]
#[tokio::test]
async fn rows_that_cannot_be_taken_are_told_by_line_and_the_others_are_kept(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let long = "p".repeat(501);
    let csv =
        format!("name,phrase\ngood,fine\nbad\nworse,a,b\nBad Name,fine\ngood,{long}\nempty,\ngood,well\n");
    let result = import_csv(&app, &admin, &csv).await.expect(200);
    assert_eq!((&result["created"], &result["updated"]), (&json!(1), &json!(0)));
    assert_eq!(lines(&result, "failed"), [3, 4, 5, 6, 7]);
    let list = app.get(&admin, "/intents").await.expect(200);
    assert_eq!(each(&list, "name"), ["good"]);
    assert_eq!(items(&list)[0]["training_phrases"], json!(["fine", "well"]));

    let body = json!({ "intents": [intent("better", &["fine too", ""]), intent("Bad Name", &["fine"])] });
    let result = app.post(&admin, "/intents/import", body).await.expect(200);
    assert_eq!(
        (&result["created"], lines(&result, "failed")),
        (&json!(1), vec![1, 2])
    );
    let message = text(&result["failed"][0], "message");
    assert!(message.contains("training_phrases.1"), "{message}");

    import_csv(&app, &admin, "name,phrase\n")
        .await
        .refused(400, "2002");
    import_csv(&app, &admin, "intent;phrase\ngood;fine\n")
        .await
        .refused(400, "2001");
}

#[rstest]
#[tokio::test]
async fn of_a_megabyte_of_broken_rows_the_first_are_told_and_the_good_one_is_kept(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let broken = "Bad Name,a row that is broken\n".repeat(33_000);
    let csv = format!("name,phrase\n{broken}good,fine\n");
    assert!(csv.len() > 950_000);
    let result = import_csv(&app, &admin, &csv).await.expect(200);
    assert_eq!(result["created"], 1);
    let told = lines(&result, "failed");
    assert_eq!((told.len(), told[0], told[999]), (1_001, 2, 1_001));
    let last = text(&result["failed"][1_000], "message");
    assert!(last.contains("32000 more"), "{last}");
}

#[rstest]
#[tokio::test]
async fn more_phrases_than_an_intent_may_have_are_told_by_line(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let rows: String = (0..1_002).map(|n| format!("many,w{n}\n")).collect();
    let result = import_csv(&app, &admin, &format!("name,phrase\n{rows}"))
        .await
        .expect(200);
    assert_eq!(
        (&result["created"], lines(&result, "failed")),
        (&json!(1), vec![1_002, 1_003])
    );
    let list = app.get(&admin, "/intents").await.expect(200);
    assert_eq!(
        items(&list)[0]["training_phrases"].as_array().unwrap().len(),
        1_000
    );
}

#[rstest]
#[tokio::test]
async fn a_phrase_that_is_there_twice_or_teaches_two_intents_is_named(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.post(&admin, "/intents", intent("track", &["Where is my order?"]))
        .await
        .expect(201);
    let csv = "name,phrase\ncancel,stop it\ncancel,Stop it!\nrefund,stop it\ncancel,where is my order\ntrack,where is my order\n";
    let result = import_csv(&app, &admin, csv).await.expect(200);
    assert_eq!((&result["created"], &result["failed"]), (&json!(2), &json!([])));
    assert_eq!(
        result["warnings"],
        json!([
            { "line": 3, "message": "\"Stop it!\" says the same as line 2" },
            { "line": 4, "message": "\"stop it\" also teaches cancel: line 2" },
            { "line": 5, "message": "\"where is my order\" also teaches track" },
        ])
    );
    let other = intent("delivery", &["WHERE IS MY ORDER", "bring it"]);
    let made = app.post(&admin, "/intents", other).await.expect(201);
    let warnings = made["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{made}");
    assert!(warnings[0].as_str().unwrap().contains("also teaches"), "{made}");
    let path = format!("/intents/{}", text(&made, "id"));
    let mended = app
        .put(&admin, &path, intent("delivery", &["bring it"]))
        .await
        .expect(200);
    assert_eq!(mended["warnings"], json!([]));
}

#[rstest]
#[tokio::test]
async fn an_import_that_names_itself_takes_effect_once(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let import = async |csv: &str| {
        let request = app
            .request(&admin, Method::POST, "/intents/import")
            .header("Content-Type", "text/csv")
            .header("Idempotency-Key", "key");
        read(request.body(csv.to_owned())).await
    };
    let csv = "name,phrase\nrefund,money back\nbad\n";
    let first = import(csv).await;
    assert_eq!(first.body["created"], 1);
    replays(&import(csv).await, &first);
    import("name,phrase\nrefund,pay me\n").await.refused(409, "2006");
    let list = app.get(&admin, "/intents").await.expect(200);
    assert_eq!(items(&list)[0]["training_phrases"], json!(["money back"]));
}

#[rstest]
#[tokio::test]
async fn what_is_not_acceptable_is_told_field_by_field(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for name in ["", "Refund", "re fund", "é", &"a".repeat(101)] {
        let answer = app.post(&admin, "/intents", intent(name, &["b"])).await;
        assert_eq!(names(answer.refused(400, "2001")), ["name"], "{name}");
    }
    let long = "p".repeat(501);
    let answer = app
        .post(&admin, "/intents", intent("a", &["b", " ", &long]))
        .await;
    assert_eq!(
        names(answer.refused(400, "2001")),
        ["training_phrases.1", "training_phrases.2"]
    );
    let many: Vec<String> = (0..1_001).map(|n| format!("phrase {n}")).collect();
    let answer = app
        .post(
            &admin,
            "/intents",
            json!({ "name": "a", "training_phrases": many }),
        )
        .await;
    assert_eq!(names(answer.refused(400, "2001")), ["training_phrases"]);
    for (field, value) in [
        ("display_name", json!("d".repeat(256))),
        ("description", json!("d".repeat(2_001))),
        ("response_templates", json!(vec!["r"; 21])),
    ] {
        let mut body = intent("a", &["b"]);
        body[field] = value;
        assert_eq!(
            names(app.post(&admin, "/intents", body).await.refused(400, "2001")),
            [field]
        );
    }
}

#[rstest]
#[tokio::test]
async fn intents_are_listed_newest_first_page_by_page(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for name in ["one", "two", "three"] {
        app.post(&admin, "/intents", intent(name, &[name]))
            .await
            .expect(201);
    }
    let first = app.get(&admin, "/intents?limit=2").await.expect(200);
    assert_eq!(each(&first, "name"), ["three", "two"]);
    let second = app
        .get(
            &admin,
            &format!("/intents?limit=2&cursor={}", text(&first, "next_cursor")),
        )
        .await
        .expect(200);
    assert_eq!(
        (each(&second, "name"), &second["next_cursor"]),
        (vec!["one"], &Value::Null)
    );
}
