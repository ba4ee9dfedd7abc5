//! Every error on the wire: which status a kind of error has, what the client reads, and the one log line.
//!
//! Extractors, handlers and layers answer with a [`Problem`]; the envelope around it, with the request's id, is written
//! by the layer [`envelope`](crate::layer::envelope), which is also where an error stops and is logged.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use acs_core::error::{Chain, Classified, ErrorCode, FieldErrors};
use acs_engine::EngineError;
use axum::body::Body;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The status of each kind of error.
pub(crate) const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Validation | ErrorCode::InvalidInput | ErrorCode::MissingField => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthorized | ErrorCode::TokenExpired | ErrorCode::InvalidCredentials => {
            StatusCode::UNAUTHORIZED
        }
        ErrorCode::Forbidden | ErrorCode::OrganizationLimitExceeded => StatusCode::FORBIDDEN,
        ErrorCode::ConversationNotFound | ErrorCode::UserNotFound | ErrorCode::ResourceNotFound => {
            StatusCode::NOT_FOUND
        }
        ErrorCode::Conflict | ErrorCode::IdempotencyKeyReused => StatusCode::CONFLICT,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::ExternalApi => StatusCode::BAD_GATEWAY,
        ErrorCode::AiService | ErrorCode::Database | ErrorCode::Cache | ErrorCode::Unavailable => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
    }
}

/// When to come again after an error that is likely to pass, unless the error knows better.
const SOON: Duration = Duration::from_secs(2);

/// An error as the client is told of it, with its cause for the log.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    code: ErrorCode,
    status: StatusCode,
    message: Cow<'static, str>,
    fields: Option<FieldErrors>,
    retry_after: Option<Duration>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Problem {
    /// An error of this kind, in words for the client.
    pub(crate) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        let status = status(code);
        Self {
            code,
            status,
            message: message.into(),
            fields: None,
            retry_after: (status == StatusCode::SERVICE_UNAVAILABLE).then_some(SOON),
            cause: None,
        }
    }

    /// Values that are not acceptable.
    pub(crate) fn invalid(fields: FieldErrors) -> Self {
        let message = "Some values are not acceptable; see `details.fields`.";
        Self::new(ErrorCode::Validation, message).with_fields(fields)
    }

    /// Input that is not of the right form.
    pub(crate) fn malformed(field: impl Into<String>, reason: impl Into<String>) -> Self {
        let message = "The request is not of the right form; see `details.fields`.";
        Self::new(ErrorCode::InvalidInput, message).with_fields(FieldErrors::one(field, reason))
    }

    /// A field that must be there is not.
    pub(crate) fn missing(field: &str) -> Self {
        Self::new(
            ErrorCode::MissingField,
            format!("The field `{field}` is required."),
        )
        .with_fields(FieldErrors::one(field, "is required"))
    }

    /// The body is larger than allowed.
    pub(crate) fn too_large() -> Self {
        let message = "The body is larger than is taken here.";
        Self::new(ErrorCode::Validation, message).with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// The body is in a form that is not understood here.
    pub(crate) fn unsupported_media(expected: &str) -> Self {
        let message = format!("The body must be sent as {expected}; see the header Content-Type.");
        Self::new(ErrorCode::InvalidInput, message).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// No endpoint has this path.
    pub(crate) fn unknown_path() -> Self {
        Self::new(ErrorCode::ResourceNotFound, "There is no such endpoint.")
    }

    /// The endpoint does not know this method; `Allow` names those that it knows.
    pub(crate) fn unknown_method() -> Self {
        let message = "The endpoint does not know this method; see the header Allow.";
        Self::new(ErrorCode::InvalidInput, message).with_status(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// Nothing proves who is asking.
    pub(crate) fn unauthorized() -> Self {
        let message = "Prove who you are: send `Authorization: Bearer <access token>` or `X-API-Key: <key>`.";
        Self::new(ErrorCode::Unauthorized, message)
    }

    /// Too many requests.
    pub(crate) fn rate_limited(retry_after: Duration) -> Self {
        let message = "Too many requests. Try again later; see Retry-After.";
        Self::new(ErrorCode::RateLimited, message).retry_after(retry_after)
    }

    /// More at once than this server takes.
    pub(crate) fn overloaded() -> Self {
        Self::new(
            ErrorCode::Unavailable,
            "The server has too much to do now. Try again soon.",
        )
        .retry_after(Duration::from_secs(1))
    }

    /// The time for the request is over.
    pub(crate) fn timeout() -> Self {
        let message = "The request took too long. A POST with an Idempotency-Key can safely be sent again.";
        Self::new(ErrorCode::Timeout, message)
    }

    /// A fault of ours.
    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = "Something went wrong on our side. The request id helps us to find it.";
        Self {
            cause: Some(cause.into().into()),
            ..Self::new(ErrorCode::Internal, message)
        }
    }

    fn with_fields(self, fields: FieldErrors) -> Self {
        Self {
            fields: Some(fields),
            ..self
        }
    }

    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    fn retry_after(self, after: Duration) -> Self {
        Self {
            retry_after: Some(after),
            ..self
        }
    }

    /// The status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer's body.
    pub(crate) fn envelope(&self, request_id: &str) -> Envelope {
        Envelope {
            error: ErrorBody {
                code: self.code.as_str(),
                message: self.message.clone().into_owned(),
                details: Details {
                    fields: self.fields.clone(),
                },
                request_id: request_id.to_owned(),
            },
        }
    }

    /// The one log line of the error. Reasons of fields are left out: they may repeat what the client sent.
    pub(crate) fn log(&self, request_id: &str) {
        let (code, status) = (self.code.as_str(), self.status.as_u16());
        let cause = self.cause.as_deref().map(|cause| Chain(cause).to_string());
        let error = cause.as_deref().unwrap_or(&self.message);
        if self.status.is_server_error() {
            tracing::error!(
                correlation_id = request_id,
                error.code = code,
                http.status = status,
                error,
                "the request failed"
            );
        } else {
            tracing::info!(
                correlation_id = request_id,
                error.code = code,
                http.status = status,
                error,
                "the request was refused"
            );
        }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let code = error.code();
        let mut problem = Self::new(code, error.public());
        problem.fields = error.fields().cloned();
        problem.retry_after = error.retry_after().or(problem.retry_after);
        // What a refused value looked like is the client's affair; every other cause is ours.
        problem.cause = problem.fields.is_none().then(|| Arc::new(error) as _);
        problem
    }
}

impl From<FieldErrors> for Problem {
    fn from(fields: FieldErrors) -> Self {
        Self::invalid(fields)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        if let Some(after) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, whole_seconds(after).into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A time in whole seconds, never too short.
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// An error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct Envelope {
    error: ErrorBody,
}

#[derive(Debug, Serialize, ToSchema)]
struct ErrorBody {
    /// What went wrong, for a program; see the guide for the list.
    #[schema(example = "2001")]
    code: &'static str,
    /// What went wrong, for a person.
    message: String,
    /// More about it.
    details: Details,
    /// The id of the request, as in the header X-Request-ID and in the logs.
    request_id: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Details {
    /// The refused fields with the reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, Vec<String>>>)]
    fields: Option<FieldErrors>,
}

#[cfg(test)]
mod tests;
