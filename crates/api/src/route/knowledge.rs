//! Knowledge: written, versioned, imported, searched.

mod conflicts;
mod upload;

use acs_core::error::FieldErrors;
use acs_core::page::Cursor;
use acs_domain::access::{ReadKnowledge, SearchKnowledge, WriteKnowledge};
use acs_domain::gap::Unanswered;
use acs_domain::knowledge;
use acs_domain::port::store;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::upload::ClaimedFile;
use crate::answer::{Created, Done};
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::json::Body;
use crate::extract::nullable::parsed;
use crate::extract::page::{Page, PageQuery, page};
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::gap::Gaps;
use crate::view::knowledge::{Entry, Found, ImportReport, Search, Upload, Version, WriteEntry};
use crate::view::link::{Links, WriteLinks};
use crate::view::list::List;

/// How many entries a search gives unless asked otherwise.
const DEFAULT_FOUND: usize = 10;
/// How many entries a search gives at the most.
const MAX_FOUND: usize = 50;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(search))
        .routes(routes!(get, delete))
        .routes(routes!(versions))
        .routes(routes!(links, replace_links))
        .routes(routes!(gaps))
        .routes(routes!(close_gap))
        .merge(conflicts::routes())
}

/// What understands each passage of a text that may be long.
pub(crate) fn writes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(replace))
}

pub(crate) fn uploads() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(import))
}

/// Add an entry
#[utoipa::path(post, path = "/knowledge", tag = "Knowledge", operation_id = "create_entry", params(IdempotencyKey), request_body = WriteEntry,
    responses((status = 201, description = "The entry; the next search finds it.", body = Entry)))]
async fn create(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    Claimed { claim, body }: Claimed<WriteEntry>,
) -> Result<Created<Entry>, Problem> {
    let created = engine
        .knowledge
        .create(&grant, body.into(), claim.as_ref())
        .await?;
    Ok(Created(created.map(Into::into)))
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// How many items at the most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default, deserialize_with = "parsed")]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// Only entries of this category.
    category: Option<String>,
}

/// List entries, newest first
#[utoipa::path(get, path = "/knowledge", tag = "Knowledge", operation_id = "list_entries", params(Filter),
    responses((status = 200, description = "One page.", body = List<Entry>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadKnowledge>,
    Query(filter): Query<Filter>,
) -> Result<Json<List<Entry>>, Problem> {
    let page = page(filter.limit, filter.cursor)?;
    Ok(Json(
        engine
            .knowledge
            .list(&grant, filter.category.as_deref(), &page)
            .await?
            .into(),
    ))
}

/// Search the knowledge
///
/// By words and by meaning; one item for each entry, with its best passage, best first.
#[utoipa::path(post, path = "/knowledge/search", tag = "Knowledge", operation_id = "search_knowledge", request_body = Search,
    responses((status = 200, description = "What fits best.", body = Found)))]
async fn search(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<SearchKnowledge>,
    Body(body): Body<Search>,
) -> Result<Json<Found>, Problem> {
    let began = Instant::now();
    let limit = found_limit(body.limit)?;
    let only = store::knowledge::Filter {
        category: body.category,
        language: body.language,
        audience: body.audience,
    };
    let found = engine.knowledge.search(&grant, &body.query, only, limit).await?;
    let items = found.into_iter().map(Into::into).collect();
    Ok(Json(Found {
        items,
        processing_time_ms: began.elapsed().as_secs_f64() * 1_000.0,
    }))
}

fn found_limit(limit: Option<i64>) -> Result<usize, FieldErrors> {
    let Some(limit) = limit else {
        return Ok(DEFAULT_FOUND);
    };
    usize::try_from(limit)
        .ok()
        .filter(|limit| (1..=MAX_FOUND).contains(limit))
        .ok_or_else(|| FieldErrors::one("limit", format!("must be between 1 and {MAX_FOUND}")))
}

/// Read an entry
#[utoipa::path(get, path = "/knowledge/{id}", tag = "Knowledge", operation_id = "get_entry",
    responses((status = 200, description = "The entry.", body = Entry)))]
async fn get(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadKnowledge>,
    PathId(id): PathId<knowledge::Entry>,
) -> Result<Json<Entry>, Problem> {
    Ok(Json(engine.knowledge.get(&grant, id).await?.into()))
}

