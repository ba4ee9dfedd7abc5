//! What in a text shows feeling: the words of the lexicon, turned and weighed by the words and signs around them.

use acs_domain::analysis::EmotionLabel;

use super::lexicon::{self, Feeling};

/// Words behind a negation that it still turns.
const REACH: usize = 3;
/// What is left of a feeling that is negated: `not good` is bad, but less so than `bad`.
const NEGATED: f32 = -0.6;
/// Words before a `but` count for less, those behind it for more.
const BEFORE_BUT: f32 = 0.6;
const BEHIND_BUT: f32 = 1.3;
/// `VERY` and `soooo` say more than they do in small letters.
const EMPHASIS: f32 = 1.25;
/// Bytes of a text that are read.
const READ: usize = 8_000;

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "hardly", "barely",
    "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont", "wouldnt", "aint", "lack", "lacks",
    "far",
];

const STRONGER: &[&str] = &[
    "very",
    "really",
    "so",
    "extremely",
    "absolutely",
    "totally",
    "incredibly",
    "super",
    "completely",
    "utterly",
    "truly",
    "such",
    "too",
    "highly",
    "deeply",
    "terribly",
    "awfully",
    "bloody",
    "beyond",
    "insanely",
    "ridiculously",
    "most",
];

const WEAKER: &[&str] = &[
    "slightly", "somewhat", "bit", "little", "fairly", "kinda", "sorta", "quite", "rather", "mildly",
];

/// A feeling found in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cue {
    /// From about -2 to 2, all around it counted in.
    pub valence: f32,
    /// The emotion; gone when negated.
    pub emotion: Option<EmotionLabel>,
    /// How strong the words are, whichever way they point: 1 for a word as it stands.
    pub force: f32,
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
}

/// A word, or a sign that shows feeling, in the lexicon's form.
struct Token {
    text: String,
    emphasized: bool,
    /// A mark that ends a clause stands before it.
    opens_clause: bool,
}

/// Reads a text for what shows feeling.
pub(super) fn read(text: &str) -> Cues {
    let text = &text[..text.floor_char_boundary(READ)];
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted =
        letters().count() >= 12 && letters().filter(|c| c.is_lowercase()).count() * 10 < letters().count();
    let tokens = tokens(text, shouted);
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let but = words.iter().rposition(|word| matches!(*word, "but" | "however"));

    let mut cues = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((feeling, taken)) = lexicon::look_up(&words[at..]) else {
            at += 1;
            continue;
        };
        let mut cue = weigh(feeling, &tokens[..=at]);
        match but {
            Some(but) if at < but => cue.scale(BEFORE_BUT),
            Some(_) => cue.scale(BEHIND_BUT),
            None => {}
        }
        cues.push(cue);
        at += taken;
    }
    Cues {
        cues,
        exclamations: u8::try_from(text.matches(['!', '！']).count().min(4)).unwrap_or(4),
        insistent: text.contains("??") || text.contains("?!"),
        shouted,
    }
}

/// A feeling with what stands before it; the last token is its own.
fn weigh(feeling: Feeling, tokens: &[Token]) -> Cue {
    let mut cue = Cue {
        valence: feeling.valence,
        emotion: feeling.emotion,
        force: 1.0,
    };
    if tokens.last().is_some_and(|token| token.emphasized) {
        cue.scale(EMPHASIS);
    }
    let mut later_opens = tokens.last().is_some_and(|token| token.opens_clause);
    for token in tokens.iter().rev().skip(1).take(REACH) {
        if later_opens {
            break;
        }
        let word = token.text.as_str();
        if NEGATIONS.contains(&word) || word.ends_with("n't") {
            cue.valence *= NEGATED;
            cue.emotion = None;
        } else if STRONGER.contains(&word) {
            cue.scale(if token.emphasized { 1.5 } else { 1.3 });
        } else if WEAKER.contains(&word) {
            cue.scale(0.7);
        }
        later_opens = token.opens_clause;
    }
    cue
}

impl Cue {
    fn scale(&mut self, by: f32) {
        self.valence *= by;
        self.force *= by;
    }
}

fn tokens(text: &str, shouted: bool) -> Vec<Token> {
    let mut found = Vec::new();
    let mut opens_clause = true;
    for chunk in text.split_whitespace() {
        if is_emoticon(chunk) {
            found.push(Token {
                text: chunk.to_lowercase(),
                emphasized: false,
                opens_clause,
            });
            continue;
        }
        let mut word = String::new();
        for c in chunk.chars().chain([' ']) {
            let c = if c == '’' { '\'' } else { c };
            if c.is_alphanumeric() || matches!(c, '\'' | '/' | '-') && !word.is_empty() {
                word.push(c);
                continue;
            }
            push_word(&mut word, shouted, &mut opens_clause, &mut found);
            if is_sign(c) {
                found.push(Token {
                    text: c.to_string(),
                    emphasized: false,
                    opens_clause: true,
                });
            }
            opens_clause |= matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | '\n' | '…');
        }
    }
    found
}

fn push_word(word: &mut String, shouted: bool, opens_clause: &mut bool, found: &mut Vec<Token>) {
    let written = std::mem::take(word);
    let written = written.trim_end_matches(['\'', '/', '-']);
    if written.is_empty() {
        return;
    }
    let capitals = written.chars().count() > 2 && !written.chars().any(char::is_lowercase);
    let drawn_out = squeeze(written);
    let emphasized = (capitals && !shouted) || drawn_out.is_some();
    let text = drawn_out.as_deref().unwrap_or(written).to_lowercase();
    found.push(Token {
        text,
        emphasized,
        opens_clause: std::mem::take(opens_clause),
    });
}

/// `sooo` to `so`: a letter that stands three times or more was drawn out. Where two are right (`gooood`), two are left.
fn squeeze(word: &str) -> Option<String> {
    let mut squeezed = String::new();
    let mut run = 0;
    let mut drawn_out = false;
    for c in word.chars() {
        run = if squeezed.ends_with(c) || (run > 1 && squeezed.ends_with(c)) {
            run + 1
        } else {
            1
        };
        if run < 3 {
            squeezed.push(c);
        } else {
            drawn_out = true;
        }
    }
    if !drawn_out || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let once: String = {
        let mut last = None;
        squeezed
            .chars()
            .filter(|c| last.replace(*c) != Some(*c))
            .collect()
    };
    let known = |word: &str| lexicon::look_up(&[&word.to_lowercase()]).is_some();
    Some(if known(&squeezed) && !known(&once) {
        squeezed
    } else {
        once
    })
}

/// A face made of marks: `:)`, `:-/`, `<3`.
fn is_emoticon(chunk: &str) -> bool {
    (2..=4).contains(&chunk.len())
        && chunk.starts_with([':', ';', '=', '<', '^', '-', '('])
        && lexicon::look_up(&[&chunk.to_lowercase()]).is_some()
}

/// A single sign that is in the lexicon; its variants of colour and form are looked past.
fn is_sign(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && lexicon::look_up(&[c.encode_utf8(&mut [0; 4])]).is_some()
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
