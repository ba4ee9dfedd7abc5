//! Blocks of Markdown, one after the other, within the lists that they stand in.

use std::mem::take;

/// How far blocks are indented at the most: lists that lie deeper stay there, so that the text cannot outgrow its source
/// without limit.
const MAX_INDENT: usize = 24;

/// The blocks that were written.
#[derive(Default)]
pub(super) struct Blocks {
    markdown: String,
    /// The open lists, innermost last.
    lists: Vec<List>,
    /// The mark of an item that has said nothing yet.
    marker: Option<String>,
    /// Whether the last block stands in a list.
    after_item: bool,
}

struct List {
    /// The number of the next item; `None` if they have none.
    next: Option<u32>,
    /// Where its marks stand.
    indent: usize,
    /// Where its items' words stand.
    content: usize,
    is_new: bool,
}

impl Blocks {
    /// How many bytes were written.
    pub(super) fn len(&self) -> usize {
        self.markdown.len()
    }

    /// All that was written.
    pub(super) fn into_markdown(self) -> String {
        self.markdown
    }

    /// Starts a list, with the number of its first item if they are numbered.
    pub(super) fn start_list(&mut self, first: Option<u32>) {
        // A list that is all that an item says takes its place.
        let takes_place = self.marker.take().is_some();
        let (indent, is_new) = match self.lists.last_mut() {
            Some(outer) if takes_place => (outer.indent, take(&mut outer.is_new)),
            Some(outer) => (outer.content, true),
            None => (0, true),
        };
        let indent = indent.min(MAX_INDENT);
        // A mark has at most nine digits (CommonMark 0.31, section 5.2).
        let next = first.map(|first| if first < 100_000_000 { first } else { 1 });
        self.lists.push(List {
            next,
            indent,
            content: indent,
            is_new,
        });
    }

    /// Ends the innermost list.
    pub(super) fn end_list(&mut self) {
        self.end_item();
        self.lists.pop();
    }

    /// Starts an item of the innermost list.
    pub(super) fn start_item(&mut self) {
        let mut marker = "- ".to_owned();
        if let Some(list) = self.lists.last_mut() {
            if let Some(number) = list.next.as_mut() {
                marker = format!("{number}. ");
                *number += 1;
            }
            list.content = list.indent + marker.len();
        }
        self.marker = Some(marker);
    }

    /// Ends an item. One that said nothing leaves nothing.
    pub(super) fn end_item(&mut self) {
        self.marker = None;
    }

    /// Appends a block: behind the mark of an item that it begins, and indented by the lists that it stands in.
    pub(super) fn write(&mut self, block: &str) {
        let marker = self.marker.take();
        let nested = self.lists.len() > 1;
        let (mut indent, mut content, mut is_new) = (0, 0, false);
        if let Some(list) = self.lists.last_mut() {
            (indent, content) = (list.indent, list.content);
            is_new = marker.is_some() && take(&mut list.is_new);
        }
        // Only a list that counts from 1 may follow a line of text at once (CommonMark 0.31, section 5.2).
        let follows = !is_new || (nested && matches!(marker.as_deref(), Some("- " | "1. ")));
        let tight = marker.is_some() && self.after_item && follows;
        if !self.markdown.is_empty() {
            self.markdown.push_str(if tight { "\n" } else { "\n\n" });
        }
        match marker {
            Some(marker) => {
                self.indent(indent);
                self.markdown.push_str(&marker);
            }
            None => self.indent(content),
        }
        for (n, line) in block.split('\n').enumerate() {
            if n > 0 {
                self.markdown.push('\n');
                if !line.is_empty() {
                    self.indent(content);
                }
            }
            self.markdown.push_str(line);
        }
        self.after_item = !self.lists.is_empty();
    }

    fn indent(&mut self, by: usize) {
        self.markdown.extend(std::iter::repeat_n(' ', by));
    }
}
