//! What a page says, written down as Markdown, block after block.

use std::mem::take;
use std::ops::Range;

use super::escape;
use super::table::Table;

/// How far blocks are indented at the most: lists that lie deeper stay there, so that the text cannot outgrow its source
/// without limit.
const MAX_INDENT: usize = 24;

/// A page that is being written.
#[derive(Default)]
pub(super) struct Page {
    markdown: String,
    /// The words of the open block as they are read, not yet Markdown.
    words: String,
    /// The level of the open heading; 0 if there is none.
    heading: usize,
    /// The first heading of the first level: its words and its place.
    first: Option<(String, Range<usize>)>,
    in_pre: bool,
    link: Option<Link>,
    /// The open lists, innermost last.
    lists: Vec<List>,
    /// The mark of an item that has said nothing yet.
    marker: Option<String>,
    /// Whether the last block stands in a list.
    after_item: bool,
    table: Option<Table>,
    in_cell: bool,
}

struct Link {
    url: String,
    /// Where its words begin.
    start: usize,
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

impl Page {
    /// Adds words to the open block.
    pub(super) fn text(&mut self, text: &str) {
        if self.in_pre {
            self.words.push_str(text);
            return;
        }
        for c in text.chars() {
            match c {
                c if c.is_whitespace() => self.blank(),
                // Where a word may be broken: no one sees these, and no search would find the word.
                '\u{ad}' | '\u{200b}' => {}
                c => self.words.push(c),
            }
        }
    }

    fn blank(&mut self) {
        if !self.words.is_empty() && !self.words.ends_with([' ', '\n']) {
            self.words.push(' ');
        }
    }

    /// Ends the line; twice, it ends the block.
    pub(super) fn line_break(&mut self) {
        if self.in_pre {
            self.words.push('\n');
        } else if self.in_cell || self.heading > 0 {
            self.blank();
        } else if self.words.ends_with('\n') {
            self.write_words();
        } else if !self.words.is_empty() {
            self.words.truncate(self.words.trim_end().len());
            self.words.push('\n');
        }
    }

    /// Ends the block. Within a heading, its next words are a heading too.
    pub(super) fn end_block(&mut self) {
        if !self.is_held() {
            self.write_words();
        }
    }

    /// Ends the block, and a heading with it.
    pub(super) fn start_block(&mut self) {
        self.start_heading(0);
    }

    /// Starts a heading of a level from 1 to 6.
    pub(super) fn start_heading(&mut self, level: usize) {
        if !self.is_held() {
            self.write_words();
            self.heading = level;
        }
    }

    /// Starts a link, where the one before ends.
    pub(super) fn start_link(&mut self, url: &str) {
        self.end_link();
        let scheme = |scheme: &str| {
            url.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        if (scheme("http://") || scheme("https://"))
            && !url.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            self.link = Some(Link {
                url: url.to_owned(),
                start: self.words.len(),
            });
        }
    }

    /// Ends a link: behind its words stands where it leads to, unless they say so themselves.
    pub(super) fn end_link(&mut self) {
        let Some(Link { url, start }) = self.link.take() else {
            return;
        };
        let words = self.words.get(start..).unwrap_or_default();
        if words.trim().is_empty() || words.trim() == url {
            return;
        }
        let spaced = words.ends_with(' ');
        self.words.truncate(self.words.trim_end().len());
        self.words.push_str(&format!(" ({url})"));
        if spaced {
            self.words.push(' ');
        }
    }

    /// Starts a list, with the number of its first item if they are numbered.
    pub(super) fn start_list(&mut self, first: Option<u32>) {
        if self.is_held() {
            return;
        }
        self.start_block();
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
        if !self.is_held() {
            self.end_item();
            self.lists.pop();
        }
    }

    /// Starts an item of the innermost list.
    pub(super) fn start_item(&mut self) {
        if self.is_held() {
            return;
        }
        self.start_block();
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
        if !self.is_held() {
            self.start_block();
            self.marker = None;
        }
    }

