//! Files that bring knowledge in, in every format, row by row, as often as one likes.

use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};

use super::idempotency::replays;
use super::knowledge::found;
use super::{each, items, names, text};
use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, read};

const BOUNDARY: &str = "----form-boundary-7MA4YWxk";

/// A form with one file: its media type, and its bytes.
pub(super) fn multipart(name: &str, content: &str) -> (String, Vec<u8>) {
    form(&[("file", Some(name), content)])
}

/// A form with these fields: name, file name, content.
fn form(fields: &[(&str, Option<&str>, &str)]) -> (String, Vec<u8>) {
    let mut body = String::new();
    for (field, file, content) in fields {
        let file = file
            .map(|name| format!("; filename=\"{name}\"\r\nContent-Type: application/octet-stream"))
            .unwrap_or_default();
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"{file}\r\n\r\n{content}\r\n"
        ));
    }
    body.push_str(&format!("--{BOUNDARY}--\r\n"));
    (
        format!("multipart/form-data; boundary={BOUNDARY}"),
        body.into_bytes(),
    )
}

/// An upload of one file.
pub(super) fn upload(app: &App, caller: &As, name: &str, content: &str) -> RequestBuilder {
    let (media_type, body) = multipart(name, content);
    app.request(caller, Method::POST, "/knowledge/import")
        .header("Content-Type", media_type)
        .body(body)
}

async fn import(app: &App, caller: &As, name: &str, content: &str) -> Value {
    read(upload(app, caller, name, content)).await.expect(200)
}

fn report(created: usize, updated: usize, unchanged: usize) -> Value {
    json!({ "created": created, "updated": updated, "unchanged": unchanged, "failed": [] })
}

const MARKDOWN: &str = "---\ntitle: Gift wrapping\ncategory: orders\ntags: [gift, paper]\nsource_url: https://h.example/gifts\n---\n\
    We wrap gifts in purple paper for 3 euros.\n";
const HTML: &str = "<!doctype html><html><head><title>Gift wrapping</title><script>alert(1)</script></head>\
    <body><nav>Home</nav><h1>Gift wrapping</h1><p>We wrap gifts in <b>purple</b> paper &amp; ribbon.</p></body></html>";
const CSV: &str = "title,content,category,tags\nGift wrapping,\"We wrap gifts in purple paper, for 3 euros.\",orders,gift;paper\n\
    Gift cards,Gift cards are good for 3 years.,orders,\n";
const JSON_LINES: &str = "{\"title\":\"Gift wrapping\",\"content\":\"We wrap gifts in purple paper.\",\"category\":\"orders\"}\n\n\
    {\"title\":\"Gift cards\",\"content\":\"Gift cards are good for 3 years.\",\"category\":\"orders\",\"tags\":[\"gift\"]}";

#[rstest]
#[tokio::test]
async fn a_file_of_each_format_is_found_at_once_and_unchanged_when_it_comes_again(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let files = [
        ("gifts.md", MARKDOWN, 1),
        ("gifts.html", HTML, 1),
        ("gifts.CSV", CSV, 2),
        ("gifts.jsonl", JSON_LINES, 2),
    ];
    for (n, (name, content, entries)) in files.into_iter().enumerate() {
        let admin = app.organization(&format!("acme-{n}"), json!({})).await;
        assert_eq!(
            import(&app, &admin, name, content).await,
            report(entries, 0, 0),
            "{name}"
        );
        assert_eq!(
            found(&app, &admin, "Can you wrap my gift in paper?").await[0],
            "Gift wrapping",
            "{name}"
        );
        for _ in 0..2 {
            assert_eq!(
                import(&app, &admin, name, content).await,
                report(0, 0, entries),
                "{name}"
            );
        }
        let changed = content.replace("purple", "green");
        assert_eq!(
            import(&app, &admin, name, &changed).await,
            report(0, 1, entries - 1),
            "{name}"
        );
        let list = app.get(&admin, "/knowledge").await.expect(200);
        assert_eq!(items(&list).len(), entries);
        let entry = items(&list)
            .iter()
            .find(|entry| entry["title"] == "Gift wrapping")
            .unwrap();
        assert!(
            text(entry, "content").contains("green") && entry["version"] == 2,
            "{entry}"
        );
    }
}

