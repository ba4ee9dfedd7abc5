//! Organizations' own keys for language models.

use acs_domain::access::ManageModelKeys;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::caller::Allowed;
use crate::extract::json::Body;
use crate::extract::path::ModelPath;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::model_key::{KeyedModel, KeyedModels, PutModelKey};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(set, remove))
}

/// List the language models that the organization's turns may ask, with its own keys
#[utoipa::path(get, path = "/admin/settings/model-keys", tag = "Administration", operation_id = "list_model_keys",
    responses((status = 200, description = "The models, by name.", body = KeyedModels)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageModelKeys>,
) -> Result<Json<KeyedModels>, Problem> {
    Ok(Json(engine.model_keys.list(&grant).await?.into()))
}

/// Set the organization's own key for a language model
///
/// It is kept sealed and never shown again. From the next message on the organization's turns ask the model with it, and
/// neither the failures nor the limits of other organizations count for it.
#[utoipa::path(put, path = "/admin/settings/model-keys/{model}", tag = "Administration", operation_id = "set_model_key",
    request_body = PutModelKey,
    responses((status = 200, description = "The model.", body = KeyedModel)))]
async fn set(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageModelKeys>,
    ModelPath(model): ModelPath,
    Body(body): Body<PutModelKey>,
) -> Result<Json<KeyedModel>, Problem> {
    Ok(Json(
        engine.model_keys.set(&grant, &model, body.into()).await?.into(),
    ))
}

/// Take the organization's own key for a language model away
///
/// The model is asked with the installation's key again, where there is one.
#[utoipa::path(delete, path = "/admin/settings/model-keys/{model}", tag = "Administration", operation_id = "remove_model_key",
    responses((status = 204, description = "Taken away.")))]
async fn remove(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageModelKeys>,
    ModelPath(model): ModelPath,
) -> Result<StatusCode, Problem> {
    engine.model_keys.remove(&grant, &model).await?;
    Ok(StatusCode::NO_CONTENT)
}
