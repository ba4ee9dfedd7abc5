//! Organizations: made, listed and limited by the installation's operators, read and set up by their own people.

use acs_domain::access::{ChangeOrganization, ManageOrganizations, ReadOrganization};
use acs_domain::organization;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Created;
use crate::extract::caller::Allowed;
use crate::extract::client::Client;
use crate::extract::idempotency::{Claimed, IdempotencyKey};
use crate::extract::json::Body;
use crate::extract::page::{Page, PageQuery};
use crate::extract::path::PathId;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::conversation::Nothing;
use crate::view::list::List;
use crate::view::organization::{
    CreateOrganization, Organization, OrganizationWithAdmin, PatchOrganization, PatchPlan, WidgetSecret,
};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(get, change_plan))
        .routes(routes!(own, change))
        .routes(routes!(renew_widget_secret))
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

/// Change what an organization may use
///
/// For the role system. A limit below what is used stops growth, and takes nothing away.
#[utoipa::path(patch, path = "/admin/organizations/{id}", tag = "Administration", operation_id = "change_organization_plan",
    request_body = PatchPlan,
    responses((status = 200, description = "The organization as it is now.", body = Organization)))]
async fn change_plan(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ManageOrganizations>,
    PathId(id): PathId<organization::Organization>,
    Body(body): Body<PatchPlan>,
) -> Result<Json<Organization>, Problem> {
    let changed = engine.organizations.change_plan(&grant, id, body.into()).await?;
    Ok(Json(changed.into()))
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

/// Change one's own organization
#[utoipa::path(patch, path = "/admin/organization", tag = "Administration", operation_id = "change_own_organization",
    request_body = PatchOrganization,
    responses((status = 200, description = "The organization as it is now.", body = Organization)))]
async fn change(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ChangeOrganization>,
    client: Client,
    Body(body): Body<PatchOrganization>,
) -> Result<Json<Organization>, Problem> {
    let changed = engine.organizations.change(&grant, body.into(), client.0).await?;
    Ok(Json(changed.into()))
}

/// Make a new widget secret
///
/// Shown once. With it the organization's own server proves who a customer is: `user_hash` of `POST /auth/widget` is the
/// HMAC-SHA256 of `user_id` under it, in hexadecimal digits. The secret before is no longer good.
#[utoipa::path(post, path = "/admin/organization/widget-secret", tag = "Administration", operation_id = "renew_widget_secret",
    params(IdempotencyKey),
    responses((status = 201, description = "The secret.", body = WidgetSecret)))]
async fn renew_widget_secret(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<ChangeOrganization>,
    Claimed {
        claim,
        body: Nothing {},
    }: Claimed<Nothing>,
) -> Result<Created<WidgetSecret>, Problem> {
    let made = engine
        .organizations
        .renew_widget_secret(&grant, claim.as_ref())
        .await?;
    Ok(Created(made.map(Into::into)))
}
