//! The sets of entries, cut and embedded as the program does it, and the neighbours of their passages.

use std::collections::BTreeSet;
use std::path::Path;

use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::knowledge::{EntryText, FoundPassage, Passage, Sentence, Vector};
use acs_domain::port::conflict::Compared;
use acs_domain::port::retrieve::Retriever as _;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use uuid::Uuid;

use crate::meaning::Meanings;

/// As many as the engine compares a passage, and each of its sentences, with.
const NEAREST: usize = 6;

/// The bank's articles, and the threads of StackFAQ.
pub(crate) fn all(folder: &Path) -> Result<Vec<(&'static str, Vec<EntryText>)>> {
    #[derive(Deserialize)]
    struct Article {
        title: String,
        content: String,
    }
    #[derive(Deserialize)]
    struct Thread {
        question: String,
        answers: serde_json::Value,
    }
    let read = |path: &str| std::fs::read(folder.join(path)).with_context(|| format!("{path} is not there"));
    let articles: Vec<Article> =
        serde_json::from_slice(&read("tau2-bench/banking_knowledge/articles.json")?)?;
    let threads: Vec<Thread> = serde_json::from_slice(&read("stackfaq/threads.json")?)?;
    let bank = articles
        .iter()
        .map(|article| entry(&article.title, &article.content));
    let answers = |thread: &Thread| match &thread.answers {
        serde_json::Value::Array(answers) => {
            let answers = answers.iter().filter_map(|answer| answer.as_str());
            answers.collect::<Vec<_>>().join("\n\n")
        }
        answer => answer.as_str().unwrap_or_default().to_owned(),
    };
    let threads = threads
        .iter()
        .map(|thread| entry(&thread.question, &answers(thread)));
    Ok(vec![("bank", bank.collect()), ("StackFAQ", threads.collect())])
}

/// A copy of a text with another figure in one place, the middle one of those where a figure counts something; `None` where
/// there is none.
pub(crate) fn altered(text: &EntryText) -> Option<EntryText> {
    let content = &text.content;
    let mut figures = Vec::new();
    for (start, before) in content.char_indices().filter(|(_, c)| " $€".contains(*c)) {
        let start = start + before.len_utf8();
        let digits = content[start..].bytes().take_while(u8::is_ascii_digit).count();
        let behind = content[start + digits..].chars().next().unwrap_or(' ');
        let opens_line = content[..start].trim_end_matches([' ', '\t']).ends_with('\n');
        if (1..6).contains(&digits) && !opens_line && " %,-\n".contains(behind) {
            figures.push(start..start + digits);
        }
    }
    let place = figures.get(figures.len() / 2)?.clone();
    let figure: u32 = content[place.clone()].parse().ok()?;
    let mut content = content.clone();
    content.replace_range(place, &(figure + 1).to_string());
    Some(EntryText {
        content,
        ..text.clone()
    })
}

pub(crate) fn entry(title: &str, content: &str) -> EntryText {
    EntryText {
        title: title.to_owned(),
        content: content.to_owned(),
        category: "all".to_owned(),
        ..EntryText::default()
    }
}

/// The passages of all entries; an entry's id is its place.
pub(crate) fn cut(
    retriever: &RuleRetriever,
    meanings: &mut Meanings,
    entries: &[EntryText],
) -> Result<Vec<Compared>> {
    let mut passages = Vec::new();
    for (at, text) in entries.iter().enumerate() {
        for cutting in retriever.cut(text) {
            let mut sentences = Vec::new();
            for range in &cutting.sentences {
                sentences.push(Sentence {
                    start: range.start,
                    end: range.end,
                    vector: meanings.of_passage(&cutting.text[range.clone()])?,
                });
            }
            let passage = Passage {
                id: Id::from_uuid(Uuid::from_u128(passages.len() as u128)),
                entry_id: Id::from_uuid(Uuid::from_u128(at as u128)),
                ordinal: 0,
                heading: cutting.heading,
                text: cutting.text,
                terms: cutting.terms,
                vector: meanings.of_passage(&cutting.embedded)?,
                sentences,
            };
            passages.push(Compared {
                found: FoundPassage {
                    passage,
                    title: text.title.clone(),
                    category: text.category.clone(),
                    source_url: None,
                    version: 1,
                    success_count: 0,
                    updated_at: time::OffsetDateTime::UNIX_EPOCH,
                },
                language: None,
            });
        }
    }
    Ok(passages)
}

/// Each passage with those of other entries that are nearest to it or to one of its sentences, each pair once.
pub(crate) fn neighbours(passages: &[Compared]) -> Vec<[usize; 2]> {
    let mut pairs = BTreeSet::new();
    for (at, one) in passages.iter().enumerate() {
        let passage = &one.found.passage;
        let vectors = std::iter::once(&passage.vector).chain(passage.sentences.iter().map(|one| &one.vector));
        for vector in vectors {
            let others = passages.iter().enumerate();
            let others = others.filter(|(_, other)| other.found.passage.entry_id != passage.entry_id);
            let mut near: Vec<(f32, usize)> = others
                .map(|(place, other)| (dot(vector, &other.found.passage.vector), place))
                .collect();
            near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let near = near.into_iter().take(NEAREST);
            pairs.extend(near.map(|(_, place)| [at.min(place), at.max(place)]));
        }
    }
    pairs.into_iter().collect()
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    a.iter().zip(b.iter()).map(|(a, b)| a * b).sum()
}
