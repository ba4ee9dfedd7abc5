//! The words, figures and marks of a sentence, in order.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// It holds a digit.
    Number,
    /// A sign of money, percent or degrees.
    Sign,
    /// A dash between figures.
    Dash,
    /// A mark that ends a part of the sentence.
    Break,
}

/// A token with its place.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    /// In lower case, with plain apostrophes.
    pub(super) lower: String,
    pub(super) kind: Kind,
}

impl Token<'_> {
    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn has_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// The tokens of a text. A figure keeps the points, commas, colons and dashes inside.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let mut end = start + first.len_utf8();
        if first.is_alphanumeric() {
            let mut in_digits = first.is_ascii_digit();
            let mut last = first;
            while let Some(&(at, c)) = chars.peek() {
                let next = text[at + c.len_utf8()..].chars().next();
                let joins = match c {
                    '.' | ',' | ':' | '\'' | '’' | '/' if in_digits => {
                        next.is_some_and(|c| c.is_ascii_digit())
                    }
                    // Thousands may be parted by a narrow blank.
                    '\u{202f}' | '\u{a0}' if in_digits => three_digits(&text[at + c.len_utf8()..]),
                    '-' if in_digits => is_date(&text[start..]),
                    '\'' | '’' | '-' => last.is_alphabetic() && next.is_some_and(char::is_alphanumeric),
                    c => c.is_alphanumeric() || is_vowel_mark(c),
                };
                if !joins {
                    break;
                }
                in_digits = c.is_ascii_digit() || (in_digits && !c.is_alphabetic());
                last = c;
                end = at + c.len_utf8();
                chars.next();
            }
            push(&text[start..end], &mut tokens);
        } else if "€$£%°".contains(first) {
            add(&text[start..end], Kind::Sign, &mut tokens);
        } else if "-–—~".contains(first) {
            let close = text[..start].ends_with(char::is_alphanumeric)
                || text[..start].ends_with(['€', '$', '£', '%']);
            let figure = text[end..]
                .trim_start_matches(['€', '$', '£', ' '])
                .starts_with(|c: char| c.is_ascii_digit());
            // `a 2-year warranty` is one of 2 years.
            let counts = text[..start].ends_with(|c: char| c.is_ascii_digit())
                && text[end..].starts_with(char::is_alphabetic);
            if counts && first == '-' {
                continue;
            }
            let kind = if figure && (close || first != '-') {
                Kind::Dash
            } else {
                Kind::Break
            };
            add(&text[start..end], kind, &mut tokens);
        } else if ",;:()[]!?.\n。、，；：".contains(first) {
            add(&text[start..end], Kind::Break, &mut tokens);
        }
    }
    tokens
}

fn add<'t>(text: &'t str, kind: Kind, tokens: &mut Vec<Token<'t>>) {
    let lower = text.to_lowercase().replace('’', "'");
    tokens.push(Token { text, lower, kind });
}

/// `5kg` and `8pm` are a figure and a word, `E27` and `4K` are codes.
fn push<'t>(text: &'t str, tokens: &mut Vec<Token<'t>>) {
    const GLUED: &[&str] = &[
        "kg", "g", "km", "m", "cm", "mm", "gb", "mb", "tb", "h", "hrs", "min", "eur", "usd", "gbp", "am",
        "pm", "days", "day", "hours", "months", "l", "ml",
    ];
    let begins = text.chars().next().is_some_and(|c| c.is_ascii_digit());
    if !begins {
        let code = text.chars().any(|c| c.is_ascii_digit());
        return add(text, if code { Kind::Number } else { Kind::Word }, tokens);
    }
    let letters = text.find(|c: char| c.is_alphabetic());
    match letters.filter(|at| GLUED.contains(&text[*at..].to_lowercase().as_str())) {
        Some(at) => {
            add(&text[..at], Kind::Number, tokens);
            add(&text[at..], Kind::Word, tokens);
        }
        None => add(text, Kind::Number, tokens),
    }
}

fn three_digits(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    digits == 3
}

/// Whether a text begins like `2026-03-12`.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && (0..10).all(|at| match at {
            4 | 7 => bytes[at] == b'-',
            _ => bytes[at].is_ascii_digit(),
        })
}

fn is_vowel_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}
