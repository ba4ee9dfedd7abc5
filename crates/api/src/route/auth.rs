//! Sign-in and tokens. Whoever comes here cannot prove yet who they are.

use acs_engine::Engine;
use acs_engine::usecase::access::{SignIn, Visitor};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::Done;
use crate::extract::client::Client;
use crate::extract::idempotency::{ClaimedByBody, IdempotencyKey};
use crate::extract::json::Body;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::access::{Credentials, CustomerToken, Refresh, Tokens, WidgetVisitor};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(refresh))
        .routes(routes!(sign_out))
        .routes(routes!(widget))
}

/// Sign in
///
/// Wrong passwords are counted for the account and the address; too many pause both.
#[utoipa::path(post, path = "/auth/token", tag = "Access", operation_id = "sign_in", request_body = Credentials,
    responses((status = 200, description = "Signed in.", body = Tokens),
              (status = 401, description = "Wrong account or password (1004).", body = crate::problem::Envelope)))]
async fn sign_in(
    State(engine): State<Engine>,
    client: Client,
    Body(credentials): Body<Credentials>,
) -> Result<Json<Tokens>, Problem> {
    let login = credentials.login()?;
    let Credentials {
        password,
        organization,
        ..
    } = credentials;
    let request = SignIn {
        login,
        password,
        organization,
        address: client.0,
    };
    Ok(Json(engine.access.sign_in(request).await?.into()))
}

/// Exchange a refresh token
///
/// The old token is spent. Used once more, it ends the whole sign-in: one of its two users has stolen it. With an
/// `Idempotency-Key`, the same request may be sent again when its answer was lost.
#[utoipa::path(post, path = "/auth/refresh", tag = "Access", operation_id = "refresh_tokens", params(IdempotencyKey), request_body = Refresh,
    responses((status = 200, description = "A new pair.", body = Tokens),
              (status = 401, description = "Not a live refresh token (1001).", body = crate::problem::Envelope)))]
async fn refresh(
    State(engine): State<Engine>,
    client: Client,
    ClaimedByBody { claim, body }: ClaimedByBody<Refresh>,
) -> Result<Done<Tokens>, Problem> {
    let pair = engine
        .access
        .refresh(body.refresh_token.expose(), client.0, claim.as_ref())
        .await?;
    Ok(Done(pair.map(Into::into)))
}

/// Sign out
///
/// Ends the sign-in that the refresh token descends from.
#[utoipa::path(post, path = "/auth/logout", tag = "Access", operation_id = "sign_out", request_body = Refresh,
    responses((status = 204, description = "Signed out.")))]
async fn sign_out(State(engine): State<Engine>, Body(body): Body<Refresh>) -> Result<StatusCode, Problem> {
    engine.access.sign_out(body.refresh_token.expose()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get a customer's token for the chat widget
#[utoipa::path(post, path = "/auth/widget", tag = "Access", operation_id = "open_widget", request_body = WidgetVisitor,
    responses((status = 200, description = "A token that opens the customer's own conversations.", body = CustomerToken),
              (status = 401, description = "The identity is not proved (1001).", body = crate::problem::Envelope),
              (status = 404, description = "There is no such organization (3004).", body = crate::problem::Envelope)))]
async fn widget(
    State(engine): State<Engine>,
    client: Client,
    Body(visitor): Body<WidgetVisitor>,
) -> Result<Json<CustomerToken>, Problem> {
    let visitor = Visitor {
        organization: visitor.organization,
        user_id: visitor.user_id,
        user_hash: visitor.user_hash,
        name: visitor.name,
        email: visitor.email,
        time_zone: visitor.time_zone,
        address: client.0,
    };
    Ok(Json(engine.access.widget(visitor).await?.into()))
}
