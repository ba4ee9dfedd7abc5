//! The reply itself: the chosen sentences as their sources have them, each extract with its marker and citation.

use acs_domain::knowledge::{Citation, Hit};
use acs_domain::port::compose::Draft;

use super::reading::Reading;
use super::select::{Choice, MAX_CHARS};
use crate::understand::language;

/// How many titles are offered to go on with.
const MAX_FOLLOW_UPS: usize = 3;
/// A passage must be about this near to the best one, by score, for its entry to be offered.
const FITTING: f32 = 0.6;
/// An entry whose best sentence is so little behind, in log odds, competes with the one that was chosen.
const NEAR: f32 = 0.25;
/// From this confidence on, the language of a text is told.
const TOLD: f32 = 0.8;
/// How many entries a customer is asked to choose from.
const MAX_RIVALS: usize = 3;

/// Writes the reply.
pub(super) fn write(reading: &Reading<'_>, choice: &Choice, confidence: f32) -> Draft {
    let mut text = String::new();
    let mut citations = Vec::new();
    for (number, extract) in (1..).zip(&choice.extracts) {
        let read = &reading.passages[extract.passage];
        let quote = clip(read.text(&extract.lines));
        if !text.is_empty() {
            text.push_str(if quote.contains('\n') || text.contains('\n') {
                "\n\n"
            } else {
                " "
            });
        }
        text.push_str(quote);
        text.push_str(&format!(" [{number}]"));
        citations.push(cite(read.hit, quote));
    }
    let follow_up_questions = follow_ups(reading, &citations);
    Draft {
        language: language_of(&citations),
        text,
        citations,
        confidence,
        follow_up_questions,
        rivals: rivals(reading, choice),
    }
}

/// The language of what is quoted, if it is long enough to tell.
fn language_of(citations: &[Citation]) -> Option<String> {
    let quotes: Vec<&str> = citations.iter().map(|citation| citation.quote.as_str()).collect();
    let told = language::detect(&quotes.join(" ")).filter(|told| told.confidence >= TOLD)?;
    Some(told.code)
}

fn rivals(reading: &Reading<'_>, choice: &Choice) -> Vec<String> {
    let title = |passage: usize| reading.passages[passage].hit.found.title.clone();
    let near = choice.others.iter().take_while(|(_, behind)| *behind <= NEAR);
    let mut titles: Vec<String> = near
        .map(|(passage, _)| title(*passage))
        .take(MAX_RIVALS - 1)
        .collect();
    if !titles.is_empty() {
        titles.insert(0, title(choice.best.0));
    }
    titles
}

/// A citation of `quote`, which is part of the hit's text.
pub(crate) fn cite(hit: &Hit, quote: &str) -> Citation {
    Citation {
        entry_id: hit.found.passage.entry_id,
        version: hit.found.version,
        title: hit.found.title.clone(),
        url: hit.found.source_url.clone(),
        quote: quote.to_owned(),
        score: hit.score,
    }
}

/// The beginning of a text that is too long for a reply, up to a word's end where there is one.
fn clip(text: &str) -> &str {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(MAX_CHARS) else {
        return text;
    };
    let beginning = &text[..end];
    let word_end = beginning.rfind(char::is_whitespace).unwrap_or(end);
    beginning[..word_end].trim_end()
}

fn follow_ups(reading: &Reading<'_>, citations: &[Citation]) -> Vec<String> {
    let best = reading
        .passages
        .iter()
        .map(|read| read.hit.score)
        .fold(0.0, f32::max);
    let mut titles: Vec<String> = Vec::new();
    for read in &reading.passages {
        let found = &read.hit.found;
        let cited = citations
            .iter()
            .any(|citation| citation.entry_id == found.passage.entry_id);
        if !cited && read.hit.score >= FITTING * best && !titles.contains(&found.title) {
            titles.push(found.title.clone());
        }
    }
    titles.truncate(MAX_FOLLOW_UPS);
    titles
}
