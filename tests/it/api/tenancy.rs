//! No organization sees another's: every endpoint, called by another organization's admin with the first one's ids.

use std::collections::BTreeSet;

use acs_app::seed::OPERATOR;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::endpoints::{ENDPOINTS, Open, documented};
use super::imports::upload;
use super::{items, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD, read};

/// A word that stands in everything of the first organization, and nowhere else.
const MARK: &str = "quillfeather";

/// An address at which nothing answers.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The product with a model that is away.
async fn app(store: Store) -> App {
    let settings = [
        ("ACS__AI__MODELS__QUICK__MODEL", "small-1"),
        ("ACS__AI__MODELS__QUICK__BASE_URL", NOWHERE),
        ("ACS__AI__OWN_MODEL_URLS", NOWHERE),
        ("ACS__AI__MODEL_RETRIES", "0"),
    ];
    App::with(store, &settings).await
}

/// What another organization's admin is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foreign {
    /// 404 with this code: to them, the first organization's thing does not exist.
    Missing(&'static str),
    /// Something of their own, or nothing.
    Own,
    /// It is for operators.
    Forbidden,
}

struct Call {
    operation: &'static str,
    path: String,
    body: Option<Value>,
    foreign: Foreign,
}

/// What the first organization has.
struct First {
    admin: As,
    id: String,
    user: String,
    key: String,
    entry: String,
    intent: String,
    conversation: String,
    message: String,
    gap: String,
    conflict: String,
}

impl First {
    async fn make(app: &App) -> Self {
        let admin = app.organization(MARK, json!({})).await;
        let made = async |path: &str, body: Value| app.post(&admin, path, body).await.expect(201);
        let user = made(
            "/admin/users",
            json!({ "email": format!("ann@{MARK}.example"), "password": PASSWORD, "role": "agent" }),
        );
        let user = user.await;
        let key = made("/admin/api-keys", json!({ "name": MARK, "scopes": ["converse"] })).await;
        let entry = made("/knowledge", entry()).await;
        let intent = made("/intents", intent()).await;
        app.put(&admin, "/admin/settings/terms", terms(MARK))
            .await
            .expect(200);
        app.put(&admin, "/admin/settings/model-keys/quick", model_key())
            .await
            .expect(200);
        let key_of_program = As::Key(text(&key, "key").to_owned());
        let conversation = app.conversation(&key_of_program, "customer-1").await;
        let said = app
            .say(
                &key_of_program,
                &conversation,
                &format!("Where is the {MARK} that I ordered?"),
            )
            .await
            .expect(200);
        let organization = app.get(&admin, "/admin/organization").await.expect(200);
        let gaps = app.get(&admin, "/knowledge/gaps").await.expect(200);
        for (title, days) in [("Return policy", 14), ("Returns", 30)] {
            let content = format!("You can return a {MARK} within {days} days of its delivery.");
            let entry = json!({ "title": title, "content": content, "category": "returns" });
            made("/knowledge", entry).await;
        }
        let comparing = &app.process.engine.comparing;
        comparing.compare_due(&CancellationToken::new()).await.unwrap();
        let conflicts = app.get(&admin, "/knowledge/conflicts").await.expect(200);
        Self {
            id: text(&organization, "id").to_owned(),
            user: text(&user, "id").to_owned(),
            key: text(&key, "id").to_owned(),
            entry: text(&entry, "id").to_owned(),
            intent: text(&intent, "id").to_owned(),
            message: text(&said, "message_id").to_owned(),
            gap: text(&items(&gaps)[0], "id").to_owned(),
            conflict: text(&items(&conflicts)[0], "id").to_owned(),
            conversation,
            admin,
        }
    }

