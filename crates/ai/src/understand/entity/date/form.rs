//! How what was read is written: ISO 8601.

use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::message::Message;
use super::When;
use super::clock::Clock;

/// A stretch of time as ISO 8601 has it.
pub(super) fn normalize(when: &When) -> String {
    match when {
        When::Day(date) => date.to_string(),
        When::Week(date) => {
            let week = date.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        }
        When::Month(date) => format!("{:04}-{:02}", date.year(), date.month()),
        When::Year(year) => format!("{year:04}"),
        When::Weekend(saturday) => match saturday.tomorrow() {
            Ok(sunday) => format!("{saturday}/{sunday}"),
            Err(_end_of_time) => saturday.to_string(),
        },
        When::Moment(moment) => written(moment),
    }
}

/// A time of a day on the clock that the text names, or else on the writer's; without the moment of writing there is none,
/// and no offset.
pub(super) fn moment(message: &Message<'_>, date: Date, clock: &Clock) -> String {
    let date = if clock.next_day {
        date.tomorrow().unwrap_or(date)
    } else {
        date
    };
    let local = date.to_datetime(clock.time);
    let zone = match clock.offset {
        Some(offset) => Some(TimeZone::fixed(offset)),
        None => message.now().map(|now| now.time_zone().clone()),
    };
    zone.and_then(|zone| local.to_zoned(zone).ok()).map_or_else(
        || local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        |moment| written(&moment),
    )
}

fn written(moment: &Zoned) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
