//! Numbers with a unit.

use super::{Found, Message, amount};

/// A unit's agreed name, and how people write it.
type Unit = (&'static str, &'static [&'static str]);

/// Units of things that are sold, sent, and waited for.
const UNITS: [Unit; 34] = [
    (
        "kg",
        &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramm"],
    ),
    ("g", &["g", "gram", "grams", "gramm"]),
    ("lb", &["lb", "lbs", "pound", "pounds"]),
    ("oz", &["oz", "ounce", "ounces"]),
    ("l", &["l", "liter", "liters", "litre", "litres"]),
    ("ml", &["ml", "milliliter", "milliliters", "millilitres"]),
    ("gal", &["gal", "gallon", "gallons"]),
    (
        "km",
        &["km", "kilometer", "kilometers", "kilometre", "kilometres"],
    ),
    ("m", &["m", "meter", "meters", "metre", "metres"]),
    ("cm", &["cm", "centimeter", "centimeters", "centimetres"]),
    ("mm", &["mm", "millimeter", "millimeters", "millimetres"]),
    ("mi", &["mile", "miles"]),
    ("ft", &["ft", "foot", "feet"]),
    ("in", &["inch", "inches"]),
    ("GB", &["gb", "gigabyte", "gigabytes"]),
    ("MB", &["mb", "megabyte", "megabytes"]),
    ("TB", &["tb", "terabyte", "terabytes"]),
    ("W", &["watt", "watts"]),
    ("kWh", &["kwh"]),
    ("item", &["item", "items", "artikel", "artículos", "articles"]),
    (
        "piece",
        &[
            "piece", "pieces", "pcs", "pc", "stück", "stueck", "piezas", "pièces",
        ],
    ),
    ("unit", &["unit", "units", "unidades", "unités"]),
    ("pair", &["pair", "pairs", "paar", "pares", "paires"]),
    ("box", &["box", "boxes", "carton", "cartons", "pack", "packs"]),
    ("bottle", &["bottle", "bottles", "flasche", "flaschen"]),
    ("copy", &["copy", "copies"]),
    (
        "user",
        &[
            "user", "users", "seat", "seats", "license", "licenses", "licence", "licences",
        ],
    ),
    ("second", &["second", "seconds", "sec", "secs", "sekunden"]),
    (
        "minute",
        &["minute", "minutes", "min", "mins", "minuten", "minutos"],
    ),
    (
        "hour",
        &[
            "hour", "hours", "hr", "hrs", "h", "stunde", "stunden", "horas", "heures",
        ],
    ),
    (
        "day",
        &["day", "days", "tag", "tage", "tagen", "días", "dias", "jours"],
    ),
    (
        "week",
        &["week", "weeks", "woche", "wochen", "semanas", "semaines"],
    ),
    (
        "month",
        &["month", "months", "monat", "monate", "monaten", "meses", "mois"],
    ),
    (
        "year",
        &[
            "year", "years", "yr", "yrs", "jahr", "jahre", "jahren", "años", "ans",
        ],
    ),
];

/// Numbers in words.
const WORDS: [(&str, i64); 14] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("twenty", 20),
    ("dozen", 12),
];

/// Numbers in digits, or up to twelve in words, with a unit behind; as `2.5 kg`, units in the singular.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for index in 1..message.tokens.len() {
        let unit_token = message.tokens[index];
        if unit_token.digits || unit_token.end - unit_token.start > 12 {
            continue;
        }
        let gap = message.gap(index - 1);
        if !matches!(gap, "" | " " | "-" | "\u{a0}" | "\u{202f}") {
            continue;
        }
        let number_token = message.tokens[index - 1];
        let counted = number_token.digits || worded(message.word(index - 1)).is_some();
        let Some((unit, _)) = counted
            .then(|| {
                UNITS
                    .iter()
                    .find(|(_, names)| names.contains(&message.word(index)))
            })
            .flatten()
        else {
            continue;
        };
        let (start, number) = match worded(message.word(index - 1)) {
            Some(number) => (number_token.start, number.to_string()),
            None => written(message, index - 1),
        };
        let range = start..unit_token.end;
        if message.stands_alone(&range)
            && !message.text[..start].ends_with(['.', ',', '-', '/', ':', '#', '$', '€', '£'])
        {
            found.push(Found {
                normalized: format!("{number} {unit}"),
                range,
                confidence: if unit.len() == 1 { 0.75 } else { 0.9 },
            });
        }
    }
    found
}

/// The number that a word writes.
pub(super) fn worded(word: &str) -> Option<i64> {
    WORDS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

/// Where the number that ends with a token begins, and the number in its plain form.
fn written(message: &Message<'_>, last: usize) -> (usize, String) {
    let mut first = last;
    // Groups of digits with single marks between them: `1,234.5`.
    while first > 0
        && message.tokens[first - 1].digits
        && matches!(message.gap(first - 1), "." | "," | "'" | "’")
    {
        first -= 1;
    }
    let range = message.tokens[first].start..message.tokens[last].end;
    (range.start, amount::plain(&message.text[range]))
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn quantities(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn units_have_one_name_however_they_are_written() {
        assert_eq!(
            quantities("2,5 kg, 1.250 kilos, 3 pounds, 500ml, two boxes, a 30-day trial, 12 Stück"),
            [
                "2.5 kg", "1250 kg", "3 lb", "500 ml", "2 box", "30 day", "12 piece"
            ]
        );
    }

    #[test]
    fn numbers_without_a_unit_are_no_quantities() {
        assert!(quantities("order 12 lamps, v2.5kgs1, 12. Items are, A12 items, $5 items").is_empty());
    }
}
