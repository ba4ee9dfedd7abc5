use axum::Router;
use axum::routing::get;
use proptest::prelude::*;

use super::*;
use crate::testing::{enveloped, request, send};

fn headers(media_type: &str) -> HeaderMap {
    HeaderMap::from_iter([(axum::http::header::CONTENT_TYPE, media_type.parse().unwrap())])
}

async fn refused(body: &'static str) -> crate::testing::Answer {
    let read = get(async move || texts(&headers("text/csv"), body.as_bytes()).map(|_| "read"));
    send(enveloped(Router::new().route("/", read)), request("GET", "/")).await
}

#[test]
fn rows_of_one_name_make_one_intent() {
    let csv = "\u{feff}name,phrase\ngreeting,hello\nrefund,\"money back, please\"\ngreeting, hi \n";
    let texts = texts(&headers("text/csv; charset=utf-8"), csv.as_bytes()).unwrap();
    let read: Vec<_> = texts
        .into_iter()
        .map(|text| (text.name, text.training_phrases, text.enabled))
        .collect();
    let expected = [
        ("greeting", vec!["hello", "hi"]),
        ("refund", vec!["money back, please"]),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(name, phrases)| {
            (
                name.to_owned(),
                phrases.into_iter().map(str::to_owned).collect(),
                true,
            )
        })
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn json_is_read_too() {
    let json = r#"{"intents": [{"name": "greeting", "training_phrases": ["hello"], "enabled": false}]}"#;
    let texts = texts(&headers("application/json"), json.as_bytes()).unwrap();
    assert_eq!((texts.len(), texts[0].enabled), (1, false));
}

#[tokio::test]
async fn every_bad_row_is_named() {
    let answer = refused("name,phrase\ngreeting,hello\ngreeting\nrefund,a,b\n").await;
    assert_eq!(answer.error(), (400, "2001".to_owned()));
    assert!(
        answer.reasons("rows.1").is_array() && answer.reasons("rows.2").is_array(),
        "{}",
        answer.text
    );
    assert!(answer.reasons("rows.0").is_null(), "{}", answer.text);
}

#[tokio::test]
async fn a_file_without_rows_or_with_another_header_is_refused() {
    assert_eq!(refused("name,phrase\n").await.error(), (400, "2002".to_owned()));
    assert_eq!(refused("name,text\na,b\n").await.status, 400);
}

proptest! {
    #[test]
    fn no_bytes_make_it_crash(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _read_or_refused = texts(&headers("text/csv"), &bytes);
    }
}
