//! What the refusals of providers mean.

use std::fmt;
use std::time::Duration;

use acs_domain::port::chat::ModelError;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// What servers write into a message, in lower case, when a request is longer than the model's window and no name of
/// the error says it.
const TOO_LONG: [&str; 4] = [
    "maximum context length",
    "context window",
    "contextwindowexceeded",
    "prompt is too long",
];
/// What errors are called when a filter refuses the subject: OpenAI's, on Azure too, LiteLLM's, and OpenAI's for models that
/// reason.
const FILTERS: [&str; 3] = ["content_filter", "content_policy_violation", "invalid_prompt"];
/// What servers write into a message then.
const FILTERED: [&str; 1] = ["contentpolicyviolation"];

/// What a response means that promises no reply.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ModelError {
    let error = ErrorName::of_body(body);
    let retry_after = retry_after(headers);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ModelError::Unauthorized,
        StatusCode::TOO_MANY_REQUESTS => ModelError::RateLimited { retry_after },
        StatusCode::PAYLOAD_TOO_LARGE => ModelError::ContextTooLong,
        _ if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT => match error.meaning {
            Meaning::TooLong => ModelError::ContextTooLong,
            Meaning::Filtered => ModelError::Filtered,
            Meaning::RateLimit | Meaning::Other => {
                let what = format!("{}{error}", status.as_u16());
                match status {
                    StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => ModelError::Refused(what),
                    _ => ModelError::NotServed(what),
                }
            }
        },
        _ => ModelError::Failed {
            retry_after,
            source: Box::new(ErrorStatus { status, error }),
        },
    }
}

/// What an error means that comes where words should.
pub(super) fn refused_midway(error: &Value) -> ModelError {
    let error = ErrorName::of(error);
    match error.meaning {
        Meaning::RateLimit => ModelError::RateLimited { retry_after: None },
        Meaning::TooLong => ModelError::ContextTooLong,
        Meaning::Filtered => ModelError::Filtered,
        Meaning::Other => ModelError::failed(ErrorEvent(error)),
    }
}

/// When to come again: seconds, or a date that counts from the `Date` of the same response, so that no clock of ours is
/// compared with one of theirs (RFC 9110, 10.2.3). More seconds than can be counted are as many as can.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let date = |text: &str| OffsetDateTime::parse(text.trim(), &Rfc2822).ok();
    let value = text(RETRY_AFTER)?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    Some(
        (date(value)? - date(text(DATE)?)?)
            .try_into()
            .unwrap_or(Duration::ZERO),
    )
}

/// What a provider calls its error. Its message is read for what it means and not kept: it may quote the request or the
/// key.
#[derive(Debug)]
struct ErrorName {
    /// `, type …, code …`, for logs.
    names: String,
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    RateLimit,
    TooLong,
    Filtered,
    Other,
}

impl ErrorName {
    /// Out of a body `{"error":{…}}`; some servers leave the outer braces out.
    fn of_body(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        Self::of(body.get("error").unwrap_or(&body))
    }

    fn of(error: &Value) -> Self {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
        let names = ["type", "code", "param"].into_iter().filter_map(|label| {
            let name = match &error[label] {
                Value::Number(number) => number.to_string(),
                Value::String(name) => name.clone(),
                _ => return None,
            };
            let sane = !name.is_empty() && name.len() <= 64 && name.chars().all(is_name);
            sane.then(|| format!(", {label} {name}"))
        });
        Self {
            names: names.collect(),
            meaning: Meaning::of(error),
        }
    }
}