/// Give an entry a new text
///
/// The old one is kept as a version.
#[utoipa::path(put, path = "/knowledge/{id}", tag = "Knowledge", operation_id = "replace_entry", request_body = WriteEntry,
    responses((status = 200, description = "The entry as it is now.", body = Entry)))]
async fn replace(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    PathId(id): PathId<knowledge::Entry>,
    Body(body): Body<WriteEntry>,
) -> Result<Json<Entry>, Problem> {
    Ok(Json(
        engine.knowledge.replace(&grant, id, body.into()).await?.into(),
    ))
}

/// Remove an entry
#[utoipa::path(delete, path = "/knowledge/{id}", tag = "Knowledge", operation_id = "delete_entry",
    responses((status = 204, description = "Removed; no answer cites it any more.")))]
async fn delete(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    PathId(id): PathId<knowledge::Entry>,
) -> Result<StatusCode, Problem> {
    engine.knowledge.delete(&grant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the texts that an entry had, newest first
#[utoipa::path(get, path = "/knowledge/{id}/versions", tag = "Knowledge", operation_id = "list_entry_versions", params(PageQuery),
    responses((status = 200, description = "One page.", body = List<Version>)))]
async fn versions(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadKnowledge>,
    PathId(id): PathId<knowledge::Entry>,
    Page(page): Page,
) -> Result<Json<List<Version>>, Problem> {
    Ok(Json(engine.knowledge.versions(&grant, id, &page).await?.into()))
}

/// Read the links of an entry
#[utoipa::path(get, path = "/knowledge/{id}/links", tag = "Knowledge", operation_id = "list_entry_links",
    responses((status = 200, description = "Those that leave it, and those that lead to it.", body = Links)))]
async fn links(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadKnowledge>,
    PathId(id): PathId<knowledge::Entry>,
) -> Result<Json<Links>, Problem> {
    let links = engine.knowledge.links(&grant, id).await?;
    Ok(Json(Links::of(id, links)))
}

/// Replace the links that leave an entry
///
/// While an entry that supersedes another holds, it is found in its place.
#[utoipa::path(put, path = "/knowledge/{id}/links", tag = "Knowledge", operation_id = "replace_entry_links", request_body = WriteLinks,
    responses((status = 200, description = "The links as they are now.", body = Links)))]
async fn replace_links(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    PathId(id): PathId<knowledge::Entry>,
    Body(body): Body<WriteLinks>,
) -> Result<Json<Links>, Problem> {
    let links = engine.knowledge.replace_links(&grant, id, &body.pairs()).await?;
    Ok(Json(Links::of(id, links)))
}

/// How many gaps.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GapQuery {
    /// How many gaps at the most.
    #[param(minimum = 1, maximum = 50, default = 10)]
    limit: Option<i64>,
}

/// List what the knowledge does not answer
///
/// Questions of one meaning that were answered "I don't know" in the last 90 days, put together; the largest gaps first.
#[utoipa::path(get, path = "/knowledge/gaps", tag = "Knowledge", operation_id = "list_gaps", params(GapQuery),
    responses((status = 200, description = "The gaps; none where everything was answered.", body = Gaps)))]
async fn gaps(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadKnowledge>,
    Query(query): Query<GapQuery>,
) -> Result<Json<Gaps>, Problem> {
    let limit = found_limit(query.limit)?;
    Ok(Json(engine.knowledge.gaps(&grant, limit).await?.into()))
}

/// Close a gap
///
/// Its questions are forgotten; it opens again when the next one is not answered.
#[utoipa::path(delete, path = "/knowledge/gaps/{id}", tag = "Knowledge", operation_id = "close_gap",
    responses((status = 204, description = "Closed.")))]
async fn close_gap(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    PathId(id): PathId<Unanswered>,
) -> Result<StatusCode, Problem> {
    engine.knowledge.close_gap(&grant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a file in
///
/// Markdown, HTML, CSV or JSON Lines, told by the name's ending. An entry is known again by its title, so that a file
/// can be brought in again.
#[utoipa::path(post, path = "/knowledge/import", tag = "Knowledge", operation_id = "import_knowledge", params(IdempotencyKey),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "What became of the file, row by row.", body = ImportReport)))]
async fn import(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<WriteKnowledge>,
    ClaimedFile { claim, file }: ClaimedFile,
) -> Result<Done<ImportReport>, Problem> {
    let imported = engine
        .knowledge
        .import(&grant, file.format, file.name, file.bytes, claim.as_ref())
        .await?;
    Ok(Done(imported.map(Into::into)))
}
