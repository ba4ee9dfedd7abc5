//! A text as words and signs, each with what its writing tells.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::super::language::normal;
use super::super::lexicon::{Lexicon, written_whole};

/// A word, or a sign that shows feeling, in the lexicon's form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub text: String,
    /// Written in capitals or drawn out.
    pub emphasized: bool,
    /// A mark that ends a clause stands before it.
    pub opens_clause: bool,
    /// Quoted, or a name by its capital: the words are not the writer's own.
    pub borrowed: bool,
    /// The number of its sentence.
    pub sentence: usize,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
}

/// The words of a text, and of each sentence whether it asks.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub tokens: Vec<Token>,
    pub asks: Vec<bool>,
}

/// More words in quotation marks than these are speech, not a title.
const LONGEST_TITLE: usize = 8;

/// What marks irony in so many words.
pub(super) const SARCASM: &str = "/s";

/// Cuts a text. In a `shouted` one capitals emphasize nothing in particular.
pub(super) fn read(text: &str, shouted: bool, lexicon: &Lexicon) -> Tokens {
    let mut reader = Reader {
        lexicon,
        at: 0,
        shouted,
        found: Tokens::default(),
        opens_clause: true,
        opens_sentence: true,
        quote: None,
    };
    for chunk in text.split_whitespace() {
        reader.at += text[reader.at..].find(chunk).unwrap_or_default();
        if reader.is_emoticon(chunk) || chunk == SARCASM {
            reader.at += chunk.len();
            reader.sign(chunk.to_lowercase(), chunk.len(), false);
            continue;
        }
        let mut word = String::new();
        for c in chunk.chars() {
            let inside = matches!(c, '\'' | '’' | '/' | '-') || is_combining_mark(c);
            if written_whole(c) {
                reader.word(&mut word);
                word.push(c);
                reader.at += c.len_utf8();
                reader.word(&mut word);
            } else if c.is_alphanumeric() || inside && !word.is_empty() {
                word.push(c);
                reader.at += c.len_utf8();
            } else {
                reader.word(&mut word);
                reader.at += c.len_utf8();
                reader.mark(c);
            }
        }
        reader.word(&mut word);
    }
    reader.end_sentence(false);
    reader.found
}

struct Reader<'l> {
    lexicon: &'l Lexicon,
    /// How many bytes of the text are read.
    at: usize,
    shouted: bool,
    found: Tokens,
    opens_clause: bool,
    opens_sentence: bool,
    /// Where the open quotation begins.
    quote: Option<usize>,
}