    /// Starts text whose blanks and line ends count.
    pub(super) fn start_pre(&mut self) {
        if !self.is_held() {
            self.start_block();
            self.in_pre = true;
        }
    }

    /// Ends such text: it becomes a block of code.
    pub(super) fn end_pre(&mut self) {
        if !take(&mut self.in_pre) {
            return;
        }
        self.end_link();
        let words = take(&mut self.words);
        let code = words.trim_matches(['\n', '\r']).trim_end();
        if !code.is_empty() {
            let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(3.max(longest + 1));
            self.write(&format!("{fence}\n{code}\n{fence}"));
        }
    }

    /// Starts a table. One within another's cell ends that: both are then read one after the other.
    pub(super) fn start_table(&mut self) {
        if !self.in_pre {
            self.end_table();
            self.start_block();
            self.table = Some(Table::default());
        }
    }

    /// Starts a row of the table.
    pub(super) fn start_row(&mut self) {
        if !self.in_pre {
            self.end_cell();
            self.start_block();
            self.table.get_or_insert_default().end_row();
        }
    }

    /// Starts a cell of the row.
    pub(super) fn start_cell(&mut self) {
        if !self.in_pre {
            self.end_cell();
            self.start_block();
            self.in_cell = true;
        }
    }

    /// Ends the cell.
    pub(super) fn end_cell(&mut self) {
        if take(&mut self.in_cell) {
            self.end_link();
            self.table
                .get_or_insert_default()
                .push(take(&mut self.words).trim());
        }
    }

    /// Ends the table.
    pub(super) fn end_table(&mut self) {
        self.end_cell();
        for block in self.table.take().map(Table::into_blocks).unwrap_or_default() {
            self.write(&block);
        }
    }

    /// What the first heading of the first level says, and the page. If the page has no other title, or the same one,
    /// the heading is its title and is left out of it.
    pub(super) fn finish(mut self, title: &str) -> (String, String) {
        self.end_pre();
        self.end_table();
        self.write_words();
        let (heading, place) = self.first.unwrap_or_default();
        if title.is_empty() || title == heading {
            self.markdown.replace_range(place, "");
        }
        (heading, self.markdown.trim().to_owned())
    }

    /// Whether what is read stays within one block whatever it is: a cell, or text whose line ends count.
    fn is_held(&mut self) -> bool {
        if self.in_pre && !self.words.is_empty() && !self.words.ends_with('\n') {
            self.words.push('\n');
        } else if self.in_cell {
            self.blank();
        }
        self.in_pre || self.in_cell
    }

    fn write_words(&mut self) {
        self.end_link_of_block();
        let words = take(&mut self.words);
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        if self.heading == 0 {
            return self.write(&escape::block(words));
        }
        let start = self.markdown.len();
        self.write(&format!(
            "{} {}",
            "#".repeat(self.heading),
            escape::heading(words)
        ));
        if self.heading == 1 && self.first.is_none() {
            self.first = Some((words.to_owned(), start..self.markdown.len()));
        }
    }

    /// A link around several blocks is told behind the first one that says something.
    fn end_link_of_block(&mut self) {
        let Some(link) = self.link.as_mut() else { return };
        if self.words.get(link.start..).unwrap_or_default().trim().is_empty() {
            link.start = 0;
        } else {
            self.end_link();
        }
    }

    /// Appends a block: behind the mark of an item that it begins, and indented by the lists that it stands in.
    fn write(&mut self, block: &str) {
        let marker = self.marker.take();
        let nested = self.lists.len() > 1;
        let (mut indent, mut content, mut is_new) = (0, 0, false);
        if let Some(list) = self.lists.last_mut() {
            (indent, content) = (list.indent, list.content);
            is_new = marker.is_some() && take(&mut list.is_new);
        }
        // Only a list that counts from 1 may follow a line of text at once (CommonMark 0.31, section 5.2).
        let follows = !is_new || (nested && matches!(marker.as_deref(), Some("- " | "1. ")));
        if !self.markdown.is_empty() {
            self.markdown
                .push_str(if marker.is_some() && self.after_item && follows {
                    "\n"
                } else {
                    "\n\n"
                });
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
