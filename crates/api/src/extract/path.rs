//! Ids and names in paths.

use acs_core::id::Id;
use acs_domain::conversation::ConversationId;
use acs_domain::message::MessageId;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::problem::Problem;

/// The id of the path's `{id}`.
pub(crate) struct PathId<T>(pub(crate) Id<T>);

impl<T, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        id(&params, "id").map(Self)
    }
}

/// The ids of `/conversations/{id}/turns/{message_id}`.
pub(crate) struct TurnPath {
    pub(crate) conversation: ConversationId,
    pub(crate) message: MessageId,
}

impl<S: Send + Sync> FromRequestParts<S> for TurnPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self {
            conversation: id(&params, "id")?,
            message: id(&params, "message_id")?,
        })
    }
}

/// The name of the path's `{model}`.
pub(crate) struct ModelPath(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for ModelPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = params(parts, state).await?;
        Ok(Self(value(&params, "model").to_owned()))
    }
}

async fn params<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| Problem::malformed("path", "must be UTF-8, percent-encoded"))
}

fn id<T>(params: &RawPathParams, name: &str) -> Result<Id<T>, Problem> {
    value(params, name)
        .parse()
        .map_err(|error: acs_core::id::ParseIdError| Problem::malformed(name, error.to_string()))
}

fn value<'p>(params: &'p RawPathParams, name: &str) -> &'p str {
    let mut params = params.iter();
    params
        .find(|(key, _)| *key == name)
        .map_or("", |(_, value)| value)
}

#[cfg(test)]
mod tests;
