use axum::Router;
use axum::routing::get;
use proptest::prelude::*;

use super::*;
use crate::testing::{enveloped, request, send};

fn headers(media_type: &str) -> HeaderMap {
    HeaderMap::from_iter([(axum::http::header::CONTENT_TYPE, media_type.parse().unwrap())])
}

fn read_csv(body: &str) -> Upload {
    upload(&headers("text/csv; charset=utf-8"), body.as_bytes()).unwrap()
}

async fn answer(body: String) -> crate::testing::Answer {
    let read = get(async move || upload(&headers("text/csv"), body.as_bytes()).map(|_| "read"));
    send(enveloped(Router::new().route("/", read)), request("GET", "/")).await
}

#[test]
fn each_row_has_its_line() {
    let csv =
        "\u{feff}name,phrase\ngreeting,hello\n\n\nrefund,\"money back,\nplease\"\r\n\r\ngreeting, hi \n";
    let Upload { rows, failed } = read_csv(csv);
    let read: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.line,
                row.text.name.as_str(),
                row.text.training_phrases[0].as_str(),
            )
        })
        .collect();
    let expected = [
        (2, "greeting", "hello"),
        (5, "refund", "money back,\nplease"),
        (8, "greeting", "hi"),
    ];
    assert_eq!(read, expected);
    assert!(failed.is_empty() && rows.iter().all(|row| row.text.enabled));
}

#[test]
fn json_is_read_too() {
    let json = r#"{"intents": [{"name": "a", "training_phrases": ["hello"]}, {"name": "b", "training_phrases": [], "enabled": false}]}"#;
    let Upload { rows, .. } = upload(&headers("application/json"), json.as_bytes()).unwrap();
    let read: Vec<_> = rows.iter().map(|row| (row.line, row.text.enabled)).collect();
    assert_eq!(read, [(1, true), (2, false)]);
}

#[test]
fn an_intent_that_cannot_be_read_leaves_the_others() {
    let json = r#"{"intents": [{"nam": "a"}, {"name": "b", "training_phrases": ["hello"]}, {"name": "c", "training_phrases": [1]}, 5]}"#;
    let Upload { rows, failed } = upload(&headers("application/json"), json.as_bytes()).unwrap();
    assert_eq!((rows.len(), rows[0].line), (1, 2));
    let told: Vec<_> = failed
        .iter()
        .map(|remark| (remark.line, &*remark.message))
        .collect();
    assert!(told[0].0 == 1 && told[0].1.contains("nam"), "{told:?}");
    assert!(
        told[1].0 == 3 && told[1].1.starts_with("training_phrases[0]: "),
        "{told:?}"
    );
    assert_eq!(told[2].0, 4);
}

#[test]
fn spreadsheets_write_headers_and_separators_in_their_own_way() {
    for csv in [
        "Name,Phrase\na,b\n",
        "phrase;name\nb;a\n",
        "\u{feff}NAME\tPHRASE\r\na\tb\r\n",
    ] {
        let Upload { rows, .. } = read_csv(csv);
        let read = (&*rows[0].text.name, &*rows[0].text.training_phrases[0]);
        assert_eq!(read, ("a", "b"), "{csv}");
    }
}

#[test]
fn bad_rows_are_told_by_line_and_the_others_kept() {
    let Upload { rows, failed } =
        read_csv("phrase,name\nhello,greeting\ngreeting\n\nrefund,a,b\nhi,greeting\n");
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 6]);
    assert_eq!(failed.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 5]);
    let mut bytes = b"name,phrase\na,good\nb,".to_vec();
    bytes.extend([0xff, b'\n']);
    let Upload { rows, failed } = upload(&headers("text/csv"), &bytes).unwrap();
    assert_eq!((rows.len(), failed[0].line), (1, 3));
    assert!(failed[0].message.contains("UTF-8"), "{failed:?}");
}

#[tokio::test]
async fn a_file_without_rows_or_with_another_header_is_refused() {
    assert_eq!(
        answer("name,phrase\n".into()).await.error(),
        (400, "2002".to_owned())
    );
    for header in [
        "",
        "name,text\na,b\n",
        "name\na\n",
        "name,phrase,phrase\na,b,c\n",
        "name|phrase\na|b\n",
    ] {
        assert_eq!(
            answer(header.to_owned()).await.error(),
            (400, "2001".to_owned()),
            "{header}"
        );
    }
}

#[tokio::test]
async fn more_rows_than_there_may_be_are_refused_together() {
    let many = format!("name,phrase\n{}", "a,b\n".repeat(MAX_ROWS + 1));
    assert!(answer(many).await.reasons("body").is_array());
}

proptest! {
    #[test]
    fn no_bytes_make_it_crash(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _read_or_refused = upload(&headers("text/csv"), &bytes);
    }
}
