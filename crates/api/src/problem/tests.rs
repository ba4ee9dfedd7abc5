use super::*;
use acs_domain::port::store::StoreError;
use axum::Router;
use axum::routing::get;

use crate::testing::{Answer, enveloped, request, send};

async fn answer(problem: Problem) -> Answer {
    let app = Router::new().route("/", get(async move || problem));
    send(enveloped(app), request("GET", "/")).await
}

#[test]
fn each_kind_of_error_has_the_status_of_the_contract() {
    use ErrorCode as C;
    let contract = [
        (400, vec![C::Validation, C::InvalidInput, C::MissingField]),
        (401, vec![C::Unauthorized, C::TokenExpired, C::InvalidCredentials]),
        (403, vec![C::Forbidden, C::OrganizationLimitExceeded]),
        (
            404,
            vec![C::ConversationNotFound, C::UserNotFound, C::ResourceNotFound],
        ),
        (409, vec![C::Conflict, C::IdempotencyKeyReused]),
        (429, vec![C::RateLimited]),
        (500, vec![C::Internal]),
        (502, vec![C::ExternalApi]),
        (503, vec![C::AiService, C::Database, C::Cache, C::Unavailable]),
        (504, vec![C::Timeout]),
    ];
    for (expected, codes) in contract {
        for code in codes {
            assert_eq!(status(code).as_u16(), expected, "{code:?}");
        }
    }
}

#[tokio::test]
async fn the_body_says_what_went_wrong_and_never_why_inside() {
    let error = EngineError::from(StoreError::Failed("password of secret-host".into()));
    let answer = answer(error.into()).await;
    assert_eq!(answer.error(), (500, "5001".to_owned()));
    assert!(!answer.text.contains("secret-host"), "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn refused_fields_come_with_their_reasons() {
    let mut fields = FieldErrors::one("score", "must be between 1 and 5");
    fields.add("nps", "must be between 0 and 10");
    let answer = answer(EngineError::Invalid(fields).into()).await;
    assert_eq!(answer.error(), (400, "2001".to_owned()));
    assert_eq!(
        answer.reasons("score"),
        serde_json::json!(["must be between 1 and 5"])
    );
    assert_eq!(
        answer.reasons("nps"),
        serde_json::json!(["must be between 0 and 10"])
    );
}

#[tokio::test]
async fn details_are_an_object_even_when_there_are_none() {
    let answer = answer(Problem::unknown_path()).await;
    assert_eq!(answer.json()["error"]["details"], serde_json::json!({}));
}

#[tokio::test]
async fn who_is_not_known_is_told_how_to_become_so() {
    for problem in [
        Problem::unauthorized(),
        EngineError::TokenExpired.into(),
        EngineError::InvalidCredentials.into(),
    ] {
        assert_eq!(answer(problem).await.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn what_is_likely_to_pass_says_when_to_come_again() {
    let codes = [
        ErrorCode::AiService,
        ErrorCode::Database,
        ErrorCode::Cache,
        ErrorCode::Unavailable,
    ];
    for code in codes {
        assert_eq!(
            answer(Problem::new(code, "away")).await.header("retry-after"),
            "2",
            "{code:?}"
        );
    }
    let throttled = EngineError::Throttled {
        retry_after: Duration::from_millis(61_200),
    };
    assert_eq!(answer(throttled.into()).await.header("retry-after"), "62");
}

#[test]
fn a_time_to_wait_is_never_rounded_down() {
    assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
    assert_eq!(whole_seconds(Duration::from_secs(3)), 3);
}
