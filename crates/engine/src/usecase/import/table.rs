//! Comma-separated values (RFC 4180), record by record: a quote that is never closed spoils its own line and no other.
//!
//! Semicolons and tabs separate as well, as spreadsheets write them in half of the world: what separates is what the header
//! has most of.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

/// A table: its header, and the records below it.
#[derive(Debug)]
pub struct Table<'a> {
    /// The names in the header, in lower case.
    pub header: Vec<String>,
    separator: u8,
    rest: &'a [u8],
    line: usize,
    /// How many more bytes may be looked at in vain, for quotes that are never closed.
    patience: usize,
}

/// A record, or why it cannot be read.
pub type Record = Result<StringRecord, Cow<'static, str>>;

/// Quotes that are never closed let the rest be looked at again from the next line on: but not for ever.
const PATIENCE: usize = 64 * 1024 * 1024;
const STRAY_QUOTE: &str = "has a quote that is not closed, or text behind a closed one";

impl<'a> Table<'a> {
    /// A table with its header read; `None` where there is none.
    #[must_use]
    pub fn open(text: &'a [u8]) -> Option<Self> {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let mut table = Self {
            header: Vec::new(),
            separator: b',',
            rest: text,
            line: 1,
            patience: PATIENCE,
        };
        table.skip_empty_lines();
        let first = &table.rest[..line_end(table.rest)];
        let count = |separator: &u8| first.iter().filter(|byte| *byte == separator).count();
        // Of equally many the first.
        table.separator = [b'\t', b';', b','].into_iter().max_by_key(count)?;
        let (_, header) = table.next()?;
        table.header = header.ok()?.iter().map(str::to_lowercase).collect();
        Some(table)
    }

    fn skip_empty_lines(&mut self) {
        while let Some(byte @ (b'\r' | b'\n')) = self.rest.first() {
            self.line += usize::from(*byte == b'\n');
            self.rest = &self.rest[1..];
        }
    }

    fn read(&self, bytes: &[u8]) -> Record {
        let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
        let mut record = StringRecord::new();
        let read = ReaderBuilder::new()
            .has_headers(false)
            .delimiter(self.separator)
            .trim(Trim::All)
            .buffer_capacity(text.len().max(1))
            .from_reader(text.as_bytes())
            .read_record(&mut record);
        match read {
            Err(error) => Err(error.to_string().into()),
            Ok(_) if !self.header.is_empty() && record.len() != self.header.len() => Err(format!(
                "has {} values, the header has {}",
                record.len(),
                self.header.len()
            )
            .into()),
            Ok(_) => Ok(record),
        }
    }
}

impl Iterator for Table<'_> {
    /// The line that a record begins on, counted from 1, and the record.
    type Item = (usize, Record);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_empty_lines();
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let (end, record) = match record_end(self.rest, self.separator, self.patience) {
            Ok(end) => (end, self.read(&self.rest[..end])),
            Err(seen) => {
                self.patience = self.patience.saturating_sub(seen);
                (line_end(self.rest), Err(STRAY_QUOTE.into()))
            }
        };
        self.line += self.rest[..end].iter().filter(|byte| **byte == b'\n').count();
        self.rest = &self.rest[end..];
        Some((line, record))
    }
}

fn line_end(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| matches!(byte, b'\r' | b'\n'))
        .unwrap_or(bytes.len())
}

/// Where the first record ends; or, if its quotes are not in order or it is longer than `most`, how much was looked at.
fn record_end(bytes: &[u8], separator: u8, most: usize) -> Result<usize, usize> {
    let mut at = 0;
    loop {
        // A field begins.
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match bytes.get(at) {
                    Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') => break,
                    Some(_) if at < most => at += 1,
                    _ => return Err(at),
                }
            }
            at += 1;
            at += bytes[at..].iter().take_while(|byte| **byte == b' ').count();
            if !matches!(bytes.get(at), None | Some(b'\r' | b'\n')) && bytes.get(at) != Some(&separator) {
                return Err(at);
            }
        } else {
            let ends = |byte: &u8| matches!(byte, b'\r' | b'\n') || *byte == separator;
            at += bytes[at..].iter().take_while(|byte| !ends(byte)).count();
        }
        match bytes.get(at) {
            Some(byte) if *byte == separator => at += 1,
            _ => return Ok(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(usize, Result<Vec<String>, String>)> {
        let table = Table::open(text.as_bytes()).unwrap();
        table
            .map(|(line, record)| {
                let record = record.map(|record| record.iter().map(str::to_owned).collect());
                (line, record.map_err(Cow::into_owned))
            })
            .collect()
    }

    fn lines(text: &str) -> (Vec<usize>, Vec<usize>) {
        let (good, bad): (Vec<_>, Vec<_>) = read(text).into_iter().partition(|(_, record)| record.is_ok());
        let only = |rows: Vec<(usize, _)>| rows.into_iter().map(|(line, _)| line).collect();
        (only(good), only(bad))
    }

    #[test]
    fn quotes_hold_separators_lines_and_quotes() {
        let rows = read("a,b\n\"1,\n2\" ,\"say \"\"x\"\"\"\r\n\r\n5\" pipe,y");
        assert_eq!(
            rows,
            [
                (2, Ok(vec!["1,\n2".to_owned(), "say \"x\"".to_owned()])),
                (5, Ok(vec!["5\" pipe".to_owned(), "y".to_owned()])),
            ]
        );
    }

    #[test]
    fn a_stray_quote_spoils_its_own_line_only() {
        let text = "a,b\ng,\"unclosed\nh,second\nh,third\nbad row\ng,fourth \"x\" y\n";
        assert_eq!(lines(text), (vec![3, 4, 6], vec![2, 5]));
        assert_eq!(
            lines("a,b\ng,\"x\" y\nh,z\n\"never,closed\nk,l"),
            (vec![3, 5], vec![2, 4])
        );
    }

    #[test]
    fn what_separates_is_what_the_header_has_most_of() {
        for text in ["A;b\n1;2,5\n", "a\tB\n1\t2,5\n"] {
            assert_eq!(Table::open(text.as_bytes()).unwrap().header, ["a", "b"]);
            assert_eq!(read(text), [(2, Ok(vec!["1".to_owned(), "2,5".to_owned()]))]);
        }
        assert!(Table::open(b" \n").is_some_and(|table| table.header == [""]));
        assert!(Table::open(b"\n\r\n").is_none());
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_it_ends_and_no_line_goes_back(bytes in "[ab,;\"\r\n\u{e9} ]{0,80}") {
            if let Some(table) = Table::open(bytes.as_bytes()) {
                let lines: Vec<usize> = table.map(|(line, _)| line).collect();
                prop_assert!(lines.len() <= bytes.len());
                prop_assert!(lines.is_sorted());
            }
        }
    }
}
