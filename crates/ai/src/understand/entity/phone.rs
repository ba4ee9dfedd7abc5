//! Telephone numbers.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::country::Country;
use super::{Found, Message};

/// Words before a number that say it is a telephone's.
const BEFORE: [&str; 34] = [
    "phone",
    "phones",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "cellphone",
    "fax",
    "call",
    "calling",
    "called",
    "callback",
    "reach",
    "dial",
    "ring",
    "text",
    "sms",
    "whatsapp",
    "contact",
    "answering",
    "desk",
    "landline",
    "hotline",
    "handy",
    "telefon",
    "telefonnummer",
    "mobil",
    "anrufen",
    "rufen",
    "teléfono",
    "telefono",
    "móvil",
    "téléphone",
    "portable",
];
/// Words behind it.
const BEHIND: [&str; 7] = ["office", "fax", "mobile", "phone", "cell", "desk", "landline"];
/// Words before a number that say it is something else.
const OTHER: [&str; 22] = [
    "order",
    "invoice",
    "ticket",
    "account",
    "card",
    "tracking",
    "case",
    "reference",
    "ref",
    "zip",
    "postcode",
    "ssn",
    "sku",
    "serial",
    "iban",
    "bestellung",
    "rechnung",
    "pedido",
    "factura",
    "commande",
    "isbn",
    "policy",
];
/// How many words before a number are looked at.
const REACH: usize = 6;
/// The most digits of a number, its country's calling code included (E.164).
const MOST_DIGITS: usize = 15;

/// Numbers with their calling code, in the grouping of North America, or behind words that tell. As E.164 where the
/// country is known, else the digits alone; an extension follows as in RFC 3966 (`;ext=12`).
pub(super) fn find(message: &Message<'_>) -> Vec<Found> {
    if !message.has_digits {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(written) = Written::next(message.text, from) {
        from = written.range.end;
        found.extend(read(message, written));
    }
    found
}

/// A run of digits in groups.
struct Written {
    range: Range<usize>,
    /// Its digits; a trunk prefix in brackets behind a calling code is left out.
    digits: String,
    /// How many digits each group has.
    groups: Vec<usize>,
    /// Whether `+` stands before it.
    plus: bool,
    /// Whether nothing but spaces stands between its groups.
    spaced: bool,
}

impl Written {
    /// The first run from a byte on.
    fn next(text: &str, from: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut at = from;
        loop {
            at += text[at..].find(|c: char| c.is_ascii_digit())?;
            let opened = text[..at].ends_with(['(', '+']) && at > from;
            let start = at - usize::from(opened);
            // `(+49) 30 …`: the bracket is a part of it.
            let start = start - usize::from(opened && text[from..start].ends_with('('));
            let run = Self::read(text, start);
            let whole = !text[..start].ends_with(|c: char| {
                c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '#' | '_' | '@' | '$' | '€' | '£')
            }) && !continues(&text[run.range.end..]);
            if whole {
                return Some(run);
            }
            at = run.range.end.max(at + 1);
            while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                at += 1;
            }
        }
    }

    fn read(text: &str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let mut run = Self {
            range: start..start,
            digits: String::new(),
            groups: Vec::new(),
            plus: text[start..].starts_with('+') || text[start..].starts_with("(+"),
            spaced: true,
        };
        let (mut at, mut in_group) = (start, false);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'0'..=b'9' => {
                    if !in_group {
                        run.groups.push(0);
                    }
                    in_group = true;
                    run.digits.push(char::from(byte));
                    if let Some(group) = run.groups.last_mut() {
                        *group += 1;
                    }
                    at += 1;
                    run.range.end = at;
                    continue;
                }
                b'(' if run.plus && text[at..].starts_with("(0)") => {
                    at += 3;
                    in_group = false;
                    continue;
                }
                b'(' | b'+' if run.digits.is_empty() => {}
                b'(' if in_group_start(text, at) => {}
                b')' | b' ' | b'-' | b'.' | b'/' if !run.digits.is_empty() => {}
                _ => break,
            }
            // At most two marks between groups: `) `.
            if !in_group && !run.digits.is_empty() && run.range.end + 2 <= at {
                break;
            }
            in_group = false;
            at += 1;
        }
        run.spaced = text[run.range.clone()]
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b' ');
        run
    }

    /// Written as eight digits are in Denmark and Norway; dots would make it a date or an address of the internet.
    fn is_nordic(&self) -> bool {
        let is_grouped = matches!(self.groups.as_slice(), [2, 2, 2, 2] | [3, 2, 3]);
        is_grouped && self.spaced && !self.digits.starts_with(['0', '1'])
    }

    fn is_north_american(&self) -> bool {
        let digits = match self.groups.as_slice() {
            [3, 3, 4] => self.digits.as_str(),
            [1, 3, 3, 4] if self.digits.starts_with('1') => &self.digits[1..],
            _ => return false,
        };
        north_american(digits)
    }
}

