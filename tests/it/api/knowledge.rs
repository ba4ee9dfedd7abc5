//! Knowledge: written, versioned, removed, and found at once.

use acs_core::clock::{Clock as _, SystemClock};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use super::{each, eventually, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

fn entry(title: &str, content: &str) -> Value {
    json!({ "title": title, "content": content, "category": "general" })
}

/// The titles that a search finds, best first.
pub(super) async fn found(app: &App, caller: &As, query: &str) -> Vec<String> {
    let found = app
        .post(caller, "/knowledge/search", json!({ "query": query }))
        .await
        .expect(200);
    each(&found, "title").into_iter().map(str::to_owned).collect()
}

#[rstest]
#[tokio::test]
async fn an_entry_is_kept_as_it_was_written(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let body = json!({ "title": " Refunds ", "content": "# Refunds\n\nA refund takes **14 days**.\n", "category": "billing",
        "subcategory": "cards", "tags": ["money", "é"], "summary": "How long.", "source": "Help centre",
        "source_url": "https://help.acme.example/refunds", "expires_at": "2099-01-02T03:04:05.123456+02:00",
        "language": "EN", "audience": ["gold"], "valid_from": "2020-01-02T03:04:05+02:00" });
    let made = app.post(&admin, "/knowledge", body).await.expect(201);
    let fields = [
        "audience",
        "author_id",
        "category",
        "content",
        "created_at",
        "expires_at",
        "id",
        "language",
        "source",
        "source_url",
        "subcategory",
        "success_count",
        "summary",
        "tags",
        "title",
        "updated_at",
        "usage_count",
        "valid_from",
        "version",
    ];
    assert_eq!(names(&made), fields);
    assert_eq!((&made["title"], &made["version"]), (&json!("Refunds"), &json!(1)));
    assert_eq!(made["content"], "# Refunds\n\nA refund takes **14 days**.");
    let me = app.get(&admin, "/me").await.expect(200);
    assert_eq!(made["author_id"], me["user"]["id"]);
    let read = app
        .get(&admin, &format!("/knowledge/{}", text(&made, "id")))
        .await
        .expect(200);
    assert_eq!(read["expires_at"], "2099-01-02T01:04:05.123456Z");
    for field in fields.into_iter().filter(|field| *field != "expires_at") {
        assert_eq!(read[field], made[field], "{field}");
    }
    assert_eq!(
        made["expires_at"], read["expires_at"],
        "an answer shows times in UTC"
    );
}

#[rstest]
#[tokio::test]
async fn what_is_written_is_found_by_the_next_search_and_what_is_removed_is_not(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let searcher = app.key(&admin, &["converse"]).await;
    let made = app
        .post(
            &admin,
            "/knowledge",
            entry("Gift wrapping", "We wrap gifts in purple paper for 3 euros."),
        )
        .await
        .expect(201);
    let path = format!("/knowledge/{}", text(&made, "id"));
    let query = "Can you wrap my gift?";
    assert_eq!(found(&app, &searcher, query).await[0], "Gift wrapping");

    let found_now = app
        .post(
            &searcher,
            "/knowledge/search",
            json!({ "query": query, "limit": 1 }),
        )
        .await
        .expect(200);
    assert_eq!(names(&found_now), ["items", "processing_time_ms"]);
    let item = &items(&found_now)[0];
    assert_eq!(
        names(item),
        ["category", "entry_id", "passage", "score", "title", "url"]
    );
    assert_eq!(
        (&item["entry_id"], &item["category"], &item["url"]),
        (&made["id"], &json!("general"), &Value::Null)
    );
    assert!(text(item, "passage").contains("purple paper"));

    app.put(
        &admin,
        &path,
        entry("Gift wrapping", "We wrap gifts in green cloth."),
    )
    .await
    .expect(200);
    let found_now = app
        .post(
            &searcher,
            "/knowledge/search",
            json!({ "query": query, "limit": 1 }),
        )
        .await
        .expect(200);
    assert!(text(&items(&found_now)[0], "passage").contains("green cloth"));

    app.delete(&admin, &path).await.expect(204);
    assert!(
        !found(&app, &searcher, query)
            .await
            .contains(&"Gift wrapping".to_owned())
    );
    app.get(&admin, &path).await.refused(404, "3004");
    app.put(&admin, &path, entry("a", "b")).await.refused(404, "3004");
    app.delete(&admin, &path).await.refused(404, "3004");
}

#[rstest]
#[tokio::test]
async fn a_new_text_is_a_new_version_and_the_old_one_stays(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let made = app
        .post(&admin, "/knowledge", entry("Opening hours", "Nine to five."))
        .await
        .expect(201);
    let path = format!("/knowledge/{}", text(&made, "id"));
    for (version, content) in [(2, "Ten to six."), (3, "Ten to seven.")] {
        let replaced = app
            .put(&admin, &path, entry("Opening hours", content))
            .await
            .expect(200);
        assert_eq!(
            (&replaced["version"], &replaced["content"]),
            (&json!(version), &json!(content))
        );
        assert_eq!(
            (&replaced["id"], &replaced["created_at"]),
            (&made["id"], &made["created_at"])
        );
    }
    let versions = app.get(&admin, &format!("{path}/versions")).await.expect(200);
    assert_eq!(
        each(&versions, "content"),
        ["Ten to seven.", "Ten to six.", "Nine to five."]
    );
    let fields = [
        "audience",
        "author_id",
        "category",
        "content",
        "created_at",
        "entry_id",
        "expires_at",
        "language",
        "source",
        "source_url",
        "subcategory",
        "summary",
        "tags",
        "title",
        "valid_from",
        "version",
    ];
    assert_eq!(names(&items(&versions)[0]), fields);
    let first = app
        .get(&admin, &format!("{path}/versions?limit=2"))
        .await
        .expect(200);
    let cursor = text(&first, "next_cursor");
    let second = app
        .get(&admin, &format!("{path}/versions?limit=2&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(each(&second, "content"), ["Nine to five."]);
}

#[rstest]
#[tokio::test]
async fn an_entry_is_one_item_however_many_of_its_passages_fit(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let sections: String = (1..=8)
        .map(|n| {
            format!("## Part {n}\n\nThe warranty of the lamp covers part {n} of the lamp for {n} years.\n\n")
        })
        .collect();
    app.post(&admin, "/knowledge", entry("Warranty of the lamp", &sections))
        .await
        .expect(201);
    app.post(
        &admin,
        "/knowledge",
        entry("Warranty of the chair", "The warranty of the chair is two years."),
    )
    .await
    .expect(201);
    let query = "How long is the warranty of the lamp?";
    let both = ["Warranty of the lamp", "Warranty of the chair"];
    assert_eq!(found(&app, &admin, query).await, both);
    let two = json!({ "query": query, "limit": 2 });
    let two = app.post(&admin, "/knowledge/search", two).await.expect(200);
    assert_eq!(each(&two, "title"), both, "no other is crowded out");
}

#[rstest]
#[tokio::test]
async fn a_search_can_be_kept_to_a_category_and_a_number(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let search = async |body: Value| app.post(&admin, "/knowledge/search", body).await;
    let query = "How many days does it take?";
    let all = search(json!({ "query": query })).await.expect(200);
    assert_eq!(items(&all).len(), 3);
    let some = search(json!({ "query": query, "category": "orders" }))
        .await
        .expect(200);
    assert_eq!(each(&some, "title"), ["Delivery times"]);
    let none = search(json!({ "query": query, "category": "Orders" }))
        .await
        .expect(200);
    assert!(items(&none).is_empty());
    let one = search(json!({ "query": query, "limit": 1 })).await.expect(200);
    assert_eq!(items(&one), &items(&all)[..1]);
    let scores: Vec<f64> = items(&all)
        .iter()
        .map(|item| item["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    for limit in [0, -1, 51, i64::MAX] {
        assert_eq!(
            names(
                search(json!({ "query": query, "limit": limit }))
                    .await
                    .refused(400, "2001")
            ),
            ["limit"]
        );
    }
}

#[rstest]
#[tokio::test]
async fn the_list_is_newest_first_and_can_be_kept_to_a_category(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let all = app.get(&admin, "/knowledge").await.expect(200);
    assert_eq!(
        each(&all, "title"),
        ["Refunds", "Delivery times", "Reset your password"]
    );
    let some = app.get(&admin, "/knowledge?category=orders").await.expect(200);
    assert_eq!(each(&some, "title"), ["Delivery times"]);
    let first = app.get(&admin, "/knowledge?limit=2").await.expect(200);
    let second = app
        .get(
            &admin,
            &format!("/knowledge?limit=2&cursor={}", text(&first, "next_cursor")),
        )
        .await
        .expect(200);
    assert_eq!(each(&second, "title"), ["Reset your password"]);
}

#[rstest]
#[tokio::test]
async fn what_has_expired_is_not_found_but_can_be_read(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let mut sale = entry("Winter sale", "The winter sale gives 20 percent off all lamps.");
    sale["expires_at"] = json!(
        (SystemClock.now() + Duration::seconds(2))
            .format(&Rfc3339)
            .unwrap()
    );
    let made = app.post(&admin, "/knowledge", sale).await.expect(201);
    eventually(async || {
        found(&app, &admin, "Is there a winter sale?")
            .await
            .is_empty()
            .then_some(())
    })
    .await;
    let path = format!("/knowledge/{}", text(&made, "id"));
    assert_eq!(app.get(&admin, &path).await.expect(200)["title"], "Winter sale");
    let turn = {
        let conversation = app.conversation(&admin, "customer-1").await;
        let key = app.key(&admin, &["converse"]).await;
        app.say(&key, &conversation, "Is there a winter sale?")
            .await
            .expect(200)
    };
    assert_eq!(turn["outcome"], "unknown");
    let mut past = entry("Past", "It is over.");
    past["expires_at"] = json!("2001-01-01T00:00:00Z");
    assert_eq!(
        names(app.post(&admin, "/knowledge", past).await.refused(400, "2001")),
        ["expires_at"]
    );
}

#[rstest]
#[tokio::test]
async fn knowledge_of_another_organization_is_never_found(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.teach(&admin).await;
    let other = app.organization("other", json!({})).await;
    assert!(found(&app, &other, "I forgot my password").await.is_empty());
    let key = app.key(&other, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let turn = app
        .say(&key, &conversation, "I forgot my password")
        .await
        .expect(200);
    assert_eq!(
        (&turn["outcome"], &turn["citations"]),
        (&json!("unknown"), &json!([]))
    );
    // With knowledge of its own, it finds its own.
    app.post(
        &other,
        "/knowledge",
        entry("Passwords here", "If you forgot your password, call us."),
    )
    .await
    .expect(201);
    assert_eq!(
        found(&app, &other, "I forgot my password").await,
        ["Passwords here"]
    );
    assert_eq!(
        found(&app, &admin, "I forgot my password").await[0],
        "Reset your password"
    );
}

#[rstest]
#[tokio::test]
async fn what_is_not_acceptable_is_told_field_by_field(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let long = |chars| "x".repeat(chars);
    let all_wrong = json!({ "title": " ", "content": "\u{200e}", "category": long(101), "subcategory": long(101), "tags": [""],
        "summary": long(2_001), "source": long(256), "source_url": "javascript:alert(1)", "expires_at": "2001-01-01T00:00:00Z",
        "language": "english", "audience": [""] });
    let answer = app.post(&admin, "/knowledge", all_wrong).await;
    let wrong = [
        "audience",
        "category",
        "content",
        "expires_at",
        "language",
        "source",
        "source_url",
        "subcategory",
        "summary",
        "tags",
        "title",
    ];
    assert_eq!(names(answer.refused(400, "2001")), wrong);
    for (field, value) in [
        ("title", json!(long(501))),
        ("content", json!(long(200_001))),
        ("tags", json!(vec!["t"; 51])),
        ("source_url", json!("ftp://h.example")),
        ("source_url", json!("//h.example")),
    ] {
        let mut body = entry("a", "b");
        body[field] = value;
        assert_eq!(
            names(app.post(&admin, "/knowledge", body).await.refused(400, "2001")),
            [field]
        );
    }
    let mut widest = entry(&long(500), &"word ".repeat(4_000));
    widest["tags"] = json!(vec!["t"; 50]);
    app.post(&admin, "/knowledge", widest).await.expect(201);
}

#[rstest]
#[tokio::test]
async fn replacements_at_once_are_each_a_version_or_told_to_be_repeated(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let made = app
        .post(&admin, "/knowledge", entry("Hours", "Nine to five."))
        .await
        .expect(201);
    let path = format!("/knowledge/{}", text(&made, "id"));
    let texts: Vec<String> = (0..6).map(|n| format!("Ten to {n}.")).collect();
    let answers = futures::future::join_all(
        texts
            .iter()
            .map(|words| app.put(&admin, &path, entry("Hours", words))),
    )
    .await;
    let (written, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    refused
        .iter()
        .for_each(|answer| drop(answer.refused(409, "2004").clone()));
    assert!(!written.is_empty());
    let versions = app.get(&admin, &format!("{path}/versions")).await.expect(200);
    assert_eq!(items(&versions).len(), written.len() + 1);
    let now = app.get(&admin, &path).await.expect(200);
    assert_eq!(
        (&now["version"], &now["content"]),
        (&json!(written.len() + 1), &items(&versions)[0]["content"])
    );
}