impl Meaning {
    fn of(error: &Value) -> Self {
        let message = error["message"].as_str().or(error.as_str()).unwrap_or_default();
        let message = message.to_lowercase();
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
        let named = |name: &str| {
            [&error["type"], &error["code"]]
                .iter()
                .any(|known| *known == name)
        };
        let limited = |name: &Value| {
            name.as_str().is_some_and(|name| name.starts_with("rate_limit")) || name.as_u64() == Some(429)
        };
        if limited(&error["type"]) || limited(&error["code"]) {
            Self::RateLimit
        } else if named("context_length_exceeded") || named("request_too_large") || says(&TOO_LONG) {
            Self::TooLong
        } else if FILTERS.iter().any(|name| named(name)) || says(&FILTERED) {
            Self::Filtered
        } else {
            Self::Other
        }
    }
}

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("status {}{error}", status.as_u16())]
struct ErrorStatus {
    status: StatusCode,
    error: ErrorName,
}

#[derive(Debug, thiserror::Error)]
#[error("an error instead of words{0}")]
struct ErrorEvent(ErrorName);

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[rstest]
    #[case(&[(RETRY_AFTER, "7")], Some(7))]
    #[case(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT"), (DATE, "Sun, 06 Nov 1994 08:49:07 GMT")], Some(30))]
    #[case(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:07 GMT"), (DATE, "Sun, 06 Nov 1994 08:49:37 GMT")], Some(0))]
    #[case(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT")], None)]
    #[case(&[(RETRY_AFTER, "18446744073709551615")], Some(u64::MAX))]
    #[case(&[(RETRY_AFTER, "99999999999999999999999")], Some(u64::MAX))]
    #[case(&[(RETRY_AFTER, "Fri, 31 Dec 9999 23:59:59 GMT"), (DATE, "Sun, 06 Nov 1994 08:49:37 GMT")], Some(252_618_189_022))]
    #[case(&[(RETRY_AFTER, "Fri, 31 Dec 9999 23:59:59 -2359"), (DATE, "Mon, 01 Jan 1900 00:00:00 +2359")], Some(255_611_462_279))]
    #[case(&[(RETRY_AFTER, "-7")], None)]
    #[case(&[(RETRY_AFTER, "")], None)]
    #[case(&[(RETRY_AFTER, "soon")], None)]
    #[case(&[], None)]
    fn retry_after_is_seconds_or_a_date(#[case] given: &[(HeaderName, &str)], #[case] seconds: Option<u64>) {
        assert_eq!(retry_after(&headers(given)), seconds.map(Duration::from_secs));
    }

    #[test]
    fn an_error_is_told_by_its_names_and_never_by_its_message() {
        let body = br#"{"error":{"message":"You said: secret","type":"invalid_request_error","code":"my secret","param":null}}"#;
        assert_eq!(
            ErrorName::of_body(body).to_string(),
            ", type invalid_request_error"
        );
        assert_eq!(ErrorName::of_body(b"<html>").to_string(), "");
    }

    #[rstest]
    #[case::openai(
        r#"{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}"#
    )]
    #[case::vllm(r#"{"error":{"message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400}}"#)]
    #[case::vllm_of_old(
        r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#
    )]
    #[case::litellm(
        r#"{"error":{"message":"litellm.ContextWindowExceededError: x","type":null,"code":"400"}}"#
    )]
    #[case::anthropic(r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}"#)]
    fn a_request_that_is_too_long_is_told_from_one_that_is_wrong(#[case] body: &str) {
        let error = refusal(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes());
        assert!(matches!(error, ModelError::ContextTooLong), "{error:?}");
    }

    #[rstest]
    #[case::azure(r#"{"error":{"message":"x","type":null,"code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#)]
    #[case::litellm(r#"{"error":{"message":"litellm.ContentPolicyViolationError: x","code":"400"}}"#)]
    #[case::openai_reasoning(
        r#"{"error":{"message":"x","type":"invalid_request_error","param":null,"code":"invalid_prompt"}}"#
    )]
    fn a_subject_that_is_refused_is_told_from_a_request_that_is_wrong(#[case] body: &str) {
        let error = refusal(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes());
        assert!(matches!(error, ModelError::Filtered), "{error:?}");
    }
}