    /// Every endpoint that asks who calls, in an order in which the first organization's own admin can go through them.
    fn calls(&self) -> Vec<Call> {
        use Foreign::{Forbidden, Missing, Own};
        let Self {
            id,
            user,
            key,
            gap,
            conflict,
            entry: article,
            intent: wish,
            conversation,
            message,
            ..
        } = self;
        let call = |operation: &'static str, foreign, ids: &[&String], body: Option<Value>| {
            let (_, path) = operation.split_once(' ').unwrap();
            let path = ids.iter().fold(path.to_owned(), |path, id| {
                let (before, rest) = path.split_once('{').unwrap();
                format!("{before}{id}{}", rest.split_once('}').unwrap().1)
            });
            Call {
                operation,
                path,
                body,
                foreign,
            }
        };
        let quick = "quick".to_owned();
        let talk = Missing("3001");
        let thing = Missing("3004");
        let new_user = json!({ "email": "bob@second.example", "password": PASSWORD, "role": "agent" });
        vec![
            call("GET /me", Own, &[], None),
            call(
                "POST /conversations",
                Own,
                &[],
                Some(json!({ "user_id": "customer-1", "channel": "web" })),
            ),
            call("GET /conversations", Own, &[], None),
            call("GET /conversations/{id}", talk, &[conversation], None),
            call(
                "PATCH /conversations/{id}",
                talk,
                &[conversation],
                Some(json!({ "title": "Mine" })),
            ),
            call("GET /conversations/{id}/messages", talk, &[conversation], None),
            call(
                "GET /conversations/{id}/turns/{message_id}",
                talk,
                &[conversation, message],
                None,
            ),
            call(
                "POST /conversations/{id}/satisfaction",
                talk,
                &[conversation],
                Some(json!({ "score": 1 })),
            ),
            call(
                "POST /conversations/{id}/escalate",
                talk,
                &[conversation],
                Some(json!({ "reason": "Mine" })),
            ),
            call(
                "POST /conversations/{id}/topic",
                talk,
                &[conversation],
                Some(json!({ "topic": "Mine" })),
            ),
            call(
                "POST /conversations/{id}/topic",
                talk,
                &[conversation],
                Some(json!({ "topic": "Another" })),
            ),
            call(
                "POST /conversations/{id}/topic/resume",
                talk,
                &[conversation],
                None,
            ),
            call("POST /conversations/{id}/takeover", talk, &[conversation], None),
            call(
                "POST /conversations/{id}/messages",
                talk,
                &[conversation],
                Some(json!({ "content": "Mine" })),
            ),
            call("POST /conversations/{id}/handback", talk, &[conversation], None),
            call("POST /conversations/{id}/resolve", talk, &[conversation], None),
            call("POST /conversations/{id}/reopen", talk, &[conversation], None),
            call(
                "POST /ai/analyze",
                Own,
                &[],
                Some(json!({ "text": "Where is my feather?" })),
            ),
            call(
                "POST /knowledge/search",
                Own,
                &[],
                Some(json!({ "query": "How do I clean a feather?" })),
            ),
            call(
                "POST /knowledge",
                Own,
                &[],
                Some(json!({ "title": "Mine", "content": "It is mine.", "category": "own" })),
            ),
            call("GET /knowledge", Own, &[], None),
            call("GET /knowledge/{id}", thing, &[article], None),
            call("PUT /knowledge/{id}", thing, &[article], Some(entry())),
            call("GET /knowledge/{id}/versions", thing, &[article], None),
            call("GET /knowledge/{id}/links", thing, &[article], None),
            call(
                "PUT /knowledge/{id}/links",
                thing,
                &[article],
                Some(json!({ "links": [] })),
            ),
            call("GET /knowledge/gaps", Own, &[], None),
            call("GET /knowledge/conflicts", Own, &[], None),
            call("POST /knowledge/import", Own, &[], None),
            call(
                "POST /intents",
                Own,
                &[],
                Some(json!({ "name": "mine", "training_phrases": ["it is mine"] })),
            ),
            call("GET /intents", Own, &[], None),
            call("GET /intents/{id}", thing, &[wish], None),
            call("PUT /intents/{id}", thing, &[wish], Some(intent())),
            call(
                "POST /intents/import",
                Own,
                &[],
                Some(json!({ "intents": [{ "name": "yours", "training_phrases": ["it is yours"] }] })),
            ),
            call("GET /intents/status", Own, &[], None),
            call(
                "POST /admin/organizations",
                Forbidden,
                &[],
                Some(json!({ "name": "Third", "slug": "third", "tier": "free" })),
            ),
            call("GET /admin/organizations", Forbidden, &[], None),
            call("GET /admin/organizations/{id}", Forbidden, &[id], None),
            call(
                "PATCH /admin/organizations/{id}",
                Forbidden,
                &[id],
                Some(json!({ "tier": "free" })),
            ),
            call("GET /admin/organization", Own, &[], None),
            call(
                "PATCH /admin/organization",
                Own,
                &[],
                Some(json!({ "description": "Mine" })),
            ),
            call("POST /admin/organization/widget-secret", Own, &[], None),
            call("POST /admin/users", Own, &[], Some(new_user)),
            call("GET /admin/users", Own, &[], None),
            call("GET /admin/users/{id}", Missing("3002"), &[user], None),
            call(
                "PATCH /admin/users/{id}",
                Missing("3002"),
                &[user],
                Some(json!({ "display_name": "Mine" })),
            ),
            call("GET /admin/settings/terms", Own, &[], None),
            call("PUT /admin/settings/terms", Own, &[], Some(terms("feather"))),
            call("GET /admin/settings/model-keys", Own, &[], None),
            call(
                "DELETE /admin/settings/model-keys/{model}",
                thing,
                &[&quick],
                None,
            ),
            call(
                "PUT /admin/settings/model-keys/{model}",
                Own,
                &[&quick],
                Some(json!({ "api_key": "sk-fedcba9876543210" })),
            ),
            call(
                "POST /admin/api-keys",
                Own,
                &[],
                Some(json!({ "name": "mine", "scopes": ["converse"] })),
            ),
            call("GET /admin/api-keys", Own, &[], None),
            call("DELETE /admin/api-keys/{id}", thing, &[key], None),
            call("DELETE /intents/{id}", thing, &[wish], None),
            call("DELETE /knowledge/gaps/{id}", thing, &[gap], None),
            call("DELETE /knowledge/conflicts/{id}", thing, &[conflict], None),
            call("DELETE /knowledge/{id}", thing, &[article], None),
        ]
    }
}