impl Reader<'_> {
    fn word(&mut self, word: &mut String) {
        let whole = std::mem::take(word);
        let span = self.at - whole.len()..self.at;
        let written = whole.trim_end_matches(['\'', '’', '/', '-']);
        if written.is_empty() {
            return;
        }
        let capitals = written.chars().count() > 2
            && written.chars().any(char::is_uppercase)
            && !written.chars().any(char::is_lowercase);
        let named = !capitals
            && self.lexicon.names_have_capitals()
            && !self.opens_sentence
            && !self.shouted
            && written.chars().count() > 1
            && written.starts_with(char::is_uppercase);
        let drawn_out = squeeze(written, self.lexicon);
        let text = normal(drawn_out.as_deref().unwrap_or(written));
        self.push(
            text,
            span,
            (capitals && !self.shouted) || drawn_out.is_some(),
            named,
        );
    }

    /// A sign that has just been read.
    fn sign(&mut self, text: String, length: usize, opens: bool) {
        self.opens_clause |= opens;
        self.push(text, self.at - length..self.at, false, false);
        self.opens_sentence = true;
    }

    fn push(&mut self, text: String, span: Range<usize>, emphasized: bool, borrowed: bool) {
        self.found.tokens.push(Token {
            text,
            emphasized,
            opens_clause: std::mem::take(&mut self.opens_clause),
            borrowed,
            sentence: self.found.asks.len(),
            span,
        });
        self.opens_sentence = false;
    }

    fn mark(&mut self, c: char) {
        match c {
            '.' | '!' | '?' | '…' | '！' | '？' | '。' | '؟' | '।' => {
                self.end_sentence(matches!(c, '?' | '？' | '؟'));
            }
            ',' | ';' | ':' | '(' | ')' | '，' | '、' | '；' | '：' | '،' | '؛' => {
                self.opens_clause = true;
            }
            '"' | '“' | '”' | '„' | '«' | '»' => self.quotation(),
            c if self.is_sign(c) => self.sign(c.to_string(), c.len_utf8(), true),
            _ => {}
        }
    }

    fn quotation(&mut self) {
        let end = self.found.tokens.len();
        match self.quote.take() {
            Some(begin) if end - begin <= LONGEST_TITLE => {
                for token in &mut self.found.tokens[begin..] {
                    token.borrowed = true;
                }
            }
            Some(_) => {}
            None => self.quote = Some(end),
        }
    }

    fn end_sentence(&mut self, asks: bool) {
        self.opens_clause = true;
        self.opens_sentence = true;
        let number = self.found.asks.len();
        if self
            .found
            .tokens
            .last()
            .is_some_and(|token| token.sentence == number)
        {
            self.found.asks.push(asks);
        } else if let Some(last) = self.found.asks.last_mut() {
            // `Really?!`: marks in a row belong to one sentence.
            *last |= asks;
        }
    }

    /// A face made of marks: `:)`, `:-/`, `<3`.
    fn is_emoticon(&self, chunk: &str) -> bool {
        (2..=4).contains(&chunk.len())
            && chunk.starts_with([':', ';', '=', '<', '^', '-', '('])
            && self.lexicon.look_up(&[&chunk.to_lowercase()]).is_some()
    }

    /// A single sign that is in the lexicon; its variants of colour and form are looked past.
    fn is_sign(&self, c: char) -> bool {
        !c.is_ascii() && !c.is_alphanumeric() && self.lexicon.look_up(&[c.encode_utf8(&mut [0; 4])]).is_some()
    }
}

/// `sooo` to `so`: a letter that stands three times or more was drawn out. Where two are right (`gooood`), two are left.
fn squeeze(word: &str, lexicon: &Lexicon) -> Option<String> {
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
    let known = |word: &str| lexicon.look_up(&[&word.to_lowercase()]).is_some();
    Some(if known(&squeezed) && !known(&once) {
        squeezed
    } else {
        once
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn borrowed(text: &str) -> Vec<String> {
        let tokens = read(text, false, Lexicon::of(None)).tokens.into_iter();
        tokens
            .filter(|token| token.borrowed)
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn titles_and_names_are_borrowed_words() {
        assert_eq!(borrowed("Is “Killer Deals” still on?"), ["killer", "deals"]);
        assert_eq!(borrowed("Do you sell Happy Socks? Great."), ["happy", "socks"]);
        assert_eq!(borrowed("I say \"open"), Vec::<String>::new());
    }

    #[test]
    fn german_nouns_are_no_names_and_chinese_is_read_sign_by_sign() {
        let german = read("Das ist eine Frechheit", false, Lexicon::of(Some("de")));
        assert!(german.tokens.iter().all(|token| !token.borrowed));
        let chinese = read("很失望，退款", false, Lexicon::of(Some("zh"))).tokens;
        assert_eq!(chinese.len(), 5);
        assert!(chinese[3].opens_clause && !chinese[3].emphasized);
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "Señor, it’s  GOOOD :) ";
        let tokens = read(text, false, Lexicon::of(None)).tokens;
        let cut: Vec<&str> = tokens.iter().map(|token| &text[token.span.clone()]).collect();
        assert_eq!(cut, ["Señor", "it’s", "GOOOD", ":)"]);
    }

    #[test]
    fn sentences_know_whether_they_ask() {
        let read = read("Hello! Where is it?! I wait. ", false, Lexicon::of(None));
        assert_eq!(read.asks, [false, true, false]);
        let numbers: Vec<usize> = read.tokens.iter().map(|token| token.sentence).collect();
        assert_eq!(numbers, [0, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn words_that_are_drawn_out_are_brought_back() {
        let words: Vec<String> = read("sooo goooood", false, Lexicon::of(None))
            .tokens
            .into_iter()
            .map(|token| token.text)
            .collect();
        assert_eq!(words, ["so", "good"]);
    }
}
