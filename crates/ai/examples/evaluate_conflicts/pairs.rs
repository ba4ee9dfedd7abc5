//! Pairs of entries written by hand. A line is `kind | title | text | title | text`; the kind is `none` where both can be true.

use acs_domain::conflict::Difference;
use acs_domain::knowledge::EntryText;
use anyhow::{Context as _, Result};

use crate::sets::entry;

pub(crate) const FILES: [(&str, &str); 3] = [
    ("first pairs, looked at", include_str!("pairs/first.txt")),
    (
        "second pairs, held out at first",
        include_str!("pairs/second.txt"),
    ),
    ("third pairs, held out", include_str!("pairs/third.txt")),
];

pub(crate) struct Pair {
    pub(crate) difference: Option<Difference>,
    pub(crate) entries: [EntryText; 2],
}

impl Pair {
    pub(crate) fn texts(&self) -> [&str; 2] {
        [&self.entries[0].content, &self.entries[1].content]
    }
}

pub(crate) fn read(text: &str) -> Result<Vec<Pair>> {
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(pair).collect()
}

fn pair(line: &str) -> Result<Pair> {
    let fields: Vec<&str> = line.split(" | ").collect();
    let [kind, title, text, other_title, other_text] = fields[..] else {
        anyhow::bail!("not five fields: {line}");
    };
    let difference = match kind {
        "none" => None,
        kind => Some(kind.parse().with_context(|| format!("no difference: {kind}"))?),
    };
    Ok(Pair {
        difference,
        entries: [entry(title, text), entry(other_title, other_text)],
    })
}
