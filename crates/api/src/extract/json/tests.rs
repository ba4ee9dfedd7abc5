use super::*;
use acs_domain::conversation::{Channel, Priority};
use acs_domain::user::UserId;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post as on_post;
use serde::Deserialize;
use serde_json::json;

use crate::testing::{Answer, enveloped, post, request, send, with};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it reads counts")]
struct Thing {
    channel: Channel,
    count: Option<u32>,
    priority: Option<Priority>,
    owner: Option<UserId>,
    inner: Option<Inner>,
    list: Option<Vec<Inner>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it reads counts")]
struct Inner {
    name: String,
}

async fn read(body: &str) -> Answer {
    let app = Router::new()
        .route("/", on_post(async |_: Body<Thing>| "read"))
        .layer(DefaultBodyLimit::max(1_000));
    send(enveloped(app), post("/", body.to_owned())).await
}

async fn assert_refused(body: &str, code: &str, field: &str, reason: &str) {
    let answer = read(body).await;
    assert_eq!(answer.error(), (400, code.to_owned()), "{body}: {}", answer.text);
    let reasons = answer.reasons(field);
    let said = reasons[0].as_str().unwrap_or_default();
    assert!(said.starts_with(reason), "{body}: {}", answer.text);
}

#[tokio::test]
async fn a_good_body_is_read() {
    assert_eq!(
        read(r#"{"channel": "web", "inner": {"name": "x"}, "priority": 5}"#)
            .await
            .text,
        "read"
    );
}

#[tokio::test]
async fn malformed_json_is_invalid_input() {
    for body in [
        "{",
        "nonsense",
        r#"{"channel": "web"} x"#,
        r#"{"channel": "web",}"#,
    ] {
        assert_refused(body, "2002", "body", "is not JSON").await;
    }
}

#[tokio::test]
async fn an_unknown_field_is_named_with_its_path() {
    assert_refused(
        r#"{"channel": "web", "colour": 1}"#,
        "2002",
        "colour",
        "is not known here",
    )
    .await;
    assert_refused(
        r#"{"channel": "web", "inner": {"name": "", "age": 1}}"#,
        "2002",
        "inner.age",
        "is not known",
    )
    .await;
}

#[tokio::test]
async fn a_wrong_type_is_named_with_its_path() {
    assert_refused(r#"{"channel": 3}"#, "2002", "channel", "invalid type").await;
    assert_refused(
        r#"{"channel": "web", "list": [{"name": "a"}, {"name": 4}]}"#,
        "2002",
        "list[1].name",
        "invalid type",
    )
    .await;
    assert_refused("[]", "2002", "body", "must be an object").await;
    assert_refused(r#" ["web"]"#, "2002", "body", "must be an object").await;
    assert_refused(
        "3",
        "2002",
        "body",
        "invalid type: integer `3`, expected an object",
    )
    .await;
    assert_refused(
        r#"{"channel": "web", "count": "3"}"#,
        "2002",
        "count",
        "invalid type: string \"3\", expected a whole number",
    )
    .await;
}

#[tokio::test]
async fn a_bad_id_is_invalid_input() {
    assert_refused(
        r#"{"channel": "web", "owner": "1"}"#,
        "2002",
        "owner",
        "not a valid id",
    )
    .await;
}

#[tokio::test]
async fn a_missing_field_is_named_with_its_path() {
    assert_refused("{}", "2003", "channel", "is required").await;
    assert_refused(
        r#"{"channel": "web", "inner": {}}"#,
        "2003",
        "inner.name",
        "is required",
    )
    .await;
}

#[tokio::test]
async fn a_value_out_of_bounds_is_a_matter_of_validation() {
    assert_refused(
        r#"{"channel": "fax"}"#,
        "2001",
        "channel",
        "must be one of web, mobile",
    )
    .await;
    assert_refused(
        r#"{"channel": "web", "priority": 9}"#,
        "2001",
        "priority",
        "must be between",
    )
    .await;
    assert_refused(
        r#"{"channel": "web", "count": -1}"#,
        "2001",
        "count",
        "invalid value: integer `-1`, expected a whole number of another size",
    )
    .await;
}

#[tokio::test]
async fn a_field_may_be_given_once() {
    assert_refused(
        r#"{"channel": "web", "channel": "api"}"#,
        "2002",
        "channel",
        "must be given once",
    )
    .await;
}

#[tokio::test]
async fn an_empty_body_reads_as_an_empty_object() {
    assert_refused("", "2003", "channel", "is required").await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let answer = read(&" ".repeat(1_001)).await;
    assert_eq!(answer.error(), (413, "2001".to_owned()));
}

#[tokio::test]
async fn only_json_is_taken() {
    let app = || enveloped(Router::new().route("/", on_post(async |_: Body<Thing>| "read")));
    let body = r#"{"channel": "web"}"#;
    let bare = request("POST", "/").map(|_| body.into());
    assert_eq!(send(app(), bare).await.error(), (415, "2002".to_owned()));
    let form = with(
        request("POST", "/").map(|_| body.into()),
        "content-type",
        "text/plain",
    );
    assert_eq!(send(app(), form).await.error(), (415, "2002".to_owned()));
    let json = with(
        request("POST", "/").map(|_| body.into()),
        "content-type",
        "Application/JSON; charset=utf-8",
    );
    assert_eq!(send(app(), json).await.text, "read");
}

#[tokio::test]
async fn a_deep_nest_is_refused_without_a_crash() {
    let answer = read(&"{\"inner\":".repeat(100)).await;
    assert_eq!(answer.json()["error"]["code"], json!("2002"));
}
