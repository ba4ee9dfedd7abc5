use std::sync::Arc;

use acs_ai::ground::RuleGrounding;
use acs_ai::retrieve::RuleRetriever;
use acs_ai::understand::entity::mask::RuleMasker;
use acs_domain::knowledge::FoundPassage;
use acs_domain::port::mask::Masker as _;
use acs_domain::port::retrieve::Retriever as _;
use acs_testkit::sample::Sample;
use proptest::prelude::*;

use super::*;

const SOURCE: &str = "A refund to PayPal takes 2 working days. A refund to a card takes 5 working days.";
const TRUE: &str = "A refund to PayPal takes 2 working days.";
const FALSE: &str = "A refund to PayPal takes 9 working days.";

fn grounding() -> RuleGrounding {
    RuleGrounding::new(Arc::new(RuleRetriever::default()))
}

/// Words alone decide.
fn basis() -> Basis {
    let sources = Sources {
        hits: hits().into(),
        statements: Vec::new(),
        said: Vec::new(),
        names: Vec::new(),
        language: "en".to_owned(),
        strangers: 0.0,
    };
    Basis {
        tone: Tone::Plain,
        checker: grounding().read(&sources),
        embedder: None,
    }
}

/// What the customer wrote, with marks: `[email_1]`, `[iban_1]`.
fn masked() -> Arc<dyn Masked> {
    let text = "I am jo@acme.example, DE89 3704 0044 0532 0130 00";
    RuleMasker.mask(&[text], None).unwrap()
}

/// The same of a customer's name.
fn named() -> Arc<dyn Masked> {
    let masked = RuleMasker.mask(&["My name is Anna Schmidt."], None).unwrap();
    assert_eq!(masked.texts(), ["My name is [person_1]."]);
    masked
}

fn gate<'a>(grounding: &'a RuleGrounding, basis: &'a Basis, masked: &'a dyn Masked) -> Gate<'a> {
    Gate::over(grounding, basis, masked, std::time::Duration::ZERO)
}

fn hits() -> Vec<Hit> {
    let sample = Sample::default();
    let mut passage = sample.passage(sample.id(), 0, SOURCE);
    passage.text = SOURCE.to_owned();
    passage.sentences = acs_ai::sentence::sentences(SOURCE)
        .into_iter()
        .map(|range| acs_domain::knowledge::Sentence {
            start: range.start,
            end: range.end,
            vector: Arc::from([]),
        })
        .collect();
    passage.terms = RuleRetriever::default().terms(SOURCE);
    let found = FoundPassage {
        passage,
        title: "Refunds".to_owned(),
        category: "billing".to_owned(),
        source_url: None,
        version: 1,
        success_count: 0,
        updated_at: time::OffsetDateTime::UNIX_EPOCH,
    };
    vec![Hit {
        found,
        score: 0.9,
        cosine: 0.8,
        lexical: 0.4,
    }]
}

/// What passes of a reply that arrives in these pieces, and how many sentences were dropped.
async fn passed<'t>(pieces: impl IntoIterator<Item = &'t str>) -> (String, usize) {
    let (grounding, basis, masked) = (grounding(), basis(), masked());
    let mut gate = gate(&grounding, &basis, &*masked);
    let mut streamed = String::new();
    for piece in pieces {
        streamed.extend(gate.push(piece).await);
    }
    streamed.extend(gate.finish().await);
    assert_eq!(streamed, gate.text, "what is streamed is what is kept");
    let dropped = gate
        .verdicts
        .iter()
        .filter(|verdict| verdict.decision == "dropped");
    (gate.text.clone(), dropped.count())
}

#[tokio::test]
async fn a_sentence_that_the_source_says_passes_with_its_citation() {
    assert_eq!(passed([TRUE]).await, (format!("{TRUE} [1]"), 0));
}

