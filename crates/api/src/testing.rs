//! What the tests of this crate share: the whole app over a world that is away. Everything that HTTP itself answers can
//! be tried on it, and everything behind says that it cannot be reached.

mod away;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use acs_core::clock::{Clock, ManualClock};
use acs_core::config::{NamedSecret, Security};
use acs_core::entropy::SeededEntropy;
use acs_core::secret::Secret;
use acs_core::security::password::{PasswordHasher, PasswordPolicy};
use acs_core::security::seal::Sealer;
use acs_core::security::token::{Subject, Tokens};
use acs_domain::conversation::Patience;
use acs_engine::Engine;
use acs_engine::answers::AnswerSettings;
use acs_engine::embedders::Embedders;
use acs_engine::passwords::Passwords;
use acs_engine::ports::{Ports, Settings, TurnSettings};
use acs_engine::usecase::access::AccessSettings;
use acs_engine::usecase::embedding::MoveSettings;
use acs_engine::usecase::training::TrainingSettings;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::middleware::from_fn;
use serde_json::Value;
use time::macros::datetime;
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) use self::away::{Away, Tally};
use crate::settings::ApiSettings;
use crate::state::ApiState;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The header's text; empty without it.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    /// The status and the error's code.
    pub(crate) fn error(&self) -> (u16, String) {
        (
            self.status.as_u16(),
            self.json()["error"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    }

    /// The reasons that the error gives for a field.
    pub(crate) fn reasons(&self, field: &str) -> Value {
        self.json()["error"]["details"]["fields"][field].clone()
    }
}

/// Sends one request.
pub(crate) async fn send(app: Router, request: Request<Body>) -> Answer {
    let response = app.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// A request without a body.
pub(crate) fn request(method: &str, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap()
}

/// A POST of JSON.
pub(crate) fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

/// The request with one more header.
pub(crate) fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

/// The request as if it came from this address.
pub(crate) fn from(mut request: Request<Body>, address: &str) -> Request<Body> {
    let peer: SocketAddr = address.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// A router whose errors are put into their envelopes.
pub(crate) fn enveloped(router: Router) -> Router {
    router.layer(from_fn(crate::layer::envelope))
}

/// The whole app.
pub(crate) fn app(settings: ApiSettings) -> Router {
    crate::router(state(settings))
}

/// What the whole app is built from.
pub(crate) fn state(settings: ApiSettings) -> ApiState {
    let clock = Arc::new(clock());
    let entropy = Arc::new(SeededEntropy::new(1));
    let counters = Arc::new(Tally::default());
    let ports = Ports {
        store: Arc::new(Away),
        embedders: Embedders::new(Arc::new(Away), None),
        reranker: None,
        retriever: Arc::new(Away),
        understanding: Arc::new(Away),
        examiner: Arc::new(Away),
        masker: Arc::new(Away),
        composer: Arc::new(Away),
        grounding: Arc::new(Away),
        comparison: Arc::new(Away),
        prompts: Arc::new(Away),
        router: Arc::new(Away),
        counters: counters.clone(),
        seals: Arc::new(Sealer::new(&[secret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")]).unwrap()),
        tokens: Arc::new(tokens()),
        passwords: Passwords::new(PasswordHasher::new(&cheap(), &*entropy).unwrap(), entropy.clone()),
        password_policy: PasswordPolicy::new(&Security::default()),
        clock: clock.clone(),
        entropy: entropy.clone(),
        settings: engine_settings(),
    };
    ApiState {
        engine: Engine::new(ports),
        counters,
        clock,
        entropy,
        settings,
        checks: Vec::new(),
        metrics: Arc::new(|| "acs_up 1\n".to_owned()),
    }
}

/// An access token of an admin, as the app would have issued it.
pub(crate) fn admin_token() -> String {
    let subject = Subject {
        user: Uuid::from_u128(1),
        organization: Uuid::from_u128(2),
        role: "admin".to_owned(),
        scopes: Vec::new(),
        session: Uuid::from_u128(3),
    };
    let now = clock().now();
    tokens()
        .issue(&subject, Duration::from_secs(60), now, &SeededEntropy::new(2))
        .unwrap()
}

pub(crate) fn clock() -> ManualClock {
    ManualClock::new(datetime!(2026-01-01 0:00 UTC))
}

fn secret(value: &str) -> NamedSecret {
    NamedSecret::new("test", Secret::new(value)).unwrap()
}

fn tokens() -> Tokens {
    Tokens::new(
        &[secret("a secret of more than thirty-two bytes")],
        &Security::default(),
    )
    .unwrap()
}

fn cheap() -> Security {
    Security {
        argon2_memory_kib: 8,
        argon2_iterations: 1,
        ..Security::default()
    }
}

fn engine_settings() -> Settings {
    let second = Duration::from_secs(1);
    Settings {
        process: "test".to_owned(),
        turns: TurnSettings {
            lease: second,
            embed_within: second,
            understand_within: second,
            retrieve_within: second,
            answer_within: second,
            poll: second,
            unknown_threshold: 0.3,
            answer_threshold: 0.7,
            certain_threshold: 0.8,
            intent_threshold: 0.7,
            history: 10,
            remember: second,
            passages: 5,
            hand_over_abuse: false,
            under_way: 1,
            working: 1,
        },
        answers: AnswerSettings {
            bytes: 0,
            keep: Duration::ZERO,
            likeness: 1.0,
        },
        access: AccessSettings {
            access_lifetime: second,
            refresh_lifetime: second,
            max_failures: 10,
            max_failures_per_address: 100,
            window: second,
            caller_ttl: second,
        },
        patience: Patience {
            remind_after: None,
            abandon_after: Duration::from_secs(86_400),
        },
        training: TrainingSettings {
            quiet: second,
            at_the_latest: second,
            lease: second,
        },
        moves: MoveSettings {
            lease: second,
            linger: second,
        },
        events_retention: second,
        parts: Arc::default(),
    }
}
