//! Numbers of parcels.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Message};

#[expect(clippy::expect_used, reason = "the pattern is fixed and the tests compile it")]
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix-u)
        (?P<ups> 1Z(?:\x20?[0-9A-Z]){16} )
        | (?P<postal> [A-Z]{2}\x20?[0-9]{3}\x20?[0-9]{3}\x20?[0-9]{3}\x20?[A-Z]{2} )
        | (?P<parcel> JJD[0-9]{15,24} )
        | (?P<digits> [0-9](?:\x20?[0-9]){9,33} )",
    )
    .expect("a fixed pattern")
});

/// Words near short numbers that say they are parcels'.
const TELLING: [&str; 22] = [
    "tracking",
    "track",
    "parcel",
    "parcels",
    "package",
    "packages",
    "shipment",
    "shipping",
    "shipped",
    "delivery",
    "courier",
    "consignment",
    "fedex",
    "dhl",
    "ups",
    "usps",
    "sendung",
    "sendungsnummer",
    "paket",
    "paquete",
    "colis",
    "envío",
];
/// How many words before a number are looked at.
const REACH: usize = 8;

/// Numbers whose check digit is that of UPS, the postal union (UPU S10), USPS, FedEx or DHL; short ones only behind a
/// word that tells. In capitals, without blanks.
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let mut found = Vec::new();
    for captures in CODE.captures_iter(message.text) {
        let Some(whole) = captures.get(0) else { continue };
        if !message.stands_alone(&whole.range()) {
            continue;
        }
        let code: String = whole
            .as_str()
            .chars()
            .filter(|c| *c != ' ')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let told = || message.told_before(whole.start(), REACH, &TELLING);
        let confidence = if captures.name("ups").is_some() {
            ups(&code).then_some(0.99)
        } else if captures.name("postal").is_some() {
            postal(&code).then_some(0.97)
        } else if captures.name("parcel").is_some() {
            Some(0.9)
        } else {
            by_digits(&code).and_then(|sure| match (sure, told()) {
                (_, true) => Some(0.95),
                (Sure::Form, false) => Some(0.85),
                (Sure::Digit, false) => None,
            })
        };
        found.extend(confidence.map(|confidence| Found {
            range: whole.range(),
            normalized: code,
            confidence,
        }));
    }
    found
}

/// `1Z`, fifteen signs and a check digit: letters count as 2 to 9 in turn, every second value is doubled.
fn ups(code: &str) -> bool {
    let value = |sign: u8| match sign {
        b'0'..=b'9' => u32::from(sign - b'0'),
        letter => u32::from(letter - b'A' + 2) % 10,
    };
    let Some((check, signs)) = code.as_bytes().get(2..).and_then(<[u8]>::split_last) else {
        return false;
    };
    let sum: u32 = signs
        .iter()
        .enumerate()
        .map(|(place, sign)| value(*sign) * if place % 2 == 1 { 2 } else { 1 })
        .sum();
    signs.len() == 15 && check.is_ascii_digit() && (10 - sum % 10) % 10 == u32::from(check - b'0')
}

/// UPU S10: eight digits with the weights 8 6 4 2 3 5 9 7, modulo 11.
fn postal(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits
        .iter()
        .zip([8, 6, 4, 2, 3, 5, 9, 7])
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        check => check,
    };
    digits.len() == 9 && digits[8] == check
}

/// What a number of digits alone has on its side.
#[derive(Debug, PartialEq, Eq)]
enum Sure {
    /// Its length, its first digits and the check digit.
    Form,
    /// The check digit.
    Digit,
}

fn by_digits(code: &str) -> Option<Sure> {
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    let begins = |starts: &[&str]| starts.iter().any(|start| code.starts_with(start));
    match digits.len() {
        // USPS IMpb and FedEx Ground 96: GS1's check digit.
        20 | 22 if begins(&["91", "92", "93", "94", "95", "96"]) && gs1(&digits) => Some(Sure::Form),
        // The postal code comes first, behind 420.
        30 if begins(&["420"]) && gs1(&digits[8..]) => Some(Sure::Form),
        34 if begins(&["420"]) && gs1(&digits[12..]) => Some(Sure::Form),
        // DHL Parcel: a serial shipping container code.
        20 if begins(&["003"]) && gs1(&digits) => Some(Sure::Form),
        15 if gs1(&digits) => Some(Sure::Digit),
        // FedEx Express: the weights 3 1 7, modulo 11 and 10.
        12 => {
            let sum: u32 = digits[..11]
                .iter()
                .zip([3, 1, 7].iter().cycle())
                .map(|(digit, weight)| digit * weight)
                .sum();
            (sum % 11 % 10 == digits[11]).then_some(Sure::Digit)
        }
        // DHL Express: the first nine digits modulo 7.
        10 => {
            let serial = digits[..9].iter().fold(0, |serial, digit| serial * 10 + digit);
            (serial % 7 == digits[9]).then_some(Sure::Digit)
        }
        _ => None,
    }
}

/// GS1's check digit: the weights 3 and 1 from the right.
fn gs1(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| digit * if place % 2 == 1 { 3 } else { 1 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        normalized(find, text)
    }

    #[test]
    fn forms_with_check_digits_need_no_word() {
        assert_eq!(
            numbers("1z 999aa1 01 2345 6784, RB123456785GB and 9400 1000 0000 0000 0000 00"),
            ["1Z999AA10123456784", "RB123456785GB"],
            "the last has a wrong check digit"
        );
        assert_eq!(numbers("9400 1000 0000 0000 0000 06"), ["9400100000000000000006"]);
    }

    #[test]
    fn short_numbers_need_a_word_and_the_check_digit() {
        assert_eq!(numbers("tracking number 986578788855"), ["986578788855"]);
        assert_eq!(numbers("my DHL parcel 3318810025"), ["3318810025"]);
        assert!(numbers("my account 986578788855 and my parcel 986578788856").is_empty());
    }

    #[test]
    fn wrong_check_digits_are_refused() {
        assert!(numbers("track 1Z999AA10123456785, RB123456784GB, 986578788854").is_empty());
    }
}