fn entry() -> Value {
    let content = format!("Clean a feather with warm water. The {MARK} needs no soap.");
    json!({ "title": format!("Care of the {MARK}"), "content": content, "category": MARK, "tags": [MARK] })
}

fn terms(product: &str) -> Value {
    json!({ "products": [{ "name": product }] })
}

fn model_key() -> Value {
    json!({ "api_key": "sk-0123456789abcdef", "base_url": format!("{NOWHERE}/{MARK}") })
}

fn intent() -> Value {
    let phrases = ["where is my feather", "my feather has not arrived"];
    json!({ "name": format!("{MARK}_missing"), "training_phrases": phrases })
}

async fn send(app: &App, caller: &As, call: &Call) -> Answer {
    let method: Method = call.operation.split_once(' ').unwrap().0.parse().unwrap();
    if call.operation == "POST /knowledge/import" {
        return read(upload(app, caller, "mine.md", "# Ours\n\nIt is ours.")).await;
    }
    app.call(caller, method, &call.path, call.body.clone()).await
}

#[rstest]
#[tokio::test]
async fn another_organization_neither_sees_nor_changes_anything(#[values(Sqlite, Postgres)] store: Store) {
    let app = app(store).await;
    let first = First::make(&app).await;
    let second = app.organization("second", json!({})).await;
    let conversation = app.read(&first.admin, &first.conversation).await;
    for call in first.calls() {
        let answer = send(&app, &second, &call).await;
        let seen = answer.body.to_string();
        assert!(
            !seen.contains(MARK) && !seen.contains(&first.id),
            "{}: {seen}",
            call.operation
        );
        match call.foreign {
            Foreign::Missing(code) => drop(answer.refused(404, code).clone()),
            Foreign::Forbidden => drop(answer.refused(403, "1002").clone()),
            Foreign::Own => assert!(answer.status.is_success(), "{}: {seen}", call.operation),
        }
    }
    assert_eq!(app.read(&first.admin, &first.conversation).await, conversation);
    assert_eq!(app.messages(&first.admin, &first.conversation).await.len(), 2);
}

