//! Finding, the whole way: cutting, words, vectors, order.

use std::collections::HashMap;
use std::path::Path;

use acs_ai::embed::{EmbedOptions, LocalEmbedder, ModelFiles, SentenceModel};
use acs_ai::retrieve::RuleRetriever;
use acs_core::id::Id;
use acs_domain::knowledge::{EntryText, Vector};
use acs_domain::port::embed::{Embedder, Role};
use acs_domain::port::retrieve::Retriever;
use acs_domain::port::store::knowledge::{Lexicon, Nominations, Nominee};
use uuid::Uuid;

/// All passages of some entries, every one nominated for every question.
struct Shelf {
    embedder: LocalEmbedder,
    retriever: RuleRetriever,
    passages: Vec<Shelved>,
}

/// A passage with its words counted.
struct Shelved {
    entry: usize,
    counts: HashMap<String, u32>,
    length: u32,
    vector: Vector,
}

impl Shelf {
    async fn new(entries: &[EntryText]) -> Self {
        let model = SentenceModel::load(ModelFiles::bundled()).unwrap();
        let options = EmbedOptions {
            workers: 2,
            ..EmbedOptions::default()
        };
        let embedder = LocalEmbedder::start(model, options).unwrap();
        let retriever = RuleRetriever::default();
        let mut passages = Vec::new();
        for (entry, text) in entries.iter().enumerate() {
            let cut = retriever.cut(text);
            let texts = cut.iter().map(|cutting| cutting.embedded.clone()).collect();
            for (cutting, vector) in cut
                .iter()
                .zip(embedder.embed(texts, Role::Passage).await.unwrap())
            {
                let mut counts = HashMap::new();
                for term in &cutting.terms {
                    *counts.entry(term.clone()).or_default() += 1;
                }
                let length = u32::try_from(cutting.terms.len()).unwrap();
                passages.push(Shelved {
                    entry,
                    counts,
                    length,
                    vector,
                });
            }
        }
        Self {
            embedder,
            retriever,
            passages,
        }
    }

    /// Entries for a question, best first.
    async fn find(&self, question: &str) -> Vec<usize> {
        let asked = self
            .embedder
            .embed(vec![question.to_owned()], Role::Question)
            .await
            .unwrap()
            .remove(0);
        let mut terms = self.retriever.terms(question);
        terms.sort();
        terms.dedup();
        let mut entries = Vec::new();
        for ranked in self.retriever.rank(&self.nominate(&asked, &terms)) {
            let entry = self.passages[ranked.index].entry;
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        entries
    }

    fn nominate(&self, asked: &Vector, terms: &[String]) -> Nominations {
        let id = |place: usize| Uuid::from_u128(place as u128);
        let nominee = |(place, passage): (usize, &Shelved)| Nominee {
            passage_id: Id::from_uuid(id(place)),
            entry_id: Id::from_uuid(id(passage.entry)),
            cosine: asked.iter().zip(passage.vector.iter()).map(|(a, b)| a * b).sum(),
            length: passage.length,
            counts: terms
                .iter()
                .map(|term| passage.counts.get(term).copied().unwrap_or(0))
                .collect(),
        };
        let holders = |term: &String| {
            let holders = self
                .passages
                .iter()
                .filter(|passage| passage.counts.contains_key(term));
            holders.count() as u64
        };
        Nominations {
            nominees: self.passages.iter().enumerate().map(nominee).collect(),
            lexicon: Lexicon {
                passages: self.passages.len() as u64,
                total_terms: self
                    .passages
                    .iter()
                    .map(|passage| u64::from(passage.length))
                    .sum(),
                frequencies: terms.iter().map(holders).collect(),
            },
            ..Nominations::default()
        }
    }
}

fn entry(title: &str, content: &str) -> EntryText {
    EntryText {
        title: title.to_owned(),
        content: content.to_owned(),
        category: "help".to_owned(),
        ..EntryText::default()
    }
}

#[tokio::test]
async fn other_words_and_rare_codes_both_find_their_entry() {
    let shelf = Shelf::new(&[
        entry(
            "Return an item",
            "You can send goods back within 30 days of delivery.",
        ),
        entry(
            "Error E-1042",
            "The device shows this when the battery is empty. Charge it for an hour.",
        ),
        entry(
            "Error E-2077",
            "The device shows this when it finds no network. Restart the router.",
        ),
        entry("Opening hours", "We are there from Monday to Friday, 9 to 17."),
    ])
    .await;
    assert_eq!(
        shelf
            .find("how do I send something back that I don't like?")
            .await[0],
        0
    );
    assert_eq!(shelf.find("what does E-2077 mean").await[0], 2);
    assert_eq!(shelf.find("are you open on Saturday").await[0], 3);
}

#[tokio::test]
#[ignore = "reads the folder that ACS_TEST_STACKFAQ names"]
async fn rephrased_questions_find_their_thread() {
    let folder = std::env::var_os("ACS_TEST_STACKFAQ").expect("ACS_TEST_STACKFAQ names no folder");
    let folder = Path::new(&folder);
    let read = |file: &str| -> Vec<HashMap<String, serde_json::Value>> {
        serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
    };
    // Every fifth thread keeps the test quick; all are in `examples/tune_retrieval`.
    let entries: Vec<EntryText> = read("threads.json")
        .iter()
        .step_by(5)
        .map(|thread| {
            let answer = thread["answers"].get(0).unwrap_or(&thread["answers"]);
            entry(thread["question"].as_str().unwrap(), answer.as_str().unwrap())
        })
        .collect();
    let shelf = Shelf::new(&entries).await;
    let (mut asked, mut gained) = (0.0, 0.0);
    // Of the five queries of a thread, two.
    for query in read("queries.json")
        .chunks(5)
        .flat_map(|of_thread| &of_thread[..2])
    {
        let thread = query["thread"].as_u64().unwrap() as usize;
        if !thread.is_multiple_of(5) {
            continue;
        }
        let found = shelf.find(query["query"].as_str().unwrap()).await;
        let place = found.iter().take(10).position(|entry| *entry == thread / 5);
        gained += place.map_or(0.0, |place| 1.0 / (place as f64 + 2.0).log2());
        asked += 1.0;
    }
    assert!(asked >= 50.0);
    assert!(gained / asked >= 0.955, "nDCG@10 is {:.3}", gained / asked);
}
