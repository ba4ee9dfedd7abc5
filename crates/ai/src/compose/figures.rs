//! Figures of a text in one form, with their unit: `1,000 €`, `€1000` and `1 000 euros` are the same.

/// A number as a text states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    /// Digits, with a point before decimals; a code keeps its letters.
    pub(super) value: String,
    /// What it counts, when that is a unit that promises are made in.
    pub(super) unit: Option<&'static str>,
}

/// Units by the words and signs that name them.
const UNITS: &[(&str, &[&str])] = &[
    ("percent", &["%", "percent", "pct"]),
    ("euro", &["€", "eur", "euro", "euros"]),
    ("dollar", &["$", "usd", "dollar", "dollars"]),
    ("pound", &["£", "gbp", "pound", "pounds"]),
    ("cent", &["cent", "cents"]),
    ("second", &["second", "seconds", "sec"]),
    ("minute", &["minute", "minutes", "min", "mins"]),
    ("hour", &["hour", "hours", "hrs"]),
    ("day", &["day", "days"]),
    ("week", &["week", "weeks"]),
    ("month", &["month", "months"]),
    ("year", &["year", "years"]),
    ("gram", &["g", "gram", "grams"]),
    ("kilogram", &["kg", "kilogram", "kilograms"]),
    ("metre", &["m", "metre", "metres", "meter", "meters"]),
    ("kilometre", &["km", "kilometre", "kilometres"]),
    ("gigabyte", &["gb", "gigabyte", "gigabytes"]),
    ("megabyte", &["mb", "megabyte", "megabytes"]),
    ("degree", &["°", "°c", "degree", "degrees"]),
];

/// Number words; `one` is left out, because it mostly counts nothing.
const WORDS: &[(&str, &str)] = &[
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("fourteen", "14"),
    ("fifteen", "15"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("sixty", "60"),
    ("ninety", "90"),
    ("hundred", "100"),
    ("thousand", "1000"),
    ("twice", "2"),
    ("double", "2"),
];

/// The figures of a text, in order. Addresses (URLs, e-mail) should be taken out before.
pub(super) fn figures(text: &str) -> Vec<Figure> {
    let tokens = tokens(text);
    let mut figures = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let Some(value) = value(token) else { continue };
        let sign_before = place.checked_sub(1).and_then(|before| sign(tokens[before]));
        // "5 working days": the unit may be the second word.
        let behind = tokens[place + 1..]
            .iter()
            .take(2)
            .take_while(|next| value_of_digits(next).is_none());
        let unit = sign_before.or_else(|| behind.into_iter().find_map(|word| unit(word)));
        figures.push(Figure { value, unit });
    }
    figures
}

/// Words and figures; signs of money and percent stand alone. A figure keeps the points, commas, colons and dashes inside.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let mut end = start + first.len_utf8();
        if first.is_alphanumeric() {
            let mut digits = first.is_ascii_digit();
            while let Some(&(at, c)) = chars.peek() {
                let inside = digits && ".,:-'’".contains(c) && {
                    let next = text[at + c.len_utf8()..].chars().next();
                    next.is_some_and(|next| next.is_ascii_digit())
                };
                // A sign or word that follows digits at once is a unit or part of a code: "20€", "E27".
                if !(c.is_alphanumeric() || inside) {
                    break;
                }
                digits = c.is_ascii_digit() || (inside && digits);
                end = at + c.len_utf8();
                chars.next();
            }
            tokens.extend(split_unit(&text[start..end]));
        } else if "€$£%°".contains(first) {
            tokens.push(&text[start..end]);
        }
    }
    tokens
}

/// `5kg` is a figure and a unit, `E27` and `4K` are codes.
fn split_unit(token: &str) -> impl Iterator<Item = &str> {
    let letters = token.find(|c: char| c.is_alphabetic());
    let split = letters.filter(|at| *at > 0 && unit(&token[*at..]).is_some());
    let (number, unit) = split.map_or((token, None), |at| (&token[..at], Some(&token[at..])));
    std::iter::once(number).chain(unit)
}

fn value(token: &str) -> Option<String> {
    let lower = token.to_lowercase();
    let word = WORDS
        .iter()
        .find(|(word, _)| *word == lower)
        .map(|(_, digits)| (*digits).to_owned());
    word.or_else(|| value_of_digits(token))
}

fn value_of_digits(token: &str) -> Option<String> {
    if !token.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let is_separator = |c: char| ".,'’".contains(c);
    if !token.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        let ordinal = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|ending| token.strip_suffix(ending));
        let ordinal = ordinal.filter(|digits| digits.chars().all(|c| c.is_ascii_digit()));
        return Some(ordinal.map_or_else(|| token.to_lowercase(), str::to_owned));
    }
    let mut groups = token.split(is_separator);
    let mut whole = groups.next().unwrap_or_default().to_owned();
    let mut decimals = String::new();
    for group in groups {
        // Three digits behind a separator are thousands, anything else is a fraction.
        if group.len() == 3 && decimals.is_empty() {
            whole.push_str(group);
        } else {
            decimals.push_str(group);
        }
    }
    let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if decimals.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{decimals}")
    })
}

fn unit(token: &str) -> Option<&'static str> {
    let token = token.to_lowercase();
    UNITS
        .iter()
        .find(|(_, names)| names.contains(&token.as_str()))
        .map(|(unit, _)| *unit)
}

fn sign(token: &str) -> Option<&'static str> {
    matches!(token, "€" | "$" | "£" | "EUR" | "USD" | "GBP")
        .then(|| unit(token))
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1,000 euros", &[("1000", Some("euro"))])]
    #[case("€1000", &[("1000", Some("euro"))])]
    #[case("4.90€", &[("4.9", Some("euro"))])]
    #[case("EUR 4,90", &[("4.9", Some("euro"))])]
    #[case("3 to 5 working days", &[("3", None), ("5", Some("day"))])]
    #[case("3–5 days", &[("3", None), ("5", Some("day"))])]
    #[case("within thirty days", &[("30", Some("day"))])]
    #[case("20 percent, or 20%", &[("20", Some("percent")), ("20", Some("percent"))])]
    #[case("on 1st March 2026 at 9:30", &[("1", None), ("2026", None), ("9:30", None)])]
    #[case("an E27 socket and a 5kg box", &[("e27", None), ("5", Some("kilogram"))])]
    #[case("order A-17", &[("17", None)])]
    #[case("no figure at all", &[])]
    fn figures_are_read_in_one_form(#[case] text: &str, #[case] expected: &[(&str, Option<&'static str>)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(value, unit)| Figure {
                value: (*value).to_owned(),
                unit: *unit,
            })
            .collect();
        assert_eq!(figures(text), expected);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in any::<String>()) {
            let _ = figures(&text);
        }
    }
}
