//! What the composer makes of the demonstration's questions: it answers those that the articles answer, and says of the
//! others that it does not know. Neither silence nor guessing keeps both bounds.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use acs_ai::compose::GroundedComposer;
use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::knowledge::{EntryText, FoundPassage, Hit, Passage, Sentence, Vector};
use acs_domain::port::compose::{Composer, Question};
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee};
use serde::Deserialize;
use uuid::Uuid;

const COMPANY: &str = "Brellwick";
/// How many passages the composer is given.
const HITS: usize = 8;
/// From this confidence a question is answered, and from that one without a person beside the answer.
const ANSWERED: f32 = 0.3;
const SURE: f32 = 0.7;

/// A question that comes with the demonstration.
#[derive(Deserialize)]
struct Asked {
    question: String,
    /// The article that answers it.
    article: Option<String>,
}

/// The demonstration's articles as the program holds them.
struct Knowledge {
    embedder: LocalEmbedder,
    retriever: Arc<dyn Retriever>,
    composer: GroundedComposer,
    /// With how often each word is in them.
    passages: Vec<(FoundPassage, HashMap<String, u32>)>,
}

/// What became of a question.
struct Outcome {
    confidence: f32,
    /// The titles of the articles that were quoted.
    cited: Vec<String>,
}

impl Knowledge {
    async fn of_the_demonstration() -> (Self, HashMap<String, String>) {
        let options = EmbedOptions {
            workers: 2,
            ..EmbedOptions::default()
        };
        let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
        let retriever: Arc<dyn Retriever> = Arc::new(RuleRetriever::default());
        let mut knowledge = Self {
            embedder: LocalEmbedder::start(model, options).unwrap(),
            composer: GroundedComposer::new(Arc::clone(&retriever)),
            retriever,
            passages: Vec::new(),
        };
        let mut titles = HashMap::new();
        let mut files: Vec<_> = std::fs::read_dir(demonstration().join("knowledge"))
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        for (number, file) in (0..).zip(files) {
            let entry = article(&std::fs::read_to_string(&file).unwrap());
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            titles.insert(name, entry.title.clone());
            knowledge.learn(number, &entry).await;
        }
        (knowledge, titles)
    }

    async fn learn(&mut self, number: u128, entry: &EntryText) {
        let cuttings = self.retriever.cut(entry);
        let texts = cuttings.iter().flat_map(|cutting| {
            let sentences = cutting.sentences.iter().map(|range| &cutting.text[range.clone()]);
            std::iter::once(cutting.embedded.as_str()).chain(sentences)
        });
        let texts = texts.map(str::to_owned).collect();
        let mut vectors = self
            .embedder
            .embed(texts, Role::Passage)
            .await
            .unwrap()
            .into_iter();
        for (ordinal, cutting) in (0..).zip(cuttings) {
            let vector = vectors.next().unwrap();
            let sentences = cutting.sentences.iter().zip(&mut vectors);
            let passage = Passage {
                id: Id::from_uuid(Uuid::from_u128(self.passages.len() as u128)),
                entry_id: Id::from_uuid(Uuid::from_u128(number)),
                ordinal,
                sentences: sentences
                    .map(|(range, vector)| Sentence {
                        start: range.start,
                        end: range.end,
                        vector,
                    })
                    .collect(),
                heading: cutting.heading,
                text: cutting.text,
                terms: cutting.terms,
                vector,
            };
            let mut counts = HashMap::new();
            for term in &passage.terms {
                *counts.entry(term.clone()).or_default() += 1;
            }
            let found = FoundPassage {
                passage,
                title: entry.title.clone(),
                category: entry.category.clone(),
                source_url: None,
                version: 1,
                success_count: 0,
                updated_at: time::OffsetDateTime::UNIX_EPOCH,
            };
            self.passages.push((found, counts));
        }
    }

