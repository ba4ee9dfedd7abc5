//! Amounts of money.
//!
//! A bare `$` is the United States', a bare `¥` Japan's, pesos Mexico's, a crown that of the writer's country or else Sweden's;
//! what is told behind the number goes before its sign (`$20 CAD`).

mod currency;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Found, Message, amount, number};
use currency::{CURRENCIES, SCALES, SHARED, WORDS};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static MONEY: LazyLock<Regex> = LazyLock::new(|| {
    let any_of = |mut words: Vec<String>| {
        // The longer first: `US$` before `$`.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
            .iter()
            .map(|word| regex::escape(word))
            .collect::<Vec<_>>()
            .join("|")
    };
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let signs = any_of(
        CURRENCIES
            .iter()
            .flat_map(|currency| [owned(currency.signs), vec![currency.code.to_lowercase()]].concat())
            .collect(),
    );
    let names = CURRENCIES
        .iter()
        .flat_map(|currency| owned(&[currency.names, currency.hundredths].concat()));
    let names = any_of(names.collect());
    let scales = SCALES.iter().map(|(word, _)| (*word).to_owned());
    let (letters, words): (Vec<_>, Vec<_>) = scales.partition(|word| word.len() <= 2);
    let (letters, words) = (any_of(letters), any_of(words));
    let amount = amount::PATTERN;
    let number = |group: &str, scale: &str| {
        format!("(?P<{group}>{amount})(?:[.,][-–—]{{1,2}}|(?P<{scale}>{letters}| ?(?:{words})))?")
    };
    let (first, last) = (number("first", "first_scale"), number("last", "last_scale"));
    Regex::new(&format!(
        r"(?i)[-−–]?(?:(?P<before>{signs})(?: ?(?P<twice>{signs}))? ?(?P<minus>[-−])?{first}(?: ?(?P<code>{names}|{signs}))?|{last}[ -]?(?:(?P<name>{names})|(?P<behind>{signs}))(?: (?P<told>{signs}))?)"
    ))
    .expect("a fixed pattern")
});

/// Numbers with a currency, as `12.50 EUR`.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    if message.folded().text.bytes().any(|c| c.is_ascii_digit()) {
        in_digits(message, &mut found);
    }
    in_words(message, &mut found);
    found
}

fn in_digits(message: &Message<'_>, found: &mut Vec<Found>) {
    let folded = message.folded();
    let text = &*folded.text;
    let mut from = 0;
    while let Some(captures) = MONEY.captures_at(text, from) {
        let Some(whole) = captures.get(0) else { break };
        // A refused match may hide one that begins within.
        from = whole.start() + text[whole.start()..].chars().next().map_or(1, char::len_utf8);
        let Some((range, normalized)) = read(message, text, &captures) else {
            // The digits of a refused number begin no other.
            if text[whole.start()..].starts_with(|c: char| c.is_ascii_digit()) {
                from = whole.start()
                    + text[whole.start()..]
                        .bytes()
                        .take_while(u8::is_ascii_digit)
                        .count();
            }
            continue;
        };
        from = range.end;
        found.push(Found {
            range: folded.written(&range),
            normalized,
            confidence: 0.95,
        });
    }
}

/// The amount that a match writes, and its bytes.
fn read(
    message: &Message<'_>,
    text: &str,
    captures: &Captures<'_>,
) -> Option<(std::ops::Range<usize>, String)> {
    let group = |name: &str| captures.name(name);
    let whole = captures.get(0)?;
    let number = group("first").or(group("last"))?;
    let sign = group("before").or(group("behind")).or(group("name"))?;
    let mut range = whole.range();
    let mut negative = group("minus").is_some();
    // A dash between numbers (`5-10 €`) is a range's, and so is one behind a word; a list's stands apart.
    if let Some(dash) = whole
        .as_str()
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '−' | '–'))
    {
        if dash == '–'
            || text[..range.start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '€' | '$' | ')'))
        {
            range.start += dash.len_utf8();
        } else {
            negative = true;
        }
    }
    let mut unit = sign;
    for told in [group("twice"), group("code"), group("told")]
        .into_iter()
        .flatten()
    {
        // `EUR 5 USD 6`: what a number follows is that number's.
        let next = text[told.end()..].trim_start_matches(' ');
        let of_next = told.start() > number.start() && next.starts_with(|c: char| c.is_ascii_digit());
        if of_next || !is_written_out(text, told) {
            range.end = told.start();
            range.end -= text[..range.end].len() - text[..range.end].trim_end_matches([' ', '-']).len();
        } else if SHARED.contains(&sign.as_str().to_lowercase().as_str()) {
            unit = told;
        }
    }
    if !is_written_out(text, unit) || is_cut_out(text, &range) {
        return None;
    }
    // `1.2.3 €` and `$12.34567`: digits go on over the number.
    if text[number.end()..]
        .trim_start_matches(['.', ','])
        .starts_with(|c: char| c.is_ascii_digit())
        || number.start() > 0 && text[..number.start()].ends_with(['.', ',']) && group("before").is_none()
    {
        return None;
    }
    let scale = group("first_scale")
        .or(group("last_scale"))
        .map(|scale| scale.as_str().trim().to_lowercase());
    let power = match &scale {
        None => 0,
        Some(scale) => SCALES.iter().find(|(word, _)| word == scale)?.1,
    };
    let plain = amount::plain(number.as_str());
    let plain = match number.as_str().find(['.', ',']) {
        // `1.234M`: a counted number has decimals, no groups.
        Some(mark) if power > 0 && !number.as_str()[mark + 1..].contains(['.', ',', ' ', '\'']) => {
            format!("{}.{}", &number.as_str()[..mark], &number.as_str()[mark + 1..])
        }
        _ => plain,
    };
    let normalized = normalize(message, &amount::scaled(&plain, power), unit.as_str())?;
    Some((
        range,
        if negative {
            format!("-{normalized}")
        } else {
            normalized
        },
    ))
}

