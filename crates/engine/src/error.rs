//! What a use case can fail with, and what a client may be told of it.

use std::borrow::Cow;
use std::time::Duration;

use acs_core::error::{Classified, ErrorCode, FieldErrors};
use acs_domain::access::Forbidden;
use acs_domain::conversation::IllegalTransition;
use acs_domain::organization::LimitExceeded;
use acs_domain::port::counter::CounterError;
use acs_domain::port::embed::EmbedError;
use acs_domain::port::store::StoreError;
use acs_domain::port::understand::UnderstandError;

/// What is not there, or not the caller's to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A conversation.
    Conversation,
    /// A person.
    User,
    /// An organization.
    Organization,
    /// The turn of a message.
    Turn,
    /// A knowledge entry.
    Entry,
    /// A gap of the knowledge.
    Gap,
    /// A conflict between entries of the knowledge.
    Conflict,
    /// An intent.
    Intent,
    /// An API key.
    ApiKey,
    /// A language model.
    Model,
    /// An organization's own key for a language model.
    ModelKey,
}

impl Thing {
    const fn name(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::User => "user",
            Self::Organization => "organization",
            Self::Turn => "turn",
            Self::Entry => "knowledge entry",
            Self::Gap => "gap",
            Self::Conflict => "conflict",
            Self::Intent => "intent",
            Self::ApiKey => "API key",
            Self::Model => "language model",
            Self::ModelKey => "key for this model",
        }
    }
}

