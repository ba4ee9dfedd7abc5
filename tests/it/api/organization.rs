//! An organization's own people set it up; the installation's operators say how much it may use.

use acs_app::seed::OPERATOR;
use acs_core::secret::Secret;
use acs_core::security::signature::sign;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::idempotency::{once, replays};
use super::{names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, PASSWORD, read};

const OWN: &str = "/admin/organization";

async fn visit(app: &App, user_hash: Option<&str>) -> Answer {
    let visitor = json!({ "organization": "acme", "user_id": "customer-1", "user_hash": user_hash });
    app.post(&As::Nobody, "/auth/widget", visitor).await
}

async fn widget_secret(app: &App, admin: &As) -> Secret {
    let made = app
        .post(admin, "/admin/organization/widget-secret", json!({}))
        .await
        .expect(201);
    Secret::new(text(&made, "secret"))
}

#[rstest]
#[tokio::test]
async fn an_admin_changes_what_is_given_and_nothing_else(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let before = app.get(&admin, OWN).await.expect(200);
    let change = json!({
        "display_name": " Acme\u{202e} Support ", "website": "https://acme.example", "timezone": "Europe/Berlin",
        "default_language": "de", "supported_languages": ["de", "EN", "de"],
        "settings": { "agent_name": "Ida", "unknown_threshold": 0.4 },
    });
    let changed = app.patch(&admin, OWN, change).await.expect(200);
    assert_eq!(app.get(&admin, OWN).await.expect(200), changed);
    let mut expected = before.clone();
    for (field, value) in [
        ("display_name", json!("Acme Support")),
        ("website", json!("https://acme.example")),
        ("timezone", json!("Europe/Berlin")),
        ("default_language", json!("de")),
        ("supported_languages", json!(["de", "en"])),
        ("updated_at", changed["updated_at"].clone()),
    ] {
        expected[field] = value;
    }
    expected["settings"]["agent_name"] = json!("Ida");
    expected["settings"]["unknown_threshold"] = changed["settings"]["unknown_threshold"].clone();
    assert_eq!(changed, expected);
    assert!((changed["settings"]["unknown_threshold"].as_f64().unwrap() - 0.4).abs() < 1e-6);
    let removed = json!({ "display_name": null, "settings": { "unknown_threshold": null } });
    let removed = app.patch(&admin, OWN, removed).await.expect(200);
    assert_eq!(removed["display_name"], Value::Null);
    assert_eq!(removed["settings"]["unknown_threshold"], Value::Null);
    assert_eq!(removed["settings"]["agent_name"], "Ida");
}

#[rstest]
#[tokio::test]
async fn what_an_organization_cannot_be_is_named(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let before = app.get(&admin, OWN).await.expect(200);
    for (change, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "a".repeat(256) }), "name"),
        (json!({ "website": "javascript:alert(1)" }), "website"),
        (json!({ "logo_url": "acme.example/logo.png" }), "logo_url"),
        (json!({ "timezone": "Mars/Olympus" }), "timezone"),
        (json!({ "default_language": "english" }), "default_language"),
        (json!({ "supported_languages": ["de"] }), "supported_languages"),
        (
            json!({ "allowed_domains": ["acme.example", "@acme"] }),
            "allowed_domains",
        ),
        (
            json!({ "ip_allow_list": ["127.0.0.1", "office"] }),
            "ip_allow_list",
        ),
        (
            json!({ "settings": { "unknown_threshold": 1.5 } }),
            "settings.unknown_threshold",
        ),
        (json!({ "settings": { "agent_name": "" } }), "settings.agent_name"),
        (
            json!({ "settings": { "prompt_template": "{{ rules }}\n{{ password }}" } }),
            "settings.prompt_template",
        ),
    ] {
        let answer = app.patch(&admin, OWN, change.clone()).await;
        assert!(
            names(answer.refused(400, "2001")).contains(&field),
            "{change}: {}",
            answer.body
        );
    }
    assert_eq!(app.get(&admin, OWN).await.expect(200), before);
}

#[rstest]
#[tokio::test]
async fn new_staff_have_addresses_of_allowed_domains(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    app.patch(&admin, OWN, json!({ "allowed_domains": ["Acme.example"] }))
        .await
        .expect(200);
    let invite = async |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD, "role": "agent" });
        app.post(&admin, "/admin/users", body).await
    };
    assert_eq!(
        names(invite("ann@elsewhere.example").await.refused(400, "2001")),
        ["email"]
    );
    invite("ann@acme.example").await.expect(201);
}

