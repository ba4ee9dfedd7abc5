//! Whom an entry answers and when, and which entry stands in for which.

use rstest::rstest;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::knowledge::found;
use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

const QUESTION: &str = "How long may I return a lamp?";

async fn write(app: &App, admin: &As, title: &str, content: &str, more: Value) -> String {
    let mut body = json!({ "title": title, "content": content, "category": "returns" });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let made = app.post(admin, "/knowledge", body).await.expect(201);
    text(&made, "id").to_owned()
}

fn titles(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| text(one, "title"))
        .collect()
}

/// What a customer is told, and where that stands.
async fn told(app: &App, key: &As, customer: &str) -> (String, Vec<String>) {
    let conversation = app.conversation(key, customer).await;
    let turn = app.say(key, &conversation, QUESTION).await.expect(200);
    let cited = titles(&turn["citations"]);
    let cited = cited.into_iter().map(str::to_owned).collect();
    (text(&turn, "response").to_owned(), cited)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_for_some_customers_answers_only_them(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let gold = json!({ "audience": ["gold"] });
    write(
        &app,
        &admin,
        "Returning a lamp, gold",
        "You may return a lamp within ninety days.",
        gold,
    )
    .await;
    let (answer, cited) = told(&app, &key, "anybody").await;
    assert!(!answer.contains("ninety") && cited.is_empty(), "{answer}");

    app.conversation(&key, "regular").await;
    let customers = app.get(&admin, "/admin/users?role=customer").await.expect(200);
    let ours = |user: &&Value| user["external_id"] == "regular";
    let user = format!(
        "/admin/users/{}",
        text(items(&customers).iter().find(ours).unwrap(), "id")
    );
    app.patch(
        &admin,
        &user,
        json!({ "customer_tier": null, "tags": ["club", "gold"] }),
    )
    .await
    .expect(200);
    let (answer, _) = told(&app, &key, "regular").await;
    assert!(answer.contains("ninety days"), "{answer}");
}

#[rstest]
#[tokio::test]
async fn a_search_may_be_as_customers_see_it_and_in_one_language(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let lamp = "You may return a lamp within ninety days.";
    write(&app, &admin, "Gold", lamp, json!({ "audience": ["gold"] })).await;
    write(&app, &admin, "German", lamp, json!({ "language": "de" })).await;
    write(
        &app,
        &admin,
        "Later",
        lamp,
        json!({ "valid_from": "2999-01-01T00:00:00Z" }),
    )
    .await;
    let search = async |more: Value| {
        let mut body = json!({ "query": QUESTION });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let found = app.post(&admin, "/knowledge/search", body).await.expect(200);
        let mut titles: Vec<String> = each(&found, "title").into_iter().map(str::to_owned).collect();
        titles.sort_unstable();
        titles
    };
    assert_eq!(search(json!({})).await, ["German", "Gold"]);
    assert_eq!(search(json!({ "audience": [] })).await, ["German"]);
    assert_eq!(
        search(json!({ "audience": ["gold"], "language": "en" })).await,
        ["Gold"]
    );
    for (field, wrong) in [("language", json!("german")), ("audience", json!([""]))] {
        let mut body = json!({ "query": QUESTION });
        body[field] = wrong;
        let refused = app.post(&admin, "/knowledge/search", body).await;
        assert_eq!(refused.error().0, 400);
        assert!(
            refused.body["error"]["details"].to_string().contains(field),
            "{}",
            refused.body
        );
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_supersedes_an_entry_answers_in_its_place_as_soon_as_it_holds(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let old = write(
        &app,
        &admin,
        "Returning a lamp",
        "You may return a lamp within thirty days.",
        json!({}),
    )
    .await;
    let body = json!({ "title": "Lamps: new terms", "content": "You may return a lamp within sixty days.",
        "category": "returns", "valid_from": "2999-01-01T00:00:00Z" });
    let new = app.post(&admin, "/knowledge", body.clone()).await.expect(201);
    let links = format!("/knowledge/{}/links", text(&new, "id"));
    app.put(
        &admin,
        &links,
        json!({ "links": [{ "kind": "supersedes", "entry_id": old }] }),
    )
    .await
    .expect(200);
    let (answer, _) = told(&app, &key, "before").await;
    assert!(
        answer.contains("thirty days") && !answer.contains("sixty"),
        "{answer}"
    );

    let mut now = body;
    now["valid_from"] = json!(OffsetDateTime::UNIX_EPOCH.format(&Rfc3339).unwrap());
    app.put(&admin, &format!("/knowledge/{}", text(&new, "id")), now)
        .await
        .expect(200);
    let (answer, cited) = told(&app, &key, "after").await;
    assert!(
        answer.contains("sixty days") && !answer.contains("thirty"),
        "{answer}"
    );
    assert_eq!(cited, ["Lamps: new terms"]);
    assert!(
        !found(&app, &admin, QUESTION)
            .await
            .contains(&"Returning a lamp".to_owned())
    );
}

#[rstest]
#[tokio::test]
async fn what_is_linked_to_a_find_is_found_beside_it(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let lamp = write(
        &app,
        &admin,
        "Returning a lamp",
        "You may return a lamp within thirty days.",
        json!({}),
    )
    .await;
    let mut others = Vec::new();
    for n in 0..60 {
        let title = format!("Stamp {n}");
        others.push(
            write(
                &app,
                &admin,
                &title,
                &format!("Stamp number {n} shows a bird."),
                json!({}),
            )
            .await,
        );
    }
    let box_ = write(
        &app,
        &admin,
        "Canteen",
        "The canteen serves soup at noon.",
        json!({}),
    )
    .await;
    assert!(
        !found(&app, &admin, QUESTION)
            .await
            .contains(&"Canteen".to_owned())
    );
    let links = format!("/knowledge/{lamp}/links");
    let body = json!({ "links": [{ "kind": "see_also", "entry_id": box_ }, { "kind": "part_of", "entry_id": others[0] }] });
    let linked = app.put(&admin, &links, body).await.expect(200);
    assert_eq!(names(&linked), ["linked_from", "links"]);
    assert_eq!(titles(&linked["links"]), ["Stamp 0", "Canteen"]);
    let seen = app
        .get(&admin, &format!("/knowledge/{box_}/links"))
        .await
        .expect(200);
    assert_eq!(
        seen,
        json!({ "links": [], "linked_from": [{ "kind": "see_also", "entry_id": lamp, "title": "Returning a lamp" }] })
    );
    let body = json!({ "query": QUESTION, "limit": 50 });
    let all = app.post(&admin, "/knowledge/search", body).await.expect(200);
    let titles = each(&all, "title");
    assert_eq!(titles[0], "Returning a lamp");
    assert!(titles[1..10].contains(&"Canteen"), "{titles:?}");
}

#[rstest]
#[tokio::test]
async fn links_that_lead_nowhere_or_in_a_circle_are_refused(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let a = write(&app, &admin, "A", "Words.", json!({})).await;
    let b = write(&app, &admin, "B", "Words.", json!({})).await;
    let put = async |from: &str, to: &str, kind: &str| {
        let body = json!({ "links": [{ "kind": kind, "entry_id": to }] });
        app.put(&admin, &format!("/knowledge/{from}/links"), body).await
    };
    put(&a, &b, "supersedes").await.expect(200);
    let nowhere = "00000000-0000-7000-8000-000000000000";
    for (from, to, kind) in [
        (&*b, &*a, "supersedes"),
        (&a, &a, "see_also"),
        (&a, nowhere, "see_also"),
        (&a, &b, "replaces"),
    ] {
        let refused = put(from, to, kind).await;
        assert_eq!(refused.error().0, 400, "{}", refused.body);
        assert!(refused.body.to_string().contains("links"), "{}", refused.body);
    }
    assert_eq!(put(nowhere, &a, "see_also").await.error().0, 404);
    let kept = app
        .get(&admin, &format!("/knowledge/{a}/links"))
        .await
        .expect(200);
    assert_eq!(titles(&kept["links"]), ["B"]);
}
