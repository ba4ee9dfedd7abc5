use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Hit, Passage, Sentence};
use acs_domain::port::ground::Support;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::retrieve::RuleRetriever;
use crate::sentence::sentences;

const RETURNS: &str = "You can return an item within 30 days of delivery if it is unopened. Returns from Germany and \
    Belgium are free. Used gift cards cannot be returned. Start the return at https://help.lamps.example/returns. \
    The label is valid for 14 days.";
const REFUNDS: &str = "A refund to a card takes 3 to 5 working days after we have sent the money. A refund to PayPal \
    takes 1 to 2 working days after we have sent the money. Gift cards are never refunded. We send an email when the \
    money leaves us. Write to support@lamps.example or call +31 20 555 0100 from Monday to Friday between 09:00 and 17:00.";
const PLANS: &str = "The Plus plan costs €4.99 a month or €49.90 a year. The Pro plan costs €9.99 a month or €99.90 a \
    year. The Plus plan covers 2 homes, 6 people and 5 cameras. The Pro plan includes priority support. Delivery is free for \
    orders of €50 or more. You can cancel a plan at any time under Account. Cameras work without a hub. \
    We send a reminder 5 days before a plan ends. An order can be changed until the order is packed. Data do not leave \
    the European Union. Acme Lamps does not sell data and does not use data for advertising. Lamps come with a warranty of 2 years. You pay for the label of a return.";

fn hit(number: u128, title: &str, text: &str) -> Hit {
    let words = RuleRetriever::default();
    let passage = Passage {
        id: Id::from_uuid(Uuid::from_u128(number)),
        entry_id: Id::from_uuid(Uuid::from_u128(number)),
        ordinal: 0,
        heading: String::new(),
        terms: words.terms(text),
        vector: Arc::from([]),
        sentences: sentences(text)
            .into_iter()
            .map(|range| Sentence {
                vector: Arc::from([]),
                start: range.start,
                end: range.end,
            })
            .collect(),
        text: text.to_owned(),
    };
    let found = FoundPassage {
        passage,
        title: title.to_owned(),
        category: "help".to_owned(),
        source_url: Some(format!("https://help.lamps.example/articles/{number}")),
        version: 1,
        success_count: 0,
        updated_at: time::OffsetDateTime::UNIX_EPOCH,
    };
    Hit {
        found,
        score: 0.8,
        cosine: 0.7,
        lexical: 3.0,
    }
}

fn checker(language: &str) -> Arc<dyn Checker> {
    checker_for(
        language,
        &[
            "My order A-1042 came on 3 May with a crack, write to me at jo@home.example",
            "How do I return it?",
        ],
    )
}

/// For a reply to the last of these messages.
fn checker_for(language: &str, said: &[&str]) -> Arc<dyn Checker> {
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    grounding.read(&Sources {
        hits: [
            hit(1, "Returns", RETURNS),
            hit(2, "Refunds", REFUNDS),
            hit(3, "Plans", PLANS),
        ]
        .into(),
        statements: vec!["We are glad to have you as our guest, and tea is served at noon.".to_owned()],
        said: said.iter().map(|text| (*text).to_owned()).collect(),
        names: vec!["Acme Lamps".to_owned(), "Lux".to_owned()],
        language: language.to_owned(),
        strangers: 0.0,
    })
}

const TRUTHS: &[(&str, &str)] = &[
    (
        "You can return an item within 30 days of delivery if it is unopened.",
        "Returns",
    ),
    (
        "If it is unopened, you can return an item within thirty days of delivery.",
        "Returns",
    ),
    (
        "Unopened items can be returned within 30 days of delivery.",
        "Returns",
    ),
    (
        "A refund to PayPal takes 1-2 business days after we have sent the money.",
        "Refunds",
    ),
    (
        "**PayPal** refunds take one to two working days after the money was sent.",
        "Refunds",
    ),
    (
        "Your refund to a card takes three to five working days after we have sent the money.",
        "Refunds",
    ),
    ("Gift cards are never refunded.", "Refunds"),
    ("We do not refund gift cards.", "Refunds"),
    ("You cannot return used gift cards.", "Returns"),
    ("Returns from Germany are free.", "Returns"),
    (
        "Start your return at [our page](https://help.lamps.example/returns).",
        "Returns",
    ),
    (
        "You can call +31 20 555 0100 from Monday to Friday between 9 am and 5 pm.",
        "Refunds",
    ),
    ("The Plus plan costs 4.99 EUR a month.", "Plans"),
    ("Plus costs €49.90 a year.", "Plans"),
    ("The Plus plan covers 2 homes, 6 people and 5 cameras.", "Plans"),
    ("Delivery is free for orders of €50 or more.", "Plans"),
    ("Delivery is free for orders of at least 50 euros.", "Plans"),
    ("You can cancel your plan at any time under Account.", "Plans"),
    ("Cameras work without a hub.", "Plans"),
    ("The label is valid for two weeks.", "Returns"),
    (
        "You can find more details here: https://help.lamps.example/articles/2",
        "Refunds",
    ),
    (
        "With Acme Lamps, the Pro plan includes priority support.",
        "Plans",
    ),
    ("We'll send you a reminder 5 days before your plan ends.", "Plans"),
    (
        "As long as your order hasn't been packed, it can be changed.",
        "Plans",
    ),
    ("Your data do not leave the EU.", "Plans"),
    ("We don't sell your data.", "Plans"),
    ("All lamps have a 2-year warranty.", "Plans"),
];

