use std::path::Path;

use proptest::prelude::*;
use time::macros::datetime;

use super::*;

fn one(file_name: &str, text: &str) -> EntryText {
    let (mut rows, failed) = parse(file_name, text);
    assert_eq!(failed, vec![], "{text}");
    assert_eq!((rows.len(), rows[0].line), (1, 1));
    rows.remove(0).text
}

fn failures(text: &str) -> Vec<(usize, String)> {
    let (rows, failed) = parse("a.md", text);
    assert_eq!(rows, vec![], "{text}");
    failed
        .into_iter()
        .map(|failed| (failed.line, failed.message))
        .collect()
}

#[test]
fn the_front_matter_holds_the_other_fields() {
    let text = r#"---
# where customers read it
title: "Refunds: \"when\" and how"
category: billing
subcategory: 'customer''s money'
tags: [refund, "money, back", 'bank', ]
summary: How long: a refund takes.
source: Help Centre

source_url: https://help.example/refunds#when
language: de
audience: [premium, staff]
valid_from: 2029-01-01T00:00:00Z
expires_at: 2030-01-02T03:04:05+01:00
---

Five **working** days.

# A heading stays
"#;
    let expected = EntryText {
        title: "Refunds: \"when\" and how".into(),
        content: "Five **working** days.\n\n# A heading stays".into(),
        category: "billing".into(),
        subcategory: Some("customer's money".into()),
        tags: vec!["refund".into(), "money, back".into(), "bank".into()],
        summary: Some("How long: a refund takes.".into()),
        source: Some("Help Centre".into()),
        source_url: Some("https://help.example/refunds#when".into()),
        language: Some("de".into()),
        audience: vec!["premium".into(), "staff".into()],
        valid_from: Some(datetime!(2029-01-01 00:00:00 UTC)),
        expires_at: Some(datetime!(2030-01-02 03:04:05 +01:00)),
    };
    assert_eq!(one("x.md", text), expected);
    assert_eq!(one("x.md", &text.replace('\n', "\r\n")).tags, expected.tags);
}

#[test]
fn tags_need_no_brackets_and_empty_fields_are_none() {
    let entry = one(
        "x.md",
        "---\ntags: refund, money back\nsummary:\nsource: \"\"\ntitle:\n---\n# Refunds\n\nYes.",
    );
    assert_eq!(entry.tags, ["refund", "money back"]);
    assert_eq!((entry.summary, entry.source), (None, None));
    assert_eq!(
        (entry.title.as_str(), entry.content.as_str()),
        ("Refunds", "Yes.")
    );
}

#[test]
fn every_bad_line_of_the_front_matter_is_told() {
    let text = "---\ntitle: A\nauthor: me\ncategory\ntitle: B\nsummary: \"open\nsource: \"a\" b\ntags: [a, b\nexpires_at: soon\nsubcategory: \"\\n\"\n---\ntext";
    let found = failures(text);
    let expected = [
        (3, "unknown key `author`"),
        (4, "must read `key: value`"),
        (5, "`title` stands there twice"),
        (6, "a closing \" is missing"),
        (7, "`b` stands behind the closing quote"),
        (8, "the list has no closing `]`"),
        (9, "expires_at: must be a time by RFC 3339"),
        (10, "`\\n` is no escape"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((line, message), (at, reason)) in found.iter().zip(expected) {
        assert!(*line == at && message.starts_with(reason), "{line}: {message}");
    }
}

#[test]
fn a_front_matter_that_never_ends_is_told_once() {
    assert_eq!(
        failures("---\ntitle: A\n\ntext\n"),
        [(1, "the front matter has no closing `---`".to_owned())]
    );
}

#[test]
fn without_a_title_the_first_heading_is_it_and_leaves_the_text() {
    for (text, title, content) in [
        ("# Refunds\n\nFive days.", "Refunds", "Five days."),
        (
            "Intro.\n\n# Refunds #\nFive days.",
            "Refunds",
            "Intro.\n\nFive days.",
        ),
        ("## Part\n\n# C#\n\n# Other", "C#", "## Part\n\n# Other"),
        (
            "```sh\n# no title\n```\n# Title\nx",
            "Title",
            "```sh\n# no title\n```\n\nx",
        ),
        ("~~~\n```\n# no\n~~~~\n# Title", "Title", "~~~\n```\n# no\n~~~~"),
        (
            "    # code\n\n#\n\n#tag\n\n# Title",
            "Title",
            "# code\n\n#\n\n#tag",
        ),
    ] {
        let entry = one("x.md", text);
        assert_eq!(
            (entry.title.as_str(), entry.content.as_str()),
            (title, content),
            "{text:?}"
        );
    }
}

#[test]
fn without_any_title_the_file_names_the_entry_and_its_category_is_general() {
    for (file, title) in [
        ("docs/lost.parcel.md", "lost.parcel"),
        ("C:\\a b.markdown", "a b"),
        ("plain", "plain"),
    ] {
        let entry = one(file, "Just text.");
        assert_eq!(
            (entry.title.as_str(), entry.category.as_str()),
            (title, "general")
        );
        assert_eq!(entry.content, "Just text.");
    }
}

#[test]
fn a_blank_file_holds_no_entry() {
    assert_eq!(parse("x.md", " \n\t\n"), (vec![], vec![]));
}

#[test]
fn every_article_of_the_sample_company_is_read_with_all_its_fields() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/demo/knowledge");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let entry = one(path.to_str().unwrap(), &std::fs::read_to_string(&path).unwrap());
        assert!(
            entry.source_url.is_some_and(|url| url.starts_with("https://")),
            "{}",
            path.display()
        );
        assert!(entry.summary.is_some() && entry.source.is_some() && entry.subcategory.is_some());
        assert!(!entry.content.starts_with("---") && !entry.tags.is_empty() && entry.category != GENERAL);
        count += 1;
    }
    assert!(count >= 50, "only {count} articles");
}

#[test]
fn a_large_file_is_read_in_one_pass() {
    assert_eq!(one("big.md", &"#\n".repeat(1 << 18)).title, "big");
    let tags = "a, ".repeat(1 << 18);
    assert_eq!(
        one("big.md", &format!("---\ntags: {tags}\n---\nx")).tags.len(),
        1 << 18
    );
    assert_eq!(
        failures(&format!("---\n{}---\n", "x\n".repeat(1 << 18))).len(),
        1 << 18
    );
}

proptest! {
    #[test]
    fn any_text_is_an_entry_or_told_why_not(text in "[-#`~:\\[\\]\"'\\\\a-c, \\r\\n]{0,60}", front in any::<bool>()) {
        let text = if front { format!("---\n{text}") } else { text };
        let (rows, failed) = parse("x.md", &text);
        if text.trim().is_empty() {
            prop_assert!(rows.is_empty() && failed.is_empty());
        } else {
            prop_assert!(rows.is_empty() != failed.is_empty());
        }
    }

    #[test]
    fn a_quoted_value_is_read_as_it_was_written(value in "[a-c\"'\\\\:,# \\[\\]é]{0,20}") {
        let value = format!("<{value}>");
        let double = value.replace('\\', "\\\\").replace('"', "\\\"");
        let single = value.replace('\'', "''");
        for written in [format!("\"{double}\""), format!("'{single}'")] {
            let entry = one("x.md", &format!("---\ntitle: {written}\ntags: [{written}, {written}]\n---\nx"));
            prop_assert_eq!(&entry.title, &value);
            prop_assert_eq!(&entry.tags, &[value.clone(), value.clone()]);
        }
    }
}