#[tokio::test]
async fn the_models_own_markers_give_way_to_those_of_the_check() {
    for reply in [
        format!("{} [2].", TRUE.trim_end_matches('.')),
        format!("{TRUE} [1]"),
        format!("{TRUE}[7]"),
        format!("{TRUE} [1, 3]"),
    ] {
        let (text, dropped) = passed([reply.as_str()]).await;
        assert_eq!(
            (text.trim_end(), dropped),
            (&*format!("{TRUE} [1]"), 0),
            "{reply}"
        );
    }
    assert_eq!(
        without_markers("See [email_1] and [12a]"),
        "See [email_1] and [12a]"
    );
}

#[tokio::test]
async fn what_the_customer_wrote_is_no_source_of_how_to_reach_or_to_pay_anyone() {
    for lie in [
        "Thank you, [email_1]!".to_owned(),
        "Please write to us: [email_1].".to_owned(),
        format!("{} to [iban_1].", TRUE.trim_end_matches('.')),
        "We paid 900 EUR to [iban_1].".to_owned(),
    ] {
        let reply = format!("{lie} {TRUE}");
        let (text, dropped) = passed([reply.as_str()]).await;
        assert_eq!((text, dropped), (format!("{TRUE} [1]"), 1), "{lie}");
    }
}

#[tokio::test]
async fn a_mark_stays_where_its_source_has_the_value_and_a_customer_is_called_by_name() {
    let said = |value: &str| {
        let citation = Citation {
            entry_id: Sample::default().id(),
            version: 1,
            title: "Contact".to_owned(),
            url: None,
            quote: "Write to JO@acme.example, or call 030 123-4567.".to_owned(),
            score: 0.9,
        };
        let ground = Ground {
            citation: Some(citation),
            how: String::new(),
        };
        strangers(value, &*masked(), &Support::Supported(ground)).map(str::to_owned)
    };
    assert_eq!(said("You can write to [email_1]."), None);
    assert_eq!(said("You pay to [iban_1]."), Some("[iban_1]".to_owned()));
    let anna = named();
    for (sentence, allowed) in [
        ("Dear [person_1], thank you!", true),
        ("Thank you, [person_1].", true),
        ("[person_1], you can count on us.", true),
        ("You can ask for [person_1] in our shop.", false),
    ] {
        assert_eq!(
            strangers(sentence, &*anna, &Support::Courtesy).is_none(),
            allowed,
            "{sentence}"
        );
    }
    assert_eq!(
        without_marks("To [email_1], [email_2] and [a]_1", &*masked()),
        "To, [email_2] and [a]_1"
    );
}

#[tokio::test]
async fn an_apology_leaves_once_and_only_when_it_is_due() {
    let reply = format!("We are so sorry for the trouble! {TRUE} Again, my apologies.");
    let (grounding, masked) = (grounding(), masked());
    for (tone, expected) in [
        (Tone::Plain, format!("{TRUE} [1] ")),
        (Tone::Enough, format!("{TRUE} [1] ")),
        (
            Tone::Sorry,
            format!("We are so sorry for the trouble! {TRUE} [1] "),
        ),
    ] {
        let basis = Basis { tone, ..basis() };
        let mut gate = gate(&grounding, &basis, &*masked);
        gate.push(&reply).await;
        gate.finish().await;
        assert_eq!(gate.text, expected);
    }
}

#[tokio::test]
async fn a_reply_stands_while_no_more_of_it_is_dropped_than_is_true() {
    let (grounding, basis, masked) = (grounding(), basis(), masked());
    let mut gate = gate(&grounding, &basis, &*masked);
    let mut seen = Vec::new();
    for words in [
        "Thanks for asking! ",
        FALSE,
        " ",
        TRUE,
        " ",
        "Dogs may come to all our shops. ",
        "Cats may too. ",
    ] {
        gate.push(words).await;
        seen.push(gate.stands());
    }
    gate.finish().await;
    assert!(seen.contains(&true) && !gate.stands(), "{seen:?}");
    assert!((gate.share() - 0.25).abs() < 1e-6, "{}", gate.share());
}

