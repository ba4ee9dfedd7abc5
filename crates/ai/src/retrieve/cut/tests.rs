use proptest::prelude::*;

use super::*;

fn entry(title: &str, content: &str) -> EntryText {
    EntryText {
        title: title.into(),
        content: content.into(),
        category: "help".into(),
        tags: vec!["Tagged".into()],
        ..EntryText::default()
    }
}

fn passages(content: &str) -> Vec<Cutting> {
    cut(&entry("The title", content), Words::english())
}

fn quotes(cutting: &Cutting) -> Vec<&str> {
    cutting
        .sentences
        .iter()
        .map(|range| &cutting.text[range.clone()])
        .collect()
}

#[test]
fn a_short_entry_is_one_passage_of_its_sentences() {
    let [only] = &passages("You can **pay** by card. Or by invoice.\n\nBoth are free.")[..] else {
        panic!("one passage")
    };
    assert_eq!(only.text, "You can pay by card. Or by invoice.\n\nBoth are free.");
    assert_eq!(
        quotes(only),
        ["You can pay by card.", "Or by invoice.", "Both are free."]
    );
    assert_eq!(only.heading, "");
    assert_eq!(only.embedded, format!("The title\nTagged\n{}", only.text));
}

#[test]
fn passages_do_not_cross_headings_and_know_their_path() {
    let found = passages("# the TITLE\nIntro.\n## Cards\nVisa.\n### Limits\nNone.\n");
    let shape: Vec<_> = found
        .iter()
        .map(|p| (p.heading.as_str(), p.text.as_str()))
        .collect();
    assert_eq!(
        shape,
        [("", "Intro."), ("Cards", "Visa."), ("Cards › Limits", "None.")]
    );
    assert_eq!(found[2].embedded, "The title\nTagged\nCards › Limits\nNone.");
}

#[test]
fn terms_come_from_title_heading_text_and_tags() {
    let found = passages("## Refunds\nMoney returns.");
    assert_eq!(found[0].terms, ["titl", "tag", "refund", "money", "return"]);
}

#[test]
fn long_text_is_cut_between_sentences() {
    let sentence = "This sentence has about a dozen words and says nothing of interest. ";
    let found = passages(&sentence.repeat(60));
    assert!(found.len() > 4);
    for passage in &found {
        assert!(
            size(&passage.text) <= MOST && size(&passage.text) >= REST,
            "{}",
            passage.text
        );
        assert!(quotes(passage).iter().all(|quote| *quote == sentence.trim()));
    }
    assert_eq!(found.iter().map(|p| p.sentences.len()).sum::<usize>(), 60);
}

#[test]
fn a_list_stays_whole_with_the_line_that_leads_in_to_it() {
    let filler = "Filler words stand here so that the passage is nearly full. ".repeat(7);
    let steps: Vec<String> = (1..=8)
        .map(|n| format!("{n}. Do the thing with number {n} and then go on."))
        .collect();
    let found = passages(&format!("{filler}\n\nTo do so:\n\n{}\n", steps.join("\n")));
    let with_list = found.iter().find(|p| p.text.contains("To do so:")).unwrap();
    assert_eq!(with_list.text, format!("To do so:\n\n{}", steps.join("\n")));
    assert_eq!(quotes(with_list)[1..], steps);
}

#[test]
fn a_listing_is_one_sentence() {
    let found = passages("Run this:\n\n```\nfirst line. second?\n  third\n```\n");
    assert_eq!(quotes(&found[0]), ["Run this:", "first line. second?\n  third"]);
}

#[test]
fn a_list_that_is_too_long_is_cut_between_its_items() {
    let items: String = (0..80)
        .map(|n| format!("- item number {n} is a rather long line of text\n"))
        .collect();
    let found = passages(&items);
    assert!(found.len() > 2);
    assert!(
        found
            .iter()
            .all(|p| p.text.starts_with("• item") && p.text.ends_with("text"))
    );
}

#[test]
fn an_entry_without_text_is_found_by_its_summary_or_title() {
    let mut empty = entry("The title", "<!-- nothing -->");
    assert_eq!(cut(&empty, Words::english())[0].text, "The title");
    empty.summary = Some("In short.".into());
    assert_eq!(cut(&empty, Words::english())[0].text, "In short.");
}

/// Text that looks like Markdown.
fn markdown() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[a-zA-Zäß你好,.!? ]{0,60}",
        "#{1,4} [a-z ]{1,12}",
        "(- |\\* |[1-9]\\. )[a-z. ]{1,30}",
        "\\| [a-z]{0,5} \\| [a-z. ]{0,9} \\|",
        Just("|---|---|".to_owned()),
        Just("```".to_owned()),
        "<[a-z/]{1,6}>[a-z]{0,5}",
        "\\PC{0,30}",
        Just(String::new()),
    ];
    proptest::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn sentences_are_in_order_and_cover_the_passage(content in markdown()) {
        for passage in passages(&content) {
            let mut end = 0;
            for range in &passage.sentences {
                prop_assert!(range.start >= end && range.end > range.start);
                prop_assert!(passage.text[end..range.start].chars().all(char::is_whitespace));
                end = range.end;
            }
            prop_assert!(passage.text[end..].chars().all(char::is_whitespace));
            prop_assert!(!passage.text.trim().is_empty());
        }
    }

    #[test]
    fn every_word_of_plain_text_is_in_a_passage(words in proptest::collection::vec("[a-z]{1,12}[.,!?]?", 1..300)) {
        let kept: Vec<String> = passages(&words.join(" "))
            .iter()
            .flat_map(|p| p.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        prop_assert_eq!(kept, words);
    }
}