/// Whether ten digits can be a number of the North American plan: area and exchange begin with 2 to 9.
fn north_american(digits: &str) -> bool {
    let begins = |at: usize| matches!(digits.as_bytes().get(at), Some(b'2'..=b'9'));
    digits.len() == 10 && begins(0) && begins(3)
}

fn in_group_start(text: &str, at: usize) -> bool {
    text[..at].ends_with([' ', '-']) && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
}

/// Whether what follows makes the digits a part of something longer: a word, a decimal, a percentage, a time.
fn continues(behind: &str) -> bool {
    let mut chars = behind.chars();
    match chars.next() {
        Some('x' | 'X') => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(':' | ',' | '@' | '_' | '#') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some('%' | '€' | '°') => true,
        Some(c) => c.is_alphanumeric(),
        None => false,
    }
}

fn read(message: &Message<'_>, written: Written) -> Option<Found> {
    let length = written.digits.len();
    if !(7..=MOST_DIGITS + 3).contains(&length) || written.groups.len() > 7 {
        return None;
    }
    let start = written.range.start;
    let other = message.told_before(start, 3, &OTHER);
    let extension = extension(&message.text[written.range.end..]);
    let told = message.told_before(start, REACH, &BEFORE)
        || message.told_behind(written.range.end, 1, &BEHIND)
        || extension.is_some();
    let grouped = written.groups.len() > 1;
    let (number, sure) = international(&written).or_else(|| national(&written, message.country()))?;
    let confidence = match (sure, told) {
        (Sure::Country, true) => 0.98,
        (Sure::Country, false) if !other => 0.9,
        (Sure::Shape, true) => 0.9,
        (Sure::Shape, false) if grouped && !other => 0.7,
        (Sure::Length, true) if !other => 0.75,
        _ => return None,
    };
    let mut range = written.range;
    let mut normalized = number;
    if let Some((digits, bytes)) = extension {
        range.end += bytes;
        normalized = format!("{normalized};ext={digits}");
    }
    Some(Found {
        range,
        normalized,
        confidence,
    })
}

/// What speaks for a number.
enum Sure {
    /// It has a calling code or the grouping of North America.
    Country,
    /// It is written as numbers of the message's country are, or begins with the 0 before area codes.
    Shape,
    /// It has as many digits as numbers can have.
    Length,
}

/// A number with `+` or `00` before its calling code, or of the North American plan.
fn international(written: &Written) -> Option<(String, Sure)> {
    let digits = written.digits.as_str();
    let abroad = match digits.strip_prefix("00") {
        _ if written.plus => Some(digits),
        Some(rest) => Some(rest),
        None => None,
    };
    if let Some(digits) = abroad {
        let country = Country::of_digits(digits);
        let fits = match country {
            Some(country) => {
                let (least, most) = country.digits;
                (least..=most).contains(&(digits.len() - country.calling.len()))
            }
            None => (8..=MOST_DIGITS).contains(&digits.len()) && !digits.starts_with('0'),
        };
        return fits.then(|| (format!("+{digits}"), Sure::Country));
    }
    written.is_north_american().then(|| {
        let digits = &digits[digits.len() - 10..];
        (format!("+1{digits}"), Sure::Country)
    })
}

/// A number without its calling code.
fn national(written: &Written, country: Option<&'static Country>) -> Option<(String, Sure)> {
    let digits = written.digits.as_str();
    if digits.len() > 12 {
        return None;
    }
    if let Some(country) = country {
        let (least, most) = country.digits;
        let area = digits
            .strip_prefix(country.trunk)
            .filter(|_| !country.trunk.is_empty());
        let dialled = match area {
            Some(area) => (least..=most).contains(&area.len()).then_some(area),
            None => (country.trunk.is_empty() || country.calling == "1")
                .then_some(digits)
                .filter(|digits| (least..=most).contains(&digits.len())),
        };
        if let Some(dialled) = dialled.filter(|number| country.calling != "1" || north_american(number)) {
            return Some((format!("+{}{dialled}", country.calling), Sure::Shape));
        }
    }
    let trunk = digits.starts_with('0') && !digits.starts_with("00") && digits.len() >= 9;
    let sure = if trunk && written.groups.len() > 1 || written.is_nordic() {
        Sure::Shape
    } else {
        Sure::Length
    };
    Some((digits.to_owned(), sure))
}

/// An extension right behind a number, `x123` or ` ext. 123`: its digits, and how many bytes it takes.
fn extension(behind: &str) -> Option<(&str, usize)> {
    let lower = behind.get(..behind.floor_char_boundary(8))?;
    let blanks = lower.len() - lower.trim_start_matches([' ', ',']).len();
    let lower = lower[blanks..].to_ascii_lowercase();
    let mark = ["extension", "ext.", "ext", "x"]
        .into_iter()
        .find(|mark| lower.starts_with(mark))?;
    let rest = &behind[blanks + mark.len()..];
    let digits = rest.trim_start_matches(' ');
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let bytes = blanks + mark.len() + (rest.len() - digits.len()) + length;
    ((1..=7).contains(&length)).then(|| (&digits[..length], bytes))
}
