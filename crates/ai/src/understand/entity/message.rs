//! A message as the rules read it: its text, its tokens, and where and when it was written.

use std::cell::OnceCell;
use std::ops::Range;

use acs_domain::port::understand::Utterance;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use time::OffsetDateTime;
use unicode_normalization::char::is_combining_mark;

use super::country::Country;
use super::date::words;
use super::folded::Folded;
use super::terms::TermIndex;

/// What the meaning of some words depends on: "tomorrow", `01/02/2026`, a phone number without its country.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// When the text was written; without it, relative dates are not resolved and therefore not found.
    pub at: Option<OffsetDateTime>,
    /// IANA name of the writer's time zone; UTC without it.
    pub time_zone: Option<&'a str>,
    /// The organization's own terms.
    pub terms: Option<&'a TermIndex>,
}

impl<'a> Context<'a> {
    /// The context that comes with an utterance. Terms of another adapter are not read.
    #[must_use]
    pub fn of(utterance: &'a Utterance) -> Self {
        Self {
            at: Some(utterance.at),
            time_zone: utterance.time_zone.as_deref(),
            terms: utterance
                .terms
                .as_deref()
                .and_then(|terms| terms.as_any().downcast_ref()),
        }
    }
}

/// A run of digits or of letters; `5pm` is two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: usize,
    /// Behind the last byte.
    pub(super) end: usize,
    /// ASCII digits, not letters.
    pub(super) digits: bool,
}

/// A text with what all rules need of it, worked out once.
#[derive(Debug)]
pub(super) struct Message<'a> {
    /// As written.
    pub(super) text: &'a str,
    /// The text with its letters in lower case, but for the few that would change their length: the same bytes stand at the
    /// same places.
    pub(super) lower: String,
    /// In the text's order.
    pub(super) tokens: Vec<Token>,
    /// Whether there is any digit: most rules have nothing to find without one.
    pub(super) has_digits: bool,
    context: Context<'a>,
    now: OnceCell<Option<Zoned>>,
    country: OnceCell<Option<&'static Country>>,
    folded: OnceCell<Folded<'a>>,
}

impl<'a> Message<'a> {
    pub(super) fn new(text: &'a str, context: Context<'a>) -> Self {
        let tokens = tokens(text);
        Self {
            text,
            lower: lower(text),
            has_digits: tokens.iter().any(|token| token.digits),
            tokens,
            context,
            now: OnceCell::new(),
            country: OnceCell::new(),
            folded: OnceCell::new(),
        }
    }

