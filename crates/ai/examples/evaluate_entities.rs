//! How well entities are found: spans of presidio's synthetic texts whose family is right, false alarms on questions of
//! bank customers, and the time of a message.
//!
//! `cargo run --release -p acs-ai --example evaluate_entities -- DIR`, where `DIR` holds `pii-presidio/synth.json` and
//! `banking77/train.csv`. The rules were written with the first half of presidio's texts in view, never the second.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_ai::understand::entity::personal::{PersonalDataFinder, PersonalDataModel, PersonalDataOptions};
use acs_ai::understand::entity::{Context, find, find_with};
use acs_domain::analysis::Entity;
use serde::Deserialize;
use time::macros::datetime;

/// Families of presidio, and the kinds that are right for them.
const FAMILIES: [(&str, &[&str]); 12] = [
    ("EMAIL_ADDRESS", &["email"]),
    ("PHONE_NUMBER", &["phone"]),
    ("CREDIT_CARD", &["card"]),
    ("IBAN_CODE", &["iban"]),
    ("US_SSN", &["ssn"]),
    ("DOMAIN_NAME", &["url"]),
    ("DATE_TIME", &["date"]),
    ("PERSON", &["person"]),
    // Presidio's addresses reach from the house to the postal code, and are cut in pieces at times.
    ("STREET_ADDRESS", &["street", "postal_code"]),
    ("GPE", &["location"]),
    ("ZIP_CODE", &["postal_code"]),
    ("ORGANIZATION", &["organization"]),
];

/// Parts of a whole address, which presidio's streets may be: no false alarms within one.
const ADDRESS: [&str; 4] = ["street", "location", "postal_code", "quantity"];

#[derive(Deserialize)]
struct Sample {
    full_text: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    entity_type: String,
    start_position: usize,
    end_position: usize,
}

/// What became of a family's spans.
#[derive(Default)]
struct Count {
    spans: usize,
    /// An entity of the right kind overlaps it.
    found: usize,
    /// One covers it exactly.
    exact: usize,
    /// Entities of the kind that overlap no span of the family.
    false_alarms: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("name the folder of the data sets")?;
    let samples: Vec<Sample> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("pii-presidio/synth.json"))?)?;
    let questions = banking(&folder)?;
    let model = PersonalDataModel::bundled()?;
    // Every text is read to its end here; in service the deadline is shorter.
    let options = PersonalDataOptions {
        within: Duration::from_secs(20),
        ..PersonalDataOptions::default()
    };
    let finder = Arc::new(PersonalDataFinder::start(&model, options)?);
    let misses = std::env::args().nth(2);
    for (name, half) in [
        ("first half (developed on)", &samples[..samples.len() / 2]),
        ("second half (held out)", &samples[samples.len() / 2..]),
    ] {
        for with in [None, Some(&*finder)] {
            println!(
                "\n{name}, {}\n{:<16} {:>5} {:>6} {:>6} {:>6} {:>6}",
                if with.is_some() {
                    "rules and model"
                } else {
                    "rules"
                },
                "family",
                "spans",
                "found",
                "share",
                "exact",
                "false"
            );
            let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
            for sample in half {
                let entities = entities(&sample.full_text, with).await;
                count(
                    sample,
                    &entities,
                    &mut counts,
                    misses.as_deref().filter(|_| name.starts_with("first")),
                );
            }
            for (family, _) in FAMILIES {
                let count = counts.entry(family).or_default();
                let share = count.found as f32 / count.spans.max(1) as f32;
                println!(
                    "{family:<16} {:>5} {:>6} {share:>6.3} {:>6} {:>6}",
                    count.spans, count.found, count.exact, count.false_alarms
                );
            }
        }
    }
    // The model takes its time: every tenth question tells enough.
    let tenth: Vec<String> = questions.iter().step_by(10).cloned().collect();
    for (with, questions) in [(None, &questions), (Some(&*finder), &tenth)] {
        let mut alarms: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for question in questions {
            for entity in entities(question, with).await {
                alarms.entry(entity.kind).or_default().push(entity.value);
            }
        }
        println!(
            "\nBANKING77, {} questions, {}: entities per 1,000",
            questions.len(),
            if with.is_some() {
                "rules and model"
            } else {
                "rules"
            }
        );
        for (kind, values) in alarms {
            println!(
                "{kind:<16} {:>6.1}  {:?}",
                values.len() as f32 * 1_000.0 / questions.len() as f32,
                &values[..values.len().min(12)]
            );
        }
    }
    times(&questions, &finder).await;
    Ok(())
}