#[rstest]
#[tokio::test]
async fn the_fields_of_a_file_become_those_of_the_entry(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    import(&app, &admin, "gifts.md", MARKDOWN).await;
    let list = app.get(&admin, "/knowledge").await.expect(200);
    let entry = &items(&list)[0];
    assert_eq!(
        (&entry["category"], &entry["tags"]),
        (&json!("orders"), &json!(["gift", "paper"]))
    );
    assert_eq!(
        (&entry["source_url"], &entry["content"]),
        (
            &json!("https://h.example/gifts"),
            &json!("We wrap gifts in purple paper for 3 euros.")
        )
    );
    import(
        &app,
        &admin,
        "page.html",
        HTML.replace("Gift wrapping", "A page").as_str(),
    )
    .await;
    let list = app.get(&admin, "/knowledge").await.expect(200);
    let content = text(&items(&list)[0], "content");
    assert!(
        content.contains("paper & ribbon") && !content.contains("alert") && !content.contains("Home"),
        "{content}"
    );
}

#[rstest]
#[tokio::test]
async fn rows_that_cannot_be_taken_are_told_by_line_and_the_others_are_kept(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let csv = "title,content,category,source_url\nGood,It is good.,a,\nTwo columns,only\n,No title,a,\nScript,It runs.,a,javascript:alert(1)\nLast,It is last.,a,\n";
    let result = import(&app, &admin, "rows.csv", csv).await;
    assert_eq!(
        (&result["created"], &result["updated"], &result["unchanged"]),
        (&json!(2), &json!(0), &json!(0))
    );
    let failed = |result: &Value| -> Vec<(u64, String)> {
        let failed = result["failed"].as_array().unwrap();
        failed
            .iter()
            .map(|row| (row["line"].as_u64().unwrap(), text(row, "message").to_owned()))
            .collect()
    };
    let rows = failed(&result);
    assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5]);
    assert!(
        rows[1].1.contains("title") && rows[2].1.contains("source_url"),
        "{rows:?}"
    );

    let lines = "{\"title\":\"Lines\",\"content\":\"It is good.\",\"category\":\"a\"}\n{\"title\":\"Broken\"\n[]\n{\"title\":\"Extra\",\"content\":\"b\",\"category\":\"c\",\"id\":1}\n";
    let result = import(&app, &admin, "rows.jsonl", lines).await;
    assert_eq!(result["created"], 1);
    assert_eq!(
        failed(&result).iter().map(|(line, _)| *line).collect::<Vec<_>>(),
        [2, 3, 4]
    );
    let list = app.get(&admin, "/knowledge").await.expect(200);
    let mut titles = each(&list, "title");
    titles.sort_unstable();
    assert_eq!(titles, ["Good", "Last", "Lines"]);
}

#[rstest]
#[tokio::test]
async fn of_rows_with_the_same_title_the_last_counts(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let csv = "title,content,category\nSame,First.,a\nOther,Other.,a\nSame,Second.,a\n";
    assert_eq!(import(&app, &admin, "rows.csv", csv).await, report(2, 0, 0));
    let list = app.get(&admin, "/knowledge").await.expect(200);
    let same = items(&list)
        .iter()
        .find(|entry| entry["title"] == "Same")
        .unwrap();
    assert_eq!(
        (&same["content"], &same["version"]),
        (&json!("Second."), &json!(1))
    );
    assert_eq!(import(&app, &admin, "rows.csv", csv).await, report(0, 0, 2));
}

#[rstest]
#[tokio::test]
async fn imports_of_the_same_file_at_once_make_each_entry_once(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let imports = (0..4).map(|_| read(upload(&app, &admin, "gifts.csv", CSV)));
    for answer in futures::future::join_all(imports).await {
        assert!(
            answer.status == 200 || answer.error() == (409, "2004"),
            "{}",
            answer.body
        );
    }
    import(&app, &admin, "gifts.csv", CSV).await;
    let mut titles = each(&app.get(&admin, "/knowledge").await.expect(200), "title")
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    titles.sort_unstable();
    assert_eq!(titles, ["Gift cards", "Gift wrapping"]);
}

