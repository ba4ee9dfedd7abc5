//! Amounts of money.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message, amount};

/// A currency as people write it.
struct Currency {
    /// ISO 4217.
    code: &'static str,
    /// What stands before or behind a number.
    signs: &'static [&'static str],
    /// What stands behind one only.
    names: &'static [&'static str],
    /// Names of a hundredth of it.
    hundredths: &'static [&'static str],
}

/// The bare dollar is taken for that of the United States, the bare yen sign for Japan's.
const CURRENCIES: &[Currency] = &[
    Currency {
        code: "USD",
        signs: &["$", "US$", "USD"],
        names: &["dollar", "dollars", "us dollars", "bucks", "dólares", "dolares"],
        hundredths: &["cent", "cents"],
    },
    Currency {
        code: "EUR",
        signs: &["€", "EUR"],
        names: &["euro", "euros"],
        hundredths: &["euro cent", "euro cents"],
    },
    Currency {
        code: "GBP",
        signs: &["£", "GBP"],
        names: &["pound", "pounds", "pounds sterling", "quid"],
        hundredths: &["pence"],
    },
    Currency {
        code: "JPY",
        signs: &["¥", "￥", "JPY"],
        names: &["yen"],
        hundredths: &[],
    },
    Currency {
        code: "CHF",
        signs: &["CHF", "SFr.", "SFr", "Fr."],
        names: &["swiss francs", "franken"],
        hundredths: &["rappen"],
    },
    Currency {
        code: "CAD",
        signs: &["C$", "CA$", "CAD"],
        names: &["canadian dollars"],
        hundredths: &[],
    },
    Currency {
        code: "AUD",
        signs: &["A$", "AU$", "AUD"],
        names: &["australian dollars"],
        hundredths: &[],
    },
    Currency {
        code: "INR",
        signs: &["₹", "INR"],
        names: &["rupee", "rupees"],
        hundredths: &["paise"],
    },
    Currency {
        code: "CNY",
        signs: &["CNY", "RMB"],
        names: &["yuan"],
        hundredths: &[],
    },
    Currency {
        code: "PLN",
        signs: &["zł", "PLN"],
        names: &["zloty", "złoty", "złotych"],
        hundredths: &["groszy"],
    },
    Currency {
        code: "SEK",
        signs: &["SEK"],
        names: &["swedish kronor"],
        hundredths: &[],
    },
    Currency {
        code: "DKK",
        signs: &["DKK"],
        names: &["danish kroner"],
        hundredths: &[],
    },
    Currency {
        code: "NOK",
        signs: &["NOK"],
        names: &["norwegian kroner"],
        hundredths: &[],
    },
    Currency {
        code: "BRL",
        signs: &["R$", "BRL"],
        names: &["reais"],
        hundredths: &["centavos"],
    },
];

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static MONEY: LazyLock<Regex> = LazyLock::new(|| {
    let any_of = |words: Vec<&'static str>| {
        let mut words: Vec<String> = words.into_iter().map(regex::escape).collect();
        // The longer first: `US$` before `$`.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.join("|")
    };
    let signs = any_of(
        CURRENCIES
            .iter()
            .flat_map(|currency| currency.signs)
            .copied()
            .collect(),
    );
    let words = CURRENCIES
        .iter()
        .flat_map(|currency| currency.names.iter().chain(currency.hundredths));
    let names = any_of(words.copied().collect());
    let amount = amount::PATTERN;
    let blank = r"[ \u{a0}\u{202f}]?";
    Regex::new(&format!(
        r"(?i)(?P<before>{signs}){blank}(?P<first>{amount})|(?P<last>{amount}){blank}(?:(?P<name>{names})|(?P<behind>{signs}))"
    ))
    .expect("a fixed pattern")
});

/// Numbers with a currency, as `12.50 EUR`.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let text = message.text;
    let mut found = Vec::new();
    for captures in MONEY.captures_iter(text) {
        let group = |name: &str| captures.name(name).map(|group| group.as_str());
        let number = group("first").or(group("last"));
        let unit = group("before").or(group("behind")).or(group("name"));
        let (Some(whole), Some(number), Some(unit)) = (captures.get(0), number, unit) else {
            continue;
        };
        if is_cut_out(text, whole) {
            continue;
        }
        found.extend(normalize(number, unit).map(|normalized| Found {
            range: whole.range(),
            normalized,
            confidence: 0.95,
        }));
    }
    found
}

/// Whether a letter or digit goes on where the match begins or ends: `AB12 EUR`, `5 EURO6`.
fn is_cut_out(text: &str, found: regex::Match<'_>) -> bool {
    let before = text[..found.start()]
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric);
    let behind = text[found.end()..]
        .chars()
        .next()
        .is_some_and(char::is_alphanumeric);
    let open = found.as_str().ends_with(char::is_alphanumeric);
    before || (behind && open)
}

fn normalize(number: &str, unit: &str) -> Option<String> {
    let unit = unit.to_lowercase();
    let named = |names: &[&str]| names.iter().any(|name| name.to_lowercase() == unit);
    let amount = amount::plain(number);
    CURRENCIES.iter().find_map(
        |Currency {
             code,
             signs,
             names,
             hundredths,
         }| {
            if named(signs) || named(names) {
                Some(format!("{amount} {code}"))
            } else if named(hundredths) {
                // Half a cent is nobody's amount.
                let parts: u64 = amount.parse().ok()?;
                Some(format!("{}.{:02} {code}", parts / 100, parts % 100))
            } else {
                None
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn amounts(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn signs_codes_and_names_count_before_and_behind() {
        assert_eq!(
            amounts("$5, 5 USD, USD 5.50, US$1,200.00, 12,50€, 3 euros, £7, 20 pounds, CHF 9, 1.234,56 EUR"),
            [
                "5 USD",
                "5 USD",
                "5.50 USD",
                "1200.00 USD",
                "12.50 EUR",
                "3 EUR",
                "7 GBP",
                "20 GBP",
                "9 CHF",
                "1234.56 EUR"
            ]
        );
    }

    #[test]
    fn hundredths_are_amounts_of_the_whole() {
        assert_eq!(
            amounts("99 cents, 5 pence and 250 Euro cents"),
            ["0.99 USD", "0.05 GBP", "2.50 EUR"]
        );
    }

    #[test]
    fn signs_inside_of_words_and_bare_numbers_are_no_money() {
        assert!(amounts("AB12 EUR5X, 5 eurozone, order 1234, 5 kg, INRI 5").is_empty());
    }
}
