//! The document that describes the endpoints. It is built from the same routers that serve them, and what a router's
//! layers do (who may call, which errors may come) is written by router, not by endpoint.

mod failure;
#[cfg(test)]
mod tests;

use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, RefOr, Required,
};
use utoipa_axum::router::OpenApiRouter;

use self::failure::Failure;
use crate::problem::Envelope;
use crate::route;
use crate::state::Api;

const DESCRIPTION: &str = "\
An AI customer-service agent: it understands a customer's message, answers out of the organization's knowledge with its \
sources, and hands over to a person when it should.

Ids are UUIDs, times RFC 3339 in UTC. A list takes `limit` and `cursor` and gives `items` and `next_cursor`. Every answer \
carries `X-Request-ID`; every error has the same body, with a code for programs. A POST with an `Idempotency-Key` takes \
effect once.";

const TAGS: [(&str, &str); 8] = [
    ("Access", "Sign-in and tokens."),
    ("Conversations", "Talks between customers and the organization."),
    ("Messages", "What is said, and how the agent came to its replies."),
    ("Understanding", "The agent's understanding, on its own."),
    ("Knowledge", "What the agent may say."),
    ("Intents", "What customers may want."),
    ("Administration", "Organizations, people and keys."),
    ("Operations", "Health and metrics, for whoever runs the service."),
];

const BEARER: &str = "bearer";
const API_KEY: &str = "api_key";

/// Who may call an endpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Callers {
    Anyone,
    Known,
}

/// The document as JSON, for endpoints under `prefix`.
#[must_use]
pub fn document(prefix: &str) -> String {
    // The document is plain data: it can always be written.
    let mut document = build(prefix).to_pretty_json().unwrap_or_default();
    document.push('\n');
    document
}

fn build(prefix: &str) -> OpenApi {
    let contract = described(route::for_callers(), Callers::Known)
        .merge_from(described(route::for_imports(), Callers::Known))
        .merge_from(described(route::for_uploads(), Callers::Known))
        .merge_from(described(route::open_to_anyone(), Callers::Anyone));
    let tags = TAGS.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build());
    let info = InfoBuilder::new()
        .title("ACS")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(License::new("MIT")));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components()))
        .tags(Some(tags))
        .build()
        .nest(prefix, contract)
        .merge_from(route::for_operators().into_openapi())
}

fn components() -> Components {
    let mut schemas = Vec::new();
    Envelope::schemas(&mut schemas);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "An access token, from `POST /auth/token` or `POST /auth/widget`.",
        ));
    let key = ApiKeyValue::with_description("X-API-Key", "A key, from `POST /admin/api-keys`.");
    let failures = failure::ALL.map(Failure::component);
    failures
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, response)| {
            components.response(name, response)
        })
        .schema_from::<Envelope>()
        .schemas_from_iter(schemas)
        .security_scheme(BEARER, SecurityScheme::Http(bearer.build()))
        .security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)))
        .build()
}

/// The router's part of the document, with what its layers do.
fn described(router: OpenApiRouter<Api>, callers: Callers) -> OpenApi {
    let mut document = router.into_openapi();
    for (path, item) in &mut document.paths.paths {
        let ids: Vec<&str> = ids(path).collect();
        for (method, operation) in operations(item) {
            for failure in failures(&method, operation, &ids, callers) {
                let responses = &mut operation.responses.responses;
                responses
                    .entry(failure.status().to_owned())
                    .or_insert_with(|| failure.reference());
            }
            if callers == Callers::Known {
                let schemes = [BEARER, API_KEY];
                operation.security = Some(
                    schemes
                        .map(|name| SecurityRequirement::new(name, [""; 0]))
                        .to_vec(),
                );
            }
            let parameters = operation.parameters.get_or_insert_default();
            parameters.splice(0..0, ids.iter().map(|name| RefOr::T(id(name))));
        }
    }
    document
}

/// The errors that the endpoint may answer with because of its form, and because of the layers around it.
fn failures(method: &HttpMethod, operation: &Operation, ids: &[&str], callers: Callers) -> Vec<Failure> {
    let body = operation.request_body.is_some();
    let known = callers == Callers::Known;
    let changes = matches!(method, HttpMethod::Put | HttpMethod::Patch) || takes_effect_once(operation);
    let possible = [
        (
            body || !ids.is_empty() || operation.parameters.is_some(),
            failure::BAD_REQUEST,
        ),
        (known, failure::UNAUTHORIZED),
        (known, failure::FORBIDDEN),
        (!ids.is_empty(), failure::NOT_FOUND),
        (changes, failure::CONFLICT),
        (body, failure::TOO_LARGE),
        (body, failure::UNSUPPORTED_MEDIA),
        (true, failure::RATE_LIMITED),
        (true, failure::INTERNAL),
        (true, failure::UNAVAILABLE),
        (true, failure::TIMEOUT),
    ];
    possible
        .into_iter()
        .filter_map(|(may_come, failure)| may_come.then_some(failure))
        .collect()
}

fn takes_effect_once(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters
        .any(|parameter| matches!(parameter, RefOr::T(Parameter { name, .. }) if name == "Idempotency-Key"))
}

/// The names of the ids in a path.
fn ids(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
}

/// What a path names by a word of the operator's, and not by an id.
const NAMED: &str = "model";

fn id(name: &str) -> Parameter {
    let uuid = (name != NAMED).then_some(SchemaFormat::KnownFormat(KnownFormat::Uuid));
    let schema = ObjectBuilder::new().schema_type(Type::String).format(uuid);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(schema))
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let all = [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
