//! Organizations' own keys for language models: what the models' servers are shown, what is kept, and what is refused.

use acs_testkit::model_server::{Asked, ModelServer, Script};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{items, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, SHARED_KEYS};
use crate::talk::{PASSWORD_QUESTION, PASSWORD_SENTENCE};

const KEYS: &str = "/admin/settings/model-keys";
const QUICK: &str = "/admin/settings/model-keys/quick";
const ACME_KEY: &str = "sk-acme-0123456789abcd4f2a";
const GLOBEX_KEY: &str = "sk-globex-0123456789abcd77e1";
const HOUSE_KEY: &str = "sk-house-0123456789abcd0000";

/// An organization that knows a little.
struct Company {
    admin: As,
    key: As,
    slug: &'static str,
}

impl Company {
    async fn found(app: &App, slug: &'static str) -> Self {
        let admin = app.organization(slug, json!({})).await;
        app.teach(&admin).await;
        let key = app.key(&admin, &["converse"]).await;
        Self { admin, key, slug }
    }

    async fn set(&self, app: &App, body: Value) -> Answer {
        app.put(&self.admin, QUICK, body).await
    }

    async fn remove(&self, app: &App) -> Answer {
        app.call(&self.admin, Method::DELETE, QUICK, None).await
    }

    /// Which model answers a customer who has not written before, and what was tried.
    async fn answered(&self, app: &App, customer: &str) -> (String, Vec<String>) {
        let talk = app
            .conversation(&self.key, &format!("{}-{customer}", self.slug))
            .await;
        let turn = app.say(&self.key, &talk, PASSWORD_QUESTION).await.expect(200);
        let path = format!("/conversations/{talk}/turns/{}", text(&turn, "message_id"));
        let explained = app.get(&self.admin, &path).await.expect(200);
        let tried = explained["evidence"]["models"].as_array().unwrap().iter();
        let outcomes = tried.map(|attempt| text(attempt, "outcome").to_owned()).collect();
        (text(&turn, "model_used").to_owned(), outcomes)
    }
}

async fn model() -> ModelServer {
    ModelServer::start([Script::reply(&[PASSWORD_SENTENCE], 40, 12)])
        .await
        .unwrap()
}

/// A model that refuses whoever does not come with `key`.
async fn model_for(key: &'static str, refusal: Script) -> ModelServer {
    let answer = move |asked: &Asked| {
        if bearer(asked) == Some(key) {
            Script::reply(&[PASSWORD_SENTENCE], 40, 12)
        } else {
            refusal.clone()
        }
    };
    ModelServer::answering(answer).await.unwrap()
}

fn bearer(asked: &Asked) -> Option<&str> {
    asked.header("authorization")?.strip_prefix("Bearer ")
}

/// The keys that a model's server was shown, in their order.
fn shown(model: &ModelServer) -> Vec<Option<String>> {
    let asked = model.asked();
    asked
        .iter()
        .map(|asked| bearer(asked).map(str::to_owned))
        .collect()
}

async fn app_with(store: Store, model: &ModelServer, settings: &[(&str, &str)]) -> App {
    let url = model.base_url();
    let own = [
        ("ACS__AI__MODELS__QUICK__BASE_URL", url.as_str()),
        ("ACS__AI__MODELS__QUICK__MODEL", "small-1"),
        ("ACS__AI__MODELS__QUICK__API_KEY", HOUSE_KEY),
        ("ACS__AI__MODEL_RETRIES", "0"),
    ];
    let settings: Vec<_> = own.into_iter().chain(settings.iter().copied()).collect();
    App::with(store, &settings).await
}

#[rstest]
#[tokio::test]
async fn each_organization_s_turns_show_its_own_key(#[values(Sqlite, Postgres)] store: Store) {
    let model = model().await;
    let app = app_with(store, &model, &[]).await;
    let acme = Company::found(&app, "acme").await;
    let globex = Company::found(&app, "globex").await;
    let initech = Company::found(&app, "initech").await;
    acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    globex
        .set(&app, json!({ "api_key": GLOBEX_KEY }))
        .await
        .expect(200);
    for company in [&acme, &globex, &initech, &acme] {
        let (by, _) = company.answered(&app, "1").await;
        assert_eq!(by, "small-1");
    }
    let keys = [ACME_KEY, GLOBEX_KEY, HOUSE_KEY, ACME_KEY].map(|key| Some(key.to_owned()));
    assert_eq!(shown(&model), keys);
}