#[tokio::test]
async fn nothing_hides_in_brackets() {
    for hidden in [
        "call [0800 555 1234]",
        "call [_08005551234]",
        "call [phone_8005551234]",
        "get [discount_50]",
        "get [1000] euros",
        "get [10000, 20] euros",
    ] {
        let reply = format!("{}, {hidden}. {TRUE}", TRUE.trim_end_matches('.'));
        let (text, dropped) = passed([reply.as_str()]).await;
        assert_eq!((text, dropped), (format!("{TRUE} [1]"), 1), "{hidden}");
    }
}

#[tokio::test]
async fn what_turns_the_order_of_letters_does_not_leave() {
    let reply = format!("Happy \u{202e}to help!\u{202c} {TRUE}");
    assert_eq!(
        passed([reply.as_str()]).await.0,
        format!("Happy to help! {TRUE} [1]")
    );
}

#[tokio::test]
async fn a_claim_behind_a_courtesy_is_dropped() {
    for claim in [
        "Of course, we deliver to Norway.",
        "Sure, cancellation works at any moment.",
        "I can have our team put the full refund through today.",
        "I'm not sure about Sweden, however we deliver to Norway.",
        "Please feel free to look at lamps-help.cfd/login.",
        "Please feel free to call ٠٨٠٠ ٥٥٥ ١٢٣٤.",
    ] {
        let reply = format!("{claim} {TRUE}");
        assert_eq!(
            passed([reply.as_str()]).await,
            (format!("{TRUE} [1]"), 1),
            "{claim}"
        );
    }
}

#[tokio::test]
async fn a_sentence_that_was_said_is_not_said_again() {
    let reply = format!("{TRUE} {TRUE} {TRUE}");
    assert_eq!(passed([reply.as_str()]).await, (format!("{TRUE} [1] "), 2));
}

#[tokio::test]
async fn a_sentence_with_another_figure_is_dropped_and_the_rest_goes_on() {
    let reply = format!("Happy to help! {FALSE} {TRUE}");
    assert_eq!(
        passed([reply.as_str()]).await,
        (format!("Happy to help! {TRUE} [1]"), 1)
    );
}

#[tokio::test]
async fn nothing_leaves_before_its_sentence_is_whole() {
    let (grounding, basis, masked) = (grounding(), basis(), masked());
    let mut gate = gate(&grounding, &basis, &*masked);
    assert_eq!(gate.push("A refund to PayPal takes 2 wor").await, None);
    assert_eq!(
        gate.push("king days.").await,
        None,
        "the next words may belong to it"
    );
    assert_eq!(
        gate.push(" A refund").await.as_deref(),
        Some("A refund to PayPal takes 2 working days. [1] ")
    );
}

#[tokio::test]
async fn a_model_that_never_ends_a_sentence_is_cut_off() {
    let (grounding, basis, masked) = (grounding(), basis(), masked());
    let mut gate = gate(&grounding, &basis, &*masked);
    for _ in 0..2 * MAX_PENDING {
        gate.push("endless ").await;
        assert!(gate.pending.len() <= MAX_PENDING + 8);
    }
    assert!(gate.text.is_empty() && !gate.verdicts.is_empty());
}

#[tokio::test]
async fn one_source_has_one_number_however_often_it_is_cited() {
    let again = "To PayPal, a refund takes 2 working days.";
    let reply = format!("{TRUE} {again}");
    assert_eq!(
        passed([reply.as_str()]).await,
        (format!("{TRUE} [1] {again} [1]"), 0)
    );
}

proptest! {
    #[test]
    fn how_a_model_cuts_its_words_changes_nothing(cuts in prop::collection::vec(0..120_usize, 0..8)) {
        let reply = format!("Thank you for asking. {FALSE} {TRUE} I hope that helps!");
        let mut pieces = Vec::new();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| *cut < reply.len()).collect();
        cuts.sort_unstable();
        let mut start = 0;
        for cut in cuts {
            pieces.push(&reply[start..cut]);
            start = cut;
        }
        pieces.push(&reply[start..]);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (cut, whole) = runtime.block_on(async { (passed(pieces).await, passed([reply.as_str()]).await) });
        prop_assert_eq!(cut, whole);
    }
}
