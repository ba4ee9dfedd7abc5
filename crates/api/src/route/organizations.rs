//! Organizations: made and listed by the installation's operators, read by their own people.

use acs_domain::access::{ManageOrganizations, ReadOrganization};
use acs_domain::organization;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Created;
use crate::extract::caller::Allowed;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::page::{Page, PageQuery};
use crate::extract::path::PathId;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::list::List;
use crate::view::organization::{CreateOrganization, Organization, OrganizationWithAdmin};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(get))
        .routes(routes!(own))
}

/// Add an organization with its first admin
///
/// For the role system.
#[utoipa::path(post, path = "/admin/organizations", tag = "Administration", operation_id = "create_organization", params(IdempotencyKey),
    request_body = CreateOrganization,
    responses((status = 201, description = "The organization.", body = OrganizationWithAdmin)))]
async fn create(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageOrganizations>,
    Claimed { claim, body }: Claimed<CreateOrganization>,
) -> Result<Created<OrganizationWithAdmin>, Problem> {
    let created = engine
        .organizations
        .create(&grant, body.into(), claim.as_ref())
        .await?;
    Ok(Created(created.map(Into::into)))
}

/// List organizations, newest first
///
/// For the role system.
#[utoipa::path(get, path = "/admin/organizations", tag = "Administration", operation_id = "list_organizations", params(PageQuery),
    responses((status = 200, description = "One page.", body = List<Organization>)))]
async fn list(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageOrganizations>,
    Page(page): Page,
) -> Result<Json<List<Organization>>, Problem> {
    Ok(Json(engine.organizations.list(&grant, &page).await?.into()))
}

/// Read an organization
///
/// For the role system.
#[utoipa::path(get, path = "/admin/organizations/{id}", tag = "Administration", operation_id = "get_organization",
    responses((status = 200, description = "The organization.", body = Organization)))]
async fn get(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageOrganizations>,
    PathId(id): PathId<organization::Organization>,
) -> Result<Json<Organization>, Problem> {
    Ok(Json(engine.organizations.get(&grant, id).await?.into()))
}

/// Read one's own organization: its limits, usage and settings
#[utoipa::path(get, path = "/admin/organization", tag = "Administration", operation_id = "get_own_organization",
    responses((status = 200, description = "The caller's organization.", body = Organization)))]
async fn own(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ReadOrganization>,
) -> Result<Json<Organization>, Problem> {
    Ok(Json(engine.organizations.own(&grant).await?.into()))
}
