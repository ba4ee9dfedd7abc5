//! Server-sent events, as the WHATWG HTML standard defines their format (section 9.2.6).

/// An event larger than this is no model's: the peer speaks something else, and memory has an end.
const MAX_EVENT_BYTES: usize = 1 << 20;

/// Collects the data of events out of bytes that arrive in any pieces.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// Of the line that is not yet whole.
    line: Vec<u8>,
    /// Of the event that is not yet whole.
    data: String,
    has_data: bool,
    /// The last byte was a carriage return: a line feed behind it belongs to the same line end.
    after_return: bool,
    past_first_line: bool,
}

/// What arrived are not server-sent events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotEvents {
    /// Too long for an event.
    #[error("an event is longer than {MAX_EVENT_BYTES} bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("an event is not UTF-8")]
    NotText,
}

impl Events {
    /// Takes the next bytes and gives the data of each event that they complete. An event that the connection cuts off
    /// is never given, as the standard wants.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, NotEvents> {
        let mut complete = Vec::new();
        for &byte in bytes {
            let joins = std::mem::replace(&mut self.after_return, byte == b'\r') && byte == b'\n';
            match byte {
                b'\n' if joins => {}
                b'\n' | b'\r' => complete.extend(self.end_line()?),
                _ => self.line.push(byte),
            }
            if self.line.len() + self.data.len() > MAX_EVENT_BYTES {
                return Err(NotEvents::TooLong);
            }
        }
        Ok(complete)
    }

    fn end_line(&mut self) -> Result<Option<String>, NotEvents> {
        let bytes = std::mem::take(&mut self.line);
        let line = std::str::from_utf8(&bytes).map_err(|_| NotEvents::NotText)?;
        let first = !std::mem::replace(&mut self.past_first_line, true);
        let line = if first {
            line.strip_prefix('\u{feff}').unwrap_or(line)
        } else {
            line
        };
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            return Ok(std::mem::take(&mut self.has_data).then_some(data));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field == "data" {
            if self.has_data {
                self.data.push('\n');
            }
            self.has_data = true;
            self.data.push_str(value.strip_prefix(' ').unwrap_or(value));
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(stream: &str) -> Vec<String> {
        Events::default().push(stream.as_bytes()).unwrap()
    }

    #[test]
    fn events_end_at_an_empty_line_of_any_kind() {
        assert_eq!(read("data: a\n\ndata: b\r\n\r\ndata: c\r\r"), ["a", "b", "c"]);
    }

    #[test]
    fn the_lines_of_an_events_data_are_joined() {
        assert_eq!(read("data: a\ndata:b\ndata\n\n"), ["a\nb\n"]);
    }

    #[test]
    fn comments_and_other_fields_are_passed_over() {
        assert_eq!(
            read("\u{feff}: keep-alive\n\nevent: delta\nid: 7\ndata: a\nretry: 5\n\n"),
            ["a"]
        );
    }

    #[test]
    fn an_event_that_was_cut_off_is_not_given() {
        assert_eq!(read("data: a\n\ndata: b\n"), ["a"]);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut events = Events::default();
        assert_eq!(
            events.push(&vec![b'x'; MAX_EVENT_BYTES + 1]),
            Err(NotEvents::TooLong)
        );
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_changes_nothing(
            lines in proptest::collection::vec("(data: ?|:|event:|)[a-zé €😀]{0,8}", 0..12),
            ends in proptest::collection::vec(prop_oneof![Just("\n"), Just("\r\n"), Just("\r")], 12),
            size in 1_usize..7,
        ) {
            let stream: String = lines.iter().zip(&ends).map(|(line, end)| format!("{line}{end}")).collect();
            let mut pieces = Events::default();
            let in_pieces: Vec<String> =
                stream.as_bytes().chunks(size).flat_map(|piece| pieces.push(piece).unwrap()).collect();
            prop_assert_eq!(in_pieces, read(&stream));
        }
    }
}