#[rstest]
#[tokio::test]
async fn the_same_calls_succeed_for_whoever_they_belong_to(#[values(Sqlite, Postgres)] store: Store) {
    let app = app(store).await;
    let first = First::make(&app).await;
    let operator = app.sign_in(OPERATOR).await;
    let (document, documented) = documented(&app).await;
    let mut called = BTreeSet::new();
    for call in first.calls() {
        let caller = if call.foreign == Foreign::Forbidden {
            &operator
        } else {
            &first.admin
        };
        let answer = send(&app, caller, &call).await;
        assert!(
            answer.status.is_success(),
            "{}: {} {}",
            call.operation,
            answer.status,
            answer.body
        );
        let (method, path) = call.operation.split_once(' ').unwrap();
        let responses = &document["paths"][format!("/api/v1{path}")][method.to_lowercase()]["responses"];
        assert!(
            responses.get(answer.status.as_str()).is_some(),
            "{} answers {}",
            call.operation,
            answer.status
        );
        called.insert(call.operation.to_owned());
    }
    let open = ENDPOINTS
        .iter()
        .filter(|(_, open)| *open == Open::ToAnyone)
        .map(|(operation, _)| (*operation).to_owned());
    called.extend(open);
    assert_eq!(
        called, documented,
        "an endpoint is not tried across organizations"
    );
}

#[rstest]
#[tokio::test]
async fn a_foreign_id_in_a_body_is_as_good_as_none(#[values(Sqlite, Postgres)] store: Store) {
    let app = app(store).await;
    let first = First::make(&app).await;
    let second = app.organization("second", json!({})).await;
    let own = app.conversation(&second, "customer-1").await;
    let body = json!({ "assigned_agent_id": first.user });
    let answer = app.patch(&second, &format!("/conversations/{own}"), body).await;
    assert!(answer.refused(400, "2001")["assigned_agent_id"].is_array());
}

#[rstest]
#[tokio::test]
async fn a_message_of_one_conversation_is_not_found_through_another(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = app(store).await;
    let first = First::make(&app).await;
    let other = app.conversation(&first.admin, "customer-2").await;
    let answer = app
        .get(
            &first.admin,
            &format!("/conversations/{other}/turns/{}", first.message),
        )
        .await;
    answer.refused(404, "3004");
}

#[rstest]
#[tokio::test]
async fn operators_see_which_organizations_there_are_and_nothing_of_their_data(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = app(store).await;
    let first = First::make(&app).await;
    let operator = app.sign_in(OPERATOR).await;
    let organizations = app.get(&operator, "/admin/organizations").await.expect(200);
    let slugs: Vec<_> = items(&organizations).iter().map(|it| text(it, "slug")).collect();
    assert_eq!(slugs, [MARK, "system"]);
    app.get(&operator, &format!("/conversations/{}", first.conversation))
        .await
        .refused(403, "1002");
    app.get(&operator, &format!("/admin/users/{}", first.user))
        .await
        .refused(403, "1002");
}

#[rstest]
#[tokio::test]
async fn the_same_cursor_leads_into_no_other_organization(#[values(Sqlite, Postgres)] store: Store) {
    let app = app(store).await;
    let first = First::make(&app).await;
    app.conversation(&first.admin, "customer-2").await;
    let page = app.get(&first.admin, "/conversations?limit=1").await.expect(200);
    let second = app.organization("second", json!({})).await;
    let path = format!("/conversations?cursor={}", text(&page, "next_cursor"));
    assert_eq!(
        app.get(&second, &path).await.expect(200),
        json!({ "items": [], "next_cursor": null })
    );
}
