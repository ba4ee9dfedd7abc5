//! Markdown, and the HTML inside of it, to plain parts under their headings.
//!
//! What only sets text off is dropped; what a reader needs is kept: the numbers of steps, bullets, line breaks, and the
//! address behind a link, since a reply may only give addresses that a source has.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What stands under one heading.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// The headings, outermost first, the section's own last.
    pub headings: Vec<String>,
    /// What it says, in order.
    pub parts: Vec<Part>,
}

/// A piece of text that is set as one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A paragraph.
    Prose(String),
    /// The items of a list, inner ones too, each with its number or bullet.
    List(Vec<String>),
    /// The rows of a table, each cell with its column's name.
    Table(Vec<String>),
    /// A listing, line by line as written.
    Code(String),
}

/// The sections of a text that says anything at all.
pub(super) fn sections(markdown: &str) -> Vec<Section> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::default();
    for event in Parser::new_ext(markdown, options) {
        writer.event(event);
    }
    writer.close_section(None);
    writer.sections
}

/// Collects events into parts.
#[derive(Default)]
struct Writer {
    sections: Vec<Section>,
    /// The headings above, with their levels.
    headings: Vec<(HeadingLevel, String)>,
    parts: Vec<Part>,
    /// The text since the last part.
    text: String,
    /// Where links that are open began, with their addresses.
    links: Vec<(usize, String)>,
    /// The lists that are open, innermost last, with the number of the next item; `None` is a bullet.
    lists: Vec<Option<u64>>,
    items: Vec<String>,
    table: Table,
    html: String,
}

#[derive(Default)]
struct Table {
    columns: Vec<String>,
    cells: Vec<String>,
    rows: Vec<String>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.flush(),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(tag) => push_html(&tag, &mut self.text),
            Event::TaskListMarker(done) => self.text.push_str(if done { "☑ " } else { "☐ " }),
            Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.close_section(Some(level));
                self.headings.retain(|(above, _)| *above < level);
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.text = format!("{number}. ");
                        *number += 1;
                    }
                    _ => self.text.push_str("• "),
                }
            }
            Tag::CodeBlock(kind) => {
                // An indented block is more often a paragraph of plain text than a listing.
                let listing = matches!(kind, CodeBlockKind::Fenced(_));
                if listing && self.lists.is_empty() {
                    self.flush();
                }
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Table::default();
            }
            Tag::Link { dest_url, .. } => self.links.push((self.text.len(), dest_url.into_string())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let heading = one_line(&std::mem::take(&mut self.text));
                if !heading.is_empty() {
                    self.headings.push((level, heading));
                }
            }
            TagEnd::Paragraph => self.flush(),
            TagEnd::Item => self.flush(),
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() && !self.items.is_empty() {
                    self.parts.push(Part::List(std::mem::take(&mut self.items)));
                }
            }
            TagEnd::CodeBlock => {
                if self.lists.is_empty() {
                    let code = std::mem::take(&mut self.text);
                    if !code.trim().is_empty() {
                        self.parts
                            .push(Part::Code(code.trim_matches('\n').trim_end().to_owned()));
                    }
                } else {
                    self.flush();
                }
            }
            TagEnd::TableCell => self.table.cells.push(one_line(&std::mem::take(&mut self.text))),
            TagEnd::TableHead => self.table.columns = std::mem::take(&mut self.table.cells),
            TagEnd::TableRow => self.table.end_row(),
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table);
                let rows = if table.rows.is_empty() {
                    vec![table.columns.join("; ")]
                } else {
                    table.rows
                };
                if rows.iter().any(|row| !row.is_empty()) {
                    self.parts.push(Part::Table(rows));
                }
            }
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.html);
                push_html(&html, &mut self.text);
                self.flush();
            }
            TagEnd::Link => {
                if let Some((start, address)) = self.links.pop() {
                    self.end_link(start, &address);
                }
            }
            _ => {}
        }
    }

    /// Puts the address behind the words of a link that do not give it themselves.
    fn end_link(&mut self, start: usize, address: &str) {
        let kept = ["https://", "http://", "mailto:", "tel:"]
            .iter()
            .any(|scheme| address.starts_with(scheme));
        let bare = address.trim_start_matches("mailto:").trim_start_matches("tel:");
        let core = bare
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_end_matches('/');
        let words = self.text.get(start..).unwrap_or_default();
        if kept && !words.contains(core) {
            let gap = if words.is_empty() || words.ends_with(char::is_whitespace) {
                ""
            } else {
                " "
            };
            self.text.push_str(&format!("{gap}({bare})"));
        }
    }

    /// Ends the paragraph or item that is being written.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.is_empty() || text == "•" {
            return;
        }
        if self.lists.is_empty() {
            self.parts.push(Part::Prose(text.to_owned()));
        } else {
            self.items.push(one_line(text));
        }
    }

    /// Ends a section, before a heading of level `next` or the end. A heading that nothing stands under, not even a
    /// lower one, is text itself.
    fn close_section(&mut self, next: Option<HeadingLevel>) {
        self.flush();
        let headings: Vec<String> = self.headings.iter().map(|(_, heading)| heading.clone()).collect();
        let mut parts = std::mem::take(&mut self.parts);
        let lower_follows = next
            .zip(self.headings.last())
            .is_some_and(|(next, (own, _))| next > *own);
        if parts.is_empty() && !lower_follows {
            let said_before = self
                .sections
                .last()
                .is_some_and(|section| section.headings == headings);
            parts.extend(headings.last().filter(|_| !said_before).cloned().map(Part::Prose));
        }
        if !parts.is_empty() {
            self.sections.push(Section { headings, parts });
        }
    }
}

