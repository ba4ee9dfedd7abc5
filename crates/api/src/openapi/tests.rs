use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use super::*;
use crate::settings::ApiSettings;
use crate::testing::{app, request, send};

/// What anyone may ask. The list only shrinks.
const FOR_ANYONE: [&str; 7] = [
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/token",
    "POST /api/v1/auth/widget",
];

/// Every endpoint: its method, path and description.
fn endpoints() -> Vec<(String, String, Value)> {
    let document: Value = serde_json::from_str(&document("/api/v1")).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let methods = |(path, item): (String, Value)| {
        let methods = item.as_object().unwrap().clone().into_iter();
        methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    };
    paths.into_iter().flat_map(methods).collect()
}

#[test]
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/openapi.json");
    let current = document("/api/v1");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "docs/reference/openapi.json is stale: run `UPDATE_GENERATED=1 cargo nextest run -p acs-api` and commit it"
    );
}

#[test]
fn every_endpoint_needs_authority_except_a_few() {
    let mut open: Vec<_> = endpoints()
        .into_iter()
        .filter(|(_, _, operation)| operation["security"].as_array().is_none_or(Vec::is_empty))
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    open.sort();
    assert_eq!(open, FOR_ANYONE);
}

#[tokio::test]
async fn every_other_endpoint_turns_away_who_brings_no_proof() {
    let mut settings = ApiSettings::default();
    settings.rate_limit.enabled = false;
    let app = app(settings);
    for (method, path, _) in endpoints() {
        if FOR_ANYONE.contains(&format!("{method} {path}").as_str()) {
            continue;
        }
        let path = path.replace(['{', '}'], "");
        let answer = send(app.clone(), request(&method, &path)).await;
        assert_eq!(answer.error(), (401, "1001".to_owned()), "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{method} {path}");
    }
}

#[test]
fn every_endpoint_has_a_name_of_its_own_a_summary_and_its_errors() {
    let mut names = HashSet::new();
    for (method, path, operation) in endpoints() {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(names.insert(name), "{method} {path}");
        assert!(operation["summary"].is_string(), "{method} {path}");
        assert!(operation["tags"][0].is_string(), "{method} {path}");
        if path.starts_with("/api/v1") {
            for status in ["429", "500", "503", "504"] {
                assert!(
                    operation["responses"][status].is_object(),
                    "{method} {path} {status}"
                );
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let text = document("/api/v1");
    let document: Value = serde_json::from_str(&text).unwrap();
    let references = text
        .split("\"$ref\": \"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let references: HashSet<_> = references.collect();
    assert!(references.len() > 30);
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn every_creating_endpoint_can_be_made_to_take_effect_once() {
    for (method, path, operation) in endpoints() {
        let creates = operation["responses"]["201"].is_object();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let once = parameters
            .iter()
            .any(|parameter| parameter["name"] == "Idempotency-Key");
        assert!(!creates || once, "{method} {path}");
    }
}

#[test]
fn another_prefix_moves_the_contract_and_nothing_else() {
    let moved: Value = serde_json::from_str(&document("/v2")).unwrap();
    assert!(moved["paths"]["/v2/conversations"].is_object());
    assert!(moved["paths"]["/health/live"].is_object());
}
