//! What in a text shows feeling: the words of the lexicon, turned and weighed by the words and signs around them.
//!
//! `tokens` cuts the text, this file weighs each word by its neighbours, `irony` turns praise that is not meant.

use std::ops::Range;

use acs_domain::analysis::EmotionLabel;

use super::lexicon::{Feeling, Lexicon, Turn};

mod irony;
mod tokens;
mod words;

use tokens::{Token, Tokens};
use words::{COMPARATIVES, LUKEWARM, REQUESTS, UNSURPASSED};

/// Words behind a negation that it still turns.
const REACH: usize = 3;
/// What is left of a good feeling that is negated: `not good` is bad, but less so than `bad`.
const NEGATED: f32 = -0.65;
/// What is left of a bad one: who is not angry need not be glad.
const DENIED: f32 = -0.2;
const MOST_DENIED: f32 = 0.12;
/// Words before a `but` count for less, those behind it for more.
const BEFORE_BUT: f32 = 0.5;
const BEHIND_BUT: f32 = 1.4;
/// What words of a name or a quotation say about the writer.
const BORROWED: f32 = 0.1;
/// `Is it good?` asks what `It is good` says.
const ASKED: f32 = 0.55;
/// What is left of thanks that are manners.
const MANNERS: f32 = 0.15;
/// `VERY` and `soooo` say more than they do in small letters.
const EMPHASIS: f32 = 1.25;
/// Valence from which on the lexicon holds a word for trouble that is merely reported.
const TROUBLE: f32 = -0.16;
/// Bytes of a text that are read.
const READ: usize = 8_000;

/// A feeling found in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cue {
    /// From about -2 to 2, all around it counted in.
    pub valence: f32,
    /// The emotion; gone when negated.
    pub emotion: Option<EmotionLabel>,
    /// How strong the words are, whichever way they point: 1 for a word as it stands.
    pub force: f32,
    /// Trouble that is reported, more than felt.
    pub trouble: bool,
}

/// All that shows feeling in a text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Cues {
    pub cues: Vec<Cue>,
    /// Some praise or thanks are not meant.
    pub mocks: bool,
    /// Exclamation marks, at most 4.
    pub exclamations: u8,
    /// Several question marks in a row.
    pub insistent: bool,
    /// The whole text is in capitals.
    pub shouted: bool,
    /// Nothing but a request, thanks for it included.
    pub requests: bool,
    /// The writer says that it was neither good nor bad.
    pub lukewarm: bool,
    /// The text without the formulas of letters, if it has any: the head would take them at their word.
    pub plain: Option<String>,
}

/// Reads a text for what shows feeling.
pub(super) fn read(text: &str, lexicon: &Lexicon) -> Cues {
    let text = &text[..text.floor_char_boundary(READ)];
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    // Of scripts that know no capitals nothing is shouted.
    let shouted = letters().count() >= 12
        && letters().filter(|c| c.is_uppercase()).count() * 10 > letters().count() * 9;
    let found = tokens::read(text, shouted, lexicon);
    let words: Vec<&str> = found.tokens.iter().map(|token| token.text.as_str()).collect();

    let (mut cues, mut places, mut formulas) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let Some((feeling, taken)) = lexicon.look_up(&words[at..]) else {
            at += 1;
            continue;
        };
        if feeling.formula {
            formulas.push(found.tokens[at].span.start..found.tokens[at + taken - 1].span.end);
            at += taken;
            continue;
        }
        let mut cue = weigh(feeling, &found.tokens, &words, at..at + taken, lexicon);
        if found.tokens[at].borrowed {
            cue.scale(BORROWED);
        }
        if found.asks.get(found.tokens[at].sentence) == Some(&true) {
            cue.scale(ASKED);
        }
        cues.push(cue);
        places.push(at..at + taken);
        at += taken;
    }
    weigh_sides(&found, &words, &mut cues, &places, lexicon);
    let mocks = lexicon.is_english() && irony::turn(&found, &mut cues, &places, lexicon);
    let closing = closing_thanks(&found, &cues, &places);
    if let Some(cue) = closing.and_then(|at| cues.get_mut(at)) {
        cue.scale(MANNERS);
    }
    Cues {
        cues,
        mocks,
        exclamations: u8::try_from(text.matches(['!', '！']).count().min(4)).unwrap_or(4),
        insistent: text.contains("??") || text.contains("?!"),
        shouted,
        requests: closing.is_some() || !found.asks.is_empty() && !found.asks.contains(&false),
        lukewarm: lexicon.is_english()
            && LUKEWARM
                .iter()
                .any(|phrase| words.windows(phrase.len()).any(|run| run == *phrase)),
        plain: without(text, &formulas),
    }
}

