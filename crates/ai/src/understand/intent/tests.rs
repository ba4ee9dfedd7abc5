use super::*;

const TAUGHT: [(&str, &str); 12] = [
    ("cancel", "cancel my order"),
    ("cancel", "please cancel the order"),
    ("cancel", "I want to cancel"),
    ("cancel", "can you cancel an order for me"),
    ("refund", "when does my refund arrive"),
    ("refund", "where is my refund"),
    ("refund", "tell me about my refund"),
    ("refund", "has the refund been paid"),
    ("address", "change my delivery address"),
    ("address", "I moved to another address"),
    ("address", "update the address please"),
    ("address", "send it to a new address"),
];

/// A unit vector in the direction of an intent.
fn toward(intent: &str) -> Vector {
    let known = ["cancel", "refund", "address", "invoice"];
    let values = known.map(|name| if name == intent { 1.0 } else { 0.0 });
    values.as_slice().into()
}

fn phrase((intent, text): (&str, &str)) -> Phrase {
    Phrase {
        intent: intent.into(),
        text: text.into(),
        vector: toward(intent),
    }
}

fn phrases() -> Vec<Phrase> {
    TAUGHT.into_iter().map(phrase).collect()
}

fn trained() -> Intents {
    Intents::trained(phrases(), &|| false).unwrap()
}

fn names(guesses: &Guesses) -> Vec<&str> {
    guesses.intents.iter().map(|guess| guess.name.as_str()).collect()
}

#[test]
fn trained_heads_answer_with_a_vector_and_without() {
    let intents = trained();
    let with = intents.guess("please cancel it all", Some(&toward("cancel")));
    assert_eq!(names(&with)[0], "cancel");
    assert!(with.intents[0].confidence > 0.7, "{with:?}");
    let without = intents.guess("please cancel my order", None);
    assert_eq!(names(&without)[0], "cancel");
}

#[test]
fn untrained_the_nearest_phrases_answer_and_words_alone_say_nothing() {
    let intents = Intents::quick(phrases());
    let guesses = intents.guess("whatever", Some(&toward("refund")));
    assert_eq!(names(&guesses)[0], "refund");
    assert_eq!(intents.guess("cancel my order", None), Guesses::default());
    assert_eq!(intents.to_bytes(), None);
}

#[test]
fn restored_heads_answer_as_before() {
    let intents = trained();
    let restored = Intents::restored(&intents.to_bytes().unwrap(), phrases()).unwrap();
    for text in ["cancel my order", "where's my refund", "tungsten"] {
        for vector in [None, Some(toward("refund"))] {
            assert_eq!(
                restored.guess(text, vector.as_ref()),
                intents.guess(text, vector.as_ref())
            );
        }
    }
    assert!(Intents::restored(b"something else", phrases()).is_err());
}

#[test]
fn an_intent_newer_than_the_heads_is_known_and_one_that_is_gone_is_not() {
    let bytes = trained().to_bytes().unwrap();
    let mut today: Vec<Phrase> = phrases()
        .into_iter()
        .filter(|phrase| phrase.intent != "address")
        .collect();
    today.push(phrase(("invoice", "send me the invoice")));
    let intents = Intents::restored(&bytes, today).unwrap();
    let guesses = intents.guess("send me the invoice", Some(&toward("invoice")));
    assert_eq!(names(&guesses)[0], "invoice");
    let guesses = intents.guess("change my delivery address", None);
    assert!(!names(&guesses).contains(&"address"));
}

#[test]
fn heads_go_with_the_phrases_of_others_as_if_they_were_restored_with_them() {
    let heads = Intents::restored(&trained().to_bytes().unwrap(), Vec::new()).unwrap();
    let mut today = phrases();
    today.push(phrase(("invoice", "send me the invoice")));
    let joined = Intents::quick(today.clone()).with_heads_of(&heads);
    let restored = Intents::restored(&trained().to_bytes().unwrap(), today).unwrap();
    for text in ["cancel my order", "send me the invoice", "tungsten"] {
        for vector in [None, Some(toward("invoice"))] {
            assert_eq!(
                joined.guess(text, vector.as_ref()),
                restored.guess(text, vector.as_ref())
            );
        }
    }
}

#[test]
fn several_wishes_in_one_message_are_all_found() {
    let guesses = trained().guess(
        "cancel my order and tell me when the refund does arrive",
        Some(&toward("cancel")),
    );
    let mut found = names(&guesses);
    found.truncate(2);
    found.sort_unstable();
    assert_eq!(found, ["cancel", "refund"]);
    assert!(
        guesses.intents[..2].iter().all(|guess| guess.confidence >= SURE),
        "{guesses:?}"
    );
}

#[test]
fn what_is_unlike_all_phrases_is_out_of_scope() {
    let strange: Vector = [0.0, 0.0, 0.0, 1.0].as_slice().into();
    let guesses = trained().guess("boiling point of tungsten", Some(&strange));
    assert!(guesses.out_of_scope && guesses.intents.is_empty(), "{guesses:?}");
    assert!(trained().guess("0815", None).out_of_scope);
}

#[test]
fn without_any_phrase_everything_is_out_of_scope() {
    let intents = Intents::trained(Vec::new(), &|| false).unwrap();
    assert!(intents.guess("hello", None).out_of_scope);
    assert!(intents.guess("", Some(&toward("cancel"))).out_of_scope);
}
