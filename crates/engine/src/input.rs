//! What clients send, in a form that every store can keep.

use acs_core::clean::clean;
use serde_json::Value;
use time::{OffsetDateTime, UtcOffset};

/// How many tags one thing has at the most.
const MAX_TAGS: usize = 50;
/// How many characters a tag has at the most.
const MAX_TAG_CHARS: usize = 100;

/// An end that is yet to come, in UTC and whole microseconds, or why it is none.
pub(crate) fn future(
    end: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, &'static str> {
    match in_utc(end)? {
        Some(end) if end <= now => Err("must lie in the future"),
        end => Ok(end),
    }
}

/// A time in UTC and whole microseconds, or why it is none.
pub(crate) fn in_utc(time: Option<OffsetDateTime>) -> Result<Option<OffsetDateTime>, &'static str> {
    let Some(time) = time else { return Ok(None) };
    // On the first and the last day of the calendar, a time elsewhere is none in UTC.
    let time = time
        .checked_to_offset(UtcOffset::UTC)
        .ok_or("must lie in the years 0 to 9999, in UTC")?;
    Ok(Some(acs_core::clock::truncate(time)))
}

/// A language code in its usual form, none of an empty one, or why it is none.
pub(crate) fn language(code: Option<&str>) -> Result<Option<String>, &'static str> {
    let code = code.map(|code| code.trim().to_ascii_lowercase());
    match code.filter(|code| !code.is_empty()) {
        Some(code) if !is_language(&code) => Err(NO_LANGUAGE),
        code => Ok(code),
    }
}

/// Whether this has the form of a language code, in lower case.
pub(crate) fn is_language(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|letter| letter.is_ascii_lowercase())
}

/// Why a language is refused.
pub(crate) const NO_LANGUAGE: &str = "must be a language code of two or three letters, such as en";

/// Labels, cleaned, or why they are not acceptable.
pub(crate) fn tags(tags: &[String]) -> Result<Vec<String>, String> {
    let cleaned: Vec<String> = tags.iter().map(|tag| clean(tag).text.into_owned()).collect();
    let acceptable = |tag: &String| (1..=MAX_TAG_CHARS).contains(&tag.chars().count());
    if cleaned.len() <= MAX_TAGS && cleaned.iter().all(acceptable) {
        Ok(cleaned)
    } else {
        Err(format!(
            "must be at most {MAX_TAGS}, each of 1 to {MAX_TAG_CHARS} characters"
        ))
    }
}

/// Whether this names a time zone of the IANA database.
pub(crate) fn is_time_zone(name: &str) -> bool {
    jiff::tz::TimeZone::get(name).is_ok()
}

/// Why a time zone is refused.
pub(crate) const NO_TIME_ZONE: &str = "must be an IANA time zone, such as Europe/Berlin";

/// Whether a text can be followed as a link on the web.
pub(crate) fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Why a web address is refused.
pub(crate) const NO_WEB_ADDRESS: &str = "must begin with https:// or http://";

/// Whether free data holds a NUL anywhere. It is not ours to clean, and PostgreSQL keeps no NUL.
pub(crate) fn holds_nul<'a>(data: impl IntoIterator<Item = &'a Value>) -> bool {
    data.into_iter().any(|value| match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => holds_nul(values),
        Value::Object(fields) => fields.keys().any(|name| name.contains('\0')) || holds_nul(fields.values()),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    })
}

/// How large the free data of a client may be, written as JSON, in bytes: it comes back with every answer.
pub(crate) const MAX_DATA_BYTES: usize = 16 * 1024;

/// How large values are, written as JSON, in bytes.
pub(crate) fn bytes_of<'a>(values: impl IntoIterator<Item = &'a Value>) -> usize {
    values.into_iter().map(|value| value.to_string().len()).sum()
}

/// Whether the free data of a client can be kept, or why not.
pub(crate) fn check_data(data: &serde_json::Map<String, Value>) -> Result<(), &'static str> {
    if data.keys().any(|name| name.contains('\0')) || holds_nul(data.values()) {
        return Err(NUL);
    }
    let names: usize = data.keys().map(String::len).sum();
    if names + bytes_of(data.values()) > MAX_DATA_BYTES {
        return Err("must be at most 16 KiB");
    }
    Ok(())
}

/// Why free data is refused.
pub(crate) const NUL: &str = "must not contain NUL characters";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use time::macros::datetime;

    #[test]
    fn an_end_lies_in_the_future_and_is_kept_in_utc() {
        let now = datetime!(2030-01-02 01:04:05 UTC);
        let kept = future(Some(datetime!(2030-01-02 03:04:05.123_456_789 +02:00)), now).unwrap();
        assert_eq!(kept.unwrap().to_string(), "2030-01-02 1:04:05.123456 +00:00:00");
        assert_eq!(future(None, now), Ok(None));
        for past in [
            now,
            datetime!(0000-01-01 00:00:00 +01:00),
            datetime!(2030-01-02 03:04:05 +02:00),
        ] {
            assert_eq!(future(Some(past), now), Err("must lie in the future"));
        }
        assert!(future(Some(datetime!(9999-12-31 23:59:59 -01:00)), now).is_err());
    }

    #[test]
    fn nul_is_found_wherever_it_is() {
        for bad in [
            json!("\0"),
            json!(["a", ["b\0"]]),
            json!({ "a": { "b\0": 1 } }),
            json!({ "a": [{ "b": "\0" }] }),
        ] {
            assert!(holds_nul([&bad]), "{bad}");
            let data = serde_json::Map::from_iter([("a".to_owned(), bad)]);
            assert!(check_data(&data).is_err());
        }
        assert!(!holds_nul([&json!({ "a": [null, true, 1.5, "b", {}] })]));
    }

    #[test]
    fn tags_are_cleaned_and_counted() {
        assert_eq!(tags(&[" a\0 ".to_owned()]).unwrap(), ["a"]);
        for bad in [
            vec![String::new()],
            vec!["\0".to_owned()],
            vec!["t".repeat(101)],
            vec!["t".to_owned(); 51],
        ] {
            assert!(tags(&bad).is_err());
        }
    }
}