#[rstest]
#[tokio::test]
async fn who_must_prove_a_customer_needs_the_secret(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let demand = json!({ "settings": { "require_verified_identity": true } });
    let answer = app.patch(&admin, OWN, demand.clone()).await;
    assert_eq!(
        names(answer.refused(400, "2001")),
        ["settings.require_verified_identity"]
    );
    visit(&app, None).await.expect(200);
    let secret = widget_secret(&app, &admin).await;
    let demanded = app.patch(&admin, OWN, demand).await.expect(200);
    assert_eq!(demanded["settings"]["has_widget_secret"], json!(true));
    visit(&app, Some(&sign(&secret, b"customer-1"))).await.expect(200);
    for wrong in [None, Some(""), Some(&*sign(&secret, b"customer-2"))] {
        visit(&app, wrong).await.refused(401, "1001");
    }
    // A new secret takes the place of the old one at once.
    let renewed = widget_secret(&app, &admin).await;
    visit(&app, Some(&sign(&secret, b"customer-1")))
        .await
        .refused(401, "1001");
    visit(&app, Some(&sign(&renewed, b"customer-1")))
        .await
        .expect(200);
    let read = app.get(&admin, OWN).await.expect(200).to_string();
    assert!(
        !read.contains(renewed.expose()) && !read.contains("sealed"),
        "{read}"
    );
}

#[rstest]
#[tokio::test]
async fn a_widget_secret_that_was_lost_on_its_way_is_sent_again(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let ask = async || {
        once(
            &app,
            &admin,
            "/admin/organization/widget-secret",
            "one",
            &json!({}),
        )
        .await
    };
    let (first, second) = (ask().await, ask().await);
    assert_eq!(first.status, 201);
    replays(&second, &first);
}

