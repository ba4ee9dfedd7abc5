use proptest::prelude::*;

use super::*;

/// The sentences of a text, as text.
fn cut(text: &str) -> Vec<&str> {
    sentences(text).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn marks_before_white_space_end_sentences() {
    assert_eq!(
        cut("Hello there. How are you?  Fine!\tGood."),
        ["Hello there.", "How are you?", "Fine!", "Good."]
    );
    assert_eq!(
        cut("i lost my card. what now? please help"),
        ["i lost my card.", "what now?", "please help"]
    );
    assert_eq!(cut("Really?! Yes."), ["Really?!", "Yes."]);
}

#[test]
fn quotes_and_brackets_close_with_their_sentence() {
    assert_eq!(
        cut("He said \"Go.\" Then he left. (See below.) Bye."),
        ["He said \"Go.\"", "Then he left.", "(See below.)", "Bye."]
    );
    assert_eq!(cut("„Ja.“ Nein."), ["„Ja.“", "Nein."]);
}

#[test]
fn abbreviations_and_initials_do_not_end_sentences() {
    for whole in [
        "Ask Dr. Smith, e.g. by mail.",
        "It takes approx. 5 days, i.e. a week.",
        "See No. 5 and Fig. 3 for details.",
        "J. R. Smith signed it.",
        "The U.S. Government pays, etc. and so on.",
        "Acme Inc. is our partner.",
        "Das gilt z. B. für Karten, bzw. für Konten.",
        "It opens at 9 a.m. on weekdays.",
    ] {
        assert_eq!(cut(whole), [whole]);
    }
}

#[test]
fn abbreviations_end_sentences_when_a_new_one_plainly_begins() {
    assert_eq!(
        cut("We close at 5 p.m. Closed on Sundays."),
        ["We close at 5 p.m.", "Closed on Sundays."]
    );
    assert_eq!(
        cut("We ship to the U.S. It takes a week."),
        ["We ship to the U.S.", "It takes a week."]
    );
    assert_eq!(
        cut("The answer is no. Please wait."),
        ["The answer is no.", "Please wait."]
    );
    assert_eq!(cut("So do I. You too."), ["So do I.", "You too."]);
    assert_eq!(
        cut("Shoes, hats, etc. All on sale."),
        ["Shoes, hats, etc.", "All on sale."]
    );
}

#[test]
fn numbers_dates_and_addresses_stay_whole() {
    assert_eq!(
        cut("It costs 3.50 EUR. Version 2.0.1 is out."),
        ["It costs 3.50 EUR.", "Version 2.0.1 is out."]
    );
    assert_eq!(
        cut("Am 3. Mai geht es los. Im Jahr 2015. Dann Schluss."),
        ["Am 3. Mai geht es los.", "Im Jahr 2015.", "Dann Schluss."]
    );
    assert_eq!(
        cut("See www.acme.example/a.b?c=d. Or write to a.b@acme.example. Bye"),
        [
            "See www.acme.example/a.b?c=d.",
            "Or write to a.b@acme.example.",
            "Bye"
        ]
    );
}

#[test]
fn an_ellipsis_ends_a_sentence_only_before_a_capital() {
    assert_eq!(cut("well... i don't know"), ["well... i don't know"]);
    assert_eq!(cut("Hm… Next one..."), ["Hm…", "Next one..."]);
}

#[test]
fn items_of_a_list_are_sentences_with_their_numbers() {
    assert_eq!(
        cut("Do this:\n1. Open the app.\n2. Tap Settings. Wait.\n10. Done\na) first\n- bullet\n• dot"),
        [
            "Do this:",
            "1. Open the app.",
            "2. Tap Settings.",
            "Wait.",
            "10. Done",
            "a) first",
            "- bullet",
            "• dot"
        ]
    );
}

#[test]
fn a_wrapped_line_goes_on_and_an_empty_line_does_not() {
    assert_eq!(
        cut("This sentence is\nwrapped. Next\n\nnew paragraph\nMonday to Friday"),
        [
            "This sentence is\nwrapped.",
            "Next",
            "new paragraph",
            "Monday to Friday"
        ]
    );
}

#[test]
fn wide_marks_need_no_white_space() {
    assert_eq!(
        cut("你好。我的订单在哪里？谢谢！"),
        ["你好。", "我的订单在哪里？", "谢谢！"]
    );
    assert_eq!(cut("「はい。」いいえ。"), ["「はい。」", "いいえ。"]);
    assert_eq!(
        cut("¿Dónde está mi pedido? ¡Gracias!"),
        ["¿Dónde está mi pedido?", "¡Gracias!"]
    );
}

#[test]
fn text_without_an_end_is_broken_between_words() {
    let text = "word ".repeat(1_000);
    let cut = cut(&text);
    assert!(cut.len() >= 5);
    assert!(
        cut.iter()
            .all(|piece| piece.len() <= LONGEST && piece.ends_with("word"))
    );
}

proptest! {
    #[test]
    fn ranges_are_in_order_and_leave_out_nothing_but_white_space(
        text in "([a-zA-Z0-9.!?…。, \n\t()\"'äß한😀]{0,40}|\\PC{0,20}|(word |Dr\\. |1\\. |\n\n|e\\.g\\. ){0,12}){0,6}"
    ) {
        let mut end = 0;
        for range in sentences(&text) {
            prop_assert!(range.start >= end && range.end > range.start);
            prop_assert!(text[end..range.start].chars().all(char::is_whitespace));
            prop_assert!(range.len() <= LONGEST);
            let sentence = &text[range.clone()];
            prop_assert_eq!(sentence.trim(), sentence);
            end = range.end;
        }
        prop_assert!(text[end..].chars().all(char::is_whitespace));
    }

    #[test]
    fn long_runs_are_covered_too(run in "[a-zä，, ]{1,90}") {
        let text = run.repeat(30);
        let kept: usize = sentences(&text).iter().map(|r| text[r.clone()].chars().filter(|c| !c.is_whitespace()).count()).sum();
        prop_assert_eq!(kept, text.chars().filter(|c| !c.is_whitespace()).count());
        prop_assert!(sentences(&text).iter().all(|r| r.len() <= LONGEST && !r.is_empty()));
    }
}
