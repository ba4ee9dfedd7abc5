//! Units, so that figures are compared by what they mean: 24 hours are a day.

/// One millionth: figures are whole numbers of it.
pub(super) const ONE: i128 = 1_000_000;

/// What a unit counts, and how much of it one is.
pub(super) fn dimension(unit: &str) -> (&str, i128) {
    match unit {
        "second" => ("time", 1),
        "minute" => ("time", 60),
        "hour" => ("time", 3_600),
        "day" => ("time", 86_400),
        "week" => ("time", 7 * 86_400),
        "fortnight" => ("time", 14 * 86_400),
        // Months are not all as long, and neither are a working day and a day.
        "month" => ("month", 1),
        "year" => ("month", 12),
        "millimetre" => ("length", 1),
        "centimetre" => ("length", 10),
        "metre" => ("length", 1_000),
        "kilometre" => ("length", 1_000_000),
        "mile" => ("length", 1_609_344),
        "gram" => ("mass", 1),
        "kilogram" => ("mass", 1_000),
        "megabyte" => ("data", 1),
        "gigabyte" => ("data", 1_000),
        "terabyte" => ("data", 1_000_000),
        "watt" => ("power", 1),
        "kilowatt" => ("power", 1_000),
        other => (other, 1),
    }
}

/// The currencies: a price has no more than two decimals.
pub(super) fn is_money(dimension: &str) -> bool {
    matches!(dimension, "euro" | "dollar" | "pound")
}

/// The units of time.
pub(super) fn is_span(unit: &str) -> bool {
    matches!(
        dimension(unit).0,
        "time" | "month" | "working day" | "working hour"
    )
}

/// The unit that a sign stands for.
pub(super) fn of_sign(sign: &str) -> Option<&'static str> {
    match sign {
        "€" => Some("euro"),
        "$" => Some("dollar"),
        "£" => Some("pound"),
        "%" => Some("percent"),
        "°" => Some("degree"),
        _ => None,
    }
}
