//! Whether an answer has the form that the document promises: every documented field is there, and no other. Understands
//! the part of JSON Schema that the document uses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::harness::Answer;

/// Fails if the answer to a request (`path` begins behind `/api/v1`) is not one of those that the document tells of.
#[track_caller]
pub(crate) fn assert_documented(method: &Method, path: &str, answer: &Answer) {
    // Documents say nothing of HEAD: it is GET without the body.
    if method == Method::HEAD {
        return;
    }
    let document = &*DOCUMENT;
    let Some(operation) = operation(document, method, path) else {
        let refusal = answer.status.is_client_error();
        assert!(refusal, "{method} {path} is not documented: {}", answer.body);
        return;
    };
    let response = operation["responses"]
        .get(answer.status.as_str())
        .unwrap_or_else(|| panic!("{method} {path} answers {}: {}", answer.status, answer.body));
    let response = Shape { document }.resolved(response);
    let Some(content) = response.get("content") else {
        assert_eq!(answer.body, "", "{method} {path} documents no body");
        return;
    };
    let mut misfits = Vec::new();
    let schema = &content["application/json"]["schema"];
    Shape { document }.check(schema, &answer.body, "", &mut misfits);
    assert!(
        misfits.is_empty(),
        "{method} {path}: {}\n{}",
        misfits.join("; "),
        answer.body
    );
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/openapi.json");
    serde_json::from_str(&std::fs::read_to_string(document).unwrap()).unwrap()
});

/// What the document says of a request. A path that is written out passes one with a parameter.
fn operation<'a>(document: &'a Value, method: &Method, path: &str) -> Option<&'a Value> {
    let path = path.split('?').next()?;
    let asked: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let templates = document["paths"]
        .as_object()?
        .iter()
        .filter_map(|(template, operations)| {
            let parts: Vec<&str> = template.strip_prefix("/api/v1/")?.split('/').collect();
            let fits = |(part, asked): (&&str, &&str)| part.starts_with('{') || part == asked;
            let same = parts.len() == asked.len() && parts.iter().zip(&asked).all(fits);
            same.then(|| (template.matches('{').count(), operations))
        });
    let (_, operations) = templates.min_by_key(|(parameters, _)| *parameters)?;
    operations.get(method.as_str().to_lowercase())
}

struct Shape<'a> {
    document: &'a Value,
}

/// What an object may and must have.
#[derive(Default)]
struct Fields<'a> {
    known: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
    /// Whether it may have any others.
    free: bool,
}

impl<'a> Shape<'a> {
    /// What a reference refers to; anything else is itself.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    fn check(&self, schema: &'a Value, value: &Value, at: &str, misfits: &mut Vec<String>) {
        let schema = self.resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            if !choices.iter().any(|choice| self.fits(choice, value)) {
                misfits.push(format!("{at} is none of its documented forms"));
            }
            return;
        }
        let types = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect::<Vec<_>>(),
        };
        if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
            misfits.push(format!("{at} is not of type {}", types.join(" or ")));
            return;
        }
        if let Some(reason) = wrong(schema, value) {
            misfits.push(format!("{at} {reason}"));
        }
        for (place, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&schema["items"], item, &format!("{at}[{place}]"), misfits);
        }
        if let Some(object) = value.as_object() {
            let mut fields = Fields::default();
            self.collect(schema, &mut fields);
            for (name, value) in object {
                match fields.known.get(name.as_str()) {
                    Some(schema) => self.check(schema, value, &format!("{at}.{name}"), misfits),
                    None if fields.free || fields.known.is_empty() => {}
                    None => misfits.push(format!("{at}.{name} is not documented")),
                }
            }
            let missing = fields.required.iter().filter(|name| !object.contains_key(**name));
            misfits.extend(missing.map(|name| format!("{at}.{name} is missing")));
        }
    }

    fn fits(&self, schema: &'a Value, value: &Value) -> bool {
        let mut misfits = Vec::new();
        self.check(schema, value, "", &mut misfits);
        misfits.is_empty()
    }

    /// The fields of an object, over all parts that it is put together from.
    fn collect(&self, schema: &'a Value, fields: &mut Fields<'a>) {
        let schema = self.resolved(schema);
        let known = schema["properties"].as_object().into_iter().flatten();
        fields
            .known
            .extend(known.map(|(name, schema)| (name.as_str(), schema)));
        let required = schema["required"].as_array().into_iter().flatten();
        fields.required.extend(required.filter_map(Value::as_str));
        fields.free |= schema.get("additionalProperties").is_some();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.collect(part, fields);
        }
    }
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the document knows a type {other}"),
    }
}

/// Why a value is not as the schema says, apart from its type.
fn wrong(schema: &Value, value: &Value) -> Option<String> {
    let words = schema["enum"].as_array();
    if words.is_some_and(|words| !words.contains(value) && !value.is_null()) {
        return Some(format!("is {value}, which is not on its list"));
    }
    let number = value.as_f64();
    if number < schema["minimum"].as_f64().filter(|_| number.is_some())
        || number.is_some() && schema["maximum"].as_f64().is_some_and(|most| number > Some(most))
    {
        return Some(format!("is {value}, out of its bounds"));
    }
    let text = value.as_str()?;
    match schema["format"].as_str() {
        Some("uuid") if Uuid::parse_str(text).is_err() => Some("is no UUID".to_owned()),
        Some("date-time") if OffsetDateTime::parse(text, &Rfc3339).is_err() || !text.ends_with('Z') => {
            Some(format!("is {text}, which is no time in UTC"))
        }
        _ => None,
    }
}
