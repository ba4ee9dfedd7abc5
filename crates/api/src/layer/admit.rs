//! Who is asking, and whether they have not asked too often already.

use std::sync::Arc;

use acs_engine::usecase::access::Known;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::limit::{self, Standing};
use super::trace::Requester;
use crate::extract::caller::{credential, name_of};
use crate::extract::client::Client;
use crate::problem::Problem;
use crate::state::Api;

/// Lets known callers in. Who cannot prove who they are is turned away, and counted by address.
pub(crate) async fn known(
    State(api): State<Api>,
    client: Client,
    mut request: Request,
    next: Next,
) -> Response {
    let settings = &api.settings.rate_limit;
    match identify(&api, client, request.headers()).await {
        Ok(known) => {
            let shares = limit::of_caller(&known.caller, known.calls_per_hour, settings);
            Requester::note(request.extensions(), name_of(&known.caller));
            request.extensions_mut().insert(known.caller.clone());
            let standing = limit::count(&*api.counters, settings, shares).await;
            within(standing, next.run(request)).await
        }
        Err(problem) => {
            let shares = limit::of_address(client.0, settings);
            let standing = limit::count(&*api.counters, settings, shares).await;
            within(standing, async { problem.into_response() }).await
        }
    }
}

/// Lets anyone in, counted by address.
pub(crate) async fn anyone(State(api): State<Api>, client: Client, request: Request, next: Next) -> Response {
    let settings = &api.settings.rate_limit;
    let shares = limit::of_address(client.0, settings);
    let standing = limit::count(&*api.counters, settings, shares).await;
    within(standing, next.run(request)).await
}

async fn identify(api: &Api, client: Client, headers: &HeaderMap) -> Result<Arc<Known>, Problem> {
    let credential = credential(headers)?.ok_or_else(Problem::unauthorized)?;
    Ok(api.engine.access.authenticate(credential, client.0).await?)
}

/// The answer, or 429 in its place; the standing is written on either.
async fn within(standing: Option<Standing>, answer: impl Future<Output = Response>) -> Response {
    let Some(standing) = standing else {
        return answer.await;
    };
    let response = match standing.exceeded() {
        Some(retry_after) => Problem::rate_limited(retry_after).into_response(),
        None => answer.await,
    };
    standing.on(response)
}