    async fn ask(&self, text: &str) -> Outcome {
        let vector = self
            .embedder
            .embed(vec![text.to_owned()], Role::Question)
            .await
            .unwrap()
            .remove(0);
        let question = Question {
            text: text.to_owned(),
            terms: self.retriever.terms(text),
            language: "en".to_owned(),
            company: COMPANY.to_owned(),
            vector: Some(Arc::clone(&vector)),
            strangers: self.embedder.strangers(),
        };
        let draft = self
            .composer
            .compose(&question, &self.find(&question.terms, &vector));
        draft.map_or(
            Outcome {
                confidence: 0.0,
                cited: Vec::new(),
            },
            |draft| Outcome {
                confidence: draft.confidence,
                cited: draft
                    .citations
                    .into_iter()
                    .map(|citation| citation.title)
                    .collect(),
            },
        )
    }

    /// The best passages; every one is nominated.
    fn find(&self, terms: &[String], asked: &Vector) -> Vec<Hit> {
        let mut terms = terms.to_vec();
        terms.sort();
        terms.dedup();
        let nominee = |(found, counts): &(FoundPassage, HashMap<String, u32>)| Nominee {
            passage_id: found.passage.id,
            entry_id: found.passage.entry_id,
            cosine: asked
                .iter()
                .zip(found.passage.vector.iter())
                .map(|(a, b)| a * b)
                .sum(),
            length: u32::try_from(found.passage.terms.len()).unwrap(),
            counts: terms
                .iter()
                .map(|term| counts.get(term).copied().unwrap_or(0))
                .collect(),
        };
        let holders = |term: &String| {
            self.passages
                .iter()
                .filter(|(_, counts)| counts.contains_key(term))
                .count() as u64
        };
        let lengths = self
            .passages
            .iter()
            .map(|(found, _)| found.passage.terms.len() as u64);
        let nominations = Nominations {
            nominees: self.passages.iter().map(nominee).collect(),
            embedding_model: String::new(),
            lexicon: Lexicon {
                passages: self.passages.len() as u64,
                total_terms: lengths.sum(),
                frequencies: terms.iter().map(holders).collect(),
            },
        };
        let best = self.retriever.rank(&nominations).into_iter().take(HITS);
        best.map(|ranked| Hit {
            found: self.passages[ranked.index].0.clone(),
            score: ranked.score,
            cosine: nominations.nominees[ranked.index].cosine,
            lexical: ranked.lexical,
        })
        .collect()
    }
}

fn demonstration() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/demo"))
}

/// An article with its front matter.
fn article(markdown: &str) -> EntryText {
    let (front, content) = markdown
        .trim_start_matches("---\n")
        .split_once("\n---\n")
        .unwrap();
    let field = |name: &str| {
        let line = front
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap().to_owned()
    };
    let tags = field("tags");
    EntryText {
        title: field("title"),
        content: content.to_owned(),
        category: field("category"),
        tags: tags
            .trim_matches(['[', ']'])
            .split(", ")
            .map(str::to_owned)
            .collect(),
        summary: Some(field("summary")),
        ..EntryText::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_articles_answer_is_answered_and_what_they_do_not_is_not() {
    let (knowledge, titles) = Knowledge::of_the_demonstration().await;
    let asked = std::fs::read_to_string(demonstration().join("questions.json")).unwrap();
    let asked: Vec<Asked> = serde_json::from_str(&asked).unwrap();
    let (mut inside, mut answered, mut right) = (0, 0, 0);
    let (mut outside, mut invented, mut surely) = (0, Vec::new(), 0);
    for one in &asked {
        let Outcome { confidence, cited } = knowledge.ask(&one.question).await;
        let says = confidence >= ANSWERED;
        match &one.article {
            Some(article) => {
                inside += 1;
                answered += usize::from(says);
                right += usize::from(says && cited.contains(&titles[article]));
            }
            None => {
                outside += 1;
                surely += usize::from(confidence >= SURE);
                invented.extend(says.then_some((confidence, one.question.as_str())));
            }
        }
    }
    assert!(inside >= 140 && outside >= 45, "{inside} and {outside} questions");
    // Measured .753 and .111 without VNNI; a question or two go the other way on other processors.
    assert!(answered * 100 >= inside * 73, "answered: {answered} of {inside}");
    assert!(
        right * 100 >= inside * 68,
        "by the right article: {right} of {inside}"
    );
    assert!(
        invented.len() * 100 <= outside * 14,
        "{} of {outside} invented: {invented:?}",
        invented.len()
    );
    assert!(surely <= 2, "{surely} of {outside} invented surely: {invented:?}");
}
