//! Models' failures in a form that can be kept, and back.

use std::time::Duration;

use acs_core::error::Chain;
use serde::{Deserialize, Serialize};

use crate::port::chat::ModelError;

/// Why a model failed: a [`ModelError`] that can be kept. Made into one again, it reads as it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The key is wrong.
    Unauthorized,
    /// Too much was asked; when to come again.
    RateLimited(Option<Duration>),
    /// It was busy with what others asked.
    Busy,
    /// It took longer than this.
    Timeout(Duration),
    /// The request is longer than the model's window.
    ContextTooLong,
    /// The provider or the model refused the subject.
    Filtered,
    /// The request is not acceptable.
    Refused(String),
    /// The provider has no such model.
    NotServed(String),
    /// The provider is away or failed.
    Failed {
        /// When to come again.
        retry_after: Option<Duration>,
        /// Why, with all causes.
        why: String,
    },
    /// The reply is not in the agreed form.
    Broken(String),
    /// The reply says nothing, or the same without end.
    Useless(String),
}

impl From<&ModelError> for Failure {
    fn from(error: &ModelError) -> Self {
        match error {
            ModelError::Unauthorized => Self::Unauthorized,
            ModelError::RateLimited { retry_after } => Self::RateLimited(*retry_after),
            ModelError::Busy => Self::Busy,
            ModelError::Timeout(after) => Self::Timeout(*after),
            ModelError::ContextTooLong => Self::ContextTooLong,
            ModelError::Filtered => Self::Filtered,
            ModelError::Refused(why) => Self::Refused(why.clone()),
            ModelError::NotServed(why) => Self::NotServed(why.clone()),
            ModelError::Failed { retry_after, source } => Self::Failed {
                retry_after: *retry_after,
                why: Chain(&**source).to_string(),
            },
            ModelError::Broken(why) => Self::Broken(why.clone()),
            ModelError::Useless(why) => Self::Useless(why.clone()),
        }
    }
}

impl From<Failure> for ModelError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unauthorized => Self::Unauthorized,
            Failure::RateLimited(retry_after) => Self::RateLimited { retry_after },
            Failure::Busy => Self::Busy,
            Failure::Timeout(after) => Self::Timeout(after),
            Failure::ContextTooLong => Self::ContextTooLong,
            Failure::Filtered => Self::Filtered,
            Failure::Refused(why) => Self::Refused(why),
            Failure::NotServed(why) => Self::NotServed(why),
            Failure::Failed { retry_after, why } => Self::Failed {
                retry_after,
                source: why.into(),
            },
            Failure::Broken(why) => Self::Broken(why),
            Failure::Useless(why) => Self::Useless(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two causes, one inside the other.
    #[derive(Debug, thiserror::Error)]
    #[error("the connection broke")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn a_failure_that_was_kept_reads_as_it_did() {
        let cause = Outer(std::io::Error::other("reset by peer"));
        let errors = [
            ModelError::Unauthorized,
            ModelError::RateLimited {
                retry_after: Some(Duration::from_millis(1_500)),
            },
            ModelError::Busy,
            ModelError::Timeout(Duration::from_micros(2_500)),
            ModelError::ContextTooLong,
            ModelError::Filtered,
            ModelError::Refused("no such parameter".to_owned()),
            ModelError::NotServed("no such model".to_owned()),
            ModelError::failed(cause),
            ModelError::Broken("half a reply".to_owned()),
            ModelError::Useless("no words".to_owned()),
        ];
        for error in errors {
            let kept = serde_json::to_string(&Failure::from(&error)).unwrap();
            let again = ModelError::from(serde_json::from_str::<Failure>(&kept).unwrap());
            assert_eq!(Chain(&again).to_string(), Chain(&error).to_string());
        }
    }
}