#[rstest]
#[tokio::test]
async fn a_key_counts_from_the_next_message_on_until_it_is_taken_away_on_every_server(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let model = model().await;
    let app = app_with(store, &model, &SHARED_KEYS).await;
    let url = model.base_url();
    let same = [
        ("ACS__AI__MODELS__QUICK__BASE_URL", url.as_str()),
        ("ACS__AI__MODELS__QUICK__MODEL", "small-1"),
        ("ACS__AI__MODELS__QUICK__API_KEY", HOUSE_KEY),
    ];
    let settings: Vec<_> = same.into_iter().chain(SHARED_KEYS).collect();
    let replica = app.replica(&settings).await;
    let acme = Company::found(&app, "acme").await;
    let mut expected = Vec::new();
    for key in [ACME_KEY, GLOBEX_KEY] {
        acme.set(&app, json!({ "api_key": key })).await.expect(200);
        for server in [&replica, &app] {
            acme.answered(server, key).await;
            expected.push(Some(key.to_owned()));
        }
    }
    assert_eq!(acme.remove(&app).await.status.as_u16(), 204);
    for server in [&replica, &app] {
        acme.answered(server, "last").await;
        expected.push(Some(HOUSE_KEY.to_owned()));
    }
    assert_eq!(shown(&model), expected);
    acme.remove(&app).await.refused(404, "3004");
}

#[tokio::test]
async fn without_any_key_that_the_model_takes_the_composer_answers() {
    let unauthorized = Script::refuse(401, &[], &json!({ "message": "no" }));
    let model = model_for(ACME_KEY, unauthorized).await;
    let app = app_with(Sqlite, &model, &[]).await;
    let acme = Company::found(&app, "acme").await;
    acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    assert_eq!(acme.answered(&app, "1").await.0, "small-1");
    acme.remove(&app).await;
    let (by, tried) = acme.answered(&app, "2").await;
    assert_eq!(by, "composer");
    assert!(tried[0].contains("refused the key"), "{tried:?}");
}

#[rstest]
#[case::a_wrong_key(Script::refuse(401, &[], &json!({ "message": "no" })))]
#[case::a_limit_of_rate(Script::refuse(429, &[("Retry-After", "3600")], &json!({ "message": "no" })))]
#[tokio::test]
async fn one_organization_s_failures_leave_the_others_models_alone(#[case] refusal: Script) {
    let model = model_for(HOUSE_KEY, refusal).await;
    let once = [("ACS__AI__MODEL_CIRCUIT_FAILURES", "1")];
    let app = app_with(Sqlite, &model, &once).await;
    let acme = Company::found(&app, "acme").await;
    let globex = Company::found(&app, "globex").await;
    let initech = Company::found(&app, "initech").await;
    acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    globex
        .set(&app, json!({ "api_key": GLOBEX_KEY }))
        .await
        .expect(200);
    assert_eq!(acme.answered(&app, "1").await.0, "composer");
    let (by, tried) = acme.answered(&app, "2").await;
    assert_eq!(by, "composer");
    assert!(tried[0].contains("failed too often"), "{tried:?}");
    assert_eq!(initech.answered(&app, "1").await.0, "small-1");
    let (_, tried) = globex.answered(&app, "1").await;
    assert!(
        !tried[0].contains("failed too often"),
        "it is asked, and refused for its own key: {tried:?}"
    );
    acme.set(&app, json!({ "api_key": HOUSE_KEY })).await.expect(200);
    assert_eq!(
        acme.answered(&app, "3").await.0,
        "small-1",
        "a new key begins anew"
    );
}

