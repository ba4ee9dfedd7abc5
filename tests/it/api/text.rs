//! Text that is hard to keep: NUL characters, endless years, unpaired marks. It is cleaned, kept or refused: never a
//! failure, and the same on both stores.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::NOTHING;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{App, As, PASSWORD};

/// Texts that one database or another does not take, or that are most likely mishandled.
const HARD: [&str; 7] = [
    "\0",
    "a\0b",
    "\u{feff}a",
    "';--",
    "%_\\",
    "\u{10ffff}",
    "\u{202e}a",
];

/// Sends the request with the hard text in each of its places in turn, and says which fail.
async fn fails(app: &App, caller: &As, method: &Method, path: &str, body: &Value, found: &mut Vec<String>) {
    for hard in HARD {
        for mut changed in changed(body, hard) {
            // The open conversation of a known customer would keep nothing of the request.
            if changed["user_id"] == "new" {
                changed["user_id"] = json!(format!("customer {changed}"));
            }
            let answer = app
                .call(caller, method.clone(), path, Some(changed.clone()))
                .await;
            if answer.status.is_server_error() {
                found.push(format!("{method} {path} {changed}: {}", answer.body));
            } else if !answer.status.is_success() {
                answer.enveloped();
            }
        }
    }
}

/// The body with each of its texts in turn, and each name of its free data, replaced by `text`.
fn changed(body: &Value, text: &str) -> Vec<Value> {
    match body {
        Value::String(_) => vec![json!(text)],
        Value::Array(values) => {
            let of = |(place, value): (usize, &Value)| {
                changed(value, text)
                    .into_iter()
                    .map(move |value| (place, value))
                    .collect::<Vec<_>>()
            };
            let with = |(place, value): (usize, Value)| {
                let mut values = values.clone();
                values[place] = value;
                Value::Array(values)
            };
            values.iter().enumerate().flat_map(of).map(with).collect()
        }
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                changed(value, text)
                    .into_iter()
                    .map(move |value| (name.clone(), value))
            })
            .map(|(name, value)| {
                let mut fields = fields.clone();
                fields.insert(name, value);
                Value::Object(fields)
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[rstest]
#[tokio::test]
async fn no_text_in_a_body_makes_the_server_fail(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let about = format!("/conversations/{conversation}");
    let act = |act: &str| format!("{about}/{act}");
    let entry = json!({ "title": "a", "content": "b", "category": "c", "subcategory": "d", "tags": ["e"], "summary": "f",
        "source": "g", "source_url": "https://h.example" });
    let intent = json!({ "name": "a", "display_name": "b", "description": "c", "training_phrases": ["d"], "response_templates": ["e"] });
    let organization = json!({ "name": "a", "slug": "b", "tier": "free", "admin": { "email": "c@d.example", "password": PASSWORD } });
    let user = json!({ "email": "a@b.example", "password": PASSWORD, "role": "agent", "first_name": "a", "last_name": "b", "display_name": "c" });
    let calls = [
        (
            &admin,
            Method::POST,
            "/conversations",
            json!({ "user_id": "new", "channel": "web", "initial_message": "b", "metadata": { "c": ["d"] } }),
        ),
        (
            &admin,
            Method::POST,
            "/conversations",
            json!({ "user_id": "new", "channel": "web", "metadata": { "a\0b": "c" } }),
        ),
        (
            &admin,
            Method::PATCH,
            &about,
            json!({ "title": "a", "tags": ["b"], "metadata": { "c": { "d": "e" } } }),
        ),
        (
            &admin,
            Method::POST,
            &act("messages"),
            json!({ "content": "a", "attachments": [{ "b": "c" }], "metadata": { "d": "e" } }),
        ),
        (
            &admin,
            Method::POST,
            &act("satisfaction"),
            json!({ "score": 1, "feedback": "a" }),
        ),
        (&admin, Method::POST, &act("escalate"), json!({ "reason": "a" })),
        (
            &admin,
            Method::POST,
            &act("resolve"),
            json!({ "resolution_code": "a", "summary": "b" }),
        ),
        (
            &admin,
            Method::POST,
            "/ai/analyze",
            json!({ "text": "a", "time_zone": "Europe/Berlin" }),
        ),
        (&admin, Method::POST, "/knowledge", entry),
        (
            &admin,
            Method::POST,
            "/knowledge/search",
            json!({ "query": "a", "category": "b" }),
        ),
        (&admin, Method::POST, "/intents", intent.clone()),
        (
            &admin,
            Method::POST,
            "/intents/import",
            json!({ "intents": [intent] }),
        ),
        (&admin, Method::POST, "/admin/users", user),
        (
            &admin,
            Method::POST,
            "/admin/api-keys",
            json!({ "name": "a", "scopes": ["converse"] }),
        ),
        (&operator, Method::POST, "/admin/organizations", organization),
        (
            &admin,
            Method::PATCH,
            "/admin/organization",
            json!({ "name": "a", "website": "b", "timezone": "UTC", "default_language": "en", "settings": { "agent_name": "c" } }),
        ),
        (
            &As::Nobody,
            Method::POST,
            "/auth/token",
            json!({ "email": "a@b.example", "password": "c", "organization": "d" }),
        ),
        (
            &As::Nobody,
            Method::POST,
            "/auth/refresh",
            json!({ "refresh_token": "a" }),
        ),
        (
            &As::Nobody,
            Method::POST,
            "/auth/logout",
            json!({ "refresh_token": "a" }),
        ),
        (
            &As::Nobody,
            Method::POST,
            "/auth/widget",
            json!({ "organization": "acme", "user_id": "a", "user_hash": "b", "name": "c", "email": "d@e.example" }),
        ),
    ];
    let mut found = Vec::new();
    for (caller, method, path, body) in &calls {
        fails(&app, caller, method, path, body, &mut found).await;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[rstest]
#[tokio::test]
async fn no_text_in_a_query_makes_the_server_fail(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let hard = [
        "%00",
        "a%00b",
        "%FF",
        "%25_%5C",
        "'%3B--",
        "%F4%8F%BF%BF",
        "%E2%80%AE",
    ];
    for path in [
        "/conversations?q=",
        "/conversations?user_id=",
        "/knowledge?category=",
        "/conversations?status=",
        "/admin/users?role=",
    ] {
        for hard in hard {
            let answer = app.get(&admin, &format!("{path}{hard}")).await;
            assert!(!answer.status.is_server_error(), "{path}{hard}: {}", answer.body);
        }
    }
}

#[rstest]
#[tokio::test]
async fn no_time_makes_the_server_fail(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let times = [
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T23:59:59-23:59",
        "0000-01-01T00:00:00+23:59",
        "0000-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z",
    ];
    for time in times {
        let never = json!({ "title": "a", "content": "b", "category": "c", "expires_at": time });
        let answer = app.post(&admin, "/knowledge", never).await;
        assert!(!answer.status.is_server_error(), "{time}: {}", answer.body);
        let key = json!({ "name": "a", "scopes": ["converse"], "expires_at": time });
        let answer = app.post(&admin, "/admin/api-keys", key).await;
        assert!(!answer.status.is_server_error(), "{time}: {}", answer.body);
        for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let asked = json!({ "text": "Can you call me tomorrow, or two weeks ago on Friday?", "at": time, "time_zone": zone });
            let answer = app.post(&admin, "/ai/analyze", asked).await;
            assert!(!answer.status.is_server_error(), "{time}: {}", answer.body);
        }
        for parameter in ["created_after", "created_before"] {
            let answer = app
                .get(
                    &admin,
                    &format!("/conversations?{parameter}={}", time.replace('+', "%2B")),
                )
                .await;
            assert!(!answer.status.is_server_error(), "{time}: {}", answer.body);
        }
    }
    // What was taken can be read again.
    app.get(&admin, "/knowledge").await.expect(200);
    app.get(&admin, "/admin/api-keys").await.expect(200);
}

#[rstest]
#[tokio::test]
async fn no_number_makes_the_server_fail(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let operator = app.sign_in(acs_app::seed::OPERATOR).await;
    let most = i64::MAX;
    let limits = json!({ "max_users": most, "max_conversations_per_month": most, "max_messages_per_conversation": most,
        "max_knowledge_entries": most, "max_api_calls_per_hour": most, "storage_quota_gb": most });
    let body = json!({ "name": "Boundless", "slug": "boundless", "tier": "free", "limits": limits,
        "admin": { "email": "admin@boundless.example", "password": PASSWORD } });
    let answer = app.post(&operator, "/admin/organizations", body).await;
    if answer.status.is_success() {
        let admin = app.sign_in("admin@boundless.example").await;
        app.teach(&admin).await;
        let conversation = app.conversation(&admin, "customer-1").await;
        app.say(&admin, &conversation, "Hello").await.expect(200);
    } else {
        answer.refused(400, "2001");
    }
    for number in [0, -1, i64::MIN] {
        let body =
            json!({ "name": "Bound", "slug": "bound", "tier": "free", "limits": { "max_users": number } });
        app.post(&operator, "/admin/organizations", body)
            .await
            .refused(400, "2001");
    }
    let admin = app.acme().await;
    let huge = json!({ "user_id": "a", "channel": "web", "metadata": { "number": 1.7e308, "count": u64::MAX, "least": i64::MIN } });
    let opened = app.post(&admin, "/conversations", huge.clone()).await.expect(201);
    assert_eq!(opened["metadata"], huge["metadata"]);
    app.get(&admin, &format!("/conversations/{NOTHING}"))
        .await
        .refused(404, "3001");
}

#[rstest]
#[tokio::test]
async fn what_nobody_sees_is_taken_out_of_what_is_said_and_the_rest_is_kept_as_it_is(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    let cases = [
        ("  hello\r\nthere\t ", "hello\nthere"),
        ("a\0b\u{202e}c", "abc"),
        (
            "Cafe\u{301} 👨‍👩‍👧 <b>&amp;</b> '; DROP TABLE users; --",
            "Café 👨‍👩‍👧 <b>&amp;</b> '; DROP TABLE users; --",
        ),
    ];
    for (said, _) in cases {
        app.say(&admin, &conversation, said).await.expect(200);
    }
    let kept: Vec<Value> = app
        .messages(&admin, &conversation)
        .await
        .into_iter()
        .map(|message| message["content"].clone())
        .collect();
    assert_eq!(kept, cases.map(|(_, kept)| json!(kept)));
}
