//! The endpoints, one file for each resource. A handler translates and calls one use case.

mod analyze;
mod api_keys;
mod auth;
mod chat_page;
mod conversations;
mod handling;
mod health;
mod intents;
mod knowledge;
mod me;
mod messages;
mod model_keys;
mod organizations;
mod reference;
mod terms;
mod users;

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;

use crate::layer::{admit, bounded};
use crate::state::Api;

/// Room for the frame of a multipart body around its file.
const MULTIPART_FRAME_BYTES: usize = 64 * 1024;

/// Endpoints of the contract that take no proof of who is asking.
pub(crate) fn open_to_anyone() -> OpenApiRouter<Api> {
    auth::routes()
}

/// Endpoints of the contract for known callers.
pub(crate) fn for_callers() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(me::routes())
        .merge(conversations::routes())
        .merge(messages::routes())
        .merge(handling::routes())
        .merge(analyze::routes())
        .merge(knowledge::routes())
        .merge(intents::routes())
        .merge(organizations::routes())
        .merge(terms::routes())
        .merge(model_keys::routes())
        .merge(users::routes())
        .merge(api_keys::routes())
}

/// Endpoints of the contract for known callers that take files.
pub(crate) fn for_uploads() -> OpenApiRouter<Api> {
    knowledge::uploads()
}

/// Endpoints of the contract for known callers that take their time.
pub(crate) fn for_imports() -> OpenApiRouter<Api> {
    intents::imports().merge(knowledge::writes())
}

/// Endpoints for whoever runs the service.
pub(crate) fn for_operators() -> OpenApiRouter<Api> {
    health::routes()
}

/// Every endpoint, behind the layers that only the contract's endpoints have.
pub(crate) fn all(api: &Api) -> Router<Api> {
    let settings = &api.settings;
    let known = from_fn_with_state(api.clone(), admit::known);
    let anyone = from_fn_with_state(api.clone(), admit::anyone);
    let time = settings.request_timeout;
    let callers = Router::from(for_callers()).layer(known.clone());
    let callers = bounded(callers, api, settings.max_body_bytes, time);
    let open = bounded(
        Router::from(open_to_anyone()).layer(anyone),
        api,
        settings.max_body_bytes,
        time,
    );
    let upload_bytes = settings.max_upload_bytes.saturating_add(MULTIPART_FRAME_BYTES);
    let imports = Router::from(for_imports()).layer(known.clone());
    let imports = bounded(imports, api, settings.max_body_bytes, settings.upload_timeout);
    let uploads = Router::from(for_uploads()).layer(known);
    let uploads = bounded(uploads, api, upload_bytes, settings.upload_timeout);
    let contract = callers.merge(open).merge(imports).merge(uploads);
    Router::new()
        .nest(&settings.prefix, contract)
        .merge(Router::from(for_operators()))
        .merge(reference::routes(settings))
        .merge(chat_page::routes(settings.chat_page.as_ref()))
}
