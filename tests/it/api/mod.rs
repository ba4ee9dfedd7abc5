//! The contract over HTTP, endpoint by endpoint, on both stores.
//!
//! | module | what it specifies |
//! |---|---|
//! | [`endpoints`], [`authority`], [`tenancy`] | who may call what, and that no organization sees another's |
//! | [`bad_bodies`], [`bad_requests`], [`sizes`], [`text`], [`envelope`] | what is refused, and in which words |
//! | [`auth`], [`tokens`], [`throttle`], [`widget`], [`accounts`], [`keys`] | proving who one is |
//! | [`conversations`], [`handling`], [`turns`], [`limits`] | conversations, and the people who handle them |
//! | [`idempotency`], [`at_once`] | taking effect once |
//! | [`model_keys`], [`budgets`] | organizations' own keys for language models, and what these may cost |
//! | [`organization`] | setting an organization up, and what it may use |
//! | [`knowledge`], [`imports`], [`intents`], [`terms`] | what the agent knows and recognises |
//! | [`sse`], [`pages`], [`rate_limit`] | streams, pages, limits |

mod accounts;
mod at_once;
mod auth;
mod authority;
mod bad_bodies;
mod bad_requests;
mod budgets;
mod conflicts;
mod conversations;
mod endpoints;
mod envelope;
mod gaps;
mod handling;
mod idempotency;
mod imports;
mod intents;
mod keys;
mod knowledge;
mod limits;
mod model_keys;
mod organization;
mod pages;
mod rate_limit;
mod reach;
mod sizes;
mod sse;
mod tenancy;
mod terms;
mod text;
mod throttle;
mod tokens;
mod turns;
mod widget;
mod zones;

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, As, PASSWORD};

/// An id that nothing has.
const NOTHING: &str = "018f4e7a-5b1c-7000-8000-0123456789ab";

impl Answer {
    /// The refused fields with the reasons, if the answer is this error in the envelope of the contract.
    #[track_caller]
    fn refused(&self, status: u16, code: &str) -> &Value {
        assert_eq!(self.error(), (status, code), "{}", self.body);
        self.enveloped()
    }

    /// The refused fields with the reasons, if the answer is an error in the envelope of the contract.
    #[track_caller]
    fn enveloped(&self) -> &Value {
        let error = self.body["error"]
            .as_object()
            .unwrap_or_else(|| panic!("no envelope: {}", self.body));
        assert_eq!(names(&self.body), ["error"]);
        assert_eq!(
            names(&self.body["error"]),
            ["code", "details", "message", "request_id"]
        );
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|message| message.ends_with('.')),
            "{}",
            self.body
        );
        assert_eq!(
            error["request_id"].as_str(),
            self.header("x-request-id"),
            "{}",
            self.body
        );
        assert_eq!(self.header("content-type"), Some("application/json"));
        match self.status.as_u16() {
            401 => assert_eq!(self.header("www-authenticate"), Some("Bearer")),
            429 | 503 => assert!(self.seconds("retry-after") > 0),
            _ => {}
        }
        &error["details"]["fields"]
    }

    /// A header that holds a number.
    #[track_caller]
    fn seconds(&self, header: &str) -> u64 {
        let value = self
            .header(header)
            .unwrap_or_else(|| panic!("no {header}: {:?}", self.headers));
        value.parse().unwrap()
    }
}

/// The names of an object's fields, in order.
fn names(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    names
}

/// A field that holds a text.
#[track_caller]
fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field]
        .as_str()
        .unwrap_or_else(|| panic!("`{field}` is no text: {object}"))
}

/// The items of a list.
#[track_caller]
fn items(list: &Value) -> &Vec<Value> {
    list["items"]
        .as_array()
        .unwrap_or_else(|| panic!("no list: {list}"))
}

/// One field of each item of a list.
fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    items(list).iter().map(|item| text(item, field)).collect()
}

/// Asks until the answer is there, for at most ten seconds.
async fn eventually<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "it did not come about within ten seconds"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

impl App {
    async fn put(&self, caller: &As, path: &str, body: Value) -> Answer {
        self.call(caller, Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, caller: &As, path: &str, body: Value) -> Answer {
        self.call(caller, Method::PATCH, path, Some(body)).await
    }

    async fn delete(&self, caller: &As, path: &str) -> Answer {
        self.call(caller, Method::DELETE, path, None).await
    }

    /// An organization without limits of its own, named `acme`, with its admin signed in.
    pub(crate) async fn acme(&self) -> As {
        self.organization("acme", json!({})).await
    }

    /// A new member of the staff, signed in.
    async fn member(&self, admin: &As, role: &str) -> As {
        let email = format!("{role}@staff.example");
        let body = json!({ "email": email, "password": PASSWORD, "role": role });
        self.post(admin, "/admin/users", body).await.expect(201);
        self.sign_in(&email).await
    }

    /// A customer of the organization, come through the widget.
    async fn customer(&self, organization: &str, user_id: &str) -> As {
        let body = json!({ "organization": organization, "user_id": user_id });
        let token = self.post(&As::Nobody, "/auth/widget", body).await.expect(200);
        As::Token(text(&token, "access_token").to_owned())
    }

    /// The conversation, as the caller sees it.
    async fn read(&self, caller: &As, conversation: &str) -> Value {
        self.get(caller, &format!("/conversations/{conversation}"))
            .await
            .expect(200)
    }

    /// The messages of a conversation, oldest first.
    async fn messages(&self, caller: &As, conversation: &str) -> Vec<Value> {
        let list = self
            .get(
                caller,
                &format!("/conversations/{conversation}/messages?limit=100"),
            )
            .await
            .expect(200);
        items(&list).clone()
    }

    /// Does something to a conversation: the last step of the path, and the body.
    async fn act(&self, caller: &As, conversation: &str, act: &str, body: Value) -> Answer {
        self.post(caller, &format!("/conversations/{conversation}/{act}"), body)
            .await
    }
}
