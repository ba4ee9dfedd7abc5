//! What a request brings, read into domain types. Whatever cannot be read is answered with a
//! [`Problem`](crate::problem::Problem) that names the field.

pub(crate) mod caller;
pub(crate) mod client;
pub(crate) mod idempotency;
pub(crate) mod json;
pub(crate) mod nullable;
pub(crate) mod page;
pub(crate) mod path;
pub(crate) mod query;
mod refusal;
