//! Entries that say different things about the same matter are reported to the knowledge's editors.

use std::time::Duration;

use acs_domain::access::Scope;
use rstest::rstest;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_util::sync::CancellationToken;

use super::{items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

async fn write(app: &App, admin: &As, title: &str, content: &str) -> String {
    write_for(app, admin, title, content, json!({})).await
}

async fn write_for(app: &App, admin: &As, title: &str, content: &str, more: Value) -> String {
    let mut body = json!({ "title": title, "content": content, "category": "help" });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let made = app.post(admin, "/knowledge", body).await.expect(201);
    text(&made, "id").to_owned()
}

async fn rewrite(app: &App, admin: &As, id: &str, title: &str, content: &str) {
    let body = json!({ "title": title, "content": content, "category": "help" });
    app.put(admin, &format!("/knowledge/{id}"), body)
        .await
        .expect(200);
}

async fn compare(app: &App) {
    let comparing = &app.process.engine.comparing;
    comparing.compare_due(&CancellationToken::new()).await.unwrap();
}

/// What is reported when everything is compared.
async fn conflicts(app: &App, admin: &As) -> Vec<Value> {
    compare(app).await;
    let listed = app.get(admin, "/knowledge/conflicts").await.expect(200);
    assert_eq!(listed["next_cursor"], Value::Null);
    items(&listed).clone()
}

/// In what the reported entries differ, and their sentences.
fn told(conflicts: &[Value]) -> Vec<(&str, Vec<&str>)> {
    let mut told: Vec<(&str, Vec<&str>)> = conflicts
        .iter()
        .map(|conflict| {
            let entries = conflict["entries"].as_array().unwrap().iter();
            let mut sentences: Vec<&str> = entries.map(|entry| text(entry, "sentence")).collect();
            sentences.sort_unstable();
            (text(conflict, "difference"), sentences)
        })
        .collect();
    told.sort_unstable();
    told
}

const LONG: &str = "You can return items within 30 days of delivery.";
const SHORT: &str = "You can return items within 14 days of delivery.";

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_two_entries_say_differently_is_reported_with_both_sentences(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    assert!(conflicts(&app, &admin).await.is_empty());
    let policy = write(
        &app,
        &admin,
        "Return policy",
        &format!("Nobody likes to wait. {LONG}"),
    )
    .await;
    let returns = write(&app, &admin, "Returns", SHORT).await;
    write(
        &app,
        &admin,
        "Delivery",
        "We deliver to Norway and Sweden by ship.",
    )
    .await;
    write(
        &app,
        &admin,
        "Where we deliver",
        "We do not deliver to Norway and Sweden by ship.",
    )
    .await;
    let found = conflicts(&app, &admin).await;
    let denied = [
        "We deliver to Norway and Sweden by ship.",
        "We do not deliver to Norway and Sweden by ship.",
    ];
    assert_eq!(
        told(&found),
        [("denial", denied.to_vec()), ("duration", vec![SHORT, LONG])]
    );
    let duration = found.iter().find(|one| one["difference"] == "duration").unwrap();
    assert_eq!(names(duration), ["difference", "entries", "found_at", "id"]);
    assert_eq!(names(&duration["entries"][0]), ["entry_id", "sentence", "title"]);
    let entries = duration["entries"].as_array().unwrap();
    let mut seen: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (text(entry, "entry_id"), text(entry, "title")))
        .collect();
    seen.sort_by_key(|(_, title)| *title);
    assert_eq!(
        seen,
        [(policy.as_str(), "Return policy"), (returns.as_str(), "Returns")]
    );
    assert_eq!(conflicts(&app, &admin).await, found, "nothing is found twice");

    rewrite(&app, &admin, &returns, "Returns", LONG).await;
    let listed = app.get(&admin, "/knowledge/conflicts").await.expect(200);
    assert_eq!(told(items(&listed)).len(), 1, "settled at once");
    assert_eq!(
        told(&conflicts(&app, &admin).await),
        [("denial", denied.to_vec())]
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_agrees_or_is_about_something_else_is_not_reported(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for (title, content) in [
        ("Return policy", LONG),
        ("Returns", LONG),
        ("Basic plan", "The Basic plan costs 10 €."),
        ("Premium plan", "The Premium plan costs 20 €."),
        ("Delivery to France", "Delivery takes 3 days in all regions."),
        ("Delivery to Spain", "Delivery takes 5 days in all regions."),
        ("Cancellation", "You can cancel your order before it has shipped."),
        ("Cancelling", "You cannot cancel your order once it has shipped."),
    ] {
        write(&app, &admin, title, content).await;
    }
    assert_eq!(told(&conflicts(&app, &admin).await), []);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn entries_that_nobody_is_told_both_of_are_in_no_conflict(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let hours = |hours| app.process.clock.now() + time::Duration::hours(hours);
    let at = |time: OffsetDateTime| time.format(&Rfc3339).unwrap();
    let everybody = write(&app, &admin, "Return policy", LONG).await;
    write_for(&app, &admin, "Returns", SHORT, json!({ "audience": ["gold"] })).await;
    assert_eq!(told(&conflicts(&app, &admin).await), [], "for others");
    app.delete(&admin, &format!("/knowledge/{everybody}")).await;
    let english = json!({ "language": "en", "expires_at": at(hours(1)) });
    write_for(&app, &admin, "Return policy", LONG, english).await;
    write_for(&app, &admin, "Returning", SHORT, json!({ "language": "de" })).await;
    assert_eq!(told(&conflicts(&app, &admin).await), [], "in another language");
    let later = json!({ "language": "en", "valid_from": at(hours(1)) });
    write_for(&app, &admin, "Returns from then on", SHORT, later).await;
    assert_eq!(told(&conflicts(&app, &admin).await), [], "at another time");
    write_for(&app, &admin, "Returns", SHORT, json!({ "language": "en" })).await;
    assert_eq!(told(&conflicts(&app, &admin).await).len(), 1);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_editor_settles_a_conflict_by_what_supersedes_or_by_dismissing_it(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let policy = write(&app, &admin, "Return policy", LONG).await;
    let returns = write(&app, &admin, "Returns", SHORT).await;
    let found = conflicts(&app, &admin).await;
    assert_eq!(found.len(), 1);
    let links = format!("/knowledge/{returns}/links");
    let supersedes = json!({ "links": [{ "kind": "supersedes", "entry_id": policy }] });
    app.put(&admin, &links, supersedes).await.expect(200);
    assert!(conflicts(&app, &admin).await.is_empty());
    app.put(&admin, &links, json!({ "links": [] })).await.expect(200);
    assert_eq!(conflicts(&app, &admin).await, found);

    let path = format!("/knowledge/conflicts/{}", text(&found[0], "id"));
    app.delete(&admin, &path).await;
    assert_eq!(app.delete(&admin, &path).await.error().0, 404);
    assert!(conflicts(&app, &admin).await.is_empty());
    write(&app, &admin, "Something else", "The sky is blue.").await;
    assert!(conflicts(&app, &admin).await.is_empty(), "others do not matter");
    rewrite(
        &app,
        &admin,
        &policy,
        "Return policy",
        &format!("{LONG} It is free."),
    )
    .await;
    let again = conflicts(&app, &admin).await;
    assert_eq!(told(&again), [("duration", vec![SHORT, LONG])]);
    assert_eq!(again[0]["found_at"], found[0]["found_at"], "it is the same one");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn organizations_contradict_only_themselves(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let (ours, theirs) = (app.acme().await, app.organization("other", json!({})).await);
    write(&app, &ours, "Return policy", LONG).await;
    write(&app, &theirs, "Returns", SHORT).await;
    assert!(conflicts(&app, &ours).await.is_empty() && conflicts(&app, &theirs).await.is_empty());
    write(&app, &theirs, "Return policy", LONG).await;
    assert_eq!(conflicts(&app, &theirs).await.len(), 1);
    assert!(conflicts(&app, &ours).await.is_empty());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_while_it_compares_loses_and_doubles_nothing(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    write(&app, &admin, "Return policy", LONG).await;
    write(&app, &admin, "Returns", SHORT).await;
    let store = &app.process.store;
    let organization = store.directory().organization("acme").await.unwrap().unwrap();
    // What another process had read, and compared, and did not keep.
    let taken_up = async |lease: Duration| {
        let now = app.process.clock.now();
        let mut unit = store.begin(Scope::trusted(organization)).await.unwrap();
        let attempt = unit.conflicts().acquire("dead", now, now + lease).await.unwrap();
        let read = unit.conflicts().uncompared(99).await.unwrap();
        unit.commit().await.unwrap();
        (attempt, read)
    };
    let (attempt, read) = taken_up(Duration::ZERO).await;
    assert!(attempt.is_some() && read.passages.len() == 2);
    let found = conflicts(&app, &admin).await;
    assert_eq!(told(&found), [("duration", vec![SHORT, LONG])]);
    let mut unit = store.begin(Scope::trusted(organization)).await.unwrap();
    let kept = unit
        .conflicts()
        .keep(attempt.unwrap(), &[], &read.then)
        .await
        .unwrap();
    assert!(!kept, "it has come too late");
    drop(unit);
    write(&app, &admin, "Something else", "The sky is blue.").await;
    let (live, _) = taken_up(Duration::from_secs(60)).await;
    assert!(live.is_some());
    assert_eq!(conflicts(&app, &admin).await, found, "somebody else is at it");
}
