//! What in a text shows feeling: the words of the lexicon, turned and weighed by the words and signs around them.
//!
//! `tokens` cuts the text, this file weighs each word by its neighbours, `irony` turns praise that is not meant.

use acs_domain::analysis::EmotionLabel;

use super::lexicon::{self, Feeling};

mod irony;
mod tokens;
mod words;

use tokens::{Token, Tokens};
use words::{COMPARATIVES, LUKEWARM, REQUESTS, STRONGER, UNSURPASSED, WEAKER, is_negation};

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
}

/// Reads a text for what shows feeling.
pub(super) fn read(text: &str) -> Cues {
    let text = &text[..text.floor_char_boundary(READ)];
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted =
        letters().count() >= 12 && letters().filter(|c| c.is_lowercase()).count() * 10 < letters().count();
    let found = tokens::read(text, shouted);
    let words: Vec<&str> = found.tokens.iter().map(|token| token.text.as_str()).collect();

    let (mut cues, mut places) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let Some((feeling, taken)) = lexicon::look_up(&words[at..]) else {
            at += 1;
            continue;
        };
        let mut cue = weigh(feeling, &found.tokens[..=at]);
        if found.tokens[at].borrowed {
            cue.scale(BORROWED);
        }
        if found.asks.get(found.tokens[at].sentence) == Some(&true) {
            cue.scale(ASKED);
        }
        cues.push(cue);
        places.push(at);
        at += taken;
    }
    weigh_sides(&found, &mut cues, &places);
    irony::turn(&found, &mut cues, &places);
    let closing = closing_thanks(&found, &cues, &places);
    if let Some(cue) = closing.and_then(|at| cues.get_mut(at)) {
        cue.scale(MANNERS);
    }
    Cues {
        cues,
        exclamations: u8::try_from(text.matches(['!', '！']).count().min(4)).unwrap_or(4),
        insistent: text.contains("??") || text.contains("?!"),
        shouted,
        requests: closing.is_some() || !found.asks.is_empty() && !found.asks.contains(&false),
        lukewarm: LUKEWARM
            .iter()
            .any(|phrase| words.windows(phrase.len()).any(|run| run == *phrase)),
    }
}

/// A feeling with what stands before it; the last token is its own.
fn weigh(feeling: Feeling, tokens: &[Token]) -> Cue {
    let mut cue = Cue {
        valence: feeling.valence,
        emotion: feeling.emotion,
        force: 1.0,
        trouble: (TROUBLE..0.0).contains(&feeling.valence),
    };
    let own = tokens.last();
    if own.is_some_and(|token| token.emphasized) {
        cue.scale(EMPHASIS);
    }
    let compares = own.is_some_and(|token| COMPARATIVES.contains(&token.text.as_str()));
    let mut later_opens = own.is_some_and(|token| token.opens_clause);
    for token in tokens.iter().rev().skip(1).take(REACH) {
        if later_opens {
            break;
        }
        let word = token.text.as_str();
        if compares && UNSURPASSED.contains(&word) {
            // `never had a better one`: there is none.
            cue.scale(1.5);
        } else if is_negation(word) {
            cue.negate();
        } else if STRONGER.contains(&word) {
            cue.scale(if token.emphasized { 1.5 } else { 1.3 });
        } else if WEAKER.contains(&word) {
            cue.scale(0.7);
        }
        later_opens = token.opens_clause;
    }
    cue
}

/// What stands before a `but` counts less and what stands behind it more; behind `although` it counts less. The last of a
/// sentence decides, within it; one that opens a sentence looks back at the one before.
fn weigh_sides(found: &Tokens, cues: &mut [Cue], places: &[usize]) {
    let mut decided = usize::MAX;
    for (at, token) in found.tokens.iter().enumerate().rev() {
        let (before, behind) = match token.text.as_str() {
            "but" | "however" => (BEFORE_BUT, BEHIND_BUT),
            "although" | "though" | "despite" => (1.0, BEFORE_BUT),
            _ => continue,
        };
        if token.sentence == decided {
            continue;
        }
        decided = token.sentence;
        let opens = at == 0 || found.tokens[at - 1].sentence != token.sentence;
        let earliest = token.sentence.saturating_sub(usize::from(opens));
        for (cue, place) in cues.iter_mut().zip(places) {
            let sentence = found.tokens[*place].sentence;
            if *place < at && sentence >= earliest {
                cue.scale(before);
            } else if *place > at && sentence == token.sentence {
                cue.scale(behind);
            }
        }
    }
}

/// Thanks at the end of a request are manners: the cue, if nothing else in the text is meant well.
fn closing_thanks(found: &Tokens, cues: &[Cue], places: &[usize]) -> Option<usize> {
    let (last, place) = (cues.len().checked_sub(1)?, *places.last()?);
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
mod tests {
    use super::*;

    fn valence(text: &str) -> f32 {
        read(text).cues.iter().map(|cue| cue.valence).sum()
    }

    #[test]
    fn a_negation_turns_what_follows_within_its_clause() {
        assert!(valence("this is not good") < 0.0);
        assert!(valence("It isn’t really helpful") < 0.0);
        assert!(valence("No, good") > 0.0);
        assert!(valence("not bad at all") > 0.0);
    }

    #[test]
    fn emphasis_is_heard() {
        let plain = valence("it is good");
        for text in ["it is very good", "it is GOOD", "it is goooood"] {
            assert!(valence(text) > plain, "{text}");
        }
        assert!(valence("it is slightly good") < plain);
    }

    #[test]
    fn what_comes_behind_a_but_counts_more() {
        assert!(valence("the staff was good but the product is bad") < 0.0);
        assert!(valence("the product is bad but the staff was good") > 0.0);
    }

    #[test]
    fn faces_and_emoji_are_words_too() {
        assert!(valence("ok then :)") > valence("ok then"));
        assert!(valence("really?😡😡") < 0.0);
        assert!(valence("👍🏽") > 0.0);
    }

    #[test]
    fn a_shouted_text_emphasizes_nothing_in_particular() {
        let shouted = read("MY ORDER IS BAD AND LATE");
        assert!(shouted.shouted && shouted.cues.iter().all(|cue| cue.force <= 1.0));
    }
}