/// Whether a code that is a word besides stands in capitals.
fn is_written_out(text: &str, unit: regex::Match<'_>) -> bool {
    let word = unit.as_str();
    let lower = word.to_lowercase();
    let behind = &text[unit.end()..];
    let whole = !word.ends_with(char::is_alphabetic)
        || !behind.starts_with(|c: char| c.is_alphabetic() && (c.is_ascii() || !is_ideograph(word)));
    whole && (!WORDS.contains(&lower.as_str()) || word.chars().all(char::is_uppercase))
}

/// Whether a unit is written in a script that sets no blanks behind words.
fn is_ideograph(unit: &str) -> bool {
    unit.chars()
        .next_back()
        .is_some_and(|c| matches!(u32::from(c), 0x2E80..=0xD7FF))
}

/// Whether a letter or digit goes on where the match begins or ends: `AB12 EUR`, `5 EURO6`.
fn is_cut_out(text: &str, range: &std::ops::Range<usize>) -> bool {
    let alone = |c: char| c.is_alphanumeric() && !is_ideograph(c.encode_utf8(&mut [0; 4]));
    let found = &text[range.clone()];
    let before = found.starts_with(char::is_alphanumeric) && text[..range.start].ends_with(alone)
        || text[..range.start].ends_with(|c: char| c.is_ascii_alphanumeric());
    let open = found.ends_with(char::is_alphanumeric);
    before || (open && text[range.end..].starts_with(alone))
}

/// `twenty dollars`.
fn in_words(message: &Message<'_>, found: &mut Vec<Found>) {
    for at in 1..message.tokens.len() {
        if message.gap(at - 1) != " " {
            continue;
        }
        let is_name = |names: &[&str]| names.contains(&message.word(at));
        let known = CURRENCIES
            .iter()
            .any(|currency| is_name(currency.names) || is_name(currency.hundredths));
        let Some((first, number)) = known.then(|| number::ending_with(message, at - 1)).flatten() else {
            continue;
        };
        // `5 hundred dollars` is read with its digits, `ninety-nine.five dollars` not at all.
        let counted = first > 0 && message.spaced(first - 1) && message.tokens[first - 1].digits;
        let range = message.tokens[first].start..message.tokens[at].end;
        if counted || !message.stands_alone(&range) {
            continue;
        }
        found.extend(
            normalize(message, &number.to_string(), message.word(at)).map(|normalized| Found {
                range,
                normalized,
                confidence: 0.9,
            }),
        );
    }
}

fn normalize(message: &Message<'_>, amount: &str, unit: &str) -> Option<String> {
    let unit = unit.to_lowercase();
    if matches!(unit.as_str(), "kr" | "kr.")
        && let Some(code) = message.country().and_then(|country| crown(country.code))
    {
        return Some(format!("{amount} {code}"));
    }
    CURRENCIES.iter().find_map(|currency| {
        let named = |names: &[&str]| names.contains(&unit.as_str());
        let code = currency.code;
        if named(currency.signs) || named(currency.names) || code.eq_ignore_ascii_case(&unit) {
            Some(format!("{amount} {code}"))
        } else if named(currency.hundredths) {
            // Half a cent is nobody's amount.
            let parts: u64 = amount.parse().ok()?;
            Some(format!("{}.{:02} {code}", parts / 100, parts % 100))
        } else {
            None
        }
    })
}

/// The crown of a country.
fn crown(country: &str) -> Option<&'static str> {
    match country {
        "DK" | "GL" => Some("DKK"),
        "NO" => Some("NOK"),
        "IS" => Some("ISK"),
        "CZ" => Some("CZK"),
        _ => None,
    }
}
