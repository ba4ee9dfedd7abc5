//! Praise that is meant as its opposite: "Wonderful. Nobody came", "thank you for the two hours on hold".
//!
//! Nothing but the mismatch tells: praise stands next to what nobody would praise. Each rule asks for both, and a word that
//! joins them in earnest ("but", "fixed now") speaks against it.

use acs_domain::analysis::EmotionLabel;

use super::Cue;
use super::tokens::Tokens;
use super::words::is_negation;

/// Less is no praise.
const PRAISE: f32 = 0.3;
/// Who praises more often than this means it.
const MOST_PRAISE: usize = 6;
/// Words of an exclamation that praises: `Well done`, `What a fantastic hotel`.
const LONGEST_EXCLAMATION: usize = 4;
/// Words behind a praise in which its mocked reason stands.
const REACH: usize = 8;

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
const WINKS: &[&str] = &["🙄", "😒", "🤦", "🤡", "/s"];

/// Turns the praise that is not meant. `places` are those of the cues' first words.
pub(super) fn turn(found: &Tokens, cues: &mut [Cue], places: &[usize]) {
    let tokens = &found.tokens;
    let word = |place: usize| tokens[place].text.as_str();
    // `No complaints`: the phrase as a whole is none of ill.
    let is_good = |place: usize| places.binary_search(&place).is_ok_and(|n| cues[n].valence > 0.0);
    let opens = |place: usize| tokens.get(place).is_none_or(|token| token.opens_clause);
    let is_reply = |place: usize| opens(place) && opens(place + 1) && word(place) == "no";
    let is_ill = |place: usize| MISHAPS.contains(&word(place)) || is_negation(word(place));
    let ill: Vec<bool> = (0..tokens.len())
        .map(|place| !tokens[place].borrowed && is_ill(place) && !is_good(place) && !is_reply(place))
        .collect();
    let mishap = |from: usize, to: usize| {
        let to = to.min(tokens.len());
        from < to
            && (ill[from..to].contains(&true)
                || cues
                    .iter()
                    .zip(places)
                    .any(|(cue, place)| cue.valence < 0.0 && (from..to).contains(place)))
    };
    let winks = tokens.iter().any(|token| WINKS.contains(&token.text.as_str()));
    let earnest = tokens.iter().any(|token| EARNEST.contains(&token.text.as_str()));
    let is_praise = |n: &usize| {
        // `Couldn't be better` has its negation in itself and means it.
        cues[*n].valence >= PRAISE && !is_negation(word(places[*n]))
    };
    let praises: Vec<usize> = (0..cues.len()).filter(is_praise).collect();
    if praises.len() > MOST_PRAISE {
        return;
    }
    let mut turned = Vec::new();
    for &n in &praises {
        let place = places[n];
        let (begin, end) = clause(found, place);
        let exclaims = end - begin <= LONGEST_EXCLAMATION && praises.len() == 1;
        let asks = found.asks.get(tokens[place].sentence) == Some(&true);
        let reason = (place + 1..tokens.len().min(place + 4)).find(|at| REASONS.contains(&word(*at)));
        let mocked = exclaims && (mishap(end, tokens.len()) || mishap(0, begin))
            || reason.is_some_and(|at| mishap(at, at + REACH));
        if winks || mocked && !earnest && !asks {
            turned.push(n);
        }
    }
    for n in turned {
        cues[n].valence = -cues[n].valence.max(0.5);
        cues[n].emotion = Some(EmotionLabel::Frustration);
    }
}

/// Where the clause around a word begins and ends.
fn clause(found: &Tokens, place: usize) -> (usize, usize) {
    let tokens = &found.tokens;
    let begin = (0..=place).rev().find(|at| tokens[*at].opens_clause).unwrap_or(0);
    let end = (place + 1..tokens.len()).find(|at| tokens[*at].opens_clause);
    (begin, end.unwrap_or(tokens.len()))
}
