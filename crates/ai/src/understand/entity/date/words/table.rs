//! The table of words, read once.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Weekday;

use super::super::super::folded::Folded;
use super::{Languages, Meaning, Part, Unit, is_unspaced};

/// A phrase behind its first word.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) rest: Vec<String>,
    pub(super) meaning: Meaning,
    pub(super) languages: Languages,
}

/// The whole table.
pub(super) struct Words {
    /// By the first word, the longest first.
    pub(super) entries: HashMap<String, Vec<Entry>>,
    /// Those that are written without blanks around them.
    pub(super) unspaced: Option<AhoCorasick>,
    pub(super) languages: Vec<&'static str>,
}

impl Words {
    pub(super) fn read(table: &'static str) -> Self {
        let mut words = Self {
            entries: HashMap::new(),
            unspaced: None,
            languages: Vec::new(),
        };
        let mut unspaced = Vec::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let Some((head, phrases)) = line.split_once(": ") else {
                continue;
            };
            let mut head = head.split(' ');
            let language = head.next().unwrap_or_default();
            let Some(meaning) = meaning(&head.collect::<Vec<_>>()) else {
                continue;
            };
            let place = words.languages.iter().position(|known| *known == language);
            let place = place.unwrap_or_else(|| {
                words.languages.push(language);
                words.languages.len() - 1
            });
            for phrase in phrases.split(", ") {
                let phrase = Folded::small(phrase).text.into_owned();
                let mut parts = phrase.split(' ').map(str::to_owned);
                let first = parts.next().unwrap_or_default();
                let rest: Vec<String> = parts.collect();
                unspaced.extend(
                    [&first]
                        .into_iter()
                        .chain(&rest)
                        .filter(|word| is_unspaced(word))
                        .cloned(),
                );
                let entries = words.entries.entry(first).or_default();
                match entries
                    .iter_mut()
                    .find(|entry| entry.rest == rest && entry.meaning == meaning)
                {
                    Some(entry) => entry.languages |= 1 << place,
                    None => entries.push(Entry {
                        rest,
                        meaning,
                        languages: 1 << place,
                    }),
                }
            }
        }
        for entries in words.entries.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
        words.unspaced = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(unspaced)
            .ok();
        words
    }
}

pub(super) fn meaning(head: &[&str]) -> Option<Meaning> {
    let number = || head.get(1)?.parse::<i64>().ok();
    Some(match *head.first()? {
        "month" => Meaning::Month(number()?.try_into().ok()?),
        "weekday" => Meaning::Weekday(weekday(number()?)?),
        "short" => Meaning::ShortWeekday(weekday(number()?)?),
        "near" => Meaning::Near(number()?, head.get(2).and_then(|name| part(name))),
        "unit" => {
            let (name, count) = head.get(1)?.split_once('*').unwrap_or((head.get(1)?, ""));
            let unit = match name {
                "minute" => Unit::Minute,
                "hour" => Unit::Hour,
                "day" => Unit::Day,
                "week" => Unit::Week,
                "month" => Unit::Month,
                "year" => Unit::Year,
                _ => return None,
            };
            Meaning::Unit(unit, count.parse().ok())
        }
        "number" => Meaning::Number(number()?),
        "half" => Meaning::Half,
        "and-half" => Meaning::AndHalf,
        "since" => Meaning::Lead(-1),
        "in" => Meaning::Lead(1),
        "ago" => Meaning::Trail(-1),
        "later" => Meaning::Trail(1),
        "last" => Meaning::Step(-1),
        "this" => Meaning::Step(0),
        "next" => Meaning::Step(1),
        "last-behind" => Meaning::StepBehind(-1),
        "this-behind" => Meaning::StepBehind(0),
        "next-behind" => Meaning::StepBehind(1),
        "week" => Meaning::Stretch(Unit::Week, number()?),
        "months" => Meaning::Stretch(Unit::Month, number()?),
        "years" => Meaning::Stretch(Unit::Year, number()?),
        "weekend" => Meaning::Weekend(number()),
        "part" => Meaning::Part(part(head.get(1)?)?),
        "at" => Meaning::At,
        "clock" => Meaning::Clock,
        "hours" => Meaning::Hours,
        "end" => Meaning::Edge(true),
        "begin" => Meaning::Edge(false),
        "told" => Meaning::Told {
            year: head.get(1).is_none(),
        },
        "none" => Meaning::Nothing,
        _ => return None,
    })
}

fn part(name: &str) -> Option<Part> {
    match name {
        "am" => Some(Part::Am),
        "pm" => Some(Part::Pm),
        "night" => Some(Part::Night),
        _ => None,
    }
}

fn weekday(number: i64) -> Option<Weekday> {
    Weekday::from_monday_one_offset(number.try_into().ok()?).ok()
}
