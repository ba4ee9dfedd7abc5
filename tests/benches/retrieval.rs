//! How long a customer's question takes to find its passages among 10,000: embedding, nominating, scoring, reading.
//!
//! `tests/run --services-only -- cargo bench -p acs-tests` prints one JSON line for each store; without the servers only
//! SQLite is measured. The questions are the demonstration's, each made new by a number, one after the other. A passage is
//! made of six sentences of the demonstration, and means what they mean together.
#![expect(clippy::unwrap_used, reason = "a measurement that meets a surprise ends")]
#![expect(clippy::print_stdout, reason = "a report is what this program is for")]

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use acs_ai::retrieve::RuleRetriever;
use acs_app::{lifecycle, wire};
use acs_core::config::{Config, Sources};
use acs_core::secret::Secret;
use acs_domain::access::{Actor, Caller, Grant, Role, SearchKnowledge};
use acs_domain::knowledge::{Sentence, Vector};
use acs_domain::organization::{Limits, Tier};
use acs_domain::port::embed;
use acs_domain::port::retrieve::Retriever as _;
use acs_domain::port::store::knowledge::{Filter, WrittenEntry};
use acs_testkit::sample::{insert_organization, put_knowledge};
use acs_testkit::{Backend, Sample};
use serde_json::json;

const PASSAGES: usize = 10_000;
const QUESTIONS: usize = 1_000;
const SENTENCES: usize = 6;

static WORDS: LazyLock<RuleRetriever> = LazyLock::new(RuleRetriever::default);

#[tokio::main]
async fn main() {
    lifecycle::install_cryptography();
    measure("sqlite", Backend::sqlite().await).await;
    if Backend::has_postgres() {
        measure("postgres", Backend::postgres().await).await;
    }
}

async fn measure(store: &str, backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let url = backend.options().url.clone();
    let config = config(&url, folder.path());
    let process = wire::process(&config, Some(folder.path())).await.unwrap();
    let sample = Sample::default();
    let mut organization = sample.organization();
    organization.limits = Limits::of(Tier::Enterprise);
    insert_organization(backend.store(), &organization).await;
    let sentences = sentences();
    let meanings = process
        .embedder
        .embed(sentences.clone(), embed::Role::Question)
        .await
        .unwrap();
    let entry = |number: usize| -> WrittenEntry {
        let picked =
            (0..SENTENCES).map(|place| (number * 7_919 + place * 104_729 + number * place) % sentences.len());
        let picked: Vec<usize> = picked.collect();
        let (mut text, mut said) = (String::new(), Vec::new());
        for &one in &picked {
            let start = text.len();
            text.push_str(&sentences[one]);
            said.push(Sentence {
                start,
                end: text.len(),
                vector: meanings[one].clone(),
            });
            text.push(' ');
        }
        let mut written = sample.entry(&organization, &format!("Article {number}"), &text);
        let passage = &mut written.passages[0];
        passage.terms = WORDS.terms(&text);
        passage.vector = together(picked.iter().map(|one| &meanings[*one]));
        passage.sentences = said;
        written
    };
    for start in (0..PASSAGES).step_by(500) {
        let entries: Vec<WrittenEntry> = (start..start + 500).map(entry).collect();
        put_knowledge(backend.store(), &organization, &entries).await;
    }
    backend.settle().await;
    let caller = Caller {
        organization_id: organization.id,
        actor: Actor::User {
            id: sample.id(),
            role: Role::Agent,
        },
    };
    let grant: Grant<SearchKnowledge> = caller.grant().unwrap();
    let asked = questions();
    let mut times = Vec::with_capacity(QUESTIONS);
    // The first questions fill caches, as the first minute of a day does.
    for number in 0..QUESTIONS + 50 {
        let question = format!("{} {number}", asked[number % asked.len()]);
        let began = Instant::now();
        let hits = process
            .engine
            .knowledge
            .search(&grant, &question, Filter::default(), 8)
            .await
            .unwrap();
        if number >= 50 {
            times.push(began.elapsed());
        }
        assert_eq!(hits.len(), 8);
    }
    times.sort_unstable();
    let at = |share: usize| millis(times[times.len() * share / 100]);
    println!(
        "{}",
        json!({ "retrieval": { "store": store, "passages": PASSAGES, "questions": QUESTIONS,
                "p50_ms": at(50), "p90_ms": at(90), "p99_ms": at(99) } })
    );
    process.embedder.stop().await;
}

/// The vector of texts together: their mean, of length 1.
fn together<'a>(vectors: impl Iterator<Item = &'a Vector>) -> Vector {
    let mut sum: Vec<f32> = Vec::new();
    for vector in vectors {
        sum.resize(vector.len(), 0.0);
        sum.iter_mut()
            .zip(vector.iter())
            .for_each(|(sum, part)| *sum += part);
    }
    let length = sum.iter().map(|part| part * part).sum::<f32>().sqrt();
    sum.into_iter().map(|part| part / length).collect()
}

/// The sentences of the demonstration's articles.
fn sentences() -> Vec<String> {
    let mut sentences = Vec::new();
    for file in std::fs::read_dir(demonstration().join("knowledge")).unwrap() {
        let article = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let (_, text) = article.split_once("\n---\n").unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        sentences.extend(
            lines
                .flat_map(|line| line.split_inclusive(". "))
                .map(|sentence| sentence.trim().to_owned()),
        );
    }
    sentences.retain(|sentence| sentence.len() > 20);
    sentences.sort_unstable();
    sentences.dedup();
    sentences
}

/// What the demonstration's customers ask.
fn questions() -> Vec<String> {
    let text = std::fs::read_to_string(demonstration().join("questions.json")).unwrap();
    let asked: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    asked
        .iter()
        .map(|asked| asked["question"].as_str().unwrap().to_owned())
        .collect()
}

fn demonstration() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/app/demo")
}

fn config(url: &Secret, folder: &Path) -> Config {
    let env = [
        ("ACS__DATA_DIR", folder.display().to_string()),
        ("ACS__STORE__URL", url.expose().to_owned()),
        ("ACS__DEMO__ENABLED", "false".to_owned()),
    ];
    let env = env
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect();
    Config::load(&Sources {
        env,
        ..Sources::default()
    })
    .unwrap()
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}
