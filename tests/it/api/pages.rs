//! What is not the contract: health, metrics, the reference, the chat page.

use reqwest::header::IF_NONE_MATCH;
use rstest::rstest;
use serde_json::{Value, json};

use super::names;
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, read};

/// The policy of the chat page, to the letter: no script and no style but the program's own, no talk to other servers.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
    font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

async fn get(app: &App, path: &str) -> Answer {
    read(app.http.get(format!("{}{path}", app.base))).await
}

async fn with_page() -> App {
    App::unseeded(Sqlite, &[("ACS__DEMO__ENABLED", "true")]).await
}

#[rstest]
#[tokio::test]
async fn health_tells_that_the_process_runs_and_what_it_depends_on(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::unseeded(store, &[]).await;
    assert_eq!(
        get(&app, "/health/live").await.expect(200),
        json!({ "status": "ok" })
    );
    let ready = get(&app, "/health/ready").await.expect(200);
    assert_eq!(
        ready,
        json!({ "status": "ready", "checks": { "store": { "status": "ok" } } })
    );
}

#[rstest]
#[tokio::test]
async fn metrics_count_requests_by_route_and_never_by_what_clients_write(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let conversation = app.conversation(&admin, "customer-1").await;
    app.read(&admin, &conversation).await;
    app.get(&As::Nobody, "/quillfeather?secret=quillfeather")
        .await
        .refused(404, "3004");
    let answer = get(&app, "/metrics").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let page = answer.body.as_str().unwrap();
    let counted = page.lines().any(|line| {
        line.starts_with("acs_http_requests_total{")
            && line.contains(r#"method="GET""#)
            && line.contains(r#"route="/api/v1/conversations/{id}""#)
            && line.contains(r#"status="200""#)
    });
    assert!(counted, "{page}");
    assert!(
        page.contains("acs_http_request_duration_seconds_bucket"),
        "{page}"
    );
    assert!(
        !page.contains("quillfeather") && !page.contains(&conversation),
        "{page}"
    );
}

#[tokio::test]
async fn the_reference_is_there_for_programs_and_for_people() {
    let app = App::unseeded(Sqlite, &[]).await;
    let document = get(&app, "/openapi.json").await;
    assert_eq!(document.header("content-type"), Some("application/json"));
    assert!(document.body["openapi"].as_str().unwrap().starts_with("3."));
    assert!(names(&document.body["paths"]).contains(&"/api/v1/conversations/{id}/messages"));
    assert_eq!(
        names(&document.body["components"]["securitySchemes"]),
        ["api_key", "bearer"]
    );
    let page = get(&app, "/docs").await;
    assert_eq!(
        (page.status.as_u16(), page.header("x-content-type-options")),
        (200, Some("nosniff"))
    );
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let html = page.body.as_str().unwrap();
    assert!(html.contains("swagger-ui"));
    // Everything that the page asks for is there, and nothing is asked of anyone else.
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        !policy.contains("http") && !policy.contains("'unsafe-eval'"),
        "{policy}"
    );
    for file in referenced(html) {
        let file = file.trim_start_matches("./");
        assert!(!file.contains("//"), "{file}");
        let answer = get(&app, &format!("/docs/{file}")).await;
        assert_eq!(answer.status.as_u16(), 200, "{file}");
    }
    assert!(
        get(&app, "/docs/swagger-initializer.js")
            .await
            .body
            .as_str()
            .unwrap()
            .contains("/openapi.json")
    );
}

#[tokio::test]
async fn every_operation_of_the_document_is_described() {
    let app = App::unseeded(Sqlite, &[]).await;
    let document = get(&app, "/openapi.json").await.body;
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"]
                .as_str()
                .unwrap_or_else(|| panic!("{method} {path} has no id"));
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|summary| !summary.is_empty()),
                "{id}"
            );
            assert!(
                operation["tags"].as_array().is_some_and(|tags| tags.len() == 1),
                "{id}"
            );
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            for id in path
                .split('/')
                .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
            {
                assert!(
                    parameters
                        .iter()
                        .any(|it| it["name"] == id && it["in"] == "path" && it["required"] == true),
                    "{path}"
                );
            }
        }
    }
}

