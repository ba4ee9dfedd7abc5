//! Plain text into Markdown that reads as that text again (CommonMark 0.31).

/// The text of a block. What would begin something else at the start of a line is escaped as well.
pub(super) fn block(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            // Two blanks keep the line's end (section 6.7).
            markdown.push_str("  \n");
        }
        write(&mut markdown, line, leading(line), |_| false);
    }
    markdown
}

/// The text of a heading: one line.
pub(super) fn heading(line: &str) -> String {
    let mut markdown = String::with_capacity(line.len());
    // Marks at its end would close it and vanish.
    let closing = line.ends_with('#').then(|| line.len() - 1);
    write(&mut markdown, line, closing, |_| false);
    markdown
}

/// The text of a table's cell: one line.
pub(super) fn cell(line: &str) -> String {
    let mut markdown = String::with_capacity(line.len());
    write(&mut markdown, line, None, |c| c == '|');
    markdown
}

/// Appends a line, with a backslash before each character that is a mark where it stands, before the one at `at`, and
/// before those that are `special`.
fn write(markdown: &mut String, line: &str, at: Option<usize>, special: impl Fn(char) -> bool) {
    let mut before = None;
    for (place, c) in line.char_indices() {
        let behind = &line[place + c.len_utf8()..];
        if at == Some(place) || special(c) || is_mark(before, c, behind) {
            markdown.push('\\');
        }
        markdown.push(c);
        before = Some(c);
    }
}

/// Whether a character means more than itself between these neighbours.
fn is_mark(before: Option<char>, c: char, behind: &str) -> bool {
    let next = behind.chars().next();
    let opens = next.is_some_and(|next| !next.is_whitespace());
    match c {
        '`' => true,
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
        '*' => opens,
        // Within a word it is no emphasis (section 6.2).
        '_' => opens && !before.is_some_and(char::is_alphanumeric),
        '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
        ']' => next.is_some_and(|next| "([:".contains(next)),
        '&' => is_entity(behind),
        _ => false,
    }
}

/// Whether a text that follows `&` makes a character reference of it. The longest name of one has 31 letters.
fn is_entity(behind: &str) -> bool {
    let name = behind.strip_prefix('#').unwrap_or(behind);
    let end = name
        .bytes()
        .take(33)
        .position(|byte| !byte.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name.as_bytes()[end] == b';')
}

/// Where a line needs a backslash in order not to begin a heading, a quote, an item, code, a rule or a table.
fn leading(line: &str) -> Option<usize> {
    let ends_mark = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let first = line.chars().next()?;
    let rest = line.trim_start_matches(first);
    let run = line.len() - rest.len();
    let begins = match first {
        '#' => run <= 6 && ends_mark(rest),
        '-' | '+' | '*' => ends_mark(&line[1..]),
        '>' => true,
        '~' => run >= 3,
        _ => false,
    };
    if begins || line.chars().all(|c| "-*_=|: ".contains(c)) {
        return Some(0);
    }
    let number = line.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let behind = &line[number..];
    (1..=9).contains(&number).then_some(())?;
    (behind.starts_with(['.', ')']) && ends_mark(&behind[1..])).then_some(number)
}