/// What is left of a text without these parts of it; `None` if there are none.
fn without(text: &str, parts: &[Range<usize>]) -> Option<String> {
    let mut left = String::new();
    let mut at = 0;
    for part in parts {
        left.push_str(&text[at..part.start]);
        at = part.end;
    }
    left.push_str(&text[at..]);
    (at > 0).then_some(left)
}

/// The feeling of the words at `own` with what stands around it.
fn weigh(feeling: Feeling, tokens: &[Token], words: &[&str], own: Range<usize>, lexicon: &Lexicon) -> Cue {
    let mut cue = Cue {
        valence: feeling.valence,
        emotion: feeling.emotion,
        force: 1.0,
        trouble: (TROUBLE..0.0).contains(&feeling.valence),
    };
    let first = &tokens[own.start];
    if first.emphasized {
        cue.scale(EMPHASIS);
    }
    let compares = COMPARATIVES.contains(&words[own.start]);
    let mut later_opens = first.opens_clause;
    // `N'est pas`, `não foi nada`: several words make one negation.
    let mut negated = false;
    for at in (0..own.start).rev().take(REACH) {
        if later_opens {
            break;
        }
        let turn = lexicon.turn(&words[at..own.start]);
        if compares && UNSURPASSED.contains(&words[at]) {
            // `never had a better one`: there is none.
            cue.scale(1.5);
        } else if turn == Some(Turn::Negation) {
            negated = true;
        } else if turn == Some(Turn::Stronger) {
            cue.scale(if tokens[at].emphasized { 1.5 } else { 1.3 });
        } else if turn == Some(Turn::Weaker) {
            cue.scale(0.7);
        }
        later_opens = tokens[at].opens_clause;
    }
    let behind = (own.end..tokens.len()).take(REACH);
    let mut same_clause = behind.take_while(|at| !tokens[*at].opens_clause);
    if negated || same_clause.any(|at| lexicon.negates_behind(&words[at..])) {
        cue.negate();
    }
    cue
}

/// What stands before a `but` counts less and what stands behind it more; behind `although` it counts less. The last of a
/// sentence decides, within it; one that opens a sentence looks back at the one before.
fn weigh_sides(found: &Tokens, words: &[&str], cues: &mut [Cue], places: &[Range<usize>], lexicon: &Lexicon) {
    let mut decided = usize::MAX;
    for (at, token) in found.tokens.iter().enumerate().rev() {
        let (before, behind) = match lexicon.turn(&words[at..]) {
            Some(Turn::Contrast) => (BEFORE_BUT, BEHIND_BUT),
            Some(Turn::Concession) => (1.0, BEFORE_BUT),
            _ => continue,
        };
        if token.sentence == decided {
            continue;
        }
        decided = token.sentence;
        let opens = at == 0 || found.tokens[at - 1].sentence != token.sentence;
        let earliest = token.sentence.saturating_sub(usize::from(opens));
        for (cue, place) in cues.iter_mut().zip(places) {
            let sentence = found.tokens[place.start].sentence;
            if place.start < at && sentence >= earliest {
                cue.scale(before);
            } else if place.start > at && sentence == token.sentence {
                cue.scale(behind);
            }
        }
    }
}

/// Thanks at the end of a request are manners: the cue, if nothing else in the text is meant well.
fn closing_thanks(found: &Tokens, cues: &[Cue], places: &[Range<usize>]) -> Option<usize> {
    let (last, place) = (cues.len().checked_sub(1)?, places.last()?.start);
    let is_thanks = cues[last].emotion == Some(EmotionLabel::Gratitude) && cues[last].valence > 0.0;
    let requests = found.asks.contains(&true)
        || found.tokens[..place]
            .iter()
            .any(|token| REQUESTS.contains(&token.text.as_str()));
    let at_end = place + 4 >= found.tokens.len() && place > 3;
    let alone = cues[..last].iter().all(|cue| cue.valence < 0.3);
    (is_thanks && requests && at_end && alone).then_some(last)
}

impl Cue {
    /// What was not there leaves its contrary, though less of it; that no ill is felt says hardly anything.
    fn negate(&mut self) {
        self.valence = if self.valence < 0.0 {
            (self.valence * DENIED).min(MOST_DENIED)
        } else {
            self.valence * NEGATED
        };
        self.emotion = None;
    }

    fn scale(&mut self, by: f32) {
        self.valence *= by;
        self.force *= by;
    }
}

#[cfg(test)]
mod tests;