/// Why a use case did not do it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No valid proof of who is asking.
    #[error("not authenticated: {0}")]
    Unauthorized(&'static str),
    /// The access token's time is over.
    #[error("the access token has expired")]
    TokenExpired,
    /// Wrong account or password.
    #[error("wrong account or password")]
    InvalidCredentials,
    /// Known, but not allowed.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The caller's address is not on the organization's list.
    #[error("the caller's address is not on the organization's allow list")]
    AddressNotAllowed,
    /// Values were refused.
    #[error("invalid values: {0}")]
    Invalid(FieldErrors),
    /// It does not exist, or not for this caller.
    #[error("no such {}", .0.name())]
    NotFound(Thing),
    /// At odds with the present state.
    #[error("conflict: {0}")]
    Conflict(Cow<'static, str>),
    /// An idempotency key was used again with another request.
    #[error("the idempotency key was used with another request")]
    KeyReused,
    /// Too often.
    #[error("too many attempts")]
    Throttled {
        /// When to come again.
        retry_after: Duration,
    },
    /// A limit of the organization is reached.
    #[error(transparent)]
    Limit(LimitExceeded),
    /// The store failed.
    #[error("the store failed the use case")]
    Store(#[source] StoreError),
    /// The counters failed.
    #[error("counting failed")]
    Counters(#[from] CounterError),
    /// A model that the use case cannot do without failed.
    #[error("a model failed the use case")]
    Model(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Stopping, or too much at once.
    #[error("not now: {0}")]
    Unavailable(&'static str),
    /// The same failure met several requests that waited for one answer.
    #[error(transparent)]
    Shared(std::sync::Arc<EngineError>),
    /// A fault of ours.
    #[error("internal failure")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl EngineError {
    /// One refused value.
    #[must_use]
    pub fn invalid(field: &str, reason: impl Into<String>) -> Self {
        Self::Invalid(FieldErrors::one(field, reason))
    }
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Limit(limit) => Self::Limit(limit),
            StoreError::Conflict { what: "version" } => {
                Self::Conflict("it was changed meanwhile: read it again and repeat the change".into())
            }
            StoreError::Conflict { what } => Self::Conflict(format!("{what} is already taken").into()),
            other => Self::Store(other),
        }
    }
}

impl From<FieldErrors> for EngineError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<IllegalTransition> for EngineError {
    fn from(error: IllegalTransition) -> Self {
        Self::Conflict(error.to_string().into())
    }
}

impl From<EmbedError> for EngineError {
    fn from(error: EmbedError) -> Self {
        Self::Model(Box::new(error))
    }
}

impl From<UnderstandError> for EngineError {
    fn from(error: UnderstandError) -> Self {
        Self::Model(Box::new(error))
    }
}

/// When to come again after a failure that is likely to pass.
const SOON: Duration = Duration::from_secs(2);

impl Classified for EngineError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthorized(_) => ErrorCode::Unauthorized,
            Self::TokenExpired => ErrorCode::TokenExpired,
            Self::InvalidCredentials => ErrorCode::InvalidCredentials,
            Self::Forbidden(_) | Self::AddressNotAllowed => ErrorCode::Forbidden,
            Self::Invalid(_) => ErrorCode::Validation,
            Self::NotFound(Thing::Conversation) => ErrorCode::ConversationNotFound,
            Self::NotFound(Thing::User) => ErrorCode::UserNotFound,
            Self::NotFound(_) => ErrorCode::ResourceNotFound,
            Self::Conflict(_) => ErrorCode::Conflict,
            Self::KeyReused => ErrorCode::IdempotencyKeyReused,
            Self::Throttled { .. } => ErrorCode::RateLimited,
            Self::Limit(_) => ErrorCode::OrganizationLimitExceeded,
            Self::Store(StoreError::Unavailable(_)) => ErrorCode::Database,
            Self::Store(_) | Self::Internal(_) => ErrorCode::Internal,
            Self::Counters(_) => ErrorCode::Cache,
            Self::Model(_) => ErrorCode::AiService,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Shared(error) => error.code(),
        }
    }

    fn public(&self) -> Cow<'static, str> {
        match self {
            Self::Unauthorized(reason) => Cow::Borrowed(reason),
            Self::TokenExpired => "The access token has expired. Refresh it, or sign in again.".into(),
            Self::InvalidCredentials => {
                "Wrong account or password. If your address belongs to several organizations, name one in `organization`."
                    .into()
            }
            Self::Forbidden(forbidden) => format!("You are {forbidden}.").into(),
            Self::AddressNotAllowed => "Calls from your network address are not allowed by your organization.".into(),
            Self::Invalid(_) => "Some values are not acceptable; see `details.fields`.".into(),
            Self::NotFound(thing) => format!("There is no such {}.", thing.name()).into(),
            Self::Conflict(reason) => format!("This is not possible now: {reason}.").into(),
            Self::KeyReused => {
                "This Idempotency-Key was used with another request. Use a new key for a new request.".into()
            }
            Self::Throttled { .. } => "Too many attempts. Try again later; see Retry-After.".into(),
            Self::Limit(limit) => format!("Not possible: {limit}.").into(),
            Self::Store(StoreError::Unavailable(_)) => "The database does not answer now. Try again soon.".into(),
            Self::Counters(_) => "The service cannot check its limits now. Try again soon.".into(),
            Self::Model(_) => "A model that this request needs failed. Try again soon.".into(),
            Self::Unavailable(_) => "The service is not available now. Try again soon.".into(),
            Self::Shared(error) => error.public(),
            Self::Store(_) | Self::Internal(_) => {
                "Something went wrong on our side. The request id helps us to find it.".into()
            }
        }
    }

    fn fields(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::Shared(error) => error.fields(),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } => Some(*retry_after),
            Self::Shared(error) => error.retry_after(),
            Self::Store(StoreError::Unavailable(_))
            | Self::Counters(_)
            | Self::Model(_)
            | Self::Unavailable(_) => Some(SOON),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_never_reaches_the_client() {
        let error = EngineError::from(StoreError::Failed("secret table".into()));
        assert!(!error.public().contains("secret"));
        assert_eq!(error.code(), ErrorCode::Internal);
    }

    #[test]
    fn a_store_that_is_away_says_when_to_come_again() {
        let error = EngineError::from(StoreError::Unavailable("refused".into()));
        assert_eq!(
            (error.code(), error.retry_after()),
            (ErrorCode::Database, Some(SOON))
        );
    }
}
