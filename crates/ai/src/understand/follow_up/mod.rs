//! Messages that only make sense with the question before them: "and for the premium plan?", "how long does it take?".
//!
//! A message that leans on an earlier question is read as a question of its own, so that the knowledge can be searched for
//! it. Only forms that surely lean are touched: what is not recognised stands as it was said. English, German, Spanish,
//! French, Italian, Portuguese and Dutch.

mod several;
mod words;

use std::ops::Range;

use acs_domain::conversation::Topic;
use acs_domain::port::understand::{InContext, Talk};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub(super) use several::questions;
use words::Words;

/// Longer messages say what they are about.
const MAX_CHARS: usize = 160;
const MAX_WORDS: usize = 14;
/// With so many words of their own, a pronoun in them points to something within.
const OWN_WORDS: usize = 3;

/// What a message says in its talk.
pub(super) fn in_context(message: &str, talk: &Talk<'_>) -> InContext {
    if let Some((topic, rest)) = returning_to(message, talk) {
        let asked = talk.earlier[topic].asked.as_deref().unwrap_or_default();
        let question = match rest {
            "" => Some(asked.to_owned()).filter(|asked| !asked.is_empty()),
            rest => Some(standalone(rest, asked, talk.language).unwrap_or_else(|| rest.to_owned())),
        };
        return InContext {
            question,
            returns_to: Some(topic),
        };
    }
    InContext {
        question: talk
            .asked
            .and_then(|asked| standalone(message, asked, talk.language)),
        returns_to: None,
    }
}

/// The earlier topic that a message returns to, and what else it says: the one that shares a word with it, else the last.
fn returning_to<'m>(message: &'m str, talk: &Talk<'_>) -> Option<(usize, &'m str)> {
    let rest = returning(message, talk.language)?;
    let is_meant = |topic: &Topic| {
        let asked = topic.asked.as_deref().unwrap_or_default();
        share_a_subject(rest, asked, talk.language)
            || share_a_subject(rest, &topic.name.replace('_', " "), talk.language)
    };
    let meant = talk.earlier.iter().position(is_meant);
    let meant = meant.or_else(|| (!talk.earlier.is_empty()).then_some(0))?;
    // "back to my refund" names it, and asks nothing of its own.
    let names_only = !rest.contains(['?', ':', ',']) && is_meant(&talk.earlier[meant]);
    let rest = if names_only { "" } else { rest };
    Some((
        meant,
        rest.split_once(':').map_or(rest, |(_, rest)| rest.trim_start()),
    ))
}

/// The question that a message asks, given the question before it; `None` where the message stands for itself.
fn standalone(message: &str, asked: &str, language: &str) -> Option<String> {
    let words = Words::of(language)?;
    let (tokens, before) = (tokens(message), tokens(asked));
    if message.chars().count() > MAX_CHARS || tokens.len() > MAX_WORDS || before.is_empty() {
        return None;
    }
    let opening = words.opening(&tokens);
    let rest = tokens.get(opening.length..).filter(|rest| !rest.is_empty())?;
    let before = Asked {
        text: asked,
        tokens: &before,
        words,
    };
    if opening.asks_about || (opening.goes_on && words.is_fragment(rest)) {
        return Some(before.with_in_place(message, rest));
    }
    if !words.asks(message, &tokens) {
        return None;
    }
    let own = rest.iter().filter(|token| words.is_content(token)).count();
    let pointing = (0..rest.len()).find(|place| words.points_back(rest, *place));
    match pointing {
        Some(place) if own < OWN_WORDS && !words.is_hollow(rest) => {
            let subject = before.whole_subject()?;
            let pointing = &rest[place];
            Some(format!(
                "{}{}{}",
                &message[rest[0].range.start..pointing.range.start],
                &asked[subject],
                &message[pointing.range.end..],
            ))
        }
        None if own == 0 => Some(format!("{asked} {}", &message[rest[0].range.start..])),
        _ => None,
    }
}

/// What is left of a message that returns to something said earlier, "back to my refund: how long does it take?", without
/// the words that say so; `None` where it does not return.
fn returning<'a>(message: &'a str, language: &str) -> Option<&'a str> {
    let tokens = tokens(message);
    let length = Words::of(language)?.returning(&tokens)?;
    let rest = tokens
        .get(length)
        .map_or("", |token| &message[token.range.start..]);
    Some(rest)
}

/// Whether two texts share a word that tells what they are about.
fn share_a_subject(one: &str, other: &str, language: &str) -> bool {
    let Some(words) = Words::of(language) else {
        return false;
    };
    let (one, other) = (tokens(one), tokens(other));
    one.iter().filter(|token| words.is_content(token)).any(|token| {
        other
            .iter()
            .any(|other| singular(&other.folded) == singular(&token.folded))
    })
}

/// A word of a text: where it stands, and in lower case without marks.
#[derive(Debug)]
struct Token {
    range: Range<usize>,
    folded: String,
}