#[rstest]
#[tokio::test]
async fn an_import_that_names_itself_takes_effect_once(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let import = async |content: &str| {
        let request = upload(&app, &admin, "gifts.csv", content);
        read(request.header("Idempotency-Key", "key")).await
    };
    let first = import(CSV).await;
    assert_eq!(first.body, report(2, 0, 0));
    replays(&import(CSV).await, &first);
    import(&CSV.replace("purple", "green")).await.refused(409, "2006");
    let twins = (0..4).map(|_| {
        let request = upload(&app, &admin, "gifts.jsonl", JSON_LINES);
        read(request.header("Idempotency-Key", "twin"))
    });
    let answers = futures::future::join_all(twins).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &answers[0].body));
    }
    let fresh = |answer: &&Answer| answer.header("idempotency-replayed").is_none();
    assert_eq!(answers.iter().filter(fresh).count(), 1);
}

#[rstest]
#[tokio::test]
async fn many_rows_are_brought_in_in_one_go(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    let rows: String = (1..=60)
        .map(|n| format!("Article {n},It is about number {n}.,numbers\n"))
        .collect();
    assert_eq!(
        import(
            &app,
            &admin,
            "rows.csv",
            &format!("title,content,category\n{rows}")
        )
        .await,
        report(60, 0, 0)
    );
    let organization = app.get(&admin, "/admin/organization").await.expect(200);
    assert_eq!(organization["usage"]["knowledge_entries"], 60);
}

#[rstest]
#[tokio::test]
async fn what_is_no_import_is_refused_as_a_whole(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for name in ["gifts", "gifts.pdf", "gifts.exe", ".", ""] {
        let answer = read(upload(&app, &admin, name, MARKDOWN)).await;
        assert_eq!(names(answer.refused(400, "2001")), ["file"], "{name}");
    }
    for (name, content) in [
        ("a.md", ""),
        ("a.html", " "),
        ("a.csv", "title,content,category\n"),
        ("a.csv", "name,text\na,b\n"),
        ("a.jsonl", "\n\n"),
    ] {
        let answer = read(upload(&app, &admin, name, content)).await;
        assert_eq!(names(answer.refused(400, "2001")), ["file"], "{name}: {content}");
    }
    let post = async |(media_type, body): (String, Vec<u8>)| {
        let request = app
            .request(&admin, Method::POST, "/knowledge/import")
            .header("Content-Type", media_type);
        read(request.body(body)).await
    };
    let (media_type, mut body) = multipart("a.md", "X");
    let place = body.windows(3).position(|bytes| bytes == b"X\r\n").unwrap();
    body[place] = 0xff;
    assert_eq!(
        names(post((media_type, body)).await.refused(400, "2001")),
        ["file"]
    );
    assert_eq!(names(post(form(&[])).await.refused(400, "2003")), ["file"]);
    assert_eq!(
        names(
            post(form(&[("document", Some("a.md"), "b")]))
                .await
                .refused(400, "2002")
        ),
        ["document"]
    );
    let twice = [
        ("file", Some("a.md"), "# A\n\nb"),
        ("file", Some("b.md"), "# B\n\nb"),
    ];
    assert_eq!(names(post(form(&twice)).await.refused(400, "2002")), ["file"]);
    post(("application/json".to_owned(), b"{}".to_vec()))
        .await
        .refused(415, "2002");
    post(("multipart/form-data".to_owned(), b"--".to_vec()))
        .await
        .refused(415, "2002");
    post((
        format!("multipart/form-data; boundary={BOUNDARY}"),
        b"nothing of the kind".to_vec(),
    ))
    .await
    .refused(400, "2002");
    assert!(items(&app.get(&admin, "/knowledge").await.expect(200)).is_empty());
}
