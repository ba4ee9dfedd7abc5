//! HTML: a file is an entry. Its text becomes Markdown; what is only for the page's frame or its programs is left out.
//!
//! It is read token by token, without a tree: in one pass, however deep or broken its nesting is.

mod blocks;
mod escape;
mod page;
mod table;

use acs_domain::knowledge::EntryText;
use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use self::page::Page;
use super::Row;
use super::markdown::{GENERAL, file_title};
use crate::usecase::import::Remark;

/// The one entry of a file; none if it says nothing.
pub(super) fn parse(file_name: &str, text: &str) -> (Vec<Row>, Vec<Remark>) {
    let mut emitter = DefaultEmitter::default();
    // The text of scripts, styles and titles is no markup.
    emitter.naively_switch_states(true);
    let mut reader = Reader::default();
    for token in Tokenizer::new_with_emitter(text, emitter) {
        // Text in memory cannot fail to be read.
        let Ok(token) = token;
        reader.take(token);
    }
    let (heading, content) = reader.page.finish(reader.title.trim());
    let said = [reader.title.trim(), heading.as_str()]
        .into_iter()
        .find(|title| !title.is_empty());
    if said.is_none() && content.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let text = EntryText {
        title: said.map_or_else(|| file_title(file_name), str::to_owned),
        content,
        category: GENERAL.to_owned(),
        ..EntryText::default()
    };
    (vec![Row { line: 1, text }], Vec::new())
}

/// Turns tokens into what is said on the page.
#[derive(Default)]
struct Reader {
    page: Page,
    /// What the first `<title>` says.
    title: String,
    in_title: bool,
    skipped: Option<Skipped>,
}

/// An element that is left out, with all that is in it.
struct Skipped {
    name: HtmlString,
    /// How many elements of this name are open.
    depth: usize,
}

impl Reader {
    fn take(&mut self, token: Token) {
        match token {
            Token::StartTag(tag) if self.skipped.is_some() => self.deeper(&tag.name, tag.self_closing),
            Token::EndTag(tag) if self.skipped.is_some() => self.shallower(&tag.name),
            Token::StartTag(tag) if is_left_out(&tag.name) => {
                if matches!(tag.name.as_slice(), b"nav" | b"footer") {
                    self.page.start_block();
                }
                // Of these only pictures close themselves: the rest of HTML ignores the slash.
                if !(tag.self_closing && tag.name.as_slice() == b"svg") {
                    self.skipped = Some(Skipped {
                        name: tag.name,
                        depth: 1,
                    });
                }
            }
            Token::StartTag(tag) => self.open(&tag),
            Token::EndTag(tag) => self.close(&tag.name),
            Token::String(text) if self.skipped.is_none() => {
                let text = String::from_utf8_lossy(&text);
                if !self.in_title {
                    self.page.text(&text);
                } else if self.title.is_empty() {
                    self.title = text.split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            _ => {}
        }
    }

    fn deeper(&mut self, name: &HtmlString, self_closing: bool) {
        if let Some(skipped) = self
            .skipped
            .as_mut()
            .filter(|skipped| skipped.name == *name && !self_closing)
        {
            skipped.depth += 1;
        }
    }

    fn shallower(&mut self, name: &HtmlString) {
        if let Some(skipped) = self.skipped.as_mut().filter(|skipped| skipped.name == *name) {
            skipped.depth -= 1;
            if skipped.depth == 0 {
                self.skipped = None;
            }
        }
    }

    fn open(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        let attribute = |name: &[u8]| {
            let value = tag
                .attributes
                .get(name)
                .map(|value| String::from_utf8_lossy(value));
            value.unwrap_or_default().trim().to_owned()
        };
        let page = &mut self.page;
        match name {
            b"title" => self.in_title = true,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => page.start_heading(usize::from(name[1] - b'0')),
            b"br" => page.line_break(),
            b"a" => page.start_link(&attribute(b"href")),
            b"ol" => page.start_list(Some(attribute(b"start").parse().unwrap_or(1))),
            b"ul" | b"menu" => page.start_list(None),
            b"li" => page.start_item(),
            b"pre" => page.start_pre(),
            b"table" => page.start_table(),
            b"tr" => page.start_row(),
            b"td" | b"th" => page.start_cell(),
            // Within a heading these only group its words.
            b"div" => page.end_block(),
            _ if is_block(name) => page.start_block(),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        let page = &mut self.page;
        match name {
            b"title" => self.in_title = false,
            b"a" => page.end_link(),
            b"ol" | b"ul" | b"menu" => page.end_list(),
            b"li" => page.end_item(),
            b"pre" => page.end_pre(),
            b"table" => page.end_table(),
            b"td" | b"th" => page.end_cell(),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => page.start_block(),
            // By the standard a stray end is a line break.
            b"br" => page.line_break(),
            b"div" => page.end_block(),
            _ if is_block(name) => page.start_block(),
            _ => {}
        }
    }
}

/// Programs, the page's frame, pictures and controls; and what stands in for them where they do not work.
fn is_left_out(name: &[u8]) -> bool {
    matches!(
        name,
        b"script"
            | b"style"
            | b"nav"
            | b"footer"
            | b"template"
            | b"noscript"
            | b"svg"
            | b"iframe"
            | b"object"
            | b"noembed"
            | b"noframes"
            | b"canvas"
            | b"audio"
            | b"video"
            | b"select"
            | b"datalist"
            | b"textarea"
    )
}

/// Elements that a browser sets apart from the text around them.
fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"address"
            | b"article"
            | b"aside"
            | b"blockquote"
            | b"body"
            | b"caption"
            | b"center"
            | b"dd"
            | b"details"
            | b"dialog"
            | b"dl"
            | b"dt"
            | b"fieldset"
            | b"figcaption"
            | b"figure"
            | b"form"
            | b"head"
            | b"header"
            | b"hgroup"
            | b"hr"
            | b"html"
            | b"legend"
            | b"main"
            | b"p"
            | b"search"
            | b"section"
            | b"summary"
    )
}

#[cfg(test)]
mod tests;
