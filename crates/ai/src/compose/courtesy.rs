//! Sentences that claim nothing: greetings, thanks, regrets, questions back, offers of a person.

use super::claims::Claims;

/// How courteous sentences begin, in lower case.
const OPENINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "dear",
    "good morning",
    "good afternoon",
    "good evening",
    "welcome",
    "thanks",
    "thank you",
    "many thanks",
    "you're welcome",
    "you are welcome",
    "my pleasure",
    "sorry",
    "i'm sorry",
    "i am sorry",
    "we're sorry",
    "we are sorry",
    "i apologise",
    "i apologize",
    "we apologise",
    "we apologize",
    "my apologies",
    "apologies",
    "i understand",
    "i see",
    "i can imagine",
    "i hope",
    "let me know",
    "please let me know",
    "feel free",
    "please feel free",
    "happy to help",
    "i'm happy to help",
    "i am happy to help",
    "glad to help",
    "i'd be happy",
    "i would be happy",
    "just let me know",
    "if you have any",
    "if you need anything",
    "if there is anything",
    "if there's anything",
    "great question",
    "good question",
    "certainly",
    "of course",
    "sure",
    "no problem",
    "no worries",
    "have a nice",
    "have a great",
    "have a good",
    "take care",
    "best regards",
    "kind regards",
    "is there anything",
    "can i help",
    "how can i help",
    "here is what i found",
    "here's what i found",
    "i can help with that",
    "let me help",
];

/// How an agent says that it does not know.
const IGNORANCE: &[&str] = &[
    "i do not know",
    "i don't know",
    "i am not sure",
    "i'm not sure",
    "i could not find",
    "i couldn't find",
    "i cannot find",
    "i can't find",
    "i do not have",
    "i don't have",
    "i have no information",
    "i'm afraid i don't",
    "i am afraid i do not",
    "unfortunately, i don't",
    "unfortunately, i do not",
    "sorry, i don't",
    "sorry, i do not",
    "i'm sorry, i don't",
    "i'm sorry, but i don't",
    "i am sorry, but i do not",
    "the sources do not",
];

/// Words that state how things are: behind a courteous opening they make a claim.
const STATING: &[&str] = &[
    "are", "be", "been", "can", "cannot", "can't", "costs", "covers", "does", "has", "is", "lasts", "means",
    "must", "shall", "takes", "was", "were", "will", "won't", "you'll", "we'll", "we've", "i've",
];

/// Whether a sentence claims nothing that would need a source.
pub(super) fn is_courtesy(sentence: &str, claims: &Claims) -> bool {
    if !claims.is_empty() {
        return false;
    }
    let text = sentence.trim().to_lowercase().replace('’', "'");
    if text.ends_with('?') || IGNORANCE.iter().any(|phrase| text.starts_with(phrase)) || offers_person(&text)
    {
        return true;
    }
    let opening = OPENINGS
        .iter()
        .filter(|phrase| opens(&text, phrase))
        .map(|phrase| phrase.len())
        .max();
    let Some(opening) = opening else { return false };
    let rest: Vec<&str> = words(&text[opening..]).collect();
    rest.len() <= MAX_REST && !rest.iter().any(|word| STATING.contains(word))
}

/// More words than this behind an opening say something.
const MAX_REST: usize = 12;

fn opens(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
}

fn offers_person(text: &str) -> bool {
    const OFFERS: &[&str] = &[
        "i can",
        "i could",
        "i'd be happy to",
        "i would be happy to",
        "shall i",
        "would you like",
        "i'll",
        "let me",
    ];
    const PASSING: &[&str] = &["connect", "forward", "hand", "pass", "put", "transfer"];
    const PEOPLE: &[&str] = &[
        "agent",
        "colleague",
        "colleagues",
        "human",
        "person",
        "someone",
        "specialist",
        "team",
    ];
    let has = |list: &[&str]| words(text).any(|word| list.contains(&word));
    OFFERS.iter().any(|offer| text.contains(offer))
        && has(PASSING)
        && has(PEOPLE)
        && words(text).count() <= 20
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Hello, and thank you for writing to us!", true)]
    #[case("I'm sorry to hear about your broken lamp.", true)]
    #[case("Which lamp do you have?", true)]
    #[case("I do not know how long that takes.", true)]
    #[case("I can pass the conversation to a colleague.", true)]
    #[case("Please let me know if you need anything else.", true)]
    #[case("Thank you, your order has been cancelled.", false)]
    #[case("Sure, we will call you.", false)]
    #[case("Sorry, you get a refund.", false)]
    #[case("Did you know that it takes 30 days?", false)]
    #[case("The lamp is blue.", false)]
    fn courtesy_claims_nothing(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(is_courtesy(sentence, &Claims::of(sentence)), expected);
    }
}
