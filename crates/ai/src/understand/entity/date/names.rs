//! What months, weekdays, units and near days are called, in English, German, Spanish and French. In small letters.

use jiff::civil::Weekday;

/// The months' names and their short forms, from January on.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "jänner", "enero", "janvier"],
    &["february", "feb", "februar", "febrero", "février"],
    &["march", "mar", "märz", "marzo", "mars"],
    &["april", "apr", "abril", "avril"],
    &["may", "mai", "mayo"],
    &["june", "jun", "juni", "junio", "juin"],
    &["july", "jul", "juli", "julio", "juillet"],
    &["august", "aug", "agosto", "août"],
    &["september", "sep", "sept", "septiembre", "septembre"],
    &["october", "oct", "oktober", "okt", "octubre", "octobre"],
    &["november", "nov", "noviembre", "novembre"],
    &["december", "dec", "dezember", "dez", "diciembre", "décembre"],
];

/// The weekdays' names, from Monday on.
const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["monday", "montag", "lunes", "lundi"]),
    (Weekday::Tuesday, &["tuesday", "dienstag", "martes", "mardi"]),
    (
        Weekday::Wednesday,
        &["wednesday", "mittwoch", "miércoles", "mercredi"],
    ),
    (Weekday::Thursday, &["thursday", "donnerstag", "jueves", "jeudi"]),
    (Weekday::Friday, &["friday", "freitag", "viernes", "vendredi"]),
    (
        Weekday::Saturday,
        &["saturday", "samstag", "sonnabend", "sábado", "samedi"],
    ),
    (Weekday::Sunday, &["sunday", "sonntag", "domingo", "dimanche"]),
];

/// Short forms, which are words of their own besides: they count behind `on`, `last`, `next` and before a date only.
const SHORT_WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["mon"]),
    (Weekday::Tuesday, &["tue", "tues"]),
    (Weekday::Wednesday, &["wed"]),
    (Weekday::Thursday, &["thu", "thur", "thurs"]),
    (Weekday::Friday, &["fri"]),
    (Weekday::Saturday, &["sat"]),
    (Weekday::Sunday, &["sun"]),
];

/// What time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

const UNITS: [(Unit, &[&str]); 6] = [
    (
        Unit::Minute,
        &["minute", "minutes", "min", "mins", "minuten", "minutos"],
    ),
    (
        Unit::Hour,
        &[
            "hour", "hours", "hr", "hrs", "stunde", "stunden", "hora", "horas", "heure", "heures",
        ],
    ),
    (
        Unit::Day,
        &[
            "day", "days", "tag", "tage", "tagen", "día", "días", "jour", "jours",
        ],
    ),
    (
        Unit::Week,
        &[
            "week", "weeks", "woche", "wochen", "semana", "semanas", "semaine", "semaines",
        ],
    ),
    (
        Unit::Month,
        &[
            "month", "months", "monat", "monate", "monaten", "mes", "meses", "mois",
        ],
    ),
    (
        Unit::Year,
        &[
            "year", "years", "jahr", "jahre", "jahren", "año", "años", "an", "ans",
        ],
    ),
];

/// Days near the day of writing, counted from it.
const NEAR: [(i64, &[&str]); 5] = [
    (-2, &["vorgestern", "anteayer"]),
    (-1, &["yesterday", "gestern", "ayer"]),
    (0, &["today", "tonight", "heute", "hoy"]),
    (
        1,
        &[
            "tomorrow", "tmrw", "tmr", "tommorow", "tomorow", "morgen", "demain",
        ],
    ),
    (2, &["übermorgen"]),
];

/// The month, from 1 on.
pub(super) fn month(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|names| names.contains(&word))?;
    i8::try_from(at + 1).ok()
}

/// A weekday by its whole name.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    of(&WEEKDAYS, word)
}

/// A weekday by its name or its short form.
pub(super) fn weekday_or_short(word: &str) -> Option<Weekday> {
    weekday(word).or_else(|| of(&SHORT_WEEKDAYS, word))
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    of(&UNITS, word)
}

/// How many days a near day is away.
pub(super) fn near(word: &str) -> Option<i64> {
    of(&NEAR, word)
}

fn of<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    table
        .iter()
        .find(|(_, names)| names.contains(&word))
        .map(|(value, _)| *value)
}
