//! The whole product in this process, on a real store, reached over HTTP like any other.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use acs_app::seed::{self, OPERATOR};
use acs_app::telemetry::Metrics;
use acs_app::{lifecycle, serve, wire};
use acs_core::config::{Config, Sources};
use acs_core::secret::Secret;
use acs_testkit::backend::Backend;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::shape;

/// The two stores. A test that takes one as `#[values(Sqlite, Postgres)]` runs on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    pub(crate) async fn backend(self) -> Backend {
        match self {
            Self::Sqlite => Backend::sqlite().await,
            Self::Postgres => Backend::postgres().await,
        }
    }
}

/// The password of every account in these tests.
pub(crate) const PASSWORD: &str = "violet harbour tuesday lantern";

/// What several servers on one store share.
pub(crate) const SHARED_KEYS: [(&str, &str); 2] = [
    (
        "ACS__SECURITY__SECRET_KEY",
        "a signing key of the tests, long enough",
    ),
    (
        "ACS__SECURITY__ENCRYPTION_KEYS",
        "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ),
];

/// A running server with an organization of its own.
pub(crate) struct App {
    pub base: String,
    pub http: reqwest::Client,
    pub process: wire::Process,
    server: JoinHandle<()>,
    store_url: Secret,
    // Dropped last: the store's file or database goes with it. A replica leaves that to the first.
    backend: Option<Backend>,
    _folder: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The body, if the status is the expected one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The error's code, with its status.
    pub(crate) fn error(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["error"]["code"].as_str().unwrap_or(""),
        )
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) enum As {
    Nobody,
    Token(String),
    Key(String),
}

impl App {
    pub(crate) async fn on(store: Store) -> Self {
        Self::with(store, &[]).await
    }

    pub(crate) async fn with(store: Store, settings: &[(&str, &str)]) -> Self {
        Self::start(store.backend().await, settings).await
    }

    /// Starts the product on a store. `settings` are environment variables (`ACS__…`).
    pub(crate) async fn start(backend: Backend, settings: &[(&str, &str)]) -> Self {
        Self::begin(backend.options().url.clone(), Some(backend), settings, true).await
    }

    /// Starts the product without what a first start makes: there is nobody to sign in as.
    pub(crate) async fn unseeded(store: Store, settings: &[(&str, &str)]) -> Self {
        let backend = store.backend().await;
        Self::begin(backend.options().url.clone(), Some(backend), settings, false).await
    }

    /// Another server on the same store. `settings` must give both the same keys ([`SHARED_KEYS`]).
    pub(crate) async fn replica(&self, settings: &[(&str, &str)]) -> Self {
        Self::begin(self.store_url.clone(), None, settings, false).await
    }

    async fn begin(
        store_url: Secret,
        backend: Option<Backend>,
        settings: &[(&str, &str)],
        seeded: bool,
    ) -> Self {
        lifecycle::install_cryptography();
        let folder = tempfile::tempdir().unwrap();
        let config = config(&store_url, folder.path(), settings);
        let process = wire::process(&config, Some(folder.path())).await.unwrap();
        if seeded {
            seed::seed(&process.engine, &config, None, &*process.entropy)
                .await
                .unwrap();
        }
        // Figures are counted once for the whole process, which other tests may share.
        static METRICS: OnceLock<Metrics> = OnceLock::new();
        let metrics = METRICS.get_or_init(|| Metrics::start().unwrap());
        let router = serve::router(&config, &process, Arc::new(|| metrics.render())).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        #[expect(clippy::disallowed_methods, reason = "the server ends with the test")]
        let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self {
            base,
            http: reqwest::Client::new(),
            process,
            server,
            store_url,
            backend,
            _folder: folder,
        }
    }

    /// The names of the events that have left, in their order.
    pub(crate) async fn events(&self) -> Vec<String> {
        self.backend().events().await
    }

    /// The store beneath, of the first server on it.
    pub(crate) fn backend(&self) -> &Backend {
        self.backend.as_ref().unwrap()
    }

    /// Everything that is stored, as text.
    pub(crate) async fn dump(&self) -> String {
        self.backend.as_ref().unwrap().dump().await
    }

    /// Changes what is stored, on SQLite, behind the product's back.
    pub(crate) async fn execute(&self, sql: &str) {
        self.backend.as_ref().unwrap().execute(sql).await;
    }

    /// Sends a request and reads the answer whole, which must be one that the API's document tells of. `path` begins
    /// behind `/api/v1`.
    pub(crate) async fn call(&self, caller: &As, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(caller, method.clone(), path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = read(request).await;
        shape::assert_documented(&method, path, &answer);
        answer
    }

    pub(crate) fn request(&self, caller: &As, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        match caller {
            As::Nobody => request,
            As::Token(token) => request.bearer_auth(token),
            As::Key(key) => request.header("X-API-Key", key),
        }
    }

    pub(crate) async fn get(&self, caller: &As, path: &str) -> Answer {
        self.call(caller, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, caller: &As, path: &str, body: Value) -> Answer {
        self.call(caller, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> As {
        let body = json!({ "email": email, "password": PASSWORD });
        let pair = self.post(&As::Nobody, "/auth/token", body).await.expect(200);
        As::Token(pair["access_token"].as_str().unwrap().to_owned())
    }

    /// A new organization with its admin signed in.
    pub(crate) async fn organization(&self, slug: &str, limits: Value) -> As {
        let operator = self.sign_in(OPERATOR).await;
        let email = format!("admin@{slug}.example");
        let body = json!({
            "name": slug, "slug": slug, "tier": "professional", "limits": limits,
            "admin": { "email": email, "password": PASSWORD },
        });
        self.post(&operator, "/admin/organizations", body)
            .await
            .expect(201);
        self.sign_in(&email).await
    }

    /// A key of the admin's organization.
    pub(crate) async fn key(&self, admin: &As, scopes: &[&str]) -> As {
        let made = self
            .post(
                admin,
                "/admin/api-keys",
                json!({ "name": "test", "scopes": scopes }),
            )
            .await
            .expect(201);
        As::Key(made["key"].as_str().unwrap().to_owned())
    }

    /// Some knowledge to answer from.
    pub(crate) async fn teach(&self, admin: &As) {
        let articles = [
            (
                "Reset your password",
                "account",
                "If you forgot your password, choose Forgot password on the sign-in page. We send you a link that is good for 30 minutes.",
            ),
            (
                "Delivery times",
                "orders",
                "A parcel to Germany takes 2 to 3 working days. A parcel to Norway takes 5 working days.",
            ),
            (
                "Refunds",
                "billing",
                "A refund is paid within 14 days after the return has arrived. The refund goes to the card that paid.",
            ),
        ];
        for (title, category, content) in articles {
            let body = json!({ "title": title, "category": category, "content": content, "source_url": "https://help.acme.example/a" });
            self.post(admin, "/knowledge", body).await.expect(201);
        }
    }

    /// A conversation of a customer; its id.
    pub(crate) async fn conversation(&self, caller: &As, customer: &str) -> String {
        let body = json!({ "user_id": customer, "channel": "web" });
        let opened = self.post(caller, "/conversations", body).await;
        assert!(opened.status.is_success(), "{}", opened.body);
        opened.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn say(&self, caller: &As, conversation: &str, words: &str) -> Answer {
        self.post(
            caller,
            &format!("/conversations/{conversation}/messages"),
            json!({ "content": words }),
        )
        .await
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(crate) async fn read(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer {
        status,
        headers,
        body,
    }
}

/// Settings for tests: cheap passwords, no demonstration, no limits unless a test wants them.
fn config(url: &Secret, folder: &std::path::Path, settings: &[(&str, &str)]) -> Config {
    let folder = folder.display().to_string();
    let defaults = [
        ("ACS__DATA_DIR", folder.as_str()),
        ("ACS__STORE__URL", url.expose()),
        ("ACS__SYSTEM__PASSWORD", PASSWORD),
        ("ACS__DEMO__ENABLED", "false"),
        ("ACS__RATE_LIMIT__ENABLED", "false"),
        ("ACS__SECURITY__ARGON2_MEMORY_KIB", "8"),
        ("ACS__SECURITY__ARGON2_ITERATIONS", "1"),
    ];
    let own = |(name, _): &(&str, &str)| !settings.iter().any(|(set, _)| set == name);
    let env = defaults.into_iter().filter(own).chain(settings.iter().copied());
    let env: Vec<(String, String)> = env
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let file = env.iter().find(|(name, _)| name == "ACS_CONFIG");
    Config::load(&Sources {
        file: file.map(|(_, path)| path.into()),
        env,
        ..Sources::default()
    })
    .unwrap()
}