#[tokio::test]
async fn the_installation_s_failures_leave_an_organization_s_own_model_alone() {
    let unauthorized = Script::refuse(401, &[], &json!({ "message": "no" }));
    let model = model_for(ACME_KEY, unauthorized).await;
    let once = [("ACS__AI__MODEL_CIRCUIT_FAILURES", "1")];
    let app = app_with(Sqlite, &model, &once).await;
    let acme = Company::found(&app, "acme").await;
    let globex = Company::found(&app, "globex").await;
    acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    assert_eq!(globex.answered(&app, "1").await.0, "composer");
    assert_eq!(acme.answered(&app, "1").await.0, "small-1");
}

#[rstest]
#[tokio::test]
async fn a_key_is_kept_sealed_and_never_shown_again(#[values(Sqlite, Postgres)] store: Store) {
    let model = model().await;
    let app = app_with(store, &model, &[]).await;
    let acme = Company::found(&app, "acme").await;
    let set = acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    assert_eq!(
        (&set["model"], &set["provider"], &set["key"]["last_four"]),
        (&json!("quick"), &json!("openai"), &json!("4f2a"))
    );
    let listed = app.get(&acme.admin, KEYS).await.expect(200);
    assert_eq!(*items(&listed), [set]);
    acme.answered(&app, "1").await;
    let dump = app.dump().await;
    assert!(dump.contains("4f2a"), "what is stored was looked at");
    assert!(!dump.contains(ACME_KEY) && !dump.contains("sk-acme"), "{dump}");
    acme.remove(&app).await;
    let removed = app.get(&acme.admin, KEYS).await.expect(200);
    assert_eq!(
        *items(&removed),
        [json!({ "model": "quick", "provider": "openai", "key": null })]
    );
    let events = app.events().await;
    let told: Vec<&str> = events
        .iter()
        .map(String::as_str)
        .filter(|event| event.starts_with("model_key"))
        .collect();
    assert_eq!(told, ["model_key.set", "model_key.removed"]);
}

#[tokio::test]
async fn a_key_stays_open_while_the_key_that_seals_is_replaced_and_shut_once_that_is_gone() {
    const OLD: &str = "old:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "new:HxAREhMUFRYXGBkaGxwdHh8AAQIDBAUGBwgJCgsMDQ4=";
    let model = model().await;
    let sealing = |ring| [SHARED_KEYS[0], ("ACS__SECURITY__ENCRYPTION_KEYS", ring)];
    let app = app_with(Sqlite, &model, &sealing(OLD)).await;
    let acme = Company::found(&app, "acme").await;
    acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    let url = model.base_url();
    let with = |ring| {
        let [signing, sealing] = sealing(ring);
        [
            signing,
            sealing,
            ("ACS__AI__MODELS__QUICK__BASE_URL", url.as_str()),
            ("ACS__AI__MODELS__QUICK__MODEL", "small-1"),
            ("ACS__AI__MODELS__QUICK__API_KEY", HOUSE_KEY),
        ]
    };
    let both = format!("{NEW},{OLD}");
    let rotated = app.replica(&with(&both)).await;
    assert_eq!(acme.answered(&rotated, "1").await.0, "small-1");
    assert_eq!(shown(&model), [Some(ACME_KEY.to_owned())]);

    let shut = app.replica(&with(NEW)).await;
    let (by, tried) = acme.answered(&shut, "2").await;
    assert_eq!(by, "composer", "the installation's key is not used in its place");
    assert_eq!(tried[0], "left out: the organization's own key cannot be used");
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test]
async fn an_organization_s_own_address_is_asked_where_the_operator_allows_it() {
    let (house, own) = (model().await, model().await);
    let allowed = own.base_url();
    let app = app_with(Sqlite, &house, &[("ACS__AI__OWN_MODEL_URLS", &allowed)]).await;
    let acme = Company::found(&app, "acme").await;
    let globex = Company::found(&app, "globex").await;
    let body = json!({ "api_key": ACME_KEY, "base_url": allowed });
    let set = acme.set(&app, body).await.expect(200);
    assert_eq!(text(&set["key"], "base_url"), allowed);
    assert_eq!(acme.answered(&app, "1").await.0, "small-1");
    assert_eq!(globex.answered(&app, "1").await.0, "small-1");
    assert_eq!(shown(&own), [Some(ACME_KEY.to_owned())]);
    assert_eq!(shown(&house), [Some(HOUSE_KEY.to_owned())]);
}

