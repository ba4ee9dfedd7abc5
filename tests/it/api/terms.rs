//! What an organization calls its own things: found in messages from the next one on, and only in its own.

use rstest::rstest;
use serde_json::{Value, json};

use super::names;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As};

const TERMS: &str = "/admin/settings/terms";
const MESSAGE: &str = "My aurora lamp under VN-4711 is broken, call me on 030 901820";

fn terms() -> Value {
    json!({
        "country": "DE",
        "products": [{ "name": "Aurora Lamp XL", "aliases": ["Aurora Lamp"] }],
        "patterns": [{ "kind": "contract_number", "expression": r"\bVN-(?P<value>\d{4})\b", "personal": true }],
        "synonyms": [{ "name": "sofa", "aliases": ["couch"] }],
    })
}

/// The types and normalized values of entities.
fn found(entities: &Value) -> Vec<(&str, &str)> {
    let entities = entities.as_array().unwrap().iter();
    entities
        .map(|entity| {
            (
                entity["type"].as_str().unwrap(),
                entity["normalized"].as_str().unwrap(),
            )
        })
        .collect()
}

async fn analyzed(app: &App, caller: &As) -> Value {
    let analysis = app.post(caller, "/ai/analyze", json!({ "text": MESSAGE })).await;
    analysis.expect(200)["entities"].clone()
}

const OWN: [(&str, &str); 3] = [
    ("product", "Aurora Lamp XL"),
    ("contract_number", "4711"),
    ("phone", "+4930901820"),
];

#[rstest]
#[tokio::test]
async fn terms_are_found_in_messages_from_the_next_one_on(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let conversation = app.conversation(&key, "customer-1").await;
    let empty = json!({ "country": null, "products": [], "patterns": [], "synonyms": [] });
    assert_eq!(app.get(&admin, TERMS).await.expect(200), empty);
    assert!(!found(&analyzed(&app, &admin).await).contains(&OWN[0]));

    assert_eq!(app.put(&admin, TERMS, terms()).await.expect(200), terms());
    assert_eq!(app.get(&admin, TERMS).await.expect(200), terms());
    assert_eq!(found(&analyzed(&app, &admin).await), OWN);
    let turn = app.say(&key, &conversation, MESSAGE).await.expect(200);
    assert_eq!(found(&turn["entities"]), OWN);

    let mut other = terms();
    other["products"][0]["name"] = json!("Aurora Lamp XXL");
    app.put(&admin, TERMS, other).await.expect(200);
    let turn = app.say(&key, &conversation, MESSAGE).await.expect(200);
    assert_eq!(found(&turn["entities"])[0], ("product", "Aurora Lamp XXL"));
    app.put(&admin, TERMS, json!({})).await.expect(200);
    let turn = app.say(&key, &conversation, MESSAGE).await.expect(200);
    assert!(
        found(&turn["entities"])
            .iter()
            .all(|(kind, _)| !["product", "contract_number"].contains(kind))
    );
}

#[rstest]
#[tokio::test]
async fn terms_are_one_organizations(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let elsewhere = app.organization("elsewhere", json!({})).await;
    app.put(&admin, TERMS, terms()).await.expect(200);
    assert_eq!(
        app.get(&elsewhere, TERMS).await.expect(200)["products"],
        json!([])
    );
    assert!(!found(&analyzed(&app, &elsewhere).await).contains(&OWN[1]));
    assert_eq!(found(&analyzed(&app, &admin).await), OWN);
}

#[rstest]
#[tokio::test]
async fn terms_that_cannot_be_used_are_refused_by_their_field_and_those_before_stay(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.put(&admin, TERMS, terms()).await.expect(200);
    let pattern = |kind: &str, expression: &str| {
        json!({ "patterns": [
        { "kind": "good", "expression": "a+" }, { "kind": kind, "expression": expression } ] })
    };
    let many: Vec<Value> = (0..51)
        .map(|n| json!({ "kind": format!("kind_{n}"), "expression": "a+" }))
        .collect();
    for (field, bad) in [
        ("country", json!({ "country": "XX" })),
        (
            "products.1",
            json!({ "products": [{ "name": "Lamp" }, { "name": " " }] }),
        ),
        (
            "products.0",
            json!({ "products": [{ "name": "Lamp", "aliases": ["l".repeat(201)] }] }),
        ),
        (
            "synonyms.0",
            json!({ "synonyms": [{ "name": "lamp", "aliases": [""] }] }),
        ),
        ("patterns.1", pattern("broken", "(")),
        ("patterns.1", pattern("nothing", "a*")),
        ("patterns.1", pattern("edges", r"\b")),
        ("patterns.1", pattern("email", "a+")),
        ("patterns.1", pattern("Not Plain", "a+")),
        ("patterns", json!({ "patterns": many })),
    ] {
        let answer = app.put(&admin, TERMS, bad).await;
        assert_eq!(names(answer.refused(400, "2001")), [field]);
    }
    let unknown = json!({ "products": [{ "name": "Lamp", "price": 3 }] });
    assert_eq!(
        names(app.put(&admin, TERMS, unknown).await.refused(400, "2002")),
        ["products[0].price"]
    );
    assert_eq!(app.get(&admin, TERMS).await.expect(200), terms());
}

#[rstest]
#[tokio::test]
async fn what_a_pattern_finds_is_bounded_and_marked_when_it_is_personal(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.put(&admin, TERMS, terms()).await.expect(200);
    let personal: Vec<_> = analyzed(&app, &admin)
        .await
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| entity["personal"].clone())
        .collect();
    assert_eq!(personal, [false, true, true]);

    let any = json!({ "patterns": [{ "kind": "sign", "expression": "." }] });
    app.put(&admin, TERMS, any).await.expect(200);
    let text = json!({ "text": "x".repeat(5_000) });
    let analysis = app.post(&admin, "/ai/analyze", text).await.expect(200);
    assert_eq!(analysis["entities"].as_array().unwrap().len(), 200);
    assert!(
        analysis["degraded"]
            .as_array()
            .unwrap()
            .contains(&json!("entities: there were too many"))
    );
}
