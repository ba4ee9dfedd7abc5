//! Praise that is meant as its opposite: "Wonderful. Nobody came", "thank you for the two hours on hold".
//!
//! Nothing but the mismatch tells: praise stands next to what nobody would praise. Each rule asks for both, and a word that
//! joins them in earnest ("but", "fixed now") speaks against it.

use std::ops::Range;

use acs_domain::analysis::EmotionLabel;

use super::super::lexicon::{Lexicon, Turn};
use super::Cue;
use super::tokens::{SARCASM, Tokens};

/// Less is no praise.
const PRAISE: f32 = 0.3;
/// Who praises more often than this means it.
const MOST_PRAISE: usize = 6;
/// Words of an exclamation that praises: `Well done`, `What a fantastic hotel`.
const LONGEST_EXCLAMATION: usize = 4;
/// Words behind a praise in which its mocked reason stands.
const REACH: usize = 9;

/// What joins praise and trouble in earnest.
const EARNEST: &[&str] = &[
    "but",
    "however",
    "although",
    "though",
    "despite",
    "fixed",
    "solved",
    "resolved",
    "sorted",
    "finally",
    "until",
    "anyway",
    "nevertheless",
    "today",
    "after",
    "glad",
];

/// What makes an occasion of praise a mockery, besides negations and words of ill feeling.
const MISHAPS: &[&str] = &[
    "again",
    "another",
    "hours",
    "weeks",
    "months",
    "twice",
    "hold",
    "queue",
    "hung",
    "lose",
    "lost",
    "losing",
    "break",
    "breaks",
    "breaking",
    "broke",
    "late",
    "later",
    "raise",
    "raising",
    "slowest",
    "crash",
    "crashes",
    "crashed",
    "forgot",
    "forgetting",
    "charging",
    "charged",
    "ruining",
    "messing",
    "screwing",
    "failing",
    "crashing",
    "ended",
    "died",
    "wasting",
    "ignoring",
    "missed",
    "cancelling",
    "cancelled",
    "deleting",
    "deleted",
    "closing",
    "bugs",
    "mould",
    "mold",
    "cockroaches",
    "mice",
    "same",
];

/// Words between a praise and its reason.
const REASONS: &[&str] = &[
    "for", "on", "how", "when", "being", "having", "of", "that", "waiting",
];

/// Signs of someone who means none of it.
const WINKS: &[&str] = &["🙄", "😒", "🤦", "🤡", SARCASM];

/// Turns the praise that is not meant, and tells whether there is any. `places` are those of the cues' words.
pub(super) fn turn(found: &Tokens, cues: &mut [Cue], places: &[Range<usize>], lexicon: &Lexicon) -> bool {
    let tokens = &found.tokens;
    let word = |place: usize| tokens[place].text.as_str();
    let is_negation = |word: &str| lexicon.turn(&[word]) == Some(Turn::Negation);
    // `No complaints`, `works again`: the phrase as a whole is none of ill.
    let mut good = vec![false; tokens.len()];
    for (cue, place) in cues.iter().zip(places) {
        good[place.clone()].fill(cue.valence > 0.0);
    }
    let opens = |place: usize| tokens.get(place).is_none_or(|token| token.opens_clause);
    let is_reply = |place: usize| opens(place) && opens(place + 1) && word(place) == "no";
    // What broke `after two days` or came `three days after` is not told in earnest for that.
    let dates = |place: usize| {
        word(place) == "after"
            && place > 0
            && (MISHAPS.contains(&word(place - 1)) || word(place - 1) == "days")
    };
    let is_ill = |place: usize| MISHAPS.contains(&word(place)) || is_negation(word(place)) || dates(place);
    let ill: Vec<bool> = (0..tokens.len())
        .map(|place| !tokens[place].borrowed && is_ill(place) && !good[place] && !is_reply(place))
        .collect();
    let mishap = |from: usize, to: usize| {
        let to = to.min(tokens.len());
        from < to
            && (ill[from..to].contains(&true)
                || cues
                    .iter()
                    .zip(places)
                    .any(|(cue, place)| cue.valence < 0.0 && (from..to).contains(&place.start)))
    };
    let winks = tokens.iter().any(|token| WINKS.contains(&token.text.as_str()));
    let earnest = (0..tokens.len()).any(|at| EARNEST.contains(&word(at)) && !dates(at));
    let is_praise = |n: &usize| {
        // `Couldn't be better` has its negation in itself and means it.
        cues[*n].valence >= PRAISE && !is_negation(word(places[*n].start))
    };
    let praises: Vec<usize> = (0..cues.len()).filter(is_praise).collect();
    if praises.len() > MOST_PRAISE {
        return false;
    }
    let mut turned = Vec::new();
    for &n in &praises {
        let (place, behind) = (places[n].start, places[n].end);
        let (begin, end) = clause(found, place);
        // `I would never have found it. Thanks` is meant: thanks are mocked by their reason alone.
        let exclaims = end - begin <= LONGEST_EXCLAMATION && cues[n].emotion != Some(EmotionLabel::Gratitude);
        // Of several praises, only what stands in the same sentence makes a mockery.
        let (from, to) = if praises.len() == 1 {
            (0, tokens.len())
        } else {
            sentence(found, place)
        };
        let asks = found.asks.get(tokens[place].sentence) == Some(&true);
        let reason = (place + 1..tokens.len().min(behind + 3)).find(|at| REASONS.contains(&word(*at)));
        // `Great job breaking it`: the mishap itself is what is praised.
        let done = behind < end && word(behind).ends_with("ing") && mishap(behind, behind + 1);
        let mocked = exclaims && (mishap(end, to) || mishap(from, begin))
            || done
            || reason.is_some_and(|at| mishap(at, at + REACH));
        if winks || mocked && !earnest && !asks {
            turned.push(n);
        }
    }
    for &n in &turned {
        cues[n].valence = -cues[n].valence.max(0.5);
        cues[n].emotion = Some(EmotionLabel::Frustration);
    }
    // `Thanks for nothing` is known as a whole.
    let scorns =
        |(cue, place): (&Cue, &Range<usize>)| cue.valence < 0.0 && word(place.start).starts_with("thank");
    !turned.is_empty() || cues.iter().zip(places).any(scorns)
}

/// Where the sentence around a word begins and ends.
fn sentence(found: &Tokens, place: usize) -> (usize, usize) {
    let tokens = &found.tokens;
    let number = tokens[place].sentence;
    let begin = tokens.partition_point(|token| token.sentence < number);
    let end = tokens.partition_point(|token| token.sentence <= number);
    (begin, end)
}

/// Where the clause around a word begins and ends.
fn clause(found: &Tokens, place: usize) -> (usize, usize) {
    let tokens = &found.tokens;
    let begin = (0..=place).rev().find(|at| tokens[*at].opens_clause).unwrap_or(0);
    let end = (place + 1..tokens.len()).find(|at| tokens[*at].opens_clause);
    (begin, end.unwrap_or(tokens.len()))
}
