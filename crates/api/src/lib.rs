//! REST, server-sent events and OpenAPI over the engine's use cases.
//!
//! Lives here: the translation between HTTP and use cases, and nothing that decides. A handler names the authority
//! that it needs in its signature (`extract::caller::Allowed`), reads its input into domain types, calls one
//! use case and shows the result in the contract's words (`view`).
//! Never lives here: a database, an HTTP client, a rule of the domain.
//!
//! | module | what it holds |
//! |---|---|
//! | [`state`], [`settings`] | what handlers may reach, and what the operator may choose |
//! | `problem` | every error on the wire: kinds to statuses, in one file |
//! | `extract` | what a request brings: caller, body, path, query, key, address |
//! | `layer` | what every request passes through, outermost first |
//! | `route` | the endpoints, one file for each resource |
//! | `view` | the bodies |
//! | [`openapi`] | the document that describes them |
//!
//! To add an endpoint: a function in its resource's file, one name in that file's `routes!`. Security, the usual
//! errors and the path's parameters are then documented and enforced by the router that it is in.

mod answer;
mod extract;
mod layer;
pub mod openapi;
mod problem;
mod route;
pub mod settings;
mod sse;
pub mod state;
#[cfg(test)]
mod testing;
mod view;

use axum::Router;

pub use self::openapi::document;
pub use self::settings::{ApiSettings, ChatPage};
pub use self::state::{ApiState, Check};

/// Every endpoint, behind every layer. Serve it with
/// [`into_make_service_with_connect_info`](Router::into_make_service_with_connect_info): without the peer's address
/// all callers share one.
pub fn router(state: ApiState) -> Router {
    let api = state::Api::new(state);
    layer::around(route::all(&api), &api).with_state(api)
}