/// The files that a page names in `src` and `href`.
fn referenced(html: &str) -> Vec<&str> {
    let named = |attribute: &'static str| {
        html.split(attribute)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
    };
    named("src=\"")
        .chain(named("href=\""))
        .filter(|name| !name.starts_with(['#', 'd']))
        .collect()
}

#[tokio::test]
async fn the_chat_page_holds_no_script_of_its_own_and_says_so_in_its_policy() {
    let app = with_page().await;
    let page = get(&app, "/").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert_eq!(page.header("content-security-policy"), Some(POLICY));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let html = page.body.as_str().unwrap();
    for script in html.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').unwrap();
        assert!(attributes.contains("src=\"/assets/chat/"), "{attributes}");
        assert!(rest.starts_with("</script>"), "a script stands in the page");
    }
    assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("javascript:"));
    for tag in html.split('<').filter_map(|tag| tag.split('>').next()) {
        let handler = tag
            .split_whitespace()
            .skip(1)
            .any(|attribute| attribute.starts_with("on") && attribute.contains('='));
        assert!(!handler, "{tag}");
    }
    assert!(html.contains("data-organization=\"demo\"") && html.contains("Brellwick"));
}

#[tokio::test]
async fn the_files_of_the_chat_page_say_what_they_are_and_are_asked_for_again_only_when_changed() {
    let app = with_page().await;
    let kinds = [
        ("chat.css", "text/css; charset=utf-8"),
        ("chat.js", "text/javascript; charset=utf-8"),
        ("api.js", "text/javascript; charset=utf-8"),
        ("view.js", "text/javascript; charset=utf-8"),
        ("text.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ];
    for (name, kind) in kinds {
        let path = format!("/assets/chat/{name}");
        let file = get(&app, &path).await;
        assert_eq!(
            (file.status.as_u16(), file.header("content-type")),
            (200, Some(kind)),
            "{name}"
        );
        assert_eq!(
            (
                file.header("x-content-type-options"),
                file.header("cache-control")
            ),
            (Some("nosniff"), Some("no-cache"))
        );
        let tag = file.header("etag").unwrap();
        let again = read(
            app.http
                .get(format!("{}{path}", app.base))
                .header(IF_NONE_MATCH, tag),
        )
        .await;
        assert_eq!((again.status.as_u16(), &again.body), (304, &json!("")));
        let other = read(
            app.http
                .get(format!("{}{path}", app.base))
                .header(IF_NONE_MATCH, "\"other\""),
        )
        .await;
        assert_eq!(other.status.as_u16(), 200);
    }
    let html = get(&app, "/").await.body;
    for file in referenced(html.as_str().unwrap()) {
        assert_eq!(get(&app, file).await.status.as_u16(), 200, "{file}");
    }
    for outside in [
        "/assets/chat/",
        "/assets/chat/index.html",
        "/assets/chat/../../Cargo.toml",
        "/assets/chat/%2e%2e/api.js",
    ] {
        get(&app, outside).await.refused(404, "3004");
    }
}

#[tokio::test]
async fn without_a_demonstration_there_is_no_chat_page() {
    let app = App::unseeded(Sqlite, &[]).await;
    for path in ["/", "/assets/chat/chat.js"] {
        get(&app, path).await.refused(404, "3004");
    }
}

#[tokio::test]
async fn only_pages_of_the_operators_list_may_call_from_a_browser() {
    let app = App::unseeded(Sqlite, &[("ACS__CORS__ORIGINS", "https://shop.example")]).await;
    let preflight = async |origin: &str| {
        let request = app
            .http
            .request(reqwest::Method::OPTIONS, format!("{}/api/v1/me", app.base));
        read(
            request
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET"),
        )
        .await
    };
    let allowed = preflight("https://shop.example").await;
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        Some("https://shop.example")
    );
    for origin in [
        "https://evil.example",
        "https://shop.example.evil.example",
        "http://shop.example",
        "null",
    ] {
        assert_eq!(
            preflight(origin).await.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
    }
    let called = read(
        app.http
            .get(format!("{}/api/v1/me", app.base))
            .header("Origin", "https://shop.example"),
    )
    .await;
    called.refused(401, "1001");
    assert_eq!(
        called.header("access-control-allow-origin"),
        Some("https://shop.example")
    );
    assert_ne!(called.body, Value::Null);
}
