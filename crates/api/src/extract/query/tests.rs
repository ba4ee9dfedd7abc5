use acs_core::page::Cursor;
use axum::Router;
use axum::routing::get;
use uuid::Uuid;

use crate::extract::page::Page;
use crate::testing::{Answer, enveloped, request, send};

async fn list(query: &str) -> Answer {
    let show = async |Page(page): Page| {
        format!(
            "{} after {:?}",
            page.limit(),
            page.after().map(|cursor| cursor.key)
        )
    };
    let app = enveloped(Router::new().route("/", get(show)));
    send(app, request("GET", &format!("/?{query}"))).await
}

async fn assert_refused(query: &str, code: &str, field: &str) {
    let answer = list(query).await;
    assert_eq!(answer.error(), (400, code.to_owned()), "{query}");
    assert!(answer.reasons(field).is_array(), "{query}: {}", answer.text);
}

#[tokio::test]
async fn a_page_is_twenty_items_from_the_start_unless_asked_otherwise() {
    assert_eq!(list("").await.text, "20 after None");
    let cursor = Cursor {
        key: 42,
        id: Uuid::nil(),
    };
    assert_eq!(
        list(&format!("limit=5&cursor={cursor}")).await.text,
        "5 after Some(42)"
    );
}

#[tokio::test]
async fn a_limit_out_of_bounds_is_a_matter_of_validation() {
    for limit in ["0", "101", "-1", "4294967296"] {
        assert_refused(&format!("limit={limit}"), "2001", "limit").await;
    }
}

#[tokio::test]
async fn what_is_no_number_or_no_cursor_is_invalid_input() {
    assert_refused("limit=many", "2002", "limit").await;
    assert_refused("limit=", "2002", "limit").await;
    assert_refused("cursor=abc", "2002", "cursor").await;
    assert_refused("cursor=a%00b", "2002", "cursor").await;
}

#[tokio::test]
async fn a_parameter_that_is_not_known_or_comes_twice_is_refused() {
    assert_refused("offset=5", "2002", "offset").await;
    assert_refused("limit=5&limit=6", "2002", "limit").await;
}
