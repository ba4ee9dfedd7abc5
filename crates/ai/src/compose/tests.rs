use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Passage, Sentence, Vector};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::retrieve::RuleRetriever;
use crate::sentence::sentences;

const PASSWORD: &str = "Open the sign-in page and choose \"Forgot password\".\nTo reset your password, follow these steps:\n\
    1. Enter the e-mail address of your account.\n2. Open the message that we send you.\n\
    3. Choose a new password with at least 12 characters.\nThe link in the message works for 30 minutes.";
const REFUNDS: &str = "We refund a return to the card that you paid with. It takes 5 working days from the day on which \
    the parcel reaches our warehouse. Gift cards are never refunded.";
const PLANS: &str = "You can cancel a plan at any time under Account and then Plan. The plan then ends with the month \
    that is paid.";

/// A meaning that is nothing but the words: enough to say what lies near what.
fn meaning(text: &str) -> Vector {
    let mut vector = vec![0.0_f32; 96];
    for term in RuleRetriever::default().terms(text) {
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        vector[usize::try_from(hasher.finish() % 96).unwrap()] += 1.0;
    }
    let norm = vector.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
    vector.into_iter().map(|v| v / norm).collect()
}

fn question(text: &str) -> Question {
    Question {
        strangers: 0.0,
        text: text.to_owned(),
        terms: RuleRetriever::default().terms(text),
        vector: Some(meaning(text)),
        language: "en".to_owned(),
        company: "Acme".to_owned(),
    }
}

fn hit(number: u128, title: &str, text: &str, question: &Question) -> Hit {
    let vector = meaning(&format!("{title} {text}"));
    let cosine = question
        .vector
        .as_ref()
        .map_or(0.0, |asked| reading::cosine(asked, &vector));
    let sentence = |range: std::ops::Range<usize>| Sentence {
        vector: meaning(&text[range.clone()]),
        start: range.start,
        end: range.end,
    };
    let passage = Passage {
        id: Id::from_uuid(Uuid::from_u128(number)),
        entry_id: Id::from_uuid(Uuid::from_u128(number)),
        ordinal: 0,
        heading: String::new(),
        terms: RuleRetriever::default().terms(&format!("{title} {text}")),
        vector,
        sentences: sentences(text).into_iter().map(sentence).collect(),
        text: text.to_owned(),
    };
    let found = FoundPassage {
        passage,
        title: title.to_owned(),
        category: "help".to_owned(),
        source_url: Some("https://help.lamps.example/articles/1".to_owned()),
        version: 3,
        success_count: 0,
        updated_at: time::OffsetDateTime::UNIX_EPOCH,
    };
    Hit {
        found,
        score: cosine,
        cosine,
        lexical: 20.0 * cosine,
    }
}

fn hits(question: &Question) -> Vec<Hit> {
    let texts = [
        ("Reset your password", PASSWORD),
        ("Refunds", REFUNDS),
        ("Cancel a plan", PLANS),
    ];
    let mut hits: Vec<Hit> = (1..)
        .zip(texts)
        .map(|(number, (title, text))| hit(number, title, text, question))
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    hits
}

fn composer() -> GroundedComposer {
    GroundedComposer::new(Arc::new(RuleRetriever::default()))
}

fn answer(text: &str) -> Draft {
    let question = question(text);
    composer().compose(&question, &hits(&question)).unwrap()
}

#[test]
fn a_reply_is_the_sentence_that_answers_with_its_source() {
    let draft = answer("At what time can I cancel my plan?");
    assert!(
        draft
            .text
            .starts_with("You can cancel a plan at any time under Account and then Plan."),
        "{}",
        draft.text
    );
    assert!(draft.text.ends_with(" [1]"));
    let citation = &draft.citations[0];
    assert_eq!((citation.title.as_str(), citation.version), ("Cancel a plan", 3));
    assert_eq!(
        citation.url.as_deref(),
        Some("https://help.lamps.example/articles/1")
    );
    assert!(draft.text.contains(&citation.quote));
}

#[test]
fn a_procedure_comes_whole_and_in_order_with_the_words_that_lead_to_it() {
    let draft = answer("How do I choose a new password?");
    let steps = "To reset your password, follow these steps:\n1. Enter the e-mail address of your account.\n\
        2. Open the message that we send you.\n3. Choose a new password with at least 12 characters.";
    assert!(draft.text.contains(steps), "{}", draft.text);
}

#[test]
fn a_sentence_that_points_back_brings_the_one_before() {
    let draft = answer("How many working days until the parcel reaches your warehouse?");
    assert!(
        draft
            .text
            .starts_with("We refund a return to the card that you paid with. It takes 5 working days")
    );
}

#[test]
fn two_questions_in_one_get_an_answer_from_each_source() {
    let draft = answer("How do I cancel my plan and are gift cards refunded?");
    assert_eq!(draft.citations.len(), 2, "{}", draft.text);
    assert!(draft.text.contains("cancel a plan") && draft.text.contains("Gift cards are never refunded."));
    assert!(draft.text.contains("[1]") && draft.text.contains("[2]"));
}

