//! The organization's people.

use acs_core::page::Cursor;
use acs_domain::access::{ManageUsers, ReadUsers, Role};
use acs_domain::user;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Created;
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::json::Body;
use crate::extract::nullable::parsed;
use crate::extract::page::page;
use crate::extract::path::PathId;
use crate::extract::query::Query;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::list::List;
use crate::view::user::{CreateUser, PatchUser, User};
use crate::view::word;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(get, change))
}

/// Add a member of the staff
#[utoipa::path(post, path = "/admin/users", tag = "Administration", operation_id = "create_user", params(IdempotencyKey),
    request_body = CreateUser,
    responses((status = 201, description = "The account.", body = User)))]
async fn create(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageUsers>,
    Claimed { claim, body }: Claimed<CreateUser>,
) -> Result<Created<User>, Problem> {
    let created = engine.users.create(&grant, body.into(), claim.as_ref()).await?;
    Ok(Created(created.map(Into::into)))
}

/// Which people.
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
    #[param(value_type = Option<word::Role>)]
    role: Option<Role>,
}

/// List people, newest first
#[utoipa::path(get, path = "/admin/users", tag = "Administration", operation_id = "list_users", params(Filter),
    responses((status = 200, description = "One page.", body = List<User>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadUsers>,
    Query(filter): Query<Filter>,
) -> Result<Json<List<User>>, Problem> {
    let page = page(filter.limit, filter.cursor)?;
    Ok(Json(engine.users.list(&grant, filter.role, &page).await?.into()))
}

/// Read a person
#[utoipa::path(get, path = "/admin/users/{id}", tag = "Administration", operation_id = "get_user",
    responses((status = 200, description = "The person.", body = User)))]
async fn get(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadUsers>,
    PathId(id): PathId<user::User>,
) -> Result<Json<User>, Problem> {
    Ok(Json(engine.users.get(&grant, id).await?.into()))
}

/// Change an account
///
/// Who is no longer active is signed out.
#[utoipa::path(patch, path = "/admin/users/{id}", tag = "Administration", operation_id = "change_user", request_body = PatchUser,
    responses((status = 200, description = "The account as it is now.", body = User)))]
async fn change(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageUsers>,
    PathId(id): PathId<user::User>,
    Body(body): Body<PatchUser>,
) -> Result<Json<User>, Problem> {
    Ok(Json(engine.users.change(&grant, id, body.into()).await?.into()))
}
