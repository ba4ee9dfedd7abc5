//! The error codes of the public contract, and the one way to print an error with its causes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// What went wrong, in the words of the public contract. The HTTP status of each is decided in one place, the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// 1001: no valid proof of who is asking.
    Unauthorized,
    /// 1002: known, but not allowed.
    Forbidden,
    /// 1003: the token's time is over.
    TokenExpired,
    /// 1004: wrong account or password.
    InvalidCredentials,
    /// 2001: a value is not acceptable.
    Validation,
    /// 2002: malformed input: JSON, a type, an unknown field, a cursor, an id.
    InvalidInput,
    /// 2003: a required field is missing.
    MissingField,
    /// 2004: at odds with the present state.
    Conflict,
    /// 2005: too many requests.
    RateLimited,
    /// 2006: an idempotency key used again with another request.
    IdempotencyKeyReused,
    /// 3001: no such conversation.
    ConversationNotFound,
    /// 3002: no such user.
    UserNotFound,
    /// 3003: a limit of the organization is reached.
    OrganizationLimitExceeded,
    /// 3004: no such thing.
    ResourceNotFound,
    /// 4001: a model failed.
    AiService,
    /// 4002: the database failed or is away.
    Database,
    /// 4003: the cache failed or is away.
    Cache,
    /// 4004: another company's service failed.
    ExternalApi,
    /// 5001: our fault.
    Internal,
    /// 5002: not now; try again.
    Unavailable,
    /// 5003: it took too long.
    Timeout,
}

impl ErrorCode {
    /// The code as the contract writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "1001",
            Self::Forbidden => "1002",
            Self::TokenExpired => "1003",
            Self::InvalidCredentials => "1004",
            Self::Validation => "2001",
            Self::InvalidInput => "2002",
            Self::MissingField => "2003",
            Self::Conflict => "2004",
            Self::RateLimited => "2005",
            Self::IdempotencyKeyReused => "2006",
            Self::ConversationNotFound => "3001",
            Self::UserNotFound => "3002",
            Self::OrganizationLimitExceeded => "3003",
            Self::ResourceNotFound => "3004",
            Self::AiService => "4001",
            Self::Database => "4002",
            Self::Cache => "4003",
            Self::ExternalApi => "4004",
            Self::Internal => "5001",
            Self::Unavailable => "5002",
            Self::Timeout => "5003",
        }
    }
}

/// The reasons why fields of a request were refused, by the field's path (`limits.max_users`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// One reason for one field.
    #[must_use]
    pub fn one(field: impl Into<String>, reason: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, reason);
        errors
    }

    /// Adds a reason for a field.
    pub fn add(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(reason.into());
    }

    /// Takes over what another check refused.
    pub fn merge(&mut self, other: Self) {
        for (field, reasons) in other.0 {
            self.0.entry(field).or_default().extend(reasons);
        }
    }

    /// The same fields as parts of another: `email` of `admin` is `admin.email`.
    #[must_use]
    pub fn of(self, outer: &str) -> Self {
        let inner = self.0.into_iter();
        Self(
            inner
                .map(|(field, reasons)| (format!("{outer}.{field}"), reasons))
                .collect(),
        )
    }

    /// Whether nothing was refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields with their reasons, in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(field, reasons)| (field.as_str(), reasons.as_slice()))
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (field, reasons)) in self.0.iter().enumerate() {
            let separator = if n == 0 { "" } else { "; " };
            write!(f, "{separator}{field}: {}", reasons.join(", "))?;
        }
        Ok(())
    }
}

/// An error that knows what a client may be told of it.
pub trait Classified: Error {
    /// What went wrong, for a program.
    fn code(&self) -> ErrorCode;

    /// What went wrong, for a person outside: never SQL, paths, secrets or another organization's data.
    fn public(&self) -> Cow<'static, str>;

    /// Which fields were refused, and why.
    fn fields(&self) -> Option<&FieldErrors> {
        None
    }

    /// When it makes sense to try again.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// Prints an error and its causes once, outermost first: for the one log line where an error stops.
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::fmt::Error);

    #[test]
    fn a_chain_prints_each_cause_once() {
        assert_eq!(
            Chain(&Outer(std::fmt::Error)).to_string(),
            format!("outer: {}", std::fmt::Error)
        );
    }

    #[test]
    fn field_errors_read_as_a_sentence() {
        let mut errors = FieldErrors::one("score", "must be between 1 and 5");
        errors.add("channel", "unknown");
        assert_eq!(
            errors.to_string(),
            "channel: unknown; score: must be between 1 and 5"
        );
    }
}
