use crate::settings::{ApiSettings, ChatPage};
use crate::testing::{app, request, send};

fn settings() -> ApiSettings {
    let page = ChatPage {
        slug: "demo".to_owned(),
        name: "Brellwick".to_owned(),
    };
    ApiSettings {
        chat_page: Some(page),
        ..ApiSettings::default()
    }
}

#[tokio::test]
async fn no_answer_may_be_sniffed_framed_cached_or_referred_from() {
    for path in ["/nowhere", "/health/live", "/api/v1/me", "/openapi.json"] {
        let answer = send(app(settings()), request("GET", path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("script-src"), "{path}");
    }
}

#[tokio::test]
async fn the_chat_page_may_run_its_own_files_and_nothing_else() {
    for path in [
        "/",
        "/assets/chat/chat.js",
        "/assets/chat/chat.css",
        "/assets/chat/icon.svg",
    ] {
        let answer = send(app(settings()), request("GET", path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
             font-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
    }
}

#[tokio::test]
async fn only_the_reference_pages_may_write_styles_into_themselves() {
    let answer = send(app(settings()), request("GET", "/docs/")).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("style-src 'self' 'unsafe-inline'"), "{policy}");
    assert!(policy.contains("script-src 'self';"), "{policy}");
}
