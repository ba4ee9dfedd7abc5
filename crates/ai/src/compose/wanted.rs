//! The kind of answer that a question wants.

use super::lexis;

/// What a reply must hold to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A figure.
    Number,
    /// A date or a span of time.
    Time,
    /// A person or a group.
    Name,
    /// A place.
    Place,
    /// A cause.
    Reason,
    /// A way to do something.
    Way,
    /// Yes or no.
    Verdict,
    /// Anything.
    Open,
}

/// What an English question wants; other languages' questions are open.
pub(super) fn wanted(text: &str) -> Wanted {
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let Some(place) = words.iter().position(|word| lexis::asks(word)) else {
        return Wanted::Open;
    };
    let next = words.get(place + 1).copied().unwrap_or_default();
    match words[place] {
        "who" | "whom" | "whose" => Wanted::Name,
        "when" => Wanted::Time,
        "where" => Wanted::Place,
        "why" => Wanted::Reason,
        "how" => match next {
            "many" | "much" | "old" | "tall" | "far" | "big" | "large" | "high" | "fast" | "deep" => {
                Wanted::Number
            }
            "long" | "often" | "soon" | "quickly" | "late" | "early" => Wanted::Time,
            _ => Wanted::Way,
        },
        "what" | "which" => {
            let about = words[place + 1..].iter().take(3).copied();
            about
                .map(kind_of)
                .find(|kind| *kind != Wanted::Open)
                .unwrap_or(Wanted::Open)
        }
        _ if place == 0 => Wanted::Verdict,
        _ => Wanted::Open,
    }
}

fn kind_of(noun: &str) -> Wanted {
    match noun {
        "year" | "date" | "day" | "month" | "century" | "decade" | "time" | "hours" => Wanted::Time,
        "number" | "percentage" | "percent" | "amount" | "price" | "cost" | "size" | "population"
        | "score" => Wanted::Number,
        "person" | "people" | "team" | "company" | "group" | "organization" => Wanted::Name,
        "city" | "country" | "state" | "place" | "location" | "region" => Wanted::Place,
        _ => Wanted::Open,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("How many points did they score?", Wanted::Number)]
    #[case("how long does delivery take", Wanted::Time)]
    #[case("In what year was it founded?", Wanted::Time)]
    #[case("Who lost the game?", Wanted::Name)]
    #[case("Where is my parcel?", Wanted::Place)]
    #[case("And why is that?", Wanted::Reason)]
    #[case("How do I cancel?", Wanted::Way)]
    #[case("Can I pause my plan?", Wanted::Verdict)]
    #[case("What does the plan include?", Wanted::Open)]
    #[case("invoice", Wanted::Open)]
    #[case("¿Cuándo llega?", Wanted::Open)]
    fn a_question_says_what_it_wants(#[case] question: &str, #[case] expected: Wanted) {
        assert_eq!(wanted(question), expected);
    }
}
