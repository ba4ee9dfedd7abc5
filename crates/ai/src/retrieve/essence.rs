//! What of a question another way of asking must have too, if both are to get the same answer.
//!
//! Of English it is known which words only carry a question (`please`, `do`, `my`) and which turn it round though they say
//! nothing of its subject (`not`, `without`, `off`, `from`, `you`): the latter count, and so do names, figures, and what the
//! sources tell apart, which is any word of theirs. Of other languages nothing of the kind is known: every word counts. The order
//! counts too, since from Oslo to Bonn is not from Bonn to Oslo.

use std::collections::HashSet;

use super::terms::{Words, words};

/// Words that carry a question, in the form that [`words`] gives them.
const CARRYING: &[&str] = &[
    "a", "am", "an", "are", "be", "can", "could", "do", "does", "get", "getting", "hello", "help", "hey",
    "hi", "i", "id", "ill", "im", "is", "it", "its", "just", "know", "let", "like", "me", "my", "need",
    "our", "please", "pls", "really", "so", "tell", "thank", "thanks", "that", "the", "there", "this",
    "trying", "us", "want", "we", "will", "would",
];

/// Words that turn a question round and are no stop words.
const TURNING: &[&str] = &[
    "above",
    "aint",
    "below",
    "down",
    "except",
    "excluded",
    "excluding",
    "fewer",
    "impossible",
    "least",
    "less",
    "more",
    "most",
    "neither",
    "never",
    "nobody",
    "none",
    "nor",
    "nothing",
    "unable",
    "under",
    "werent",
];

/// The question's words that count; `told` are the terms of its sources.
pub(super) fn essence(
    question: &str,
    language: &str,
    told: &HashSet<&str>,
    vocabulary: &Words,
) -> Vec<String> {
    if language != "en" {
        return words(question);
    }
    let names = names(question);
    let counts = |word: &String, stem: &String| {
        let word = word.as_str();
        let stands_out =
            TURNING.contains(&word) || names.contains(word) || word.chars().any(char::is_numeric);
        let tells = if vocabulary.is_stop_word(word) {
            !CARRYING.contains(&word)
        } else {
            told.contains(stem.as_str())
        };
        stands_out || tells
    };
    let stemmed = words(question).into_iter().filter_map(|word| {
        let stem = vocabulary.stem(&word);
        counts(&word, &stem).then_some(stem)
    });
    stemmed.collect()
}

/// Words with a capital that do not open a sentence.
fn names(question: &str) -> HashSet<String> {
    let mut opens = true;
    let mut names = HashSet::new();
    for word in question.split_whitespace() {
        let first = std::mem::replace(&mut opens, word.ends_with(['.', '?', '!', ':']));
        let capital = word
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .starts_with(char::is_uppercase);
        if !first && capital {
            names.extend(words(word).into_iter().filter(|word| word != "i"));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const SOURCES: &str = "A parcel to Germany takes 2 to 3 working days, to Norway 5. The premium plan has a free trial \
        and the basic plan has none. Notifications can be turned on in the app.";

    fn of(question: &str, language: &str) -> Vec<String> {
        let vocabulary = Words::english();
        let told = vocabulary.terms(SOURCES);
        let told = told.iter().map(String::as_str).collect();
        essence(question, language, &told, vocabulary)
    }

    #[rstest]
    #[case::other_carrying_words(
        "How long does a parcel to Germany take?",
        "Hi, how long will the parcel to Germany take please"
    )]
    #[case::another_form_of_a_word("Do I get a free trial?", "do we get free trials")]
    #[case::words_that_no_source_has("Is the premium plan worth it, mate?", "Is the premium plan worth it?")]
    fn the_same_question_in_other_words_is_the_same(#[case] one: &str, #[case] other: &str) {
        assert_eq!(of(one, "en"), of(other, "en"));
    }

    #[rstest]
    #[case::another_name(
        "How long does a parcel to Germany take?",
        "How long does a parcel to Norway take?"
    )]
    #[case::a_name_that_no_source_has(
        "How long does a parcel to Chile take?",
        "How long does a parcel to Peru take?"
    )]
    #[case::the_way_back("How long from Germany to Norway?", "How long from Norway to Germany?")]
    #[case::a_denial("Is the premium plan with a trial?", "Is the premium plan without a trial?")]
    #[case::a_short_denial("Can I cancel?", "Can I not cancel?")]
    #[case::a_rare_denial("Is it free?", "Is it never free?")]
    #[case::an_opposite("How do I turn notifications on?", "How do I turn notifications off?")]
    #[case::another_subject("What does the premium plan have?", "What does the basic plan have?")]
    #[case::another_figure("Is it 2 days?", "Is it 3 days?")]
    #[case::somebody_else("Can I cancel the plan?", "Can you cancel the plan?")]
    #[case::another_time(
        "Is there a trial before the premium plan?",
        "Is there a trial after the premium plan?"
    )]
    #[case::another_question("When is the free trial?", "Why is the free trial?")]
    fn what_would_be_answered_otherwise_is_another(#[case] one: &str, #[case] other: &str) {
        assert_ne!(of(one, "en"), of(other, "en"));
    }

    #[test]
    fn in_other_languages_every_word_counts() {
        let question = "Wie lange dauert ein Paket nach Norwegen?";
        assert_eq!(
            of(question, "de"),
            of("wie lange dauert ein paket nach norwegen", "de")
        );
        assert_ne!(
            of(question, "de"),
            of("Wie lange dauert denn ein Paket nach Norwegen?", "de")
        );
    }
}
