//! Where sentences begin and end.
//!
//! Made by rules, so that a customer's hurried message, a help article and a model's reply are cut alike, in any script:
//! - `.`, `!`, `?` and their relatives end a sentence when white space follows; `。`, `！` and `？` do at once; quotes and
//!   brackets that close behind them still belong to it;
//! - a full stop ends nothing behind an abbreviation, an initial, the number of a list item or a date's day, and none is
//!   seen inside of numbers and addresses, where no white space follows;
//! - a line break ends a sentence, unless the next line goes on in lower case; an empty line always does;
//! - text without any end is broken at the next best place, so that no sentence is longer than [`LONGEST`].

use std::ops::Range;

/// The most bytes that a sentence has. The sentence model reads about as much.
pub const LONGEST: usize = 1_000;

/// Abbreviations that never end a sentence: a name, a number or the rest of the thought follows.
const UNFINISHED: &[&str] = &[
    "approx", "bzw", "ca", "dr", "e.g", "ej", "eg", "fr", "frau", "ggf", "herr", "hr", "i.e", "ie", "mr",
    "mrs", "ms", "mt", "prof", "resp", "sr", "sra", "st", "u.a", "ud", "uds", "vgl", "vs", "z.b", "viz",
    "cf", "d.h", "p.ej",
];

/// Abbreviations of what comes before a number, and words as such: unfinished only before a digit.
const BEFORE_NUMBER: &[&str] = &[
    "art", "ch", "fig", "max", "min", "no", "nos", "nr", "núm", "p", "pp", "pos", "sec", "tel", "vol",
];

/// Abbreviations that may end a sentence: they do when the next word has a capital.
const PERHAPS_FINISHED: &[&str] = &[
    "a.m", "apr", "aug", "ave", "bldg", "co", "corp", "dec", "dept", "est", "etc", "ext", "feb", "hrs",
    "inc", "jan", "jr", "ltd", "mar", "mins", "nov", "oct", "p.m", "rd", "sep", "sept", "tbd", "usw",
];

/// Words that often open a sentence: behind an acronym with stops (`the U.S. It …`) they tell that one begins.
const OPENERS: &[&str] = &[
    "a",
    "after",
    "all",
    "also",
    "an",
    "and",
    "as",
    "at",
    "because",
    "before",
    "but",
    "by",
    "can",
    "customers",
    "do",
    "each",
    "every",
    "for",
    "from",
    "he",
    "here",
    "how",
    "however",
    "i",
    "if",
    "in",
    "is",
    "it",
    "its",
    "many",
    "my",
    "no",
    "not",
    "on",
    "once",
    "one",
    "open",
    "or",
    "our",
    "please",
    "she",
    "since",
    "so",
    "some",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "under",
    "until",
    "we",
    "what",
    "when",
    "where",
    "while",
    "who",
    "why",
    "with",
    "you",
    "your",
];

/// Months, by how they begin in English, German and Spanish: a stop between a number and one is a date's.
const MONTHS: &[&str] = &[
    "jan", "ene", "feb", "mar", "mär", "apr", "abr", "mai", "may", "jun", "jul", "aug", "ago", "sep", "okt",
    "oct", "nov", "dez", "dec", "dic",
];

/// The byte ranges of the sentences of a text, in order, without the white space between them. Together they hold
/// every character that is not white space.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if at < seen {
            continue;
        }
        let end = match c {
            '\n' if ends_at_line_break(text, start, at) => at,
            '。' | '！' | '？' | '｡' | '．' | '।' => behind_closers(text, at + c.len_utf8()),
            '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉' | '؟' => {
                let end = behind_closers(text, at + c.len_utf8());
                seen = end;
                let open = !text[end..].is_empty() && !text[end..].starts_with(char::is_whitespace);
                if open || !ends_at_mark(text, start, at, end) {
                    continue;
                }
                end
            }
            _ => continue,
        };
        push(text, start..end, &mut found);
        (start, seen) = (end, end);
    }
    push(text, start..text.len(), &mut found);
    found
}

/// Behind further marks, closing quotes and brackets.
fn behind_closers(text: &str, from: usize) -> usize {
    const CLOSERS: &str = ".!?…‼⁇。！？\"'”’“»›)]}」』）】*_";
    from + text[from..]
        .find(|c| !CLOSERS.contains(c))
        .unwrap_or(text.len() - from)
}

/// Whether the line break at `at` ends the sentence.
fn ends_at_line_break(text: &str, start: usize, at: usize) -> bool {
    if text[start..at].trim().is_empty() {
        return false;
    }
    let rest = &text[at + 1..];
    let next_line = rest.trim_start_matches([' ', '\t', '\r']);
    !next_line.trim_start().starts_with(char::is_lowercase)
        || next_line.starts_with('\n')
        || is_list_item(next_line)
}

