//! The language of messages of one to four words.

use acs_ai::understand::language::detect;

/// Code and text of each message; the code `-` stands for none.
fn messages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../data/short_messages.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with("# "));
    rows.map(|line| line.split_once('\t').unwrap().1.split_once('\t').unwrap())
}

const LANGUAGES: [&str; 16] = [
    "ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pt", "ru", "sv", "tr", "vi", "zh",
];

#[test]
fn every_language_is_told_from_a_few_words() {
    for code in LANGUAGES {
        let own: Vec<&str> = messages()
            .filter(|(own, _)| *own == code)
            .map(|(_, text)| text)
            .collect();
        let told = own
            .iter()
            .filter(|text| detect(text).is_some_and(|found| found.code == code));
        let share = told.count() as f64 / own.len() as f64;
        assert!(own.len() >= 10 && share >= 0.8, "{code}: {share}");
    }
}

#[test]
fn hardly_any_is_taken_for_another_language() {
    let all = messages().filter(|(code, _)| *code != "-").count();
    let mistaken: Vec<_> = messages()
        .filter(|(code, text)| *code != "-" && detect(text).is_some_and(|found| found.code != *code))
        .collect();
    assert!(mistaken.len() * 50 <= all, "{mistaken:?}");
}

#[test]
fn names_codes_and_signs_are_in_no_language() {
    let told: Vec<_> = messages()
        .filter(|(code, text)| *code == "-" && detect(text).is_some())
        .map(|(_, text)| (text, detect(text)))
        .collect();
    assert!(told.len() <= 3, "{told:?}");
}

#[test]
fn hostile_texts_are_borne() {
    for text in [
        "a".repeat(5_000),
        "ß".repeat(5_000),
        "é é ".repeat(1_250),
        "😀".repeat(10_000),
        "где is মোৱ ordér 注文 ".repeat(300),
    ] {
        if let Some(language) = detect(&text) {
            assert!((0.0..=1.0).contains(&language.confidence));
        }
    }
}
