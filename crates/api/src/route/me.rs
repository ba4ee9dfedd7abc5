//! Who is asking.

use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::caller::Known;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::access::Me;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(me))
}

/// Tell who is asking
#[utoipa::path(get, path = "/me", tag = "Access", operation_id = "get_me",
    responses((status = 200, description = "The caller and their organization.", body = Me)))]
async fn me(State(engine): State<Engine>, Known(caller): Known) -> Result<Json<Me>, Problem> {
    let me = engine.users.me(&caller).await?;
    Ok(Json(Me::new(caller, me)))
}
