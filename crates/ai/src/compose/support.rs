//! What one sentence of a model's reply stands on.
//!
//! Words alone decide, since the sentence has no vector: its figures, addresses, quotations, names and promises must all
//! stand in one short stretch of one source, and so must most of what it talks about.

use std::collections::HashSet;

use acs_domain::knowledge::Hit;
use acs_domain::port::compose::Support;
use acs_domain::port::retrieve::Retriever;

use super::asked::ratio;
use super::claims::{Claims, Source};
use super::courtesy;
use super::draft::cite;
use crate::sentence;

/// The share of a sentence's words that one stretch of a source must have. Tuned by `examples/evaluate_answers`.
const ENOUGH: f32 = 0.6;
/// A sentence with this share of its source's words says the same, so that leaving out a denial turns it round.
const SAME: f32 = 0.75;
/// How many sentences in a row a source is read in.
const STRETCH: usize = 3;

/// The sentences of a reply, each with the white space that follows it: together they are the reply.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let starts = sentence::sentences(text).into_iter().map(|range| range.start);
    let cuts: Vec<usize> = std::iter::once(0)
        .chain(starts.skip(1))
        .chain([text.len()])
        .collect();
    let pieces = cuts.windows(2).filter_map(|cut| text.get(cut[0]..cut[1]));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// What `sentence` stands on.
pub(super) fn support(sentence: &str, hits: &[Hit], words: &dyn Retriever) -> Support {
    let sentence = without_markers(sentence);
    let claims = Claims::of(&sentence);
    let said: HashSet<String> = words.terms(&claims.rest).into_iter().collect();
    if courtesy::is_courtesy(&sentence, &claims) || said.is_empty() {
        return Support::Courtesy;
    }
    let mut best: Option<Stretch<'_>> = None;
    let mut reason = None;
    for hit in hits {
        for stretch in stretches(hit, &said, words) {
            let missing = claims.missing_in(&Source::new(&stretch.read(), hit.found.source_url.as_deref()));
            if let Some(missing) = missing {
                if stretch.share >= ENOUGH {
                    reason.get_or_insert(missing);
                }
            } else if best.as_ref().is_none_or(|best| stretch.share > best.share) {
                best = Some(stretch);
            }
        }
    }
    match best {
        Some(best) if best.share >= ENOUGH && best.contradicts(&claims) => {
            Support::Unsupported("the source says the opposite".to_owned())
        }
        Some(best) if best.share >= ENOUGH => Support::Supported(cite(best.hit, best.quote.trim())),
        _ => Support::Unsupported(reason.unwrap_or_else(|| "no source says so".to_owned())),
    }
}

/// Some sentences in a row.
struct Stretch<'a> {
    hit: &'a Hit,
    text: &'a str,
    /// The sentence among them that has most of what was said.
    quote: &'a str,
    /// The share of what was said that is here.
    share: f32,
    /// The share of the quote that was said.
    back: f32,
}

impl Stretch<'_> {
    /// All that stands here, with the headings above.
    fn read(&self) -> String {
        format!(
            "{}. {}. {}",
            self.hit.found.title, self.hit.found.passage.heading, self.text
        )
    }

    /// Whether one denies what the other states. The quote alone is looked at: a denial beside it is of something else.
    fn contradicts(&self, claims: &Claims) -> bool {
        let denials = Claims::of(self.quote).denials;
        (claims.denials > 0 && denials == 0) || (claims.denials != denials && self.back >= SAME)
    }
}

fn stretches<'a>(hit: &'a Hit, said: &HashSet<String>, words: &dyn Retriever) -> Vec<Stretch<'a>> {
    let passage = &hit.found.passage;
    let known: HashSet<String> = passage.terms.iter().cloned().collect();
    let shared = |terms: &HashSet<String>| said.intersection(terms).count();
    // Nothing of this passage can be enough: its parts need not be looked at.
    if ratio(shared(&known), said.len()) < ENOUGH {
        return Vec::new();
    }
    let headed: HashSet<String> = words
        .terms(&format!("{} {}", hit.found.title, passage.heading))
        .into_iter()
        .collect();
    let sentences: Vec<(usize, usize, HashSet<String>)> = passage
        .sentences
        .iter()
        .filter_map(|sentence| {
            let text = passage.text.get(sentence.start..sentence.end)?;
            Some((
                sentence.start,
                sentence.end,
                words.terms(text).into_iter().collect(),
            ))
        })
        .collect();
    let mut stretches = Vec::new();
    for size in 1..=STRETCH {
        for run in sentences.windows(size) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            let terms: HashSet<String> = run
                .iter()
                .flat_map(|(_, _, terms)| terms)
                .chain(&headed)
                .cloned()
                .collect();
            let Some(best) = run
                .iter()
                .max_by_key(|(start, _, terms)| (shared(terms), std::cmp::Reverse(*start)))
            else {
                continue;
            };
            stretches.push(Stretch {
                hit,
                text: &passage.text[first.0..last.1],
                quote: &passage.text[best.0..best.1],
                share: ratio(shared(&terms), said.len()),
                back: ratio(shared(&best.2), best.2.len().max(1)),
            });
        }
    }
    stretches
}

/// The sentence without the numbers of its sources: `[1]`, `[2, 3]`.
fn without_markers(sentence: &str) -> String {
    let mut plain = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('[') {
        plain.push_str(before);
        match behind.split_once(']') {
            Some((inside, after))
                if !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || ", ".contains(c)) =>
            {
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    plain
}
