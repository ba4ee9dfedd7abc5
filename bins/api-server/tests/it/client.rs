//! A client of a server in another process.

use std::time::{Duration, Instant};

use acs_testkit::transcript::Transcript;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::place::PASSWORD;

/// A question that the knowledge of [`Client::found`] answers.
pub(crate) const QUESTION: &str = "I forgot my password for my account";
/// The sentence of that knowledge which answers it.
pub(crate) const SENTENCE: &str = "If you forgot your password, choose Forgot password on the sign-in page.";
/// How long a test waits for what comes about by itself.
const PATIENCE: Duration = Duration::from_secs(60);

/// Speaks to one server.
#[derive(Clone)]
pub(crate) struct Client {
    base: String,
    http: reqwest::Client,
}

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) enum As {
    Nobody,
    Token(String),
    Key(String),
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: Value,
}

impl Answer {
    /// The body, if the status is the expected one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
}

/// A customer's conversation with an organization that knows a little.
#[derive(Debug, Clone)]
pub(crate) struct Talk {
    pub admin: As,
    pub key: As,
    pub id: String,
}

impl Client {
    pub(crate) fn new(port: u16) -> Self {
        // There already, from another client of the test.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            base: format!("http://127.0.0.1:{port}"),
            http: reqwest::Client::new(),
        }
    }

    /// Where the server listens: `host:port`.
    pub(crate) fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// A request; `path` begins behind the server's address.
    pub(crate) fn request(&self, caller: &As, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match caller {
            As::Nobody => request,
            As::Token(token) => request.bearer_auth(token),
            As::Key(key) => request.header("X-API-Key", key),
        }
    }

    pub(crate) async fn get(&self, caller: &As, path: &str) -> Answer {
        send(self.request(caller, Method::GET, path)).await.unwrap()
    }

    pub(crate) async fn post(&self, caller: &As, path: &str, body: Value) -> Answer {
        send(self.request(caller, Method::POST, path).json(&body))
            .await
            .unwrap()
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> As {
        let body = json!({ "email": email, "password": password });
        let pair = self
            .post(&As::Nobody, "/api/v1/auth/token", body)
            .await
            .expect(200);
        As::Token(text(&pair, "access_token"))
    }

    /// A key of the caller's organization that speaks for its customers.
    pub(crate) async fn key(&self, admin: &As) -> As {
        let body = json!({ "name": "test", "scopes": ["converse"] });
        let made = self.post(admin, "/api/v1/admin/api-keys", body).await.expect(201);
        As::Key(text(&made, "key"))
    }

    /// Founds an organization, teaches it a little, and begins a conversation.
    pub(crate) async fn found(&self) -> Talk {
        let operator = self.sign_in("system@acs.local", PASSWORD).await;
        let admin = json!({ "email": "admin@acme.example", "password": PASSWORD });
        let body =
            json!({ "name": "Acme", "slug": "acme", "tier": "professional", "limits": {}, "admin": admin });
        self.post(&operator, "/api/v1/admin/organizations", body)
            .await
            .expect(201);
        let admin = self.sign_in("admin@acme.example", PASSWORD).await;
        let content = format!("{SENTENCE} We send you a link that is good for 30 minutes.");
        let body = json!({ "title": "Reset your password", "category": "account", "content": content });
        self.post(&admin, "/api/v1/knowledge", body).await.expect(201);
        let key = self.key(&admin).await;
        let talk = Talk {
            admin,
            key,
            id: String::new(),
        };
        self.begin(&talk, "customer-1").await
    }

    /// Another conversation with the same organization.
    pub(crate) async fn begin(&self, talk: &Talk, customer: &str) -> Talk {
        let body = json!({ "user_id": customer, "channel": "web" });
        let opened = self
            .post(&talk.key, "/api/v1/conversations", body)
            .await
            .expect(201);
        Talk {
            id: text(&opened, "id"),
            ..talk.clone()
        }
    }

    /// Asks the question as the customer, in a request that takes effect once.
    pub(crate) async fn ask(&self, talk: &Talk, idempotency_key: &str) -> Result<Answer, reqwest::Error> {
        let path = format!("/api/v1/conversations/{}/messages", talk.id);
        let request = self
            .request(&talk.key, Method::POST, &path)
            .header("Idempotency-Key", idempotency_key);
        send(request.json(&json!({ "content": QUESTION }))).await
    }

    /// The conversation as it is now.
    pub(crate) async fn transcript(&self, talk: &Talk) -> Transcript {
        let path = format!("/api/v1/conversations/{}", talk.id);
        let conversation = self.get(&talk.admin, &path).await.expect(200);
        let list = self
            .get(&talk.admin, &format!("{path}/messages?limit=100"))
            .await
            .expect(200);
        let messages = list["items"].as_array().unwrap().clone();
        let mut turns = Vec::new();
        for message in messages.iter().filter(|message| message["sender_type"] == "user") {
            let path = format!("{path}/turns/{}", text(message, "id"));
            turns.push(self.get(&talk.admin, &path).await.expect(200));
        }
        Transcript {
            conversation,
            messages,
            turns,
        }
    }

    /// The conversation once nothing is under way in it.
    pub(crate) async fn at_rest(&self, talk: &Talk) -> Transcript {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let transcript = self.transcript(talk).await;
            if transcript.is_at_rest() {
                // Read anew: the last turn may have come to its end between its messages and itself.
                return self.transcript(talk).await;
            }
            assert!(
                Instant::now() < deadline,
                "a turn is never done: {:#?}",
                transcript.turns
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn send(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let retry_after = answer
        .headers()
        .get("retry-after")
        .map(|value| value.to_str().unwrap().to_owned());
    let body = answer.text().await?;
    let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    Ok(Answer {
        status,
        retry_after,
        body,
    })
}

/// Waits until something is so, for at most as long as a test is patient.
pub(crate) async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so().await {
        assert!(Instant::now() < deadline, "it did not come about: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A field that holds a text.
#[track_caller]
pub(crate) fn text(object: &Value, field: &str) -> String {
    object[field]
        .as_str()
        .unwrap_or_else(|| panic!("`{field}` is no text: {object}"))
        .to_owned()
}
