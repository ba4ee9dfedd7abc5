//! A message that asks several things, as questions that each stand for themselves: "How do I reset my password, and how long
//! does a refund take?"
//!
//! Only what surely asks several things is parted; where a part would not stand for itself, the message is left as it is.

use super::words::Words;
use super::{Token, standalone, tokens};
use crate::sentence::sentences;
use crate::understand::intent::clauses;

/// Who asks for more than this writes a letter, which is read as a whole.
const MOST: usize = 4;

/// The questions, in their order; none where there are not several.
pub(in crate::understand) fn questions(message: &str, language: &str) -> Vec<String> {
    let Some(words) = Words::of(language) else {
        return Vec::new();
    };
    let mut questions: Vec<String> = Vec::new();
    for sentence in sentences(message) {
        for asked in in_sentence(&message[sentence], words) {
            let before = questions.last().map_or("", String::as_str);
            let whole = standalone(asked, before, language).unwrap_or_else(|| asked.to_owned());
            let repeats = !before.is_empty() && whole.starts_with(before);
            if repeats || !stands_for_itself(&whole, words) {
                return Vec::new();
            }
            questions.push(whole);
        }
    }
    if (2..=MOST).contains(&questions.len()) {
        questions
    } else {
        Vec::new()
    }
}

/// What a sentence asks. A part that does not ask itself goes on with what the part before it asks.
fn in_sentence<'t>(sentence: &'t str, words: &Words) -> Vec<&'t str> {
    let mut parts = clauses(sentence).into_iter().peekable();
    let is_question = sentence.trim_end().ends_with(['?', '？']);
    let opens = |part: &str| opens_a_question(&tokens(part), words);
    if !is_question && !parts.peek().is_some_and(|part| opens(part)) {
        return Vec::new();
    }
    let place = |part: &str| part.as_ptr() as usize - sentence.as_ptr() as usize;
    let mut asked: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    for part in parts {
        // A comma alone may go on with a relative clause: "the lamp, which I bought in May".
        let is_joined =
            sentence[end..place(part)].chars().any(char::is_alphabetic) || begins_joined(part, words);
        let (from, to) = (place(part), place(part) + part.len());
        match asked.last_mut() {
            // "Good morning, where is my parcel?"
            Some(before) if opens(part) && !opens(&sentence[before.0..before.1]) => *before = (from, to),
            Some((_, last)) if !(opens(part) && is_joined) => *last = to,
            _ => asked.push((from, to)),
        }
        end = to;
    }
    asked.into_iter().map(|(from, to)| &sentence[from..to]).collect()
}

fn opens_a_question(tokens: &[Token], words: &Words) -> bool {
    let joins = words.opening(tokens).length;
    tokens.get(joins).is_some_and(|token| words.is_asking(token))
}

fn begins_joined(part: &str, words: &Words) -> bool {
    words.opening(&tokens(part)).goes_on
}

fn stands_for_itself(question: &str, words: &Words) -> bool {
    let tokens = tokens(question);
    tokens.iter().any(|token| words.is_content(token))
        && (words.is_hollow(&tokens) || !(0..tokens.len()).any(|place| words.points_back(&tokens, place)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("How do I reset my password and how long does a refund take?", "en",
        &["How do I reset my password", "how long does a refund take?"])]
    #[case("how do i reset my password and what are your opening hours", "en",
        &["how do i reset my password", "what are your opening hours"])]
    #[case("Do you ship to Norway? And what does express delivery cost?", "en",
        &["Do you ship to Norway?", "And what does express delivery cost?"])]
    #[case("Where is my parcel? When does it arrive?", "en",
        &["Where is my parcel?", "When does my parcel arrive?"])]
    #[case("Good morning, where is my parcel and can I change the address?", "en",
        &["where is my parcel", "can I change the address?"])]
    #[case("Thanks for the lamp. Can I return a lamp? What does the shipping box cost?", "en",
        &["Can I return a lamp?", "What does the shipping box cost?"])]
    #[case("Wie lange dauert die Lieferung und was kostet der Versand?", "de",
        &["Wie lange dauert die Lieferung", "was kostet der Versand?"])]
    fn several_questions_are_told_apart(
        #[case] message: &str,
        #[case] language: &str,
        #[case] expected: &[&str],
    ) {
        assert_eq!(questions(message, language), expected);
    }

    #[rstest]
    #[case::one("How do I reset my password?")]
    #[case::two_verbs("Can I return a lamp and get my money back?")]
    #[case::two_things("Where is my order and my refund?")]
    #[case::a_relative_clause("Can I return the lamp, which I bought in May?")]
    #[case::a_story("My lamp broke, which I bought in May. Can I return the lamp?")]
    #[case::what_would_not_stand("I bought a lamp. Can I return it? Who pays for it?")]
    #[case::an_indirect_question("Tell me when it arrives and what I owe.")]
    #[case::a_wish("Cancel my order and send me the invoice.")]
    #[case::what_leans_on_the_question_before("Can I return a lamp? What does it cost to return?")]
    #[case::nothing("")]
    fn what_asks_one_thing_stays_whole(#[case] message: &str) {
        assert!(
            questions(message, "en").is_empty(),
            "{:?}",
            questions(message, "en")
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(message in "(\\PC{0,12}( and |\\? |\\. | how |, )?){0,20}", language in "(en|de|es|fr|xx)") {
            let questions = questions(&message, &language);
            prop_assert!(questions.is_empty() || (2..=MOST).contains(&questions.len()));
        }
    }
}
