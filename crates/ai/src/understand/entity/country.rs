//! Countries: their calling codes, how long their numbers are, and which time zones lie in them.

/// What is known of a country's numbers (ITU-T E.164 and the national numbering plans) and dates.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Country {
    /// ISO 3166-1, two letters.
    pub(super) code: &'static str,
    /// The calling code, without `+`.
    pub(super) calling: &'static str,
    /// What is dialled before the number inside of the country, and left out behind the calling code.
    pub(super) trunk: &'static str,
    /// The least and the most digits behind the calling code.
    pub(super) digits: (usize, usize),
}

const fn country(
    code: &'static str,
    calling: &'static str,
    trunk: &'static str,
    digits: (usize, usize),
) -> Country {
    Country {
        code,
        calling,
        trunk,
        digits,
    }
}

/// Of countries with one calling code the first stands for the code.
const COUNTRIES: [Country; 61] = [
    country("US", "1", "1", (10, 10)),
    country("CA", "1", "1", (10, 10)),
    country("AE", "971", "0", (8, 9)),
    country("AR", "54", "0", (10, 11)),
    country("AT", "43", "0", (7, 13)),
    country("AU", "61", "0", (9, 9)),
    country("BE", "32", "0", (8, 9)),
    country("BG", "359", "0", (8, 9)),
    country("BR", "55", "0", (10, 11)),
    country("CH", "41", "0", (9, 9)),
    country("CL", "56", "", (9, 9)),
    country("CN", "86", "0", (10, 11)),
    country("CO", "57", "", (10, 10)),
    country("CY", "357", "", (8, 8)),
    country("CZ", "420", "", (9, 9)),
    country("DE", "49", "0", (7, 12)),
    country("DK", "45", "", (8, 8)),
    country("EE", "372", "", (7, 8)),
    country("EG", "20", "0", (9, 10)),
    country("ES", "34", "", (9, 9)),
    country("FI", "358", "0", (6, 11)),
    country("FR", "33", "0", (9, 9)),
    country("GB", "44", "0", (9, 10)),
    country("GL", "299", "", (6, 6)),
    country("GR", "30", "", (10, 10)),
    country("HK", "852", "", (8, 8)),
    country("HR", "385", "0", (8, 9)),
    country("HU", "36", "06", (8, 9)),
    country("ID", "62", "0", (8, 12)),
    country("IE", "353", "0", (7, 9)),
    country("IL", "972", "0", (8, 9)),
    country("IN", "91", "0", (10, 10)),
    country("IS", "354", "", (7, 7)),
    country("IT", "39", "", (8, 11)),
    country("JP", "81", "0", (9, 10)),
    country("KE", "254", "0", (9, 9)),
    country("KR", "82", "0", (8, 10)),
    country("LT", "370", "0", (8, 8)),
    country("LU", "352", "", (6, 11)),
    country("LV", "371", "", (8, 8)),
    country("MX", "52", "", (10, 10)),
    country("MY", "60", "0", (8, 10)),
    country("NG", "234", "0", (8, 10)),
    country("NL", "31", "0", (9, 9)),
    country("NO", "47", "", (8, 8)),
    country("NZ", "64", "0", (8, 10)),
    country("PH", "63", "0", (8, 10)),
    country("PK", "92", "0", (9, 10)),
    country("PL", "48", "", (9, 9)),
    country("PT", "351", "", (9, 9)),
    country("RO", "40", "0", (9, 9)),
    country("RU", "7", "8", (10, 10)),
    country("SE", "46", "0", (7, 9)),
    country("SG", "65", "", (8, 8)),
    country("SI", "386", "0", (8, 8)),
    country("SK", "421", "0", (9, 9)),
    country("TH", "66", "0", (8, 9)),
    country("TR", "90", "0", (10, 10)),
    country("TW", "886", "0", (8, 9)),
    country("UA", "380", "0", (9, 9)),
    country("ZA", "27", "0", (9, 9)),
];