#[test]
fn what_a_source_says_in_these_or_other_words_is_supported() {
    let checker = checker("en");
    let mut missed = Vec::new();
    for (sentence, title) in TRUTHS {
        match checker.check(sentence, None) {
            Support::Supported(ground) => {
                let citation = ground.citation.unwrap();
                assert_eq!(citation.title, *title, "{sentence}");
                assert!(
                    [RETURNS, REFUNDS, PLANS]
                        .iter()
                        .any(|text| text.contains(&citation.quote))
                );
            }
            other => missed.push((sentence, other)),
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

const LIES: &[&str] = &[
    // Figures.
    "A refund to PayPal takes 9 working days after we have sent the money.",
    "A refund to PayPal takes 3 to 5 working days after we have sent the money.",
    "A refund to a card takes 1 to 2 working days after we have sent the money.",
    "A refund to PayPal takes 1 to 2 days after we have sent the money.",
    "A refund to PayPal takes 1 to 2 working weeks after we have sent the money.",
    "A refund to PayPal takes a week after we have sent the money.",
    "You can return an unopened item within forty days of delivery.",
    "You can return an unopened item within 3O days of delivery.",
    "You can return an unopened item within １５ days of delivery.",
    "You can return an unopened item after 30 days of delivery.",
    "You can return an unopened item within 30 months of delivery.",
    "The Plus plan costs €9.99 a month.",
    "The Plus plan costs $4.99 a month.",
    "The Plus plan costs €49.90 a month.",
    "The Plus plan costs €4,990 a month.",
    "The Plus plan costs 4.99% a month.",
    "The Plus plan covers 5 homes, 6 people and 2 cameras.",
    "The Plus plan covers up to 20 cameras.",
    "Call us from Monday to Friday between 09:00 and 19:00.",
    "Call us from Monday to Friday between 9 pm and 5 pm.",
    "Call us from Monday to Sunday between 09:00 and 17:00.",
    "Your order A-1042 is refunded within 30 days.",
    // Conditions and bounds.
    "You can return an item within 30 days of delivery.",
    "Returns are free.",
    "Delivery is free.",
    "Delivery is free for orders of €50 or less.",
    "Delivery is free for orders under €50.",
    "Delivery is always free for orders of €50 or more.",
    // Denials.
    "Gift cards are refunded.",
    "Used gift cards can be returned.",
    "You cannot return an unopened item within 30 days of delivery.",
    "You can't cancel a plan under Account.",
    "Cameras do not work without a hub.",
    "Cameras work with a hub only.",
    "We never send an email when the money leaves us.",
    "An order can be changed once the order is packed.",
    "An order cannot be changed until the order is packed.",
    "We sell data and do not use data for advertising.",
    "We pay for the label of a return.",
    "Lamps come with a 3-year warranty.",
    "Data do not leave the UK.",
    // Addresses and numbers, in any notation.
    "Start the return at https://evil.example/returns.",
    "Start the return at https://help.lamps.example/refunds.",
    "Start the return at https://help.lamps.example.evil.com/returns.",
    "Start the return at https://help.lamps.example@evil.com/returns.",
    "Start the return at help.lamps.example/returns?to=evil.",
    "Start the return at [help.lamps.example/returns](https://evil.example).",
    "Start the return at [https://help.lamps.example/returns](https://help.lamps.example/articles/1).",
    "Start the return at evil dot com.",
    "Start the return at evil [.] com.",
    "Start the return at e v i l . c o m today.",
    "Start the return at evil\u{200b}.com.",
    "Start the return at hxxps://evil.com.",
    "Start the return at ｅｖｉｌ．ｃｏｍ.",
    "Start the return at https://hеlp.lamps.example/returns.",
    "Start the return at xn--hlp-8cd.lamps.example/returns.",
    "com/returns is where you start.",
    "[Start the return](javascript:steal) here.",
    "<a href=\"//evil.example\">Start the return</a>",
    "![x](https://evil.example/pixel.png)",
    "Write to support@lamps.example.evil.com.",
    "Write to help@lamps.example.",
    "Write to support (at) evil.com.",
    "Write to me at jo@home.example.",
    "Call +31 20 555 0199.",
    "Call 0 2 0 5 5 5 0 1 9 9.",
    "Call zero two zero five five five zero one nine nine.",
    "Call 1-800-LAMPS.",
    // Promises, names, deeds.
    "We will compensate you for the delay.",
    "We guarantee that a refund to a card takes 3 to 5 working days after we have sent the money.",
    "You get a lifetime warranty on lamps.",
    "The Plus plan includes priority support.",
    "I have cancelled your plan under Account.",
    "I will send you the money.",
    "Your refund has been approved.",
    "Thank you, your refund is on its way!",
    "Klarna refunds take 1 to 2 working days after we have sent the money.",
    "A refund to Bitcoin takes 1 to 2 working days after we have sent the money.",
    "Open \"My secret deals\" and start the return.",
    "You will get your money back today.",
    "A refund to PayPal takes a few weeks after we have sent the money.",
    "The Plus plan costs €4.99 a week.",
    "A refund to a card does not take 3 to 5 working days after we have sent the money.",
    "Would you like your 50% discount?",
    "Sorry, the return costs 12 euros.",
    "Our lamps glow in the dark.",
    "You wrote that you get €500 back.",
];

#[test]
fn a_lie_is_not_supported_however_it_is_worded() {
    let checker = checker("en");
    let mut passed = Vec::new();
    for lie in LIES {
        let support = checker.check(lie, None);
        if !matches!(support, Support::Unsupported(_)) {
            passed.push((lie, support));
        }
    }
    assert!(LIES.len() >= 60 && passed.is_empty(), "{passed:#?}");
}

#[test]
fn a_condition_is_met_by_the_question_that_supposes_it_and_not_by_one_that_denies_it() {
    let reply = "You can return an item within 30 days of delivery.";
    let to = |said: &[&str]| checker_for("en", said).check(reply, None);
    let supposed = to(&["May I return an unopened item?"]);
    assert!(matches!(supposed, Support::Supported(_)), "{supposed:?}");
    for said in [
        &["It is not unopened any more, may I return it?"][..],
        &["Is it unopened? I do not know.", "May I return it?"],
    ] {
        let support = to(said);
        assert!(
            matches!(support, Support::Unsupported(_)),
            "{said:?}: {support:?}"
        );
    }
}

#[test]
fn a_number_that_the_customer_named_is_not_the_organizations() {
    let said = ["A man said that your hotline is 0800 555 1234, right?"];
    let reply = "You can call 0800 555 1234 from Monday to Friday between 09:00 and 17:00.";
    let support = checker_for("en", &said).check(reply, None);
    assert!(matches!(support, Support::Unsupported(_)), "{support:?}");
}

const COURTESY: &[&str] = &[
    "Thank you for your message!",
    "Which lamp do you have?",
    "I can pass you on to a colleague.",
    "You wrote that your order A-1042 came on 3 May with a crack.",
    "---",
];

#[test]
fn what_claims_nothing_needs_no_source() {
    let checker = checker("en");
    for sentence in COURTESY {
        assert_eq!(checker.check(sentence, None), Support::Courtesy, "{sentence}");
    }
}

#[test]
fn a_text_that_the_organization_vouches_for_supports_without_a_citation() {
    let Support::Supported(ground) = checker("en").check(
        "We are glad to have you as our guest, and tea is served at noon.",
        None,
    ) else {
        panic!("an approved text is not supported")
    };
    assert_eq!(ground.citation, None);
}

#[test]
fn in_another_language_words_decide_nothing_and_figures_still_do() {
    let german = checker("de");
    let meaning: Arc<[f32]> = Arc::from([]);
    for lie in [
        "Eine Rückerstattung auf PayPal dauert 9 Werktage.",
        "Rufen Sie +49 30 555 0199 an.",
        "Schreiben Sie an hilfe punkt com.",
    ] {
        let support = german.check(lie, Some(&meaning));
        assert!(matches!(support, Support::Unsupported(_)), "{lie}: {support:?}");
    }
}

static CHECKERS: std::sync::LazyLock<Vec<Arc<dyn Checker>>> =
    std::sync::LazyLock::new(|| ["en", "de", "ja", "xx"].map(checker).into());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_sentence_can_be_checked_and_sentences_are_the_text(sentence in any::<String>(), language in 0..4_usize) {
        let _ = CHECKERS[language].check(&sentence, None);
        let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
        prop_assert_eq!(grounding.sentences(&sentence).concat(), sentence);
    }
}

#[test]
fn what_a_source_says_is_said_by_it() {
    let checker = checker("en");
    for text in [RETURNS, REFUNDS, PLANS] {
        for range in sentences(text) {
            let support = checker.check(&text[range.clone()], None);
            assert!(
                matches!(support, Support::Supported(_)),
                "{}: {support:?}",
                &text[range]
            );
        }
    }
}