/// Letters, digits, and apostrophes between them.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut begun: Option<usize> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins =
            matches!(c, '\'' | '’' | '-') && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        match begun {
            None if c.is_alphanumeric() => begun = Some(at),
            Some(start) if !c.is_alphanumeric() && !joins => {
                tokens.push(token(text, start..at));
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(start) = begun {
        tokens.push(token(text, start..text.len()));
    }
    tokens
}

fn token(text: &str, range: Range<usize>) -> Token {
    // In Italian and Portuguese the mark is all that parts "is" from "and".
    let is = |c: char| matches!(c, 'è' | 'é' | 'È' | 'É');
    if text[range.clone()].chars().all(is) {
        return Token {
            range,
            folded: "è".to_owned(),
        };
    }
    let folded = text[range.clone()]
        .nfd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect();
    Token { range, folded }
}

/// Near enough to tell `plan` and `plans` for the same.
fn singular(word: &str) -> &str {
    if word.len() > 3 {
        word.strip_suffix('s').unwrap_or(word)
    } else {
        word
    }
}

/// The question before, with its parts.
struct Asked<'a> {
    text: &'a str,
    tokens: &'a [Token],
    words: &'static Words,
}

impl Asked<'_> {
    /// Its last run of words that tell what it is about, with the article before it.
    fn subject(&self) -> Option<Range<usize>> {
        let last = (0..self.tokens.len())
            .rev()
            .find(|place| self.is_subject(*place))?;
        Some(self.run(last))
    }

    /// The same with what it belongs to: `my parcel to Germany`.
    fn whole_subject(&self) -> Option<Range<usize>> {
        let mut subject = self.subject()?;
        while let Some(before) = self
            .tokens
            .iter()
            .rposition(|token| token.range.end < subject.start)
        {
            let joined = before > 0 && self.words.is_preposition(&self.tokens[before]);
            if !joined || !self.is_subject(before - 1) || !self.are_neighbours(before - 1) {
                break;
            }
            subject.start = self.run(before - 1).start;
        }
        Some(subject)
    }

    /// The question with what `rest` names in the place of what it named before.
    fn with_in_place(&self, message: &str, rest: &[Token]) -> String {
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else {
            return self.text.to_owned();
        };
        let named = &message[first.range.start..last.range.end];
        let preposition = self.words.is_preposition(first);
        let bare = match rest.get(1) {
            Some(next) if preposition => &message[next.range.start..last.range.end],
            _ => named,
        };
        let head = rest.iter().rev().find(|token| self.words.is_content(token));
        let same_head = head.and_then(|head| {
            (0..self.tokens.len()).rev().find(|place| {
                self.is_subject(*place) && singular(&self.tokens[*place].folded) == singular(&head.folded)
            })
        });
        if let Some(place) = same_head {
            return self.replaced(self.run(place), bare);
        }
        let prepositions = || {
            let places = (0..self.tokens.len()).rev().filter(|_| preposition);
            places.filter(|place| self.words.is_preposition(&self.tokens[*place]))
        };
        let same = prepositions().find(|place| self.tokens[*place].folded == first.folded);
        if let Some(place) = same.or_else(|| prepositions().next()) {
            let end = (place + 1..self.tokens.len())
                .take_while(|next| self.words.is_article(&self.tokens[*next]) || self.is_subject(*next))
                .last();
            let end = end.map_or(self.tokens[place].range.end, |end| self.tokens[end].range.end);
            return self.replaced(self.tokens[place].range.start..end, named);
        }
        match self.subject() {
            // "the blue one": another of what was asked about.
            Some(subject) if rest.last().is_some_and(|last| self.words.is_one(last)) => {
                let kind = self.text[subject.clone()]
                    .rsplit(' ')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let which = message[first.range.start..last.range.start].trim_end();
                self.replaced(subject, &format!("{which} {kind}"))
            }
            Some(subject) if !preposition => self.replaced(subject, named),
            _ => format!("{} {named}?", self.text.trim_end_matches(['?', '.', '!', ' '])),
        }
    }

    fn replaced(&self, range: Range<usize>, with: &str) -> String {
        format!("{}{with}{}", &self.text[..range.start], &self.text[range.end..])
    }

    /// The run of subject words that ends at a place, with the article before it.
    fn run(&self, last: usize) -> Range<usize> {
        let mut first = last;
        while first > 0 && self.is_subject(first - 1) && self.are_neighbours(first - 1) {
            first -= 1;
        }
        if first > 0 && self.words.is_article(&self.tokens[first - 1]) {
            first -= 1;
        }
        self.tokens[first].range.start..self.tokens[last].range.end
    }

    /// Whether nothing but a blank stands between a word and the next.
    fn are_neighbours(&self, place: usize) -> bool {
        let between = self.tokens[place].range.end..self.tokens[place + 1].range.start;
        self.text[between].trim().is_empty()
    }

    /// Whether a word tells what is asked about: no verb, as far as its place tells.
    fn is_subject(&self, place: usize) -> bool {
        let token = &self.tokens[place];
        self.words.is_content(token) && !self.is_verb(place)
    }

    /// Behind who does something stands a verb; behind `to` a place as well, which is written with a capital or ends the
    /// question.
    fn is_verb(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1).map(|before| &self.tokens[before]) else {
            return false;
        };
        let is_name = self.text[self.tokens[place].range.clone()].starts_with(char::is_uppercase);
        let may_be_place = self.words.is_preposition(before) && (is_name || place + 1 == self.tokens.len());
        self.words.is_doer(before) && !may_be_place
    }
}

#[cfg(test)]
mod tests;
