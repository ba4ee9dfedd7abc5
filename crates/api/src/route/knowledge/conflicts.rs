//! Conflicts between entries of the knowledge.

use acs_domain::access::{ReadKnowledge, WriteKnowledge};
use acs_domain::conflict;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::caller::Allowed;
use crate::extract::page::{Page, PageQuery};
use crate::extract::path::PathId;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::conflict::Conflict;
use crate::view::list::List;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(conflicts))
        .routes(routes!(dismiss))
}

/// List conflicts between entries, newest first
///
/// Two entries that say different things about the same matter. One is settled when either text is changed, when something
/// supersedes either entry, when one ends, and when somebody dismisses it.
#[utoipa::path(get, path = "/knowledge/conflicts", tag = "Knowledge", operation_id = "list_conflicts", params(PageQuery),
    responses((status = 200, description = "One page.", body = List<Conflict>)))]
async fn conflicts(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadKnowledge>,
    Page(page): Page,
) -> Result<Json<List<Conflict>>, Problem> {
    Ok(Json(engine.knowledge.conflicts(&grant, &page).await?.into()))
}

/// Dismiss a conflict
///
/// It is none. It is listed again when one of the two entries has another text and still says so.
#[utoipa::path(delete, path = "/knowledge/conflicts/{id}", tag = "Knowledge", operation_id = "dismiss_conflict",
    responses((status = 204, description = "Dismissed.")))]
async fn dismiss(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    PathId(id): PathId<conflict::Conflict>,
) -> Result<StatusCode, Problem> {
    engine.knowledge.dismiss_conflict(&grant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
