//! Note: that no person writes, before the first words of the agent in a conversation, where the organization or the law wants it.
//!
//! The law is Regulation (EU) 2024/1689, article 50(1), in force from 2 August 2026: who speaks with an AI system is told so. Whom it
//! protects is told by the time zone, the customer's where it is known, else the organization's.

use acs_domain::message::SenderType;

use super::answer::Asked;
use super::load::Loaded;
use super::phrases::Asking;

/// Time zones of the European Union's member states, by the names of the IANA database in `Europe/`.
const UNION: [&str; 29] = [
    "Amsterdam",
    "Athens",
    "Berlin",
    "Bratislava",
    "Brussels",
    "Bucharest",
    "Budapest",
    "Busingen",
    "Copenhagen",
    "Dublin",
    "Helsinki",
    "Lisbon",
    "Ljubljana",
    "Luxembourg",
    "Madrid",
    "Malta",
    "Mariehamn",
    "Nicosia",
    "Paris",
    "Prague",
    "Riga",
    "Rome",
    "Sofia",
    "Stockholm",
    "Tallinn",
    "Vienna",
    "Vilnius",
    "Warsaw",
    "Zagreb",
];
/// Those that have other names, its outermost regions among them.
const ELSEWHERE: [&str; 18] = [
    "Africa/Ceuta",
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Marigot",
    "America/Martinique",
    "Asia/Famagusta",
    "Asia/Nicosia",
    "Atlantic/Azores",
    "Atlantic/Canary",
    "Atlantic/Madeira",
    "CET",
    "EET",
    "Eire",
    "Indian/Mayotte",
    "Indian/Reunion",
    "MET",
    "Poland",
    "Portugal",
];

/// What stands before the first words of the agent. Not where somebody is in danger: then it stands before the next.
pub(super) fn note(asked: Asked<'_>) -> Option<&'static str> {
    let loaded = asked.loaded;
    let wanted = loaded.organization.settings.ai_note || law_wants_it(&loaded.time_zone);
    let categories = &asked.analysis.guard.categories;
    let in_danger = categories.iter().any(|danger| danger.is_emergency());
    (wanted && !in_danger && !was_noted(loaded)).then(|| Asking::of(asked.phrases.language).note)
}

/// Whether the customer was told. A talk of which the beginning is not read is no new one.
fn was_noted(loaded: &Loaded) -> bool {
    let mine = loaded
        .history
        .iter()
        .filter(|message| message.sender_type == SenderType::AiAgent);
    let read = i64::try_from(mine.clone().count()).unwrap_or(i64::MAX);
    read < loaded.conversation.ai_message_count
        || mine
            .into_iter()
            .any(|message| Asking::is_noted_in(&message.content))
}

fn law_wants_it(time_zone: &str) -> bool {
    // A zone is found in the database however it is spelt.
    let (area, city) = time_zone.split_at_checked("Europe/".len()).unwrap_or(("", ""));
    let is = |known: &&str, spelt: &str| known.eq_ignore_ascii_case(spelt);
    area.eq_ignore_ascii_case("Europe/") && UNION.iter().any(|known| is(known, city))
        || ELSEWHERE.iter().any(|known| is(known, time_zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_of_the_union_holds_in_its_time_zones() {
        for zone in ["Europe/Berlin", "europe/helsinki", "Atlantic/Canary", "Poland"] {
            assert!(law_wants_it(zone), "{zone}");
        }
        for zone in [
            "UTC",
            "Europe/London",
            "Europe/Zurich",
            "America/New_York",
            "Berlin",
        ] {
            assert!(!law_wants_it(zone), "{zone}");
        }
    }

    #[test]
    fn every_zone_is_one_of_the_database() {
        let names = UNION.iter().map(|city| format!("Europe/{city}"));
        for name in names.chain(ELSEWHERE.map(str::to_owned)) {
            assert!(crate::input::is_time_zone(&name), "{name}");
        }
    }
}