#[rstest]
#[tokio::test]
async fn staff_and_keys_call_from_listed_networks_alone(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[("ACS__SERVER__TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let admin = app.acme().await;
    let key = app.key(&admin, &["converse"]).await;
    let customer = app.customer("acme", "customer-1").await;
    let from = async |address: &str, caller: &As, method: Method, path: &str, body: Option<Value>| {
        let request = app
            .request(caller, method, path)
            .header("X-Forwarded-For", address);
        read(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    };
    let list = json!({ "ip_allow_list": ["192.0.2.0/24", "2001:db8::1"] });
    let answer = from("198.51.100.1", &admin, Method::PATCH, OWN, Some(list.clone())).await;
    let fields = answer.refused(400, "2001");
    assert!(
        fields["ip_allow_list"][0]
            .as_str()
            .unwrap()
            .contains("198.51.100.1"),
        "{fields}"
    );
    from("192.0.2.7", &admin, Method::PATCH, OWN, Some(list))
        .await
        .expect(200);
    for inside in ["192.0.2.200", "2001:db8::1"] {
        from(inside, &admin, Method::GET, "/me", None).await.expect(200);
        from(inside, &key, Method::GET, "/me", None).await.expect(200);
    }
    let credentials = json!({ "email": "admin@acme.example", "password": PASSWORD });
    let sign_in = async |address: &str| {
        from(
            address,
            &As::Nobody,
            Method::POST,
            "/auth/token",
            Some(credentials.clone()),
        )
        .await
    };
    let pair = sign_in("192.0.2.9").await.expect(200);
    let renewal = json!({ "refresh_token": pair["refresh_token"] });
    for outside in ["192.0.3.1", "2001:db8::2"] {
        // As a wrong password is answered: whoever tries from elsewhere learns nothing of it.
        sign_in(outside).await.refused(401, "1004");
        from(
            outside,
            &As::Nobody,
            Method::POST,
            "/auth/refresh",
            Some(renewal.clone()),
        )
        .await
        .refused(401, "1001");
        from(outside, &admin, Method::GET, "/me", None)
            .await
            .refused(403, "1002");
        from(outside, &key, Method::GET, "/me", None)
            .await
            .refused(403, "1002");
        // Customers come from everywhere.
        from(outside, &customer, Method::GET, "/me", None)
            .await
            .expect(200);
    }
    // Nor is an answer that was given inside given again outside.
    let renew = async |address: &str| {
        let request = app.request(&As::Nobody, Method::POST, "/auth/refresh");
        let request = request
            .header("X-Forwarded-For", address)
            .header("Idempotency-Key", "one");
        read(request.json(&renewal)).await
    };
    renew("192.0.2.9").await.expect(200);
    renew("192.0.3.1").await.refused(401, "1001");
    renew("192.0.2.9").await.expect(200);
    let nobody = json!({ "ip_allow_list": [] });
    from("192.0.2.7", &admin, Method::PATCH, OWN, Some(nobody))
        .await
        .expect(200);
    from("192.0.3.1", &admin, Method::GET, "/me", None)
        .await
        .expect(200);
}

#[rstest]
#[tokio::test]
async fn operators_set_how_much_an_organization_may_use(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.organization("acme", json!({ "max_users": 1 })).await;
    let operator = app.sign_in(OPERATOR).await;
    let own = app.get(&admin, OWN).await.expect(200);
    let path = format!("/admin/organizations/{}", text(&own, "id"));
    let invite = async |name: &str| {
        let body = json!({ "email": format!("{name}@acme.example"), "password": PASSWORD, "role": "agent" });
        app.post(&admin, "/admin/users", body).await
    };
    invite("ann").await.refused(403, "3003");
    let changed = app
        .patch(
            &operator,
            &path,
            json!({ "tier": "starter", "limits": { "max_users": 2 } }),
        )
        .await
        .expect(200);
    assert_eq!(
        (
            &changed["tier"],
            &changed["limits"]["max_users"],
            &changed["limits"]["max_knowledge_entries"]
        ),
        (&json!("starter"), &json!(2), &json!(5_000))
    );
    invite("ann").await.expect(201);
    invite("bob").await.refused(403, "3003");
    let answer = app
        .patch(&operator, &path, json!({ "limits": { "max_users": 0 } }))
        .await;
    assert_eq!(names(answer.refused(400, "2001")), ["limits.max_users"]);
    // A limit below what is used takes nothing away.
    app.patch(&operator, &path, json!({ "limits": { "max_users": 1 } }))
        .await
        .expect(200);
    assert_eq!(app.get(&admin, OWN).await.expect(200)["usage"]["users"], 2);
}

#[rstest]
#[tokio::test]
async fn who_belongs_to_a_switched_off_organization_is_shut_out(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let credentials = json!({ "email": "admin@acme.example", "password": PASSWORD });
    let pair = app
        .post(&As::Nobody, "/auth/token", credentials)
        .await
        .expect(200);
    let (key, customer) = (
        app.key(&admin, &["converse"]).await,
        app.customer("acme", "customer-1").await,
    );
    let operator = app.sign_in(OPERATOR).await;
    let own = app.get(&admin, OWN).await.expect(200);
    let path = format!("/admin/organizations/{}", text(&own, "id"));
    app.patch(&operator, &path, json!({ "is_active": false }))
        .await
        .expect(200);
    for caller in [&admin, &key, &customer] {
        app.get(caller, "/me").await.refused(401, "1001");
    }
    let renewal = json!({ "refresh_token": pair["refresh_token"] });
    app.post(&As::Nobody, "/auth/refresh", renewal.clone())
        .await
        .refused(401, "1001");
    visit(&app, None).await.refused(404, "3004");
    let credentials = json!({ "email": "admin@acme.example", "password": PASSWORD });
    assert_eq!(
        app.post(&As::Nobody, "/auth/token", credentials).await.status,
        401
    );
    app.patch(&operator, &path, json!({ "is_active": true }))
        .await
        .expect(200);
    app.get(&admin, "/me").await.expect(200);
    app.post(&As::Nobody, "/auth/refresh", renewal).await.expect(200);
}

#[rstest]
#[tokio::test]
async fn operators_cannot_lock_themselves_out(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let operator = app.sign_in(OPERATOR).await;
    let me = app.get(&operator, "/me").await.expect(200);
    let path = format!("/admin/organizations/{}", text(&me["organization"], "id"));
    let answer = app.patch(&operator, &path, json!({ "is_active": false })).await;
    assert_eq!(names(answer.refused(400, "2001")), ["is_active"]);
}

#[rstest]
#[tokio::test]
async fn a_list_of_a_hundred_thousand_holds_nobody_up(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for field in ["supported_languages", "allowed_domains", "ip_allow_list"] {
        let many: Vec<String> = (0..100_000).map(|n| format!("{n:x}")).collect();
        let answer = app.patch(&admin, OWN, json!({ field: many })).await;
        let fields = answer.refused(400, "2001");
        assert_eq!(fields[field][0], "must be at most 100", "{field}");
    }
}

#[rstest]
#[tokio::test]
async fn everything_wrong_with_a_new_organization_is_told_at_once(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let operator = app.sign_in(OPERATOR).await;
    let body = json!({
        "name": "", "slug": "A B", "tier": "free", "limits": { "max_users": 0 },
        "admin": { "email": "nobody", "password": "short" },
    });
    let answer = app.post(&operator, "/admin/organizations", body).await;
    assert_eq!(
        names(answer.refused(400, "2001")),
        [
            "admin.email",
            "admin.password",
            "limits.max_users",
            "name",
            "slug"
        ]
    );
}
