use super::*;

const THRESHOLDS: Thresholds = Thresholds {
    unknown: 0.3,
    answer: 0.7,
    certain: 0.8,
};

fn prospect(confidence: f32, words: usize, rivals: &[&str]) -> Prospect {
    let titles: Vec<String> = rivals.iter().map(|title| (*title).to_owned()).collect();
    Prospect {
        confidence,
        rivals: titles.clone(),
        fitting: titles,
        words,
    }
}

/// A conversation in which the agent has asked back so often in a row.
fn loaded(asked_back: usize) -> Loaded {
    let sample = acs_testkit::sample::Sample::default();
    let organization = sample.organization();
    let conversation = sample.conversation(&sample.customer(&organization, "c-1"));
    let reply = |seq| {
        let mut message = sample.message(&conversation, seq);
        message.sender_type = SenderType::AiAgent;
        message
    };
    let mut history = vec![reply(2)];
    for seq in (4..).step_by(2).take(asked_back) {
        let mut question = reply(seq);
        question.metadata.insert(MARK.to_owned(), true.into());
        history.extend([sample.message(&conversation, seq - 1), question]);
    }
    let message = sample.message(&conversation, 21);
    Loaded {
        history,
        ..Loaded::of(organization, conversation, message)
    }
}

fn asked(loaded: &Loaded, language: &str, prospect: &Prospect) -> Option<Decision> {
    decide(THRESHOLDS, loaded, Phrases::of(language), prospect).map(|(decision, _)| decision)
}

#[test]
fn two_entries_that_compete_are_named_in_the_customers_language() {
    let between = prospect(0.5, 5, &["Refund to a card", "Refund to PayPal"]);
    for language in crate::turn::phrases::LANGUAGES {
        let Some(Decision::Clarify { text, .. }) = asked(&loaded(0), language, &between) else {
            panic!("{language}: nothing is asked");
        };
        let which = Asking::of(language).which;
        assert_eq!(text, format!("{which}\n- Refund to a card\n- Refund to PayPal"));
    }
}

#[test]
fn nothing_is_asked_where_nothing_competes_or_the_answer_is_certain_or_unknown() {
    let both = ["Refund to a card", "Refund to PayPal"];
    for calm in [
        prospect(0.5, 5, &[]),
        prospect(0.8, 5, &both),
        prospect(0.29, 5, &both),
    ] {
        assert_eq!(asked(&loaded(0), "en", &calm), None, "{calm:?}");
    }
}

#[test]
fn a_message_of_one_word_is_asked_for_more_unless_its_answer_is_likely() {
    let thin = prospect(0.1, 1, &["Refunds"]);
    let Some(Decision::Clarify { text, .. }) = asked(&loaded(0), "de", &thin) else {
        panic!("nothing is asked");
    };
    assert!(
        text.starts_with(Asking::of("de").more) && text.ends_with("\n- Refunds"),
        "{text}"
    );
    assert_eq!(asked(&loaded(0), "de", &prospect(0.7, 1, &["Refunds"])), None);
    assert_eq!(
        asked(&loaded(0), "de", &prospect(0.1, 1, &[])),
        None,
        "nothing that could be named"
    );
    assert_eq!(
        asked(&loaded(0), "de", &prospect(0.1, 0, &["Refunds"])),
        None,
        "a number alone"
    );
}

#[test]
fn who_was_asked_back_twice_in_a_row_gets_a_person() {
    let thin = prospect(0.1, 1, &["Refunds"]);
    assert!(matches!(
        asked(&loaded(1), "en", &thin),
        Some(Decision::Clarify { .. })
    ));
    assert!(matches!(
        asked(&loaded(2), "en", &thin),
        Some(Decision::HandOver { .. })
    ));
    let mut since = loaded(2);
    if let Some(last) = since.history.last_mut() {
        last.metadata.clear();
    }
    assert!(
        matches!(asked(&since, "en", &thin), Some(Decision::Clarify { .. })),
        "an answer in between begins the count anew"
    );
}