async fn entities(text: &str, model: Option<&PersonalDataFinder>) -> Vec<Entity> {
    let context = Context {
        at: Some(datetime!(2026-11-22 12:00 UTC)),
        ..Context::default()
    };
    match model {
        None => find(text, context),
        Some(model) => find_with(text, context, &model.begin(text).finish().await.0),
    }
}

fn count(sample: &Sample, entities: &[Entity], counts: &mut BTreeMap<&str, Count>, misses: Option<&str>) {
    let overlaps =
        |span: &Span, entity: &Entity| entity.start < span.end_position && span.start_position < entity.end;
    for (family, kinds) in FAMILIES {
        let count: &mut Count = counts.entry(family).or_default();
        let of_kind = || entities.iter().filter(|entity| kinds.contains(&&*entity.kind));
        let of_family = || sample.spans.iter().filter(|span| span.entity_type == family);
        for span in of_family() {
            count.spans += 1;
            let found = of_kind().any(|entity| overlaps(span, entity));
            let exact = of_kind()
                .any(|entity| (entity.start, entity.end) == (span.start_position, span.end_position));
            count.found += usize::from(found);
            count.exact += usize::from(exact);
            if !found && misses == Some(family) {
                let value: String = sample
                    .full_text
                    .chars()
                    .skip(span.start_position)
                    .take(span.end_position - span.start_position)
                    .collect();
                println!("missed {value:?} in {:?}", sample.full_text);
            }
        }
        for entity in of_kind() {
            let explained = |span: &&Span| {
                overlaps(span, entity)
                    && (span.entity_type == family
                        || matches!(&*span.entity_type, "STREET_ADDRESS" | "ZIP_CODE")
                            && ADDRESS.contains(&&*entity.kind))
            };
            if !sample.spans.iter().any(|span| explained(&span)) {
                count.false_alarms += 1;
                if misses == Some(family) {
                    println!("false {:?} in {:?}", entity.value, sample.full_text);
                }
            }
        }
    }
}

async fn times(questions: &[String], finder: &PersonalDataFinder) {
    let usual: Vec<&String> = questions
        .iter()
        .filter(|question| question.split_whitespace().count() == 12)
        .take(300)
        .collect();
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    let mut rules = Vec::new();
    let mut model = Vec::new();
    for question in &usual {
        let begun = Instant::now();
        std::hint::black_box(entities(question, None).await);
        rules.push(begun.elapsed());
        let begun = Instant::now();
        std::hint::black_box(entities(question, Some(finder)).await);
        model.push(begun.elapsed());
    }
    println!(
        "\nmedian of {} messages of 12 words: rules {:?}, rules and model {:?}",
        usual.len(),
        median(rules),
        median(model)
    );
}

/// The questions of BANKING77 (Casanueva et al. 2020).
fn banking(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let text = std::fs::read_to_string(folder.join("banking77/train.csv"))?;
    let (mut questions, mut open) = (Vec::new(), String::new());
    for line in text.lines().skip(1) {
        open.push_str(line);
        // A quoted field may go on in the next line.
        if open.matches('"').count().is_multiple_of(2) {
            let (text, _) = open.rsplit_once(',').ok_or("a line without a label")?;
            questions.push(text.trim().trim_matches('"').replace("\"\"", "\""));
            open.clear();
        } else {
            open.push(' ');
        }
    }
    Ok(questions)
}