impl Table {
    /// `Plan: Basic; Price: 5 €`: a row that is understood without the table's head.
    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let named =
            cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
                .map(
                    |(at, cell)| match self.columns.get(at).filter(|name| !name.is_empty()) {
                        Some(name) => format!("{name}: {cell}"),
                        None => cell.clone(),
                    },
                );
        let row = named.collect::<Vec<_>>().join("; ");
        if !row.is_empty() {
            self.rows.push(row);
        }
    }
}

/// The text with each run of white space as one blank.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Adds the text of HTML: no tags, no comments, no scripts; a line for each block.
fn push_html(html: &str, text: &mut String) {
    const LINES: [&str; 12] = [
        "br", "p", "div", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4",
    ];
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        push_decoded(&rest[..open], text);
        rest = &rest[open..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let Some(close) = rest.find('>') else {
            push_decoded(rest, text);
            return;
        };
        let name: String = rest[1..close]
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let closing = rest.starts_with("</");
        rest = &rest[close + 1..];
        if LINES.contains(&&*name) && !text.ends_with('\n') {
            text.push('\n');
        }
        if !closing && (name == "script" || name == "style") {
            rest = rest.find(&format!("</{name}")).map_or("", |end| &rest[end..]);
        }
    }
    push_decoded(rest, text);
}

/// Adds text with the named characters that people write.
fn push_decoded(encoded: &str, text: &mut String) {
    const NAMED: [(&str, &str); 7] = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&euro;", "€"),
        ("&amp;", "&"),
    ];
    let decoded = NAMED.iter().fold(encoded.to_owned(), |text, (name, plain)| {
        text.replace(name, plain)
    });
    text.push_str(&decoded);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only_parts(markdown: &str) -> Vec<Part> {
        let sections = sections(markdown);
        assert!(sections.len() <= 1, "{sections:?}");
        sections.into_iter().flat_map(|section| section.parts).collect()
    }

    fn prose(text: &str) -> Part {
        Part::Prose(text.into())
    }

    #[test]
    fn syntax_goes_and_words_stay() {
        assert_eq!(
            only_parts("Some **bold**, _soft_ and `code`.\nNext ~~line~~.\n\n> quoted &amp; done"),
            [
                prose("Some bold, soft and code.\nNext line."),
                prose("quoted & done")
            ]
        );
    }

    #[test]
    fn sections_know_the_headings_above_them() {
        let found = sections("top\n# A\none\n## B\n### C\ntwo\n## D\nthree\n# E\n");
        let paths: Vec<_> = found.iter().map(|section| section.headings.join(" › ")).collect();
        assert_eq!(paths, ["", "A", "A › B › C", "A › D", "E"]);
        assert_eq!(found[4].parts, [prose("E")]);
    }

    #[test]
    fn items_keep_their_numbers_and_inner_items_their_place() {
        assert_eq!(
            only_parts("Do:\n\n3. Open *it*.\n4. Tap\n   - this\n   - that\n5. Done\n\nBye"),
            [
                prose("Do:"),
                Part::List(vec![
                    "3. Open it.".into(),
                    "4. Tap".into(),
                    "• this".into(),
                    "• that".into(),
                    "5. Done".into()
                ]),
                prose("Bye")
            ]
        );
    }

    #[test]
    fn items_of_several_paragraphs_stay_in_their_list() {
        assert_eq!(
            only_parts("* one\n\n  more\n\n* two\n"),
            [Part::List(vec!["• one".into(), "more".into(), "• two".into()])]
        );
    }

    #[test]
    fn rows_are_understood_without_the_head() {
        assert_eq!(
            only_parts("| Plan | Price | |\n|---|---|---|\n| Basic | 5 € | x |\n| Plus | | |\n"),
            [Part::Table(vec![
                "Plan: Basic; Price: 5 €; x".into(),
                "Plan: Plus".into()
            ])]
        );
    }

    #[test]
    fn links_keep_their_address_once() {
        assert_eq!(
            only_parts(
                "See [our page](https://acme.example/a/), <https://acme.example/b>, [mail](mailto:a@acme.example) or [acme.example](https://acme.example/), not [here](#top). ![a map](m.png)"
            ),
            [prose(
                "See our page (https://acme.example/a/), https://acme.example/b, mail (a@acme.example) or acme.example, not here. a map"
            )]
        );
    }

    #[test]
    fn listings_keep_their_lines() {
        assert_eq!(
            only_parts("Run:\n```sh\nacs  start\n  --now\n```\nOK"),
            [
                prose("Run:"),
                Part::Code("acs  start\n  --now".into()),
                prose("OK")
            ]
        );
    }

    #[test]
    fn html_is_read_as_text() {
        assert_eq!(
            only_parts(
                "<p>One &lt;b&gt;</p><!-- no --><script>no()</script><ul><li>two</li></ul>\n\nthree<br>four <b>five</b>"
            ),
            [prose("One <b>\ntwo"), prose("three\nfour five")]
        );
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(sections(" \n\n<!-- only a comment -->\n\n---\n"), []);
    }
}
