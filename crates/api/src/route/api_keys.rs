//! Keys of programs.

use acs_domain::access::ManageApiKeys;
use acs_domain::api_key;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Created;
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::page::{Page, PageQuery};
use crate::extract::path::PathId;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::api_key::{ApiKey, CreateApiKey, NewKey};
use crate::view::list::List;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(revoke))
}

/// Make a key
///
/// The key itself is shown once.
#[utoipa::path(post, path = "/admin/api-keys", tag = "Administration", operation_id = "create_api_key", params(IdempotencyKey),
    request_body = CreateApiKey,
    responses((status = 201, description = "The key.", body = NewKey)))]
async fn create(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageApiKeys>,
    Claimed { claim, body }: Claimed<CreateApiKey>,
) -> Result<Created<NewKey>, Problem> {
    let created = engine
        .api_keys
        .create(&grant, body.into(), claim.as_ref())
        .await?;
    Ok(Created(created.map(Into::into)))
}

/// List keys, newest first
#[utoipa::path(get, path = "/admin/api-keys", tag = "Administration", operation_id = "list_api_keys", params(PageQuery),
    responses((status = 200, description = "One page.", body = List<ApiKey>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageApiKeys>,
    Page(page): Page,
) -> Result<Json<List<ApiKey>>, Problem> {
    Ok(Json(engine.api_keys.list(&grant, &page).await?.into()))
}

/// Revoke a key
#[utoipa::path(delete, path = "/admin/api-keys/{id}", tag = "Administration", operation_id = "revoke_api_key",
    responses((status = 204, description = "Revoked: it opens nothing any more.")))]
async fn revoke(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageApiKeys>,
    PathId(id): PathId<api_key::ApiKey>,
) -> Result<StatusCode, Problem> {
    engine.api_keys.revoke(&grant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
