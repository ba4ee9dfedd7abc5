//! What was found for a question, read sentence by sentence.

use std::ops::Range;

use acs_domain::knowledge::{Hit, Passage, Vector};
use acs_domain::port::compose::Question;
use acs_domain::port::embed::likeness;

use super::asked::{Asked, Words};
use super::lexis;
use super::memory::Memory;
use super::wanted::Wanted;

/// A question beside everything that was found for it.
pub(super) struct Reading<'a> {
    pub(super) asked: Asked,
    /// Whether meanings could be compared, or only words.
    pub(super) has_vector: bool,
    /// The cosine of strangers to the model of the vectors.
    pub(super) strangers: f32,
    /// The score of the best hit.
    pub(super) best_score: f32,
    /// In the order of the hits.
    pub(super) passages: Vec<Read<'a>>,
}

/// One passage.
pub(super) struct Read<'a> {
    pub(super) hit: &'a Hit,
    /// The question's words in title and heading.
    pub(super) headed: Words,
    /// The question's words in title, heading and text.
    pub(super) covers: Words,
    pub(super) lines: Vec<Line<'a>>,
}

/// One sentence.
pub(super) struct Line<'a> {
    pub(super) range: Range<usize>,
    pub(super) text: &'a str,
    pub(super) vector: &'a Vector,
    /// How like question and sentence are; 0 without the question's meaning.
    pub(super) cosine: f32,
    /// The question's words in it.
    pub(super) covers: Words,
    /// The share of the question's neighbouring words that are neighbours here.
    pub(super) phrases: f32,
    /// Whether it holds what the question wants; `None` when that cannot be seen.
    pub(super) gives: Option<bool>,
    /// Whether it begins a line of its own.
    pub(super) opens_line: bool,
    /// Whether its line is one of a list.
    pub(super) in_list: bool,
    /// Whether that list is numbered: a procedure.
    pub(super) is_step: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(question: &Question, hits: &'a [Hit], memory: &Memory) -> Self {
        let asked = Asked::read(question, hits, &|text| memory.words().terms(text));
        let meaning = question.vector.as_ref();
        let passages = hits
            .iter()
            .map(|hit| Read::new(hit, &asked, meaning, (question.strangers, memory)))
            .collect();
        let best_score = hits.iter().map(|hit| hit.score).fold(0.0, f32::max);
        Self {
            best_score,
            has_vector: meaning.is_some(),
            strangers: question.strangers,
            asked,
            passages,
        }
    }
}

impl<'a> Read<'a> {
    fn new(
        hit: &'a Hit,
        asked: &Asked,
        meaning: Option<&Vector>,
        (strangers, memory): (f32, &Memory),
    ) -> Self {
        let Passage {
            heading, terms: all, ..
        } = &hit.found.passage;
        let headed =
            asked.words_of(&*memory.terms(&hit.found.title)) | asked.words_of(&*memory.terms(heading));
        let like = |sentence: &[f32]| {
            let meaning = meaning.filter(|_| !sentence.is_empty());
            meaning.map_or(0.0, |meaning| likeness(cosine(meaning, sentence), strangers))
        };
        let lines = lines(&hit.found.passage, asked, like, memory);
        Self {
            hit,
            headed,
            covers: asked.words_of(all) | headed,
            lines,
        }
    }

    /// The text of the sentences from the first to the last of `range`, as the source has it.
    pub(super) fn text(&self, range: &Range<usize>) -> &'a str {
        let start = self.lines.get(range.start).map_or(0, |line| line.range.start);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.lines.get(last))
            .map_or(start, |line| line.range.end);
        self.hit.found.passage.text.get(start..end).unwrap_or_default()
    }
}

fn lines<'a>(
    passage: &'a Passage,
    asked: &Asked,
    like: impl Fn(&[f32]) -> f32,
    memory: &Memory,
) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::with_capacity(passage.sentences.len());
    let mut read_to = 0;
    for sentence in &passage.sentences {
        let Some(text) = passage.text.get(sentence.start..sentence.end) else {
            continue;
        };
        let between = passage.text.get(read_to..sentence.start).unwrap_or_default();
        let opens_line = lines.is_empty() || between.contains('\n');
        read_to = sentence.end;
        if text.trim().is_empty() {
            continue;
        }
        let marker = opens_line.then(|| marker(text)).flatten();
        let continued = lines.last().filter(|_| !opens_line);
        let words = memory.terms(text);
        lines.push(Line {
            range: sentence.start..sentence.end,
            text,
            vector: &sentence.vector,
            cosine: like(&sentence.vector),
            covers: asked.words_of(&*words),
            phrases: asked.phrases(&words),
            gives: gives(asked, text),
            opens_line,
            in_list: marker.is_some() || continued.is_some_and(|last| last.in_list),
            is_step: marker == Some(Marker::Number) || continued.is_some_and(|last| last.is_step),
        });
    }
    lines
}

#[derive(Debug, PartialEq, Eq)]
enum Marker {
    Number,
    Bullet,
}

/// What marks a line as one of a list.
fn marker(line: &str) -> Option<Marker> {
    let line = line.trim_start();
    if line
        .strip_prefix(['-', '*', '•', '–', '·'])
        .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    {
        return Some(Marker::Bullet);
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        (1..=2).contains(&(line.len() - rest.len())) && rest.strip_prefix(['.', ')'])?.starts_with(' ');
    numbered.then_some(Marker::Number)
}

fn gives(asked: &Asked, text: &str) -> Option<bool> {
    match asked.wanted {
        Wanted::Number => Some(lexis::has_number(text)),
        Wanted::Time => Some(lexis::has_time(text)),
        // A name that is not already in the question.
        Wanted::Name | Wanted::Place => Some(lexis::particulars(text).any(|name| !asked.names(name))),
        Wanted::Reason => Some(lexis::has_reason(text)),
        Wanted::Way | Wanted::Verdict | Wanted::Open => None,
    }
}

/// The dot product of two unit vectors.
pub(super) fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1. Open the app.", Some(Marker::Number))]
    #[case("12) Done", Some(Marker::Number))]
    #[case("- a lamp", Some(Marker::Bullet))]
    #[case("• a lamp", Some(Marker::Bullet))]
    #[case("1.5 metres", None)]
    #[case("2026. A year", None)]
    #[case("-5 degrees", None)]
    #[case("Open the app.", None)]
    fn a_marker_makes_a_line_one_of_a_list(#[case] line: &str, #[case] expected: Option<Marker>) {
        assert_eq!(marker(line), expected);
    }
}
