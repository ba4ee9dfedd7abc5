use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::*;

fn one(html: &str) -> EntryText {
    let (mut rows, failed) = parse("page.html", html);
    assert_eq!((rows.len(), failed.len(), rows[0].line), (1, 0, 1), "{html}");
    rows.remove(0).text
}

fn content(html: &str) -> String {
    one(&format!("<title>T</title>{html}")).content
}

#[test]
fn a_page_becomes_markdown() {
    let html = r#"<!DOCTYPE html>
<html lang="en"><head>
  <title>Refunds &amp; returns</title>
  <meta charset="utf-8"><style>p { color: red }</style>
  <script>if (1 < 2) document.write("<p>no</p>")</script>
</head><body>
  <nav><ul><li><a href="/">Home</a></ul></nav>
  <!-- not said -->
  <main>
    <h1>Refunds &amp; returns</h1>
    <p>A refund takes <b>five</b>
       <i>working&nbsp;days</i>.<br>Sometimes ten.
    <h2>What you need</h2>
    <ol><li>Open <a href="https://help.example/r?a=1&amp;b=2">Orders</a>.<li>Press <em>Return</em>.
      <ul><li>Within 30&nbsp;days</li><li></li><li><p>In its box</p><p>with its bill</p></li></ul>
    <li>Wait.</ol>
    <table><caption>By payment</caption><thead><tr><th>Way<th>Days</thead>
      <tr><td>Card<td>3 &ndash; 5<br>working<tr><td>Bank | giro</table>
    <pre><code class="x">GET  /refunds
  *all*
</code></pre>
    <p>See <a href="/terms">the terms</a> and <a href="https://x.example">https://x.example</a>, <a href="javascript:x()">this</a>.</p>
  </main>
  <template><p>no</p></template><svg><title>Icon</title></svg>
  <footer>Legal <footer>twice</footer> no</footer>
</body></html>"#;
    let entry = one(html);
    assert_eq!(
        (entry.title.as_str(), entry.category.as_str()),
        ("Refunds & returns", "general")
    );
    let expected = "\
A refund takes five working days.  \nSometimes ten.

## What you need

1. Open Orders (https://help.example/r?a=1&b=2).
2. Press Return.
   - Within 30 days
   - In its box

     with its bill
3. Wait.

By payment

| Way | Days |
| --- | --- |
| Card | 3 – 5 working |
| Bank \\| giro |

```
GET  /refunds
  *all*
```

See the terms and https://x.example, this.";
    assert_eq!(entry.content, expected);
}

#[test]
fn the_title_is_the_pages_or_its_first_heading_or_its_file() {
    for (html, title, content) in [
        ("<title> A\n page </title><h1>B</h1>x", "A page", "# B\n\nx"),
        (
            "<title></title><p>x<h1>The <b>B</b></h1>y<h1>C</h1>",
            "The B",
            "x\n\ny\n\n# C",
        ),
        ("<svg><title>Icon</title></svg>x", "page", "x"),
        ("<title>A</title><title>B</title>x", "A", "x"),
        ("<title>A</title>", "A", ""),
    ] {
        let entry = one(html);
        assert_eq!(
            (entry.title.as_str(), entry.content.as_str()),
            (title, content),
            "{html}"
        );
    }
}

#[test]
fn a_page_that_says_nothing_holds_no_entry() {
    for html in ["", " \n", "<html><body><script>x</script></body>", "<nav>Home"] {
        assert_eq!(parse("page.html", html), (vec![], vec![]), "{html}");
    }
}

#[test]
fn blocks_and_breaks_keep_texts_apart() {
    for (html, markdown) in [
        ("a<div>b</div>c", "a\n\nb\n\nc"),
        ("a<br/><br>b", "a\n\nb"),
        ("<dl><dt>a<dd>b</dl>", "a\n\nb"),
        ("so<b>me</b> wo<wbr>r\u{ad}ds<script>x</script>!", "some words!"),
        ("<h2><div>a</div></h2><h3>b<p>c", "## a\n\n### b\n\nc"),
        ("a<nav>x</nav>b", "a\n\nb"),
    ] {
        assert_eq!(content(html), markdown, "{html}");
    }
}

#[test]
fn lists_nest_and_keep_their_numbers() {
    for (html, markdown) in [
        ("<ol start=3><li>a<li>b</ol>c", "3. a\n4. b\n\nc"),
        ("<ul><li>a<ol start=2><li>b</ol></ul>", "- a\n\n  2. b"),
        ("<ul><li><ul><li>a<li>b</ul><li>c</ul>", "- a\n- b\n- c"),
        ("<li>a<li>b", "- a\n\n- b"),
        ("<ul><li>a<pre>x\n y</pre></ul>", "- a\n\n  ```\n  x\n   y\n  ```"),
        ("<ol start=4000000000><li>a</ol>", "1. a"),
    ] {
        assert_eq!(content(html), markdown, "{html}");
    }
}

#[test]
fn tables_are_rows_even_where_their_marks_are_missing() {
    for (html, markdown) in [
        (
            "<table><tr><td>a<td>b<tr><td>c",
            "| a | b |\n| --- | --- |\n| c |",
        ),
        (
            "<table><tr><td>a<tr><td>b<td>c</table>",
            "| a |  |\n| --- | --- |\n| b | c |",
        ),
        ("<table><tr><td>a<tr><td>b</table>c", "a\n\nb\n\nc"),
        (
            "<table><tr><td>a<table><tr><td>b<td>c</table>d</table>",
            "a\n\n| b | c |\n| --- | --- |\n\nd",
        ),
        (
            "<table><tr><td><p>a<ul><li>b</ul><td>c</table>",
            "| a b | c |\n| --- | --- |",
        ),
        ("a</td></tr></table>b", "ab"),
    ] {
        assert_eq!(content(html), markdown, "{html}");
    }
}

#[test]
fn links_are_told_once() {
    for (html, markdown) in [
        (
            "<a href=' HTTPS://x.example/_a '>a <b>b</b> </a>c",
            "a b (HTTPS://x.example/\\_a) c",
        ),
        (
            "<a href=http://x.example><div>a</div><div>b</div></a>",
            "a (http://x.example)\n\nb",
        ),
        ("<a href=http://x.example>a<p>b", "a (http://x.example)\n\nb"),
        ("<a href=http://x.example><img src=x></a>a", "a"),
        (
            "<a href='http://x y'>a</a> <a href=mailto:x@x.example>b</a> <a>c</a>",
            "a b c",
        ),
    ] {
        assert_eq!(content(html), markdown, "{html}");
    }
}

#[test]
fn text_that_looks_like_markdown_stays_text() {
    for (html, markdown) in [
        (
            "# a<br>1. b<br>- c<br>&gt; d<br>---<br>2.5",
            "\\# a  \n1\\. b  \n\\- c  \n\\> d  \n\\---  \n2.5",
        ),
        ("&lt;b> 1 < 2 &amp;lt; R&amp;D", "\\<b> 1 < 2 \\&lt; R&D"),
        (
            "*a* 2 * 3 snake_case _b_ `c` [d](e) \\d \\_",
            "\\*a* 2 * 3 snake_case \\_b_ \\`c\\` [d\\](e) \\d \\\\_",
        ),
        ("<h2>C #</h2>", "## C \\#"),
        ("<pre>```</pre>", "````\n```\n````"),
    ] {
        assert_eq!(content(html), markdown, "{html}");
    }
}

/// The text that a reader of the Markdown sees, each line end as a blank.
fn seen(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => text.push(' '),
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::Heading { .. } | Tag::Table(_)) => {
            }
            Event::Start(Tag::TableHead | Tag::TableRow | Tag::TableCell) | Event::End(_) => {}
            other => panic!("{other:?} in {markdown:?}"),
        }
    }
    text.trim_end().to_owned()
}