#[test]
fn what_was_not_cited_but_fits_is_offered_to_go_on_with() {
    let question = question("When is a return refunded?");
    let abroad = "A return from abroad is refunded too.";
    let found = [
        hit(1, "Refunds", REFUNDS, &question),
        hit(2, "Refunds abroad", abroad, &question),
    ];
    let draft = composer().compose(&question, &found).unwrap();
    let cited: HashSet<_> = draft
        .citations
        .iter()
        .map(|citation| citation.title.as_str())
        .collect();
    let offered: HashSet<_> = draft.follow_up_questions.iter().map(String::as_str).collect();
    assert_eq!(cited.union(&offered).count(), 2);
    assert!(cited.is_disjoint(&offered));
}

#[test]
fn nothing_found_gives_no_reply() {
    let question = question("How do I cancel?");
    assert_eq!(composer().compose(&question, &[]), None);
    assert_eq!(
        composer().compose(&question, &[hit(1, "Empty", "", &question)]),
        None
    );
}

#[test]
fn a_known_thing_is_surer_than_an_unknown_one_with_and_without_meaning() {
    for has_meaning in [true, false] {
        let confidence = |text: &str| {
            let mut question = question(text);
            question.vector = question.vector.filter(|_| has_meaning);
            let draft = composer().compose(&question, &hits(&question));
            draft.map_or(0.0, |draft| draft.confidence)
        };
        let known = confidence("How do I reset my password?");
        let unknown = confidence("What is the boiling point of tungsten?");
        assert!(known > unknown + 0.3 && unknown < 0.3, "{known} {unknown}");
    }
}

#[test]
fn anothers_name_speaks_against_a_reply_and_the_companys_own_does_not() {
    let feature = |name: &str, text: &str| {
        let question = question(text);
        let evidence = composer().evidence(&question, &hits(&question)).unwrap();
        evidence.features[FEATURES.iter().position(|known| *known == name).unwrap()]
    };
    let own = "How do I reset my Acme password?";
    let anothers = "How do I reset my Gmail password?";
    for (name, of_own, of_anothers) in [
        ("words that nothing found has", 0.0..0.01, 0.3..1.0),
        ("particulars unknown", 0.0..0.01, 1.0..1.01),
        ("words in passage", 0.9..1.01, 0.3..0.7),
    ] {
        assert!(
            of_own.contains(&feature(name, own)),
            "{name}: {}",
            feature(name, own)
        );
        assert!(
            of_anothers.contains(&feature(name, anothers)),
            "{name}: {}",
            feature(name, anothers)
        );
    }
    assert!(answer(own).confidence > answer(anothers).confidence);
    let with_a_detail = "How do I reset my Acme password? 4242";
    assert!(feature("words that nothing found has", with_a_detail) < 0.01);
}

#[test]
fn what_was_read_before_gives_the_same_reply() {
    let composer = composer();
    let question = question("When do I get my refund?");
    let hits = hits(&question);
    let first = composer.compose(&question, &hits);
    assert!(first.is_some());
    assert_eq!(composer.compose(&question, &hits), first);
}

#[test]
fn slips_of_the_pen_are_forgiven() {
    let draft = answer("forgott my pasword");
    assert_eq!(draft.citations[0].title, "Reset your password");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "([a-z]{1,9}[ ,:.?!\n]{1,2}){0,60}",
        "(([0-9]\\. |- |It |This )?[a-z]{1,6} [a-zß€€😀]{1,9}[.:!]?\n){0,20}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_found_a_reply_is_short_verbatim_and_marked(
        asked in any_text(),
        texts in proptest::collection::vec(any_text(), 0..5),
        has_meaning in any::<bool>(),
    ) {
        let mut question = question(&asked);
        question.vector = question.vector.filter(|_| has_meaning);
        let found: Vec<Hit> = (1..).zip(&texts).map(|(number, text)| hit(number, "A title", text, &question)).collect();
        let Some(draft) = composer().compose(&question, &found) else { return Ok(()) };
        prop_assert!((0.0..=1.0).contains(&draft.confidence));
        prop_assert!(draft.text.chars().count() <= 700);
        prop_assert!((1..=3).contains(&draft.citations.len()));
        let mut rest = draft.text.as_str();
        for (number, citation) in (1..).zip(&draft.citations) {
            let of_entry = found.iter().filter(|hit| hit.found.passage.entry_id == citation.entry_id);
            prop_assert!(of_entry.into_iter().any(|hit| hit.found.passage.text.contains(&citation.quote)));
            prop_assert!(!citation.quote.trim().is_empty());
            rest = rest.trim_start().strip_prefix(&format!("{} [{number}]", citation.quote)).unwrap_or("not marked");
        }
        prop_assert_eq!(rest, "");
    }
}
