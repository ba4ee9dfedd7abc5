//! Entries to passages: small enough to mean one thing and be quoted, large enough to be understood alone.
//!
//! A passage never crosses a heading and never splits a sentence. A list, a table or a listing stays in one passage, with
//! the line that leads in to it, as long as the passage stays within [`MOST`].

use std::ops::Range;

use acs_domain::knowledge::EntryText;
use acs_domain::port::retrieve::Cutting;

use super::Words;
use super::markdown::{Part, Section, sections};
use crate::sentence;

/// At this size a passage is full, in tokens as [`size`] guesses them.
const FULL: usize = 120;
/// No passage is larger, but for one sentence or line that alone is. The sentence model reads 256 tokens, of which
/// title and headings take some.
const MOST: usize = 180;
/// A smaller rest joins the passage before it.
const REST: usize = 30;
/// Bytes of a listing that stay together.
const LONGEST_LISTING: usize = 4_000;
/// What stands between the headings of a path.
const PATH: &str = " › ";

/// A run of text that passages are made of; never split.
struct Piece {
    text: String,
    sentences: Vec<Range<usize>>,
    size: usize,
    /// What stands between it and the piece before.
    gap: &'static str,
    /// Whether it is nothing without the next: `To do so:`.
    leads_in: bool,
}

/// The passages of an entry, in its order. There is at least one for an entry that says anything, if only in its
/// summary or title.
pub(super) fn cut(entry: &EntryText, words: &Words) -> Vec<Cutting> {
    let mut passages: Vec<(String, Vec<Piece>)> = Vec::new();
    for section in sections(&entry.content) {
        let heading = path(&section, &entry.title);
        passages.extend(
            pack(pieces(section))
                .into_iter()
                .map(|pieces| (heading.clone(), pieces)),
        );
    }
    if passages.is_empty() {
        let text = entry
            .summary
            .as_deref()
            .filter(|summary| !summary.trim().is_empty())
            .unwrap_or(&entry.title);
        passages.push((String::new(), prose(text)));
    }
    passages
        .into_iter()
        .map(|(heading, pieces)| cutting(entry, heading, &pieces, words))
        .collect()
}

/// The headings above a section, without one that only repeats the title.
fn path(section: &Section, title: &str) -> String {
    let same = |heading: &str| heading.trim().to_lowercase() == title.trim().to_lowercase();
    let headings: Vec<&str> = section
        .headings
        .iter()
        .map(String::as_str)
        .filter(|h| !same(h))
        .collect();
    headings.join(PATH)
}

fn pieces(section: Section) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in section.parts {
        match part {
            Part::Prose(text) => pieces.extend(prose(&text)),
            Part::List(lines) | Part::Table(lines) => pieces.extend(block(lines)),
            Part::Code(code) => pieces.extend(listing(&code)),
        }
    }
    pieces
}

/// A piece for each sentence.
fn prose(text: &str) -> Vec<Piece> {
    let mut end = 0;
    let piece = |range: Range<usize>| {
        let between = &text[end..range.start];
        let gap = if end == 0 {
            "\n\n"
        } else if between.contains('\n') {
            "\n"
        } else if between.is_empty() {
            ""
        } else {
            " "
        };
        end = range.end;
        Piece::sentence(text[range].to_owned(), gap)
    };
    sentence::sentences(text).into_iter().map(piece).collect()
}

/// One piece of all lines, or one for each if that would be too large.
fn block(lines: Vec<String>) -> Vec<Piece> {
    let whole = lines.join("\n");
    if size(&whole) <= MOST {
        let mut sentences = Vec::new();
        let mut start = 0;
        for line in &lines {
            sentences.extend(
                sentence::sentences(line)
                    .into_iter()
                    .map(|r| start + r.start..start + r.end),
            );
            start += line.len() + 1;
        }
        return vec![Piece::new(whole, sentences, "\n\n")];
    }
    let piece = |(at, line): (usize, String)| {
        let sentences = sentence::sentences(&line);
        Piece::new(line, sentences, if at == 0 { "\n\n" } else { "\n" })
    };
    lines.into_iter().enumerate().map(piece).collect()
}

/// One piece, itself one sentence; more for a listing that nobody would quote whole.
fn listing(code: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        let head = &rest[..rest.floor_char_boundary(LONGEST_LISTING)];
        let end = if head.len() == rest.len() {
            head.len()
        } else {
            head.rfind('\n').filter(|&at| at > 0).unwrap_or(head.len())
        };
        let text = rest[..end].trim_matches('\n').trim_end().to_owned();
        if !text.trim().is_empty() {
            let gap = if pieces.is_empty() { "\n\n" } else { "\n" };
            pieces.push(Piece::sentence(text, gap));
        }
        rest = &rest[end..];
    }
    pieces
}

/// Fills passages with pieces, in order.
fn pack(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut passages: Vec<Vec<Piece>> = Vec::new();
    let mut open: Vec<Piece> = Vec::new();
    for piece in pieces {
        let leads_in = open.last().is_some_and(|last| last.leads_in);
        let room = if leads_in { MOST } else { FULL };
        if !open.is_empty() && total(&open) + piece.size > room {
            // What leads in to this piece goes with it, unless it is all there is.
            let lead = if leads_in && open.len() > 1 {
                open.pop()
            } else {
                None
            };
            passages.push(std::mem::replace(&mut open, lead.into_iter().collect()));
        }
        open.push(piece);
    }
    let rest = total(&open);
    match passages.last_mut() {
        Some(last) if rest < REST && total(last) + rest <= MOST => last.append(&mut open),
        _ => passages.extend((!open.is_empty()).then_some(open)),
    }
    passages
}

fn total(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.size).sum()
}

fn cutting(entry: &EntryText, heading: String, pieces: &[Piece], words: &Words) -> Cutting {
    let mut text = String::new();
    let mut sentences = Vec::new();
    for piece in pieces {
        if !text.is_empty() {
            text.push_str(piece.gap);
        }
        let start = text.len();
        sentences.extend(
            piece
                .sentences
                .iter()
                .map(|range| start + range.start..start + range.end),
        );
        text.push_str(&piece.text);
    }
    let tags = entry.tags.join(", ");
    let lines = [
        entry.title.as_str(),
        tags.as_str(),
        heading.as_str(),
        text.as_str(),
    ];
    let terms = lines.iter().flat_map(|line| words.terms(line)).collect();
    let embedded = embedded(lines);
    Cutting {
        heading,
        text,
        terms,
        sentences,
        embedded,
    }
}

/// What is embedded of title, tags, heading and text. Tags are other words for the subject: they help meaning as they
/// help words.
pub(super) fn embedded(lines: [&str; 4]) -> String {
    let said: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    said.join("\n")
}

impl Piece {
    /// A piece that is one sentence.
    fn sentence(text: String, gap: &'static str) -> Self {
        let whole = 0..text.len();
        Self::new(text, std::iter::once(whole).collect(), gap)
    }

    fn new(text: String, sentences: Vec<Range<usize>>, gap: &'static str) -> Self {
        let leads_in = text.ends_with([':', '：']);
        Self {
            size: size(&text),
            text,
            sentences,
            gap,
            leads_in,
        }
    }
}

/// A guess at a text's tokens: one for about four letters, or for each sign of a script that writes no spaces.
pub(super) fn size(text: &str) -> usize {
    let (dense, other) = text.chars().fold((0, 0), |(dense, other), c| match c {
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' => (dense + 1, other),
        _ => (dense, other + 1),
    });
    dense + usize::div_ceil(other, 4)
}

#[cfg(test)]
mod tests;