/// Whether a line begins like an item of a list: `a) …`, `i. …`. Digits and bullets need no help here.
fn is_list_item(line: &str) -> bool {
    let mut chars = line.chars();
    let mark = chars.next().is_some_and(char::is_alphabetic);
    mark && chars.next().is_some_and(|c| matches!(c, ')' | '.'))
        && chars.next().is_some_and(char::is_whitespace)
}

/// Whether the mark at `at`, whose sentence began at `start` and would end at `end`, ends it.
fn ends_at_mark(text: &str, start: usize, at: usize, end: usize) -> bool {
    let before = &text[start..at];
    let marks = &text[at..end];
    let next = text[end..].trim_start();
    let Some(next_char) = next.chars().find(|c| !"\"'“‘«(¿¡[*_".contains(*c)) else {
        return true;
    };
    if text[end..]
        .trim_start_matches([' ', '\t', '\r'])
        .starts_with('\n')
    {
        return ends_at_line_break(text, start, end + text[end..].find('\n').unwrap_or(0));
    }
    if marks.starts_with("..") || marks.starts_with('…') {
        return next_char.is_uppercase();
    }
    // Behind a bracket or a quote, or with another mark, there is no abbreviation to think of.
    marks != "." || ends_at_stop(before, next, next_char)
}

/// Whether the full stop between `before` and `next` ends the sentence.
fn ends_at_stop(before: &str, next: &str, next_char: char) -> bool {
    let (lead, word) = last_word(before);
    let opens = lead.trim().is_empty();
    let lower = word.to_lowercase();
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
        let day = word.len() <= 2 && MONTHS.iter().any(|month| next.to_lowercase().starts_with(month));
        let number_of_item = opens && word.len() <= 3;
        return !(day || number_of_item);
    }
    if UNFINISHED.contains(&&*lower) {
        return false;
    }
    if BEFORE_NUMBER.contains(&&*lower) {
        return !next_char.is_ascii_digit();
    }
    if PERHAPS_FINISHED.contains(&&*lower) {
        return next_char.is_uppercase();
    }
    let mut letters = word.chars();
    let (first, second) = (letters.next(), letters.next());
    match (first, second) {
        // `A. Open the app`, `J. Smith`, `z. B.`; but `So do I.`
        (Some(initial), None) if initial.is_alphabetic() => {
            let pair = next.chars().nth(1) == Some('.');
            !(opens || pair || initial.is_uppercase() && initial != 'I')
        }
        // `U.S. Government`, but `in the U.S. It …`
        (Some(_), Some('.')) => {
            let next_word: String = next.chars().take_while(|c| c.is_alphanumeric()).collect();
            OPENERS.contains(&&*next_word.to_lowercase()) && next_char.is_uppercase()
        }
        _ => true,
    }
}

/// The last word of a text, stops inside of it included, and what comes before it.
fn last_word(text: &str) -> (&str, &str) {
    let begin = text
        .char_indices()
        .rev()
        .find(|(_, c)| !(c.is_alphanumeric() || *c == '.'))
        .map_or(0, |(at, c)| at + c.len_utf8());
    (&text[..begin], &text[begin..])
}

/// Adds a range without its outer white space; in pieces if it is too long.
fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut rest = trim(text, range);
    while rest.len() > LONGEST {
        let cut = break_at(&text[rest.clone()]);
        found.push(trim(text, rest.start..rest.start + cut));
        rest = trim(text, rest.start + cut..rest.end);
    }
    if !rest.is_empty() {
        found.push(rest);
    }
}

/// The last good place to break the first [`LONGEST`] bytes of a text: a line, else a clause, else a word.
fn break_at(text: &str) -> usize {
    let head = &text[..text.floor_char_boundary(LONGEST)];
    let late = |at: &usize| *at >= LONGEST / 4;
    let line = || head.rfind('\n').filter(late);
    let clause = || {
        head.rfind("; ")
            .max(head.rfind(", "))
            .map(|at| at + 1)
            .filter(late)
    };
    let wide = || {
        head.rmatch_indices(['；', '，', '、'])
            .next()
            .map(|(at, mark)| at + mark.len())
            .filter(late)
    };
    let word = || head.rfind(char::is_whitespace).filter(|at| *at > 0);
    line()
        .or_else(clause)
        .or_else(wide)
        .or_else(word)
        .unwrap_or(head.len())
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    let end = start + inner.trim().len();
    start..end
}

#[cfg(test)]
mod tests;
