//! Keyset pages: they survive inserts, unlike offsets.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// How many items a page holds unless asked otherwise.
pub const DEFAULT_LIMIT: u32 = 20;
/// How many items a page holds at the most.
pub const MAX_LIMIT: u32 = 100;

/// Where a page ended: the sort key of its last item and, for ties, its id. Opaque on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key: microseconds since the epoch, or a sequence number.
    pub key: i64,
    /// The id of the last item.
    pub id: Uuid,
}

/// The text is not a cursor that this server gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid cursor: pass `next_cursor` of the page before, unchanged")]
pub struct ParseCursorError;

const VERSION: u8 = 1;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0u8; 25];
        bytes[0] = VERSION;
        bytes[1..9].copy_from_slice(&self.key.to_be_bytes());
        bytes[9..].copy_from_slice(self.id.as_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseCursorError)?;
        let bytes: [u8; 25] = bytes.try_into().map_err(|_| ParseCursorError)?;
        let [VERSION, rest @ ..] = bytes else {
            return Err(ParseCursorError);
        };
        let (key, id) = rest.split_at(8);
        let key = key
            .try_into()
            .map(i64::from_be_bytes)
            .map_err(|_| ParseCursorError)?;
        let id = Uuid::from_slice(id).map_err(|_| ParseCursorError)?;
        Ok(Self { key, id })
    }
}

/// Which page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    limit: u32,
    after: Option<Cursor>,
}

/// The limit is not between 1 and [`MAX_LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be between 1 and {MAX_LIMIT}")]
pub struct LimitError;

impl PageRequest {
    /// A page of `limit` items (1 to [`MAX_LIMIT`], else [`DEFAULT_LIMIT`]) after the cursor, or the first.
    pub fn new(limit: Option<u32>, after: Option<Cursor>) -> Result<Self, LimitError> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if (1..=MAX_LIMIT).contains(&limit) {
            Ok(Self { limit, after })
        } else {
            Err(LimitError)
        }
    }

    /// How many items at the most.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// The end of the page before.
    #[must_use]
    pub fn after(&self) -> Option<Cursor> {
        self.after
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            limit: DEFAULT_LIMIT,
            after: None,
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page out of `limit + 1` rows: the extra row only tells that there is more.
    pub fn from_rows(mut rows: Vec<T>, request: &PageRequest, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = request.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_what_it_prints(key: i64, id: u128) {
            let cursor = Cursor { key, id: Uuid::from_u128(id) };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn any_other_text_is_refused_without_a_crash(text in ".{0,60}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }

    #[test]
    fn a_page_knows_whether_there_is_more() {
        let request = PageRequest::new(Some(2), None).unwrap();
        let cursor = |n: &i64| Cursor {
            key: *n,
            id: Uuid::nil(),
        };
        assert_eq!(
            Page::from_rows(vec![1, 2, 3], &request, cursor)
                .next
                .map(|c| c.key),
            Some(2)
        );
        assert_eq!(Page::from_rows(vec![1, 2], &request, cursor).next, None);
    }

    #[test]
    fn a_limit_has_bounds() {
        assert!(PageRequest::new(Some(0), None).is_err());
        assert!(PageRequest::new(Some(101), None).is_err());
        assert_eq!(PageRequest::new(None, None).unwrap().limit(), 20);
    }
}