#[tokio::test]
async fn a_key_opens_for_no_other_address_than_the_one_it_was_set_for() {
    let (house, thief) = (model().await, model().await);
    let allowed = thief.base_url();
    let app = app_with(Sqlite, &house, &[("ACS__AI__OWN_MODEL_URLS", &allowed)]).await;
    let acme = Company::found(&app, "acme").await;
    acme.set(&app, json!({ "api_key": ACME_KEY })).await.expect(200);
    app.execute(&format!(
        "UPDATE model_keys SET base_url = '{allowed}'; UPDATE organizations SET model_keys_version = 9"
    ))
    .await;
    let (by, tried) = acme.answered(&app, "1").await;
    assert_eq!(by, "composer");
    assert_eq!(tried[0], "left out: the organization's own key cannot be used");
    assert_eq!((thief.asked().len(), house.asked().len()), (0, 0));
}

#[rstest]
#[case::not_encrypted("http://models.acme.example/v1")]
#[case::this_machine("https://127.0.0.1/v1")]
#[case::this_machine_by_name("https://localhost/v1")]
#[case::a_private_network("https://10.0.0.7/v1")]
#[case::a_cloud_s_metadata("http://169.254.169.254/latest/meta-data")]
#[case::a_password("https://ann:secret@models.acme.example/v1")]
#[case::a_query("https://models.acme.example/v1?to=here")]
#[case::a_file("file:///etc/passwd")]
#[case::no_address("models")]
#[case::beside_what_is_allowed("http://gateway.internal/v10")]
#[case::above_what_is_allowed("http://gateway.internal/v1/../admin")]
#[tokio::test]
async fn an_address_that_leads_into_the_operator_s_network_is_refused(#[case] address: &str) {
    let model = model().await;
    let allowed = [("ACS__AI__OWN_MODEL_URLS", "http://gateway.internal/v1")];
    let app = app_with(Sqlite, &model, &allowed).await;
    let acme = Company::found(&app, "acme").await;
    let body = json!({ "api_key": ACME_KEY, "base_url": address });
    let refused = acme.set(&app, body).await;
    assert!(refused.refused(400, "2001")["base_url"].is_array());
    let below = json!({ "api_key": ACME_KEY, "base_url": "http://gateway.internal/v1/acme" });
    acme.set(&app, below).await.expect(200);
}

#[tokio::test]
async fn what_is_no_key_or_no_model_of_the_organization_s_is_refused() {
    let model = model().await;
    let url = model.base_url();
    let settings = [
        ("ACS__AI__MODELS__CAREFUL__PROVIDER", "anthropic"),
        ("ACS__AI__MODELS__CAREFUL__BASE_URL", url.as_str()),
        ("ACS__AI__MODELS__CAREFUL__MODEL", "large-2"),
    ];
    let app = app_with(Sqlite, &model, &settings).await;
    let acme = Company::found(&app, "acme").await;
    for key in [
        "",
        "short",
        "sk-with a blank in it 0123",
        "sk-with-a-\u{fc}mlaut-0123456",
        &"k".repeat(501),
    ] {
        let refused = acme.set(&app, json!({ "api_key": key })).await;
        assert!(refused.refused(400, "2001")["api_key"].is_array(), "{key}");
    }
    let careful = format!("{KEYS}/careful");
    let elsewhere = json!({ "api_key": ACME_KEY, "base_url": "https://models.acme.example" });
    let refused = app.put(&acme.admin, &careful, elsewhere).await;
    assert!(refused.refused(400, "2001")["base_url"].is_array());
    let body = json!({ "api_key": ACME_KEY });
    app.put(&acme.admin, &careful, body.clone()).await.expect(200);
    app.put(&acme.admin, &format!("{KEYS}/unheard-of"), body)
        .await
        .refused(404, "3004");
}
