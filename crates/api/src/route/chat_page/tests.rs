use crate::settings::{ApiSettings, ChatPage};
use crate::testing::{Answer, app, request, send, with};

use super::{NAME, PAGE, SLUG};

fn settings() -> ApiSettings {
    let page = ChatPage {
        slug: "acme".to_owned(),
        name: "Acme & \"Sons\" <Ltd>".to_owned(),
    };
    ApiSettings {
        chat_page: Some(page),
        ..ApiSettings::default()
    }
}

async fn get(path: &str) -> Answer {
    send(app(settings()), request("GET", path)).await
}

#[tokio::test]
async fn the_page_speaks_for_its_organization() {
    let page = get("/").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text.contains("data-organization=\"acme\""));
    assert!(page.text.contains("Acme &amp; &quot;Sons&quot; &lt;Ltd&gt;"));
    assert!(!page.text.contains(NAME));
}

#[test]
fn the_page_names_its_organization_where_it_is_looked_for() {
    assert_eq!(PAGE.matches(SLUG).count(), 1);
    assert!(PAGE.contains(NAME));
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there() {
    let page = get("/").await.text;
    let named: Vec<_> = page
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert!(named.len() >= 4, "{named:?}");
    for path in named {
        assert_eq!(get(path).await.status, 200, "{path}");
    }
}

#[test]
fn the_page_has_no_script_or_style_that_its_policy_would_stop() {
    assert!(!PAGE.contains("style=") && !PAGE.contains("<style"));
    for tag in PAGE.split("<script").skip(1) {
        assert!(
            tag.contains("src=") && tag.split('>').nth(1) == Some("</script"),
            "{tag}"
        );
    }
    for handler in ["onclick", "onload", "onsubmit", "onerror"] {
        assert!(!PAGE.contains(handler), "{handler}");
    }
}

#[tokio::test]
async fn a_browser_that_has_a_file_is_not_sent_it_again() {
    let first = get("/assets/chat/chat.js").await;
    assert_eq!(first.header("cache-control"), "no-cache");
    let tag = first.header("etag").to_owned();
    let again = with(request("GET", "/assets/chat/chat.js"), "if-none-match", &tag);
    let again = send(app(settings()), again).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    assert_eq!(again.header("etag"), tag);
    let other = with(request("GET", "/assets/chat/chat.css"), "if-none-match", &tag);
    assert_eq!(send(app(settings()), other).await.status, 200);
}

#[tokio::test]
async fn without_an_organization_there_is_no_page() {
    let answer = send(app(ApiSettings::default()), request("GET", "/")).await;
    assert_eq!(answer.error(), (404, "3004".to_owned()));
}

#[tokio::test]
async fn the_reference_pages_come_with_the_program() {
    let index = get("/docs/").await;
    assert!(index.header("content-type").starts_with("text/html"));
    for file in [
        "/docs/swagger-ui.css",
        "/docs/swagger-ui-bundle.js",
        "/docs/swagger-initializer.js",
    ] {
        assert_eq!(get(file).await.status, 200, "{file}");
    }
    assert!(
        get("/docs/swagger-initializer.js")
            .await
            .text
            .contains("/openapi.json")
    );
    assert_eq!(get("/docs/nothing.js").await.error(), (404, "3004".to_owned()));
    let redirect = get("/docs").await;
    assert_eq!(
        (redirect.status.as_u16(), redirect.header("location")),
        (308, "/docs/")
    );
}