fn written(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\n', "<br>")
}

/// Words between marks that mean something to Markdown.
const MARKED: &str = "[-#*_`~>+=|:;.)(\\[\\]!<&/\\\\a1 ]{0,24}";

proptest! {
    #[test]
    fn garbage_never_panics(html in "(</?(p|h1|h2|ul|ol|li|table|tr|td|pre|a|br|nav|svg|title|div|script)( href=http://x| start=7|/)?>|[a-c <&;\n`|-]{0,4}){0,40}") {
        let (rows, failed) = parse("x.html", &html);
        prop_assert!(rows.len() <= 1 && failed.is_empty());
    }

    #[test]
    fn any_text_at_all_is_read(html in any::<String>()) {
        prop_assert_eq!(parse("x.html", &html).1, vec![]);
    }

    #[test]
    fn what_a_paragraph_says_is_what_its_markdown_says(lines in prop::collection::vec(MARKED, 1..4)) {
        let lines: Vec<_> = lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let lines: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        let text = written(&lines.join("\n"));
        let expected = lines.join(" ");
        for html in [format!("<p>{text}</p>"), format!("<ul><li>{text}</ul>"), format!("<h2>{text}</h2>")] {
            let markdown = content(&html);
            prop_assert_eq!(&seen(&markdown), &expected, "{}", markdown);
        }
        let markdown = content(&format!("<table><tr><th>a<th>{text}</table>"));
        let expected = format!("a {expected}");
        prop_assert_eq!(seen(&markdown), expected.trim_end(), "{}", markdown);
    }
}

#[test]
fn a_large_page_is_read_in_one_pass_and_does_not_outgrow_its_source() {
    let pieces = [
        "<div>",
        "<ul><li>x",
        "<b>x",
        "<td>x",
        "<tr><td>x<td>",
        "<a href=http://x>x",
        "<p>a",
        "&amp;",
        "<",
        "<nav>",
        "<pre>`",
    ];
    for piece in pieces {
        let html = piece.repeat((1 << 18) / piece.len());
        let (rows, failed) = parse("big.html", &html);
        assert!(rows.len() <= 1 && failed.is_empty(), "{piece}");
        assert!(
            rows.iter().all(|row| row.text.content.len() <= 5 * html.len()),
            "{piece}"
        );
    }
}
