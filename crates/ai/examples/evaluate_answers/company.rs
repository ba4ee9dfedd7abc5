//! The sample company that comes with the program.

use std::path::Path;

use acs_domain::knowledge::EntryText;
use anyhow::{Context, Result};

use crate::data::{Set, entry};

/// The sample company's knowledge, with the labelled questions of a file.
pub(crate) fn knowledge(name: &'static str, folder: &Path, questions: &Path) -> Result<Set> {
    let mut set = Set {
        name,
        company: "Brellwick",
        entries: Vec::new(),
        cases: Vec::new(),
    };
    let mut slugs = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder.join("knowledge"))?.collect::<std::io::Result<_>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files {
        let markdown = std::fs::read_to_string(file.path())?;
        let (_, rest) = markdown
            .split_once("---\n")
            .context("an article without front matter")?;
        let (front, content) = rest.split_once("\n---\n").context("front matter without end")?;
        let field = |name: &str| {
            let line = front
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.map(|value| value.trim().trim_matches('"').to_owned())
        };
        let tags = field("tags").unwrap_or_default();
        let tags = tags
            .trim_matches(['[', ']'])
            .split(',')
            .map(|tag| tag.trim().to_owned());
        set.entries.push(EntryText {
            tags: tags.collect(),
            summary: field("summary"),
            source_url: field("source_url"),
            category: field("category").unwrap_or_default(),
            ..entry(field("title").unwrap_or_default(), content.to_owned())
        });
        slugs.push(
            file.path()
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        );
    }
    set.add_questions(questions, &slugs)?;
    Ok(set)
}
