//! Small word knowledge: question words, filler, names and figures, slips of the pen.

/// Words of a customer's talk that tell nothing about the subject, in their searchable (stemmed) form.
const FILLER: &[&str] = &[
    "abl",
    "actual",
    "ask",
    "best",
    "can",
    "could",
    "current",
    "easi",
    "exact",
    "explain",
    "find",
    "get",
    "give",
    "go",
    "hello",
    "help",
    "hi",
    "just",
    "keep",
    "kind",
    "know",
    "let",
    "like",
    "look",
    "make",
    "mani",
    "may",
    "mean",
    "much",
    "need",
    "now",
    "offer",
    "ok",
    "pleas",
    "possibl",
    "provid",
    "put",
    "realli",
    "say",
    "see",
    "show",
    "someth",
    "sort",
    "still",
    "take",
    "tell",
    "thank",
    "thing",
    "tri",
    "understand",
    "use",
    "want",
    "way",
    "without",
    "work",
    "would",
];

/// Words by which a customer speaks of oneself and to the company: such a question is about its business more often
/// than one about the world.
pub(super) const PERSONAL: &[&str] = &["i", "me", "my", "our", "us", "we", "you", "your"];

/// Words that open a question.
const OPENERS: &[&str] = &[
    "am", "are", "can", "could", "did", "do", "does", "has", "have", "how", "is", "may", "might", "must",
    "should", "was", "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will",
    "would",
];

/// Words that point back when they open a sentence.
const POINTERS: &[&str] = &[
    "also",
    "and",
    "besides",
    "but",
    "he",
    "hence",
    "her",
    "his",
    "however",
    "instead",
    "it",
    "it's",
    "its",
    "moreover",
    "nor",
    "or",
    "otherwise",
    "she",
    "so",
    "such",
    "that",
    "that's",
    "their",
    "then",
    "therefore",
    "these",
    "they",
    "this",
    "those",
    "thus",
    "yet",
];

/// Phrases that do.
const PHRASES: &[&str] = &[
    "after that",
    "after this",
    "as a result",
    "at that",
    "for that",
    "for this",
    "if so",
    "in that",
    "in this",
    "on that",
];

/// Words of spans and points of time.
const TIMES: &[&str] = &[
    "after",
    "annually",
    "april",
    "august",
    "before",
    "century",
    "daily",
    "day",
    "days",
    "decade",
    "decades",
    "december",
    "during",
    "february",
    "friday",
    "hour",
    "hours",
    "immediately",
    "january",
    "july",
    "june",
    "march",
    "may",
    "minute",
    "minutes",
    "monday",
    "month",
    "monthly",
    "months",
    "november",
    "october",
    "once",
    "saturday",
    "second",
    "seconds",
    "september",
    "sunday",
    "thursday",
    "today",
    "tomorrow",
    "tuesday",
    "until",
    "wednesday",
    "week",
    "weekly",
    "weeks",
    "within",
    "year",
    "yearly",
    "years",
];

/// Words for figures.
const NUMBERS: &[&str] = &[
    "all",
    "billion",
    "dozen",
    "eight",
    "eleven",
    "every",
    "few",
    "fifty",
    "five",
    "forty",
    "four",
    "free",
    "half",
    "hundred",
    "million",
    "most",
    "nine",
    "no",
    "none",
    "one",
    "seven",
    "several",
    "six",
    "ten",
    "thirty",
    "thousand",
    "three",
    "twelve",
    "twenty",
    "two",
    "unlimited",
    "zero",
];

/// Phrases that give a cause.
const CAUSES: &[&str] = &[
    " if ",
    " since ",
    " when ",
    "as a result",
    "because",
    "caused by",
    "due to",
    "in order to",
    "reason",
    "so that",
    "therefore",
    "to avoid",
    "to prevent",
    "to protect",
];

/// Whether a text speaks to its reader, as help does and an encyclopedia does not.
pub(super) fn addresses_reader(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        ["you", "your", "our", "we"]
            .iter()
            .any(|address| word.eq_ignore_ascii_case(address))
    })
}

/// Whether a searchable word is filler.
pub(super) fn is_filler(term: &str) -> bool {
    FILLER.binary_search(&term).is_ok()
}

/// Whether an English word, in lower case, opens a question.
pub(super) fn asks(word: &str) -> bool {
    OPENERS.binary_search(&word).is_ok()
}

/// The names and figures of a text: words with a digit, and words with a capital that do not open a sentence.
pub(super) fn particulars(text: &str) -> impl Iterator<Item = &str> {
    let mut opens = true;
    text.split_whitespace().filter_map(move |word| {
        let first = std::mem::replace(&mut opens, word.ends_with(['.', '?', '!', ':']));
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let digit = word.chars().any(|c| c.is_ascii_digit());
        let name = !first && word.chars().count() > 1 && word.chars().next().is_some_and(char::is_uppercase);
        (digit || name).then_some(word)
    })
}

/// Whether the sentence cannot be understood without the one before it: it opens with a word that points back.
pub(super) fn points_back(sentence: &str) -> bool {
    let text = sentence.trim_start().to_lowercase().replace('’', "'");
    let word: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '\'')
        .collect();
    POINTERS.binary_search(&word.as_str()).is_ok() || PHRASES.iter().any(|phrase| text.starts_with(phrase))
}

/// Whether a text holds a span or point of time: a month, a weekday, a unit of time, a year, an hour.
pub(super) fn has_time(text: &str) -> bool {
    let word_is = |word: &str| {
        let lower = word.to_lowercase();
        TIMES.binary_search(&lower.as_str()).is_ok() || is_year_or_hour(word)
    };
    text.split(|c: char| !c.is_alphanumeric() && c != ':')
        .any(word_is)
}

fn is_year_or_hour(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    (digits == 4 && word.len() <= 5) || (digits >= 2 && word.contains(':'))
}

/// Whether a text holds a figure, in digits or words.
pub(super) fn has_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        || text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| NUMBERS.binary_search(&word.to_lowercase().as_str()).is_ok())
}

/// Whether a text gives a cause.
pub(super) fn has_reason(text: &str) -> bool {
    let text = text.to_lowercase();
    CAUSES.iter().any(|cause| text.contains(cause))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_lists_are_in_order_so_that_they_can_be_searched() {
        for list in [FILLER, OPENERS, POINTERS, TIMES, NUMBERS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[rstest]
    #[case("It takes three days.", true)]
    #[case("This is why.", true)]
    #[case("In this case, call us.", true)]
    #[case("However, gifts are excluded.", true)]
    #[case("Items can be returned.", false)]
    #[case("Itemized bills are sent.", false)]
    fn an_opening_word_can_point_back(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(points_back(sentence), expected);
    }

    #[test]
    fn names_and_figures_are_particular() {
        let found: Vec<_> = particulars("Does the Smart Plug 2 work in Spain? Yes. My order A-17").collect();
        assert_eq!(found, ["Smart", "Plug", "2", "Spain", "A-17"]);
    }
}
