use axum::Router;
use axum::routing::post as on_post;

use super::*;
use crate::settings::ApiSettings;
use crate::testing::{Answer, enveloped, post, request, send, state, with};

async fn upload(parts: &[(&str, Option<&str>, &str)]) -> Answer {
    let mut body = String::new();
    for (name, file_name, content) in parts {
        let file_name = file_name.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
        body += &format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file_name}\r\n\r\n{content}\r\n"
        );
    }
    body += "--edge--\r\n";
    let request = request("POST", "/").map(|_| body.into());
    send(
        app(),
        with(request, "content-type", "multipart/form-data; boundary=edge"),
    )
    .await
}

fn app() -> Router {
    let settings = ApiSettings {
        max_upload_bytes: 100,
        ..ApiSettings::default()
    };
    let show = async |file: File| format!("{} {} {}", file.format, file.name, file.bytes.len());
    enveloped(
        Router::new()
            .route("/", on_post(show))
            .with_state(Api::new(state(settings))),
    )
}

#[tokio::test]
async fn the_form_of_a_file_is_told_by_its_name() {
    assert_eq!(
        upload(&[("file", Some("a.md"), "# A")]).await.text,
        "markdown a.md 3"
    );
    assert_eq!(upload(&[("file", Some("b.CSV"), "x")]).await.text, "csv b.CSV 1");
    let answer = upload(&[("file", Some("c.exe"), "x")]).await;
    assert_eq!(answer.error(), (400, "2001".to_owned()));
    assert!(answer.reasons("file").is_array());
}

#[tokio::test]
async fn there_is_exactly_one_file_and_nothing_else() {
    assert_eq!(upload(&[]).await.error(), (400, "2003".to_owned()));
    let file = ("file", Some("a.md"), "# A");
    assert_eq!(upload(&[file, file]).await.error(), (400, "2002".to_owned()));
    let answer = upload(&[file, ("colour", None, "red")]).await;
    assert_eq!(answer.error(), (400, "2002".to_owned()));
    assert!(answer.reasons("colour").is_array());
}

#[tokio::test]
async fn a_file_over_the_limit_is_too_large() {
    assert_eq!(
        upload(&[("file", Some("a.md"), &"a".repeat(100))]).await.status,
        200
    );
    assert_eq!(
        upload(&[("file", Some("a.md"), &"a".repeat(101))]).await.error(),
        (413, "2001".to_owned())
    );
}

#[tokio::test]
async fn another_form_than_multipart_is_not_taken() {
    assert_eq!(
        send(app(), post("/", "{}")).await.error(),
        (415, "2002".to_owned())
    );
}

#[tokio::test]
async fn a_broken_frame_is_refused() {
    let broken = request("POST", "/").map(|_| "--edge\r\nnonsense".into());
    let answer = send(
        app(),
        with(broken, "content-type", "multipart/form-data; boundary=edge"),
    )
    .await;
    assert_eq!(answer.error(), (400, "2002".to_owned()));
}