    /// The text with its signs in their usual forms.
    pub(super) fn folded(&self) -> &Folded<'a> {
        self.folded.get_or_init(|| Folded::signs(self.text))
    }

    /// What the meaning of its words depends on.
    pub(super) fn context(&self) -> Context<'a> {
        self.context
    }

    /// A token's letters in lower case, or its digits.
    pub(super) fn word(&self, index: usize) -> &str {
        self.tokens
            .get(index)
            .map_or("", |token| &self.lower[token.start..token.end])
    }

    /// The number that a token of at most nine digits writes.
    pub(super) fn number(&self, index: usize) -> Option<i64> {
        let token = self.tokens.get(index)?;
        (token.digits && token.end - token.start <= 9)
            .then(|| self.lower[token.start..token.end].parse().ok())
            .flatten()
    }

    /// What stands between a token and the next: blanks, marks, or nothing.
    pub(super) fn gap(&self, index: usize) -> &str {
        match (self.tokens.get(index), self.tokens.get(index + 1)) {
            (Some(token), Some(next)) => &self.text[token.end..next.start],
            (Some(token), None) => &self.text[token.end..],
            (None, _) => "",
        }
    }

    /// Whether nothing but blanks stands between a token and the next, which is there.
    pub(super) fn spaced(&self, index: usize) -> bool {
        index + 1 < self.tokens.len() && self.gap(index).chars().all(char::is_whitespace)
    }

    /// Whether one of the last `reach` tokens before a byte is one of these words.
    pub(super) fn told_before(&self, byte: usize, reach: usize, words: &[&str]) -> bool {
        let end = self.tokens.partition_point(|token| token.end <= byte);
        (end.saturating_sub(reach)..end).any(|index| words.contains(&self.word(index)))
    }

    /// Whether one of the next `reach` tokens behind a byte is one of these words.
    pub(super) fn told_behind(&self, byte: usize, reach: usize, words: &[&str]) -> bool {
        let start = self.tokens.partition_point(|token| token.start < byte);
        (start..self.tokens.len().min(start + reach)).any(|index| words.contains(&self.word(index)))
    }

    /// The moment of writing on the writer's clock.
    pub(super) fn now(&self) -> Option<&Zoned> {
        self.now
            .get_or_init(|| {
                let at = self.context.at?;
                let moment = Timestamp::from_nanosecond(at.unix_timestamp_nanos()).ok()?;
                let zone = self
                    .context
                    .time_zone
                    .and_then(|name| TimeZone::get(name).ok())
                    .unwrap_or(TimeZone::UTC);
                Some(moment.to_zoned(zone))
            })
            .as_ref()
    }

    /// The organization's country, or else the one in which the time zone lies.
    pub(super) fn country(&self) -> Option<&'static Country> {
        *self.country.get_or_init(|| {
            let named = self.terms().and_then(TermIndex::country);
            named.or_else(|| Country::of_zone(self.context.time_zone?))
        })
    }

    /// The organization's own terms.
    pub(super) fn terms(&self) -> Option<&'a TermIndex> {
        self.context.terms
    }

    /// Whether the bytes before and behind a range are no letters or digits, so that it is not cut out of a longer word.
    pub(super) fn stands_alone(&self, range: &Range<usize>) -> bool {
        super::stands_alone(self.text, range)
    }
}

fn lower(text: &str) -> String {
    let small = |c: char| {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    };
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.chars().map(small).collect()
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
    let mut open = false;
    for (start, c) in text.char_indices() {
        let digits = c.is_ascii_digit();
        // Accents and vowel signs go on with their letter.
        let goes_on = open && !c.is_ascii() && is_combining_mark(c);
        if !digits && !c.is_alphanumeric() && !goes_on {
            close(text, &mut tokens);
            open = false;
            continue;
        }
        let end = start + c.len_utf8();
        match tokens.last_mut() {
            Some(last) if open && last.digits == digits => last.end = end,
            _ => {
                if open {
                    close(text, &mut tokens);
                }
                tokens.push(Token { start, end, digits });
            }
        }
        open = true;
    }
    if open {
        close(text, &mut tokens);
    }
    tokens
}

/// Cuts the last token, if it is written without blanks, at the words of dates within.
fn close(text: &str, tokens: &mut Vec<Token>) {
    let is_unspaced = |token: &Token| !token.digits && words::is_unspaced(&text[token.start..token.end]);
    let Some(run) = tokens.last().copied().filter(is_unspaced) else {
        return;
    };
    tokens.pop();
    let mut from = run.start;
    let mut push = |start: usize, end: usize| {
        if start < end {
            tokens.push(Token {
                start,
                end,
                digits: false,
            });
        }
    };
    for word in words::within(&text[run.start..run.end]) {
        push(from, run.start + word.start);
        push(run.start + word.start, run.start + word.end);
        from = run.start + word.end;
    }
    push(from, run.end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_tokens_of_their_own() {
        let message = Message::new("At 5pm, café-Straße 12b!", Context::default());
        let words: Vec<_> = (0..message.tokens.len()).map(|at| message.word(at)).collect();
        assert_eq!(words, ["at", "5", "pm", "café", "straße", "12", "b"]);
        assert_eq!((message.gap(1), message.gap(2), message.gap(6)), ("", ", ", "!"));
    }

    #[test]
    fn an_unknown_time_zone_is_taken_for_utc() {
        let context = Context {
            at: Some(OffsetDateTime::UNIX_EPOCH),
            time_zone: Some("Mars/Olympus"),
            terms: None,
        };
        let message = Message::new("now", context);
        assert_eq!(
            message.now().map(ToString::to_string).as_deref(),
            Some("1970-01-01T00:00:00+00:00[UTC]")
        );
    }
}
