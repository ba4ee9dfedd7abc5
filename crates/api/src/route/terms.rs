//! What an organization calls its own things.

use acs_domain::access::{ReadTerms, WriteTerms};
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::caller::Allowed;
use crate::extract::json::Body;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::terms::Terms;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get, replace))
}

/// Read what the organization calls its own things
#[utoipa::path(get, path = "/admin/settings/terms", tag = "Administration", operation_id = "get_terms",
    responses((status = 200, description = "Its products and patterns; empty unless it has written some.", body = Terms)))]
async fn get(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadTerms>,
) -> Result<Json<Terms>, Problem> {
    Ok(Json(engine.terms.get(&grant).await?.into()))
}

/// Replace what the organization calls its own things
///
/// They are found in messages from the next one on.
#[utoipa::path(put, path = "/admin/settings/terms", tag = "Administration", operation_id = "replace_terms", request_body = Terms,
    responses((status = 200, description = "The terms as they are now.", body = Terms)))]
async fn replace(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteTerms>,
    Body(body): Body<Terms>,
) -> Result<Json<Terms>, Problem> {
    Ok(Json(engine.terms.replace(&grant, body.into()).await?.into()))
}
