//! The demonstration's articles as what replies stand on.

use std::path::Path;
use std::sync::Arc;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::knowledge::{EntryText, FoundPassage, Hit, Passage, Sentence};
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::ground::Sources;
use acs_domain::port::retrieve::Retriever;
use anyhow::{Context, Result};
use uuid::Uuid;

/// How many articles a reply is given besides its own: what a search finds is never of one article alone.
const OTHERS: usize = 3;

/// One article with its passages.
pub(crate) struct Article {
    pub(crate) name: String,
    pub(crate) hits: Vec<Hit>,
    /// Its sentences that state something.
    pub(crate) sentences: Vec<String>,
}

/// All articles.
pub(crate) struct Desk {
    pub(crate) articles: Vec<Article>,
    pub(crate) embedder: LocalEmbedder,
}

impl Desk {
    /// Reads every `step`-th article.
    pub(crate) async fn open(step: usize) -> Result<Self> {
        let options = EmbedOptions {
            workers: 2,
            // Nothing is remembered: a sentence of a model is seldom seen twice.
            cache: 0,
            ..EmbedOptions::default()
        };
        let embedder = LocalEmbedder::start(SentenceModel::load(ModelFiles::bundled())?, options)?;
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/demo/knowledge"));
        let mut files: Vec<_> = std::fs::read_dir(folder)?
            .map(|file| Ok(file?.path()))
            .collect::<Result<_>>()?;
        files.sort();
        let mut articles = Vec::new();
        for (number, file) in (0..).zip(files.iter().step_by(step)) {
            let text = std::fs::read_to_string(file)?;
            let name = file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            articles.push(read(&embedder, number, name, &text).await?);
        }
        Ok(Self { articles, embedder })
    }

    /// The place of an article.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.articles.iter().position(|article| article.name == name)
    }

    /// What the reply about an article may stand on.
    pub(crate) fn sources(&self, article: usize) -> Sources {
        let count = self.articles.len();
        let others = (1..=OTHERS).map(|step| (article + step * 7) % count);
        let near = std::iter::once(article).chain(others.filter(|other| *other != article));
        Sources {
            hits: near.flat_map(|at| self.articles[at].hits.clone()).collect(),
            statements: Vec::new(),
            said: vec!["What do I have to know about this?".to_owned()],
            names: vec!["Brellwick".to_owned()],
            language: "en".to_owned(),
            strangers: self.embedder.strangers(),
        }
    }
}

async fn read(embedder: &LocalEmbedder, number: u128, name: String, markdown: &str) -> Result<Article> {
    let (front, content) = markdown
        .trim_start_matches("---\n")
        .split_once("\n---\n")
        .context("an article without a head")?;
    let field = |name: &str| {
        let lines = front.lines();
        let values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.map(str::to_owned).next()
    };
    let entry = EntryText {
        title: field("title").context("an article without a title")?,
        content: content.to_owned(),
        category: "help".to_owned(),
        subcategory: None,
        tags: Vec::new(),
        summary: None,
        source: None,
        source_url: field("source_url"),
        expires_at: None,
        audience: Vec::new(),
        language: None,
        valid_from: None,
    };
    let mut hits = Vec::new();
    let mut stated = Vec::new();
    for (ordinal, cutting) in (0..).zip(RuleRetriever::default().cut(&entry)) {
        let texts: Vec<String> = cutting
            .sentences
            .iter()
            .map(|range| cutting.text[range.clone()].to_owned())
            .collect();
        stated.extend(texts.iter().map(|text| plain(text)).filter(|text| states(text)));
        let vectors = embedder.embed(texts, Role::Passage).await?;
        let id = Uuid::from_u128(number * 1_000 + u128::from(i64::unsigned_abs(ordinal)));
        let sentence = |(range, vector): (&std::ops::Range<usize>, _)| Sentence {
            start: range.start,
            end: range.end,
            vector,
        };
        let passage = Passage {
            id: Id::from_uuid(id),
            entry_id: Id::from_uuid(Uuid::from_u128(number)),
            ordinal,
            sentences: cutting.sentences.iter().zip(vectors).map(sentence).collect(),
            heading: cutting.heading,
            text: cutting.text,
            terms: cutting.terms,
            vector: Arc::from([]),
        };
        let found = FoundPassage {
            passage,
            title: entry.title.clone(),
            category: entry.category.clone(),
            source_url: entry.source_url.clone(),
            version: 1,
            success_count: 0,
            updated_at: time::OffsetDateTime::UNIX_EPOCH,
        };
        hits.push(Hit {
            found,
            score: 0.8,
            cosine: 0.7,
            lexical: 3.0,
        });
    }
    Ok(Article {
        name,
        hits,
        sentences: stated,
    })
}

/// Without the mark of a list.
fn plain(text: &str) -> String {
    let text = text.trim().trim_start_matches(['-', '•', ' ']);
    text.trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches(". ")
        .trim()
        .to_owned()
}

/// Whether it can stand in a reply by itself.
fn states(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (5..=35).contains(&words) && text.ends_with('.') && !text.contains('\n')
}
