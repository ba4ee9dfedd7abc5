//! Parts: a message that asks several things is answered part by part, and what has no answer is named.

use acs_domain::knowledge::Citation;
use acs_domain::port::compose::Draft;

use super::phrases::Asking;

/// What the sources say to a message of several questions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct InParts {
    /// What they say to those that they answer; `None` where they answer none.
    pub(super) draft: Option<Draft>,
    /// The questions that they leave open, by their places.
    pub(super) open: Vec<usize>,
}

/// Puts the drafts for the questions together; one that is less sure than `unknown` answers nothing.
pub(super) fn together(
    questions: &[&str],
    drafts: Vec<Option<Draft>>,
    unknown: f32,
    language: &str,
) -> InParts {
    let mut open = Vec::new();
    let mut answered: Vec<Draft> = Vec::new();
    for (place, draft) in drafts.into_iter().enumerate() {
        match draft.filter(|draft| draft.confidence >= unknown && !draft.citations.is_empty()) {
            // Two questions may have one answer.
            Some(draft) if answered.iter().any(|other| other.text == draft.text) => {}
            Some(draft) => answered.push(draft),
            None => open.push(place),
        }
    }
    if answered.is_empty() {
        return InParts { draft: None, open };
    }
    let mut texts = Vec::new();
    let mut language_of_draft = None;
    let mut citations: Vec<Citation> = Vec::new();
    let mut follow_up_questions: Vec<String> = Vec::new();
    let mut confidence: f32 = 1.0;
    for draft in answered {
        language_of_draft = language_of_draft.or(draft.language);
        texts.push(renumbered(&draft.text, draft.citations.len(), citations.len()));
        citations.extend(draft.citations);
        confidence = confidence.min(draft.confidence);
        follow_up_questions.extend(draft.follow_up_questions);
    }
    if !open.is_empty() {
        let named: Vec<String> = open
            .iter()
            .filter_map(|place| questions.get(*place))
            .map(|question| format!("“{}”", shown(question)))
            .collect();
        texts.push(format!("{} {}", Asking::of(language).left_open, named.join(", ")));
    }
    let mut seen = Vec::new();
    follow_up_questions.retain(|title| {
        let cited = citations.iter().any(|citation| citation.title == *title);
        let is_new = !cited && !seen.contains(title);
        seen.push(title.clone());
        is_new
    });
    let draft = Draft {
        language: language_of_draft,
        text: texts.join("\n\n"),
        citations,
        confidence,
        follow_up_questions,
        rivals: Vec::new(),
    };
    InParts {
        draft: Some(draft),
        open,
    }
}

/// A question as the agent names it: in short, and without anything that could lead somewhere, for what the agent says, its customers
/// trust.
fn shown(question: &str) -> String {
    const MAX_CHARS: usize = 120;
    /// So many digits could be called.
    const CALLABLE: usize = 7;
    let digits = question.chars().filter(|c| c.is_numeric()).count();
    let is_plain = |word: &str| {
        let inner = word.trim_end_matches(['.', '。']);
        let plain = |c: char| c.is_alphanumeric() || "'’-,;:!?()\"“”„«»¿¡%€$£，？！、".contains(c);
        inner.chars().all(plain) && (digits < CALLABLE || !inner.contains(char::is_numeric))
    };
    let words = question.split_whitespace();
    let words: Vec<&str> = words
        .map(|word| if is_plain(word) { word } else { "…" })
        .collect();
    let text = words.join(" ");
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A text with its markers `[1]` … moved on; from the last, so that none is moved twice.
fn renumbered(text: &str, markers: usize, by: usize) -> String {
    (1..=markers).rev().fold(text.to_owned(), |text, number| {
        text.replace(&format!("[{number}]"), &format!("[{}]", number + by))
    })
}

#[cfg(test)]
mod tests {
    use acs_core::id::Id;
    use uuid::Uuid;

    use super::*;

    fn draft(text: &str, titles: &[&str], confidence: f32) -> Draft {
        let citation = |title: &&str| Citation {
            entry_id: Id::from_uuid(Uuid::nil()),
            version: 1,
            title: (*title).to_owned(),
            url: None,
            quote: (*title).to_owned(),
            score: 0.9,
        };
        Draft {
            language: None,
            text: text.to_owned(),
            citations: titles.iter().map(citation).collect(),
            confidence,
            follow_up_questions: vec!["More".to_owned(), "Returns".to_owned()],
            rivals: Vec::new(),
        }
    }

    #[test]
    fn answers_follow_each_other_with_their_own_sources() {
        let drafts = vec![
            Some(draft("Yes [1]. Soon [2].", &["Shipping", "Times"], 0.9)),
            Some(draft("Thirty days [1].", &["Returns"], 0.6)),
        ];
        let InParts { draft, open } = together(&["a?", "b?"], drafts, 0.3, "en");
        let draft = draft.unwrap();
        assert_eq!(draft.text, "Yes [1]. Soon [2].\n\nThirty days [3].");
        let titles: Vec<_> = draft.citations.iter().map(|citation| &*citation.title).collect();
        assert_eq!(titles, ["Shipping", "Times", "Returns"]);
        assert_eq!((draft.confidence, open), (0.6, vec![]));
        assert_eq!(draft.follow_up_questions, ["More"]);
    }

    #[test]
    fn what_has_no_answer_is_named_in_the_customers_words() {
        let drafts = vec![
            Some(draft("Maybe [1].", &["Far"], 0.2)),
            Some(draft("Yes [1].", &["Near"], 0.8)),
        ];
        let InParts { draft, open } = together(&["Is it blue?", "Is it near?"], drafts, 0.3, "de");
        assert_eq!(
            draft.unwrap().text,
            "Yes [1].\n\nZu diesem Teil habe ich keine Antwort gefunden: “Is it blue?”"
        );
        assert_eq!(open, [0]);
    }

    #[test]
    fn what_is_named_leads_nowhere() {
        for (question, expected) in [
            (
                " Is https://evil.example/login really your page? ",
                "Is … really your page?",
            ),
            ("Is evil.example or a@evil.example yours?", "Is … or … yours?"),
            ("Is ｅｖｉｌ．ｃｏｍ yours?", "Is … yours?"),
            ("May I call 0800 555 1234 for €5?", "May I call … … … for …"),
            ("Are 30 days enough (really)?", "Are 30 days enough (really)?"),
            ("日本語でも大丈夫ですか？", "日本語でも大丈夫ですか？"),
        ] {
            assert_eq!(shown(question), expected);
        }
        assert_eq!(shown(&"word ".repeat(100)).chars().count(), 121);
    }

    #[test]
    fn nothing_is_said_where_no_part_has_an_answer() {
        let drafts = vec![None, Some(draft("Maybe [1].", &["Far"], 0.2))];
        let parts = together(&["a?", "b?"], drafts, 0.3, "en");
        assert_eq!((parts.draft, parts.open), (None, vec![0, 1]));
    }

    #[test]
    fn one_answer_to_two_questions_is_given_once() {
        let same = || Some(draft("Thirty days [1].", &["Returns"], 0.6));
        let parts = together(&["a?", "b?"], vec![same(), same()], 0.3, "en");
        assert_eq!(parts.draft.unwrap().text, "Thirty days [1].");
        assert!(parts.open.is_empty());
    }
}
