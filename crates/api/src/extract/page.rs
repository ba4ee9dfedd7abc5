//! Which page of a list is wanted.

use acs_core::error::FieldErrors;
use acs_core::page::{Cursor, LimitError, PageRequest};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

use super::nullable::parsed;
use super::query::Query;
use crate::problem::Problem;

/// The page that `limit` and `cursor` of a query ask for.
pub(crate) fn page(limit: Option<i64>, cursor: Option<Cursor>) -> Result<PageRequest, Problem> {
    // What is no u32 is out of bounds like 0.
    let limit = limit.map(|limit| u32::try_from(limit).unwrap_or(0));
    PageRequest::new(limit, cursor)
        .map_err(|error: LimitError| FieldErrors::one("limit", error.to_string()).into())
}

/// The parameters of a list that has no filters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many items at the most.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A page of a list that has no filters.
pub(crate) struct Page(pub(crate) PageRequest);

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(PageQuery { limit, cursor }) = Query::from_request_parts(parts, state).await?;
        page(limit, cursor).map(Self)
    }
}
