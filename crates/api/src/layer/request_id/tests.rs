use crate::settings::ApiSettings;
use crate::testing::{app, request, send, with};

async fn id_for(own: Option<&str>) -> (String, String) {
    let request = request("GET", "/nowhere");
    let request = match own {
        Some(own) => with(request, "x-request-id", own),
        None => request,
    };
    let answer = send(app(ApiSettings::default()), request).await;
    let told = answer.json()["error"]["request_id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.header("x-request-id").to_owned(), told)
}

#[tokio::test]
async fn a_sane_id_is_kept_in_the_answer_and_in_the_error() {
    let longest = "r".repeat(128);
    for own in ["abc-123", "!~", longest.as_str()] {
        assert_eq!(id_for(Some(own)).await, (own.to_owned(), own.to_owned()));
    }
}

#[tokio::test]
async fn any_other_is_replaced() {
    for own in [
        None,
        Some(""),
        Some("a b"),
        Some("\u{e9}"),
        Some(&*"r".repeat(129)),
    ] {
        let (header, told) = id_for(own).await;
        assert_eq!(header.len(), 36, "{own:?} became {header}");
        assert_eq!(header, told);
    }
}
