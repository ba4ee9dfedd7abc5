//! Intents: taught by phrases, recognised from the next message on.

mod upload;

use acs_domain::access::{ReadIntents, WriteIntents};
use acs_domain::intent;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::upload::Upload;
use crate::answer::{Created, Done};
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, ClaimedBytes, IdempotencyKey};
use crate::extract::json::Body;
use crate::extract::page::{Page, PageQuery};
use crate::extract::path::PathId;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::intent::{
    ImportIntents, Intent, IntentImportReport, IntentsStatus, SavedIntent, WriteIntent,
};
use crate::view::list::List;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(status))
        .routes(routes!(get, replace, delete))
}

/// What may take longer than other requests: many phrases are embedded.
pub(crate) fn imports() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(import))
}

/// Add an intent
#[utoipa::path(post, path = "/intents", tag = "Intents", operation_id = "create_intent", params(IdempotencyKey), request_body = WriteIntent,
    responses((status = 201, description = "The intent.", body = SavedIntent)))]
async fn create(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteIntents>,
    Claimed { claim, body }: Claimed<WriteIntent>,
) -> Result<Created<SavedIntent>, Problem> {
    let created = engine.intents.create(&grant, body.into(), claim.as_ref()).await?;
    Ok(Created(created.map(Into::into)))
}

/// List intents, newest first
#[utoipa::path(get, path = "/intents", tag = "Intents", operation_id = "list_intents", params(PageQuery),
    responses((status = 200, description = "One page.", body = List<Intent>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadIntents>,
    Page(page): Page,
) -> Result<Json<List<Intent>>, Problem> {
    Ok(Json(engine.intents.list(&grant, &page).await?.into()))
}

/// Tell where the intents stand
#[utoipa::path(get, path = "/intents/status", tag = "Intents", operation_id = "get_intents_status",
    responses((status = 200, description = "Written and recognised versions.", body = IntentsStatus)))]
async fn status(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadIntents>,
) -> Result<Json<IntentsStatus>, Problem> {
    Ok(Json(engine.intents.status(&grant).await?.into()))
}

/// Bring intents in
///
/// As JSON, or as CSV with the columns `name` and `phrase`. Known intents get the phrases that they did not have. Rows that
/// cannot be taken are told by their line, and the others kept. Safe to repeat.
#[utoipa::path(post, path = "/intents/import", tag = "Intents", operation_id = "import_intents", params(IdempotencyKey),
    request_body(content((ImportIntents = "application/json"), (String = "text/csv"))),
    responses((status = 200, description = "What became of them.", body = IntentImportReport)))]
async fn import(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteIntents>,
    ClaimedBytes { claim, headers, body }: ClaimedBytes,
) -> Result<Done<IntentImportReport>, Problem> {
    let Upload { rows, failed } = upload::read(headers, body).await?;
    let imported = engine
        .intents
        .import(&grant, rows, failed, claim.as_ref())
        .await?;
    Ok(Done(imported.map(Into::into)))
}

/// Read an intent
#[utoipa::path(get, path = "/intents/{id}", tag = "Intents", operation_id = "get_intent",
    responses((status = 200, description = "The intent.", body = Intent)))]
async fn get(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadIntents>,
    PathId(id): PathId<intent::Intent>,
) -> Result<Json<Intent>, Problem> {
    Ok(Json(engine.intents.get(&grant, id).await?.into()))
}

/// Replace an intent
#[utoipa::path(put, path = "/intents/{id}", tag = "Intents", operation_id = "replace_intent", request_body = WriteIntent,
    responses((status = 200, description = "The intent as it is now.", body = SavedIntent)))]
async fn replace(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteIntents>,
    PathId(id): PathId<intent::Intent>,
    Body(body): Body<WriteIntent>,
) -> Result<Json<SavedIntent>, Problem> {
    Ok(Json(
        engine.intents.replace(&grant, id, body.into()).await?.into(),
    ))
}

/// Remove an intent
#[utoipa::path(delete, path = "/intents/{id}", tag = "Intents", operation_id = "delete_intent",
    responses((status = 204, description = "Removed; it is not recognised any more.")))]
async fn delete(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteIntents>,
    PathId(id): PathId<intent::Intent>,
) -> Result<StatusCode, Problem> {
    engine.intents.delete(&grant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
