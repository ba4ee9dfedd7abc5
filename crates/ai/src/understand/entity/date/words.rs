//! What dates and times are called in sixteen languages, as `words.txt` has it.

mod table;

use std::sync::LazyLock;

use jiff::civil::Weekday;

use super::super::message::Message;
use table::Words;

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Before noon.
    Am,
    /// After it.
    Pm,
    /// From the evening to the early morning.
    Night,
}

/// What a phrase means; `words.txt` explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Month(i8),
    Weekday(Weekday),
    ShortWeekday(Weekday),
    Near(i64, Option<Part>),
    Unit(Unit, Option<i64>),
    Number(i64),
    Half,
    AndHalf,
    /// Before what is counted: to the past or to the future.
    Lead(i64),
    /// Behind it.
    Trail(i64),
    /// Before a weekday or a unit.
    Step(i64),
    StepBehind(i64),
    /// A unit with its step.
    Stretch(Unit, i64),
    Weekend(Option<i64>),
    Part(Part),
    At,
    Clock,
    Hours,
    /// The end of a stretch, or its beginning.
    Edge(bool),
    /// Before a month, or a year too.
    Told {
        year: bool,
    },
    Nothing,
}

/// The languages that a phrase is of, a bit each.
pub(super) type Languages = u32;

/// A phrase that was read, as far as the token `next`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase<T> {
    pub(super) value: T,
    pub(super) next: usize,
    pub(super) languages: Languages,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("words.txt")));

/// The longest phrase that begins with a token and means what is looked for.
pub(super) fn phrase<T>(
    message: &Message<'_>,
    at: usize,
    wanted: impl Fn(Meaning) -> Option<T>,
) -> Option<Phrase<T>> {
    let entries = WORDS.entries.get(message.word(at))?;
    entries.iter().find_map(|entry| {
        let value = wanted(entry.meaning)?;
        let mut rest = entry.rest.iter().zip(at + 1..);
        let whole = rest.all(|(word, index)| {
            matches!(message.gap(index - 1), "" | " " | "  " | "-" | "'" | "’" | ". ")
                && message.word(index) == word
        });
        whole.then_some(Phrase {
            value,
            next: at + 1 + entry.rest.len(),
            languages: entry.languages,
        })
    })
}

/// Whether any phrase begins with a token: most tokens begin none.
pub(super) fn is_known(message: &Message<'_>, at: usize) -> bool {
    WORDS.entries.contains_key(message.word(at))
}

/// Whether a phrase of this meaning begins with a token.
pub(super) fn is(message: &Message<'_>, at: usize, meaning: Meaning) -> Option<usize> {
    let found = phrase(message, at, |known| (known == meaning).then_some(()));
    found.map(|phrase| phrase.next)
}

pub(super) fn month(message: &Message<'_>, at: usize) -> Option<Phrase<i8>> {
    phrase(message, at, |meaning| match meaning {
        Meaning::Month(month) => Some(month),
        _ => None,
    })
}

/// Whether what stands right before a token tells that a month follows, or a year.
pub(super) fn told_before(message: &Message<'_>, at: usize, year: bool, languages: Languages) -> bool {
    let told = |before: usize| {
        phrase(message, before, |meaning| match meaning {
            Meaning::Told { year: too } => (too || !year).then_some(()),
            _ => None,
        })
    };
    let before = at.checked_sub(1).filter(|before| message.spaced(*before));
    before
        .and_then(told)
        .is_some_and(|told| told.next == at && told.languages & languages != 0)
}

pub(super) fn part_of_day(message: &Message<'_>, at: usize) -> Option<Phrase<Part>> {
    phrase(message, at, |meaning| match meaning {
        Meaning::Part(part) => Some(part),
        _ => None,
    })
}

/// A number in one word.
pub(super) fn number(message: &Message<'_>, at: usize) -> Option<Phrase<i64>> {
    phrase(message, at, |meaning| match meaning {
        Meaning::Number(number) => Some(number),
        _ => None,
    })
}

/// Whether every language of a phrase says "in week" for "in a week".
pub(super) fn leaves_one_out(languages: Languages) -> bool {
    let bit = |language: &str| WORDS.languages.iter().position(|known| *known == language);
    let without: Languages = ["ru", "ar"]
        .into_iter()
        .filter_map(bit)
        .map(|place| 1 << place)
        .sum();
    languages & !without == 0
}

/// Whether a word is written in a script that sets no blanks between words, or sets its particles right behind them.
pub(in super::super) fn is_unspaced(word: &str) -> bool {
    word.chars()
        .any(|c| matches!(u32::from(c), 0x2E80..=0xD7FF | 0xF900..=0xFAFF))
}

/// Where the words of dates lie within a run of such letters.
pub(in super::super) fn within(run: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let words = WORDS.unspaced.iter();
    words.flat_map(move |words| words.find_iter(run).map(|found| found.range()))
}

#[cfg(test)]
mod tests {
    use super::table::meaning;
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_every_language_has_what_it_needs() {
        let lines = include_str!("words.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let (head, phrases) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            assert!(
                meaning(&head.split(' ').skip(1).collect::<Vec<_>>()).is_some(),
                "{line}"
            );
            assert!(
                phrases
                    .split(", ")
                    .all(|phrase| !phrase.trim().is_empty() && phrase == phrase.trim()),
                "{line}"
            );
        }
        assert_eq!(WORDS.languages.len(), 16);
        for place in 0..16 {
            let has = |wanted: &dyn Fn(Meaning) -> bool| {
                let mut entries = WORDS.entries.values().flatten();
                entries.any(|entry| entry.languages & (1 << place) != 0 && wanted(entry.meaning))
            };
            let language = WORDS.languages[place];
            for day in -2..=2 {
                assert!(
                    has(&|meaning| matches!(meaning, Meaning::Near(near, _) if near == day)),
                    "{language} {day}"
                );
            }
            assert!(
                has(&|meaning| matches!(meaning, Meaning::Lead(-1) | Meaning::Trail(-1))),
                "{language}"
            );
            assert!(
                has(&|meaning| matches!(meaning, Meaning::Lead(1) | Meaning::Trail(1))),
                "{language}"
            );
            assert!(
                has(&|meaning| meaning == Meaning::Weekday(Weekday::Friday)) || language == "zh",
                "{language}"
            );
        }
    }
}
