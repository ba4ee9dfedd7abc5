//! Every endpoint of the contract, with who may call it. A new endpoint fails the tests until it is listed here.

use std::collections::BTreeSet;

use serde_json::Value;

use super::NOTHING;
use crate::harness::App;

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// Whoever finds it. This list is to stay short.
    ToAnyone,
    /// Whoever can prove who they are.
    ToKnown,
    /// People of these roles, and keys with one of these scopes.
    To {
        people: &'static str,
        keys: &'static str,
    },
}

const fn to(people: &'static str, keys: &'static str) -> Open {
    Open::To { people, keys }
}

const OPERATOR: &str = "system";
const ADMIN: &str = "admin";
const LEADERS: &str = "admin supervisor";
const STAFF: &str = "admin supervisor agent";
const TALKERS: &str = "admin supervisor agent customer";

/// The endpoints, as the document names them.
pub(super) const ENDPOINTS: &[(&str, Open)] = &[
    ("POST /auth/token", Open::ToAnyone),
    ("POST /auth/refresh", Open::ToAnyone),
    ("POST /auth/logout", Open::ToAnyone),
    ("POST /auth/widget", Open::ToAnyone),
    ("GET /health/live", Open::ToAnyone),
    ("GET /health/ready", Open::ToAnyone),
    ("GET /metrics", Open::ToAnyone),
    ("GET /me", Open::ToKnown),
    ("POST /conversations", to(TALKERS, "converse admin")),
    ("GET /conversations", to(TALKERS, "converse admin")),
    ("GET /conversations/{id}", to(TALKERS, "converse admin")),
    ("PATCH /conversations/{id}", to(STAFF, "converse admin")),
    ("POST /conversations/{id}/messages", to(TALKERS, "converse admin")),
    ("GET /conversations/{id}/messages", to(TALKERS, "converse admin")),
    (
        "GET /conversations/{id}/turns/{message_id}",
        to(STAFF, "converse admin"),
    ),
    (
        "POST /conversations/{id}/satisfaction",
        to(TALKERS, "converse admin"),
    ),
    ("POST /conversations/{id}/escalate", to(TALKERS, "converse admin")),
    ("POST /conversations/{id}/topic", to(TALKERS, "converse admin")),
    (
        "POST /conversations/{id}/topic/resume",
        to(TALKERS, "converse admin"),
    ),
    ("POST /conversations/{id}/takeover", to(STAFF, "")),
    ("POST /conversations/{id}/handback", to(STAFF, "")),
    ("POST /conversations/{id}/resolve", to(STAFF, "converse admin")),
    ("POST /conversations/{id}/reopen", to(STAFF, "converse admin")),
    ("POST /ai/analyze", to(STAFF, "converse admin")),
    (
        "POST /knowledge/search",
        to(STAFF, "converse knowledge:read knowledge:write admin"),
    ),
    ("POST /knowledge", to(LEADERS, "knowledge:write admin")),
    (
        "GET /knowledge",
        to(STAFF, "knowledge:read knowledge:write admin"),
    ),
    (
        "GET /knowledge/{id}",
        to(STAFF, "knowledge:read knowledge:write admin"),
    ),
    (
        "GET /knowledge/{id}/versions",
        to(STAFF, "knowledge:read knowledge:write admin"),
    ),
    (
        "GET /knowledge/{id}/links",
        to(STAFF, "knowledge:read knowledge:write admin"),
    ),
    ("PUT /knowledge/{id}/links", to(LEADERS, "knowledge:write admin")),
    (
        "GET /knowledge/conflicts",
        to(STAFF, "knowledge:read knowledge:write admin"),
    ),
    (
        "DELETE /knowledge/conflicts/{id}",
        to(LEADERS, "knowledge:write admin"),
    ),
    (
        "GET /knowledge/gaps",
        to(STAFF, "knowledge:read knowledge:write admin"),
    ),
    (
        "DELETE /knowledge/gaps/{id}",
        to(LEADERS, "knowledge:write admin"),
    ),
    ("PUT /knowledge/{id}", to(LEADERS, "knowledge:write admin")),
    ("DELETE /knowledge/{id}", to(LEADERS, "knowledge:write admin")),
    ("POST /knowledge/import", to(LEADERS, "knowledge:write admin")),
    ("POST /intents", to(LEADERS, "config:write admin")),
    ("GET /intents", to(STAFF, "config:write admin")),
    ("GET /intents/{id}", to(STAFF, "config:write admin")),
    ("PUT /intents/{id}", to(LEADERS, "config:write admin")),
    ("DELETE /intents/{id}", to(LEADERS, "config:write admin")),
    ("POST /intents/import", to(LEADERS, "config:write admin")),
    ("GET /intents/status", to(STAFF, "config:write admin")),
    ("POST /admin/organizations", to(OPERATOR, "")),
    ("GET /admin/organizations", to(OPERATOR, "")),
    ("GET /admin/organizations/{id}", to(OPERATOR, "")),
    ("PATCH /admin/organizations/{id}", to(OPERATOR, "")),
    ("GET /admin/organization", to(LEADERS, "admin")),
    ("PATCH /admin/organization", to(ADMIN, "admin")),
    ("POST /admin/organization/widget-secret", to(ADMIN, "admin")),
    ("GET /admin/settings/terms", to(STAFF, "config:write admin")),
    ("PUT /admin/settings/terms", to(LEADERS, "config:write admin")),
    ("GET /admin/settings/model-keys", to(ADMIN, "admin")),
    ("PUT /admin/settings/model-keys/{model}", to(ADMIN, "admin")),
    ("DELETE /admin/settings/model-keys/{model}", to(ADMIN, "admin")),
    ("POST /admin/users", to(ADMIN, "admin")),
    ("GET /admin/users", to(LEADERS, "admin")),
    ("GET /admin/users/{id}", to(LEADERS, "admin")),
    ("PATCH /admin/users/{id}", to(ADMIN, "admin")),
    ("POST /admin/api-keys", to(ADMIN, "admin")),
    ("GET /admin/api-keys", to(ADMIN, "admin")),
    ("DELETE /admin/api-keys/{id}", to(ADMIN, "admin")),
];

/// The endpoints that the running server documents, by the same names.
pub(super) async fn documented(app: &App) -> (Value, BTreeSet<String>) {
    let document: Value = app
        .http
        .get(format!("{}/openapi.json", app.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in [
            "get", "post", "put", "patch", "delete", "head", "options", "trace",
        ] {
            if item.get(method).is_some() {
                let path = path.strip_prefix("/api/v1").unwrap_or(path);
                operations.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    (document, operations)
}

/// The method and the address of an endpoint, about a thing that does not exist.
pub(super) fn about_nothing(app: &App, operation: &str) -> (reqwest::Method, String) {
    let (method, path) = operation.split_once(' ').unwrap();
    let outside = ["/health", "/metrics"]
        .iter()
        .any(|prefix| path.starts_with(prefix));
    let prefix = if outside { "" } else { "/api/v1" };
    let names = ["{id}", "{message_id}", "{model}"];
    let path = names
        .iter()
        .fold(path.to_owned(), |path, name| path.replace(name, NOTHING));
    (method.parse().unwrap(), format!("{}{prefix}{path}", app.base))
}
