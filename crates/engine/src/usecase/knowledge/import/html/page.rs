//! What a page says, written down as Markdown, block after block.

use std::mem::take;
use std::ops::Range;

use super::blocks::Blocks;
use super::escape;
use super::table::Table;

/// A page that is being written.
#[derive(Default)]
pub(super) struct Page {
    blocks: Blocks,
    /// The words of the open block as they are read, not yet Markdown.
    words: String,
    /// The level of the open heading; 0 if there is none.
    heading: usize,
    /// The first heading of the first level: its words and its place.
    first: Option<(String, Range<usize>)>,
    in_pre: bool,
    link: Option<Link>,
    table: Option<Table>,
    in_cell: bool,
}

struct Link {
    url: String,
    /// Where its words begin.
    start: usize,
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
        if !self.is_held() {
            self.start_block();
            self.blocks.start_list(first);
        }
    }

    /// Ends the innermost list.
    pub(super) fn end_list(&mut self) {
        if !self.is_held() {
            self.start_block();
            self.blocks.end_list();
        }
    }

    /// Starts an item of the innermost list.
    pub(super) fn start_item(&mut self) {
        if !self.is_held() {
            self.start_block();
            self.blocks.start_item();
        }
    }

    /// Ends an item.
    pub(super) fn end_item(&mut self) {
        if !self.is_held() {
            self.start_block();
            self.blocks.end_item();
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
            self.blocks.write(&format!("{fence}\n{code}\n{fence}"));
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
            self.blocks.write(&block);
        }
    }

    /// What the first heading of the first level says, and the page. If the page has no other title, or the same one,
    /// the heading is its title and is left out of it.
    pub(super) fn finish(mut self, title: &str) -> (String, String) {
        self.end_pre();
        self.end_table();
        self.write_words();
        let mut markdown = self.blocks.into_markdown();
        let (heading, place) = self.first.unwrap_or_default();
        if title.is_empty() || title == heading {
            markdown.replace_range(place, "");
        }
        (heading, markdown.trim().to_owned())
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
            return self.blocks.write(&escape::block(words));
        }
        let start = self.blocks.len();
        self.blocks.write(&format!(
            "{} {}",
            "#".repeat(self.heading),
            escape::heading(words)
        ));
        if self.heading == 1 && self.first.is_none() {
            self.first = Some((words.to_owned(), start..self.blocks.len()));
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
}
