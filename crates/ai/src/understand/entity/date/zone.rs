//! What stands behind a time and says where its clock is: `Z`, `+02:00`, `UTC`, `CET`, `GMT+2`.

use jiff::tz::Offset;

use super::super::message::Message;

/// Abbreviations and their offsets in minutes. Where several zones share one, the most people's. In capitals only: many are
/// words besides.
const NAMED: [(&str, i32); 43] = [
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("SAST", 120),
    ("MSK", 180),
    ("TRT", 180),
    ("GST", 240),
    ("PKT", 300),
    ("IST", 330),
    ("ICT", 420),
    ("WIB", 420),
    ("SGT", 480),
    ("HKT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("AEST", 600),
    ("ACDT", 630),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("BRT", -180),
    ("ADT", -180),
    ("AST", -240),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("CST", -360),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// The offset that begins behind the token before `at`, and the token behind it. `exact`: the time has its seconds or stands
/// behind a `T`; only then a hyphen is a minus, and not the dash of a range.
pub(super) fn read(message: &Message<'_>, at: usize, exact: bool) -> Option<(Offset, usize)> {
    let gap = message.gap(at.checked_sub(1)?);
    if let Some(sign) = sign(gap, exact) {
        return numeric(message, at, sign);
    }
    if !matches!(gap, "" | " " | " (") {
        return None;
    }
    let token = message.tokens.get(at)?;
    let written = &message.text[token.start..token.end];
    if gap.is_empty() && matches!(written, "Z" | "z") {
        return Some((Offset::UTC, at + 1));
    }
    let universal = matches!(message.word(at), "utc" | "gmt");
    let named =
        |(name, _): &&(&str, i32)| *name == written || universal && name.eq_ignore_ascii_case(written);
    let (_, minutes) = NAMED.iter().find(named)?;
    // `UTC+2`: only what is counted from.
    if universal && let Some(sign) = sign(message.gap(at), true) {
        return numeric(message, at + 1, sign);
    }
    Some((offset(*minutes)?, at + 1))
}

/// The sign at the end of a gap.
fn sign(gap: &str, minus: bool) -> Option<i32> {
    match gap.trim_start_matches(' ') {
        "+" => Some(1),
        "-" | "−" if minus => Some(-1),
        _ => None,
    }
}

/// `02:00`, `0200`, `2`.
fn numeric(message: &Message<'_>, at: usize, sign: i32) -> Option<(Offset, usize)> {
    let number = i32::try_from(message.number(at)?).ok()?;
    let (hours, minutes, next) = match message.word(at).len() {
        4 => (number / 100, number % 100, at + 1),
        1 | 2 if message.gap(at) == ":" && message.word(at + 1).len() == 2 => {
            (number, i32::try_from(message.number(at + 1)?).ok()?, at + 2)
        }
        1 | 2 => (number, 0, at + 1),
        _ => return None,
    };
    // `10:00:00-12:00:00` is from one time to another.
    let inside = hours <= 14 && minutes < 60 && message.gap(next - 1) != ":";
    inside
        .then(|| offset(sign * (hours * 60 + minutes)))
        .flatten()
        .map(|offset| (offset, next))
}

fn offset(minutes: i32) -> Option<Offset> {
    Offset::from_seconds(minutes * 60).ok()
}