/// Where well-known zones lie, after `zone1970.tab` of the time zone database.
const ZONES: [(&str, &str); 84] = [
    ("Africa/Cairo", "EG"),
    ("Africa/Johannesburg", "ZA"),
    ("Africa/Lagos", "NG"),
    ("Africa/Nairobi", "KE"),
    ("America/Anchorage", "US"),
    ("America/Argentina/Buenos_Aires", "AR"),
    ("America/Boise", "US"),
    ("America/Bogota", "CO"),
    ("America/Chicago", "US"),
    ("America/Denver", "US"),
    ("America/Detroit", "US"),
    ("America/Edmonton", "CA"),
    ("America/Halifax", "CA"),
    ("America/Indiana/Indianapolis", "US"),
    ("America/Indianapolis", "US"),
    ("America/Kentucky/Louisville", "US"),
    ("America/Los_Angeles", "US"),
    ("America/Mexico_City", "MX"),
    ("America/Montreal", "CA"),
    ("America/New_York", "US"),
    ("America/Nuuk", "GL"),
    ("America/Phoenix", "US"),
    ("America/Regina", "CA"),
    ("America/Santiago", "CL"),
    ("America/Sao_Paulo", "BR"),
    ("America/St_Johns", "CA"),
    ("America/Toronto", "CA"),
    ("America/Vancouver", "CA"),
    ("America/Winnipeg", "CA"),
    ("Asia/Bangkok", "TH"),
    ("Asia/Calcutta", "IN"),
    ("Asia/Dubai", "AE"),
    ("Asia/Hong_Kong", "HK"),
    ("Asia/Jakarta", "ID"),
    ("Asia/Jerusalem", "IL"),
    ("Asia/Karachi", "PK"),
    ("Asia/Kolkata", "IN"),
    ("Asia/Kuala_Lumpur", "MY"),
    ("Asia/Manila", "PH"),
    ("Asia/Nicosia", "CY"),
    ("Asia/Seoul", "KR"),
    ("Asia/Shanghai", "CN"),
    ("Asia/Singapore", "SG"),
    ("Asia/Taipei", "TW"),
    ("Asia/Tokyo", "JP"),
    ("Atlantic/Reykjavik", "IS"),
    ("Australia/Adelaide", "AU"),
    ("Australia/Brisbane", "AU"),
    ("Australia/Melbourne", "AU"),
    ("Australia/Perth", "AU"),
    ("Australia/Sydney", "AU"),
    ("Europe/Amsterdam", "NL"),
    ("Europe/Athens", "GR"),
    ("Europe/Berlin", "DE"),
    ("Europe/Bratislava", "SK"),
    ("Europe/Brussels", "BE"),
    ("Europe/Bucharest", "RO"),
    ("Europe/Budapest", "HU"),
    ("Europe/Copenhagen", "DK"),
    ("Europe/Dublin", "IE"),
    ("Europe/Helsinki", "FI"),
    ("Europe/Istanbul", "TR"),
    ("Europe/Kyiv", "UA"),
    ("Europe/Lisbon", "PT"),
    ("Europe/Ljubljana", "SI"),
    ("Europe/London", "GB"),
    ("Europe/Luxembourg", "LU"),
    ("Europe/Madrid", "ES"),
    ("Europe/Moscow", "RU"),
    ("Europe/Oslo", "NO"),
    ("Europe/Paris", "FR"),
    ("Europe/Prague", "CZ"),
    ("Europe/Riga", "LV"),
    ("Europe/Rome", "IT"),
    ("Europe/Sofia", "BG"),
    ("Europe/Stockholm", "SE"),
    ("Europe/Tallinn", "EE"),
    ("Europe/Vienna", "AT"),
    ("Europe/Vilnius", "LT"),
    ("Europe/Warsaw", "PL"),
    ("Europe/Zagreb", "HR"),
    ("Europe/Zurich", "CH"),
    ("Pacific/Auckland", "NZ"),
    ("Pacific/Honolulu", "US"),
];

impl Country {
    /// The country with this ISO code, in any case.
    pub(super) fn of_code(code: &str) -> Option<&'static Country> {
        COUNTRIES
            .iter()
            .find(|country| country.code.eq_ignore_ascii_case(code))
    }

    /// The country in which a time zone lies.
    pub(super) fn of_zone(zone: &str) -> Option<&'static Country> {
        let known = ZONES.iter().find(|(name, _)| *name == zone);
        Self::of_code(known?.1)
    }

    /// The country whose calling code begins these digits. No calling code begins another (E.164).
    pub(super) fn of_digits(digits: &str) -> Option<&'static Country> {
        COUNTRIES
            .iter()
            .find(|country| digits.starts_with(country.calling))
    }

    /// Whether the country writes the month before the day.
    pub(super) fn writes_month_first(&self) -> bool {
        matches!(self.code, "US" | "PH")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_calling_code_begins_another() {
        for country in &COUNTRIES {
            let first = Country::of_digits(country.calling).map(|first| first.calling);
            assert_eq!(first, Some(country.calling), "{}", country.code);
        }
    }

    #[test]
    fn all_zones_lie_in_known_countries_and_exist() {
        for (zone, _) in &ZONES {
            assert!(Country::of_zone(zone).is_some(), "{zone}");
            assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}");
        }
    }
}
