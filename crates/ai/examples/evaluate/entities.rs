//! How well entities are found: spans of presidio's synthetic texts whose family is right, false alarms on questions of
//! bank customers. The rules were written with the first half of presidio's texts in view, never
//! the second.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use acs_ai::understand::entity::personal::{PersonalDataFinder, PersonalDataModel, PersonalDataOptions};
use acs_ai::understand::entity::{Context, find, find_with};
use acs_domain::analysis::Entity;
use anyhow::Result;
use serde::Deserialize;
use time::macros::datetime;

use crate::{Setting, data};

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

pub(crate) fn report(setting: &mut Setting) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(told(setting))
}

async fn told(setting: &Setting) -> Result<()> {
    let samples: Vec<Sample> = data::json(&setting.folder.join("pii-presidio/synth.json"))?;
    let questions = data::banking(&setting.folder)?;
    let questions: Vec<String> = questions.into_iter().map(|(text, _)| text).collect();
    let finder = finder()?;
    let (seen, held_out) = samples.split_at(samples.len() / 2);
    for (name, half) in [
        ("first half (developed on)", seen),
        ("second half (held out)", held_out),
    ] {
        for with in [None, Some(&finder)] {
            println!(
                "{name}, {}\n{:<16} {:>5} {:>6} {:>6} {:>6} {:>6}",
                by(with),
                "family",
                "spans",
                "found",
                "share",
                "exact",
                "false"
            );
            spans(half, with).await;
        }
    }
    everyday(&finder).await;
    // The model takes its time: every tenth question tells enough.
    let tenth: Vec<String> = questions.iter().step_by(10).cloned().collect();
    for (with, questions) in [(None, &questions), (Some(&finder), &tenth)] {
        alarms(questions, with).await;
    }
    Ok(())
}

/// The bundled model. Every text is read to its end here; in service the deadline is shorter.
pub(crate) fn finder() -> Result<PersonalDataFinder> {
    let options = PersonalDataOptions {
        within: Duration::from_secs(20),
        ..PersonalDataOptions::default()
    };
    Ok(PersonalDataFinder::start(
        &PersonalDataModel::bundled()?,
        options,
    )?)
}

fn by(with: Option<&PersonalDataFinder>) -> &'static str {
    if with.is_some() {
        "rules and model"
    } else {
        "rules"
    }
}

async fn spans(samples: &[Sample], with: Option<&PersonalDataFinder>) {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let begun = Instant::now();
    for sample in samples {
        count(sample, &entities(&sample.full_text, with).await, &mut counts);
    }
    let each = begun.elapsed().as_secs_f64() * 1e3 / samples.len() as f64;
    for (family, _) in FAMILIES {
        let count = counts.entry(family).or_default();
        let share = count.found as f32 / count.spans.max(1) as f32;
        println!(
            "{family:<16} {:>5} {:>6} {share:>6.3} {:>6} {:>6}",
            count.spans, count.found, count.exact, count.false_alarms
        );
    }
    println!("{} texts, {each:.2} ms each", samples.len());
}

/// What is taken for personal data in messages with numbers and names of things.
async fn everyday(finder: &PersonalDataFinder) {
    let lines = include_str!("../../tests/data/everyday-numbers.txt").lines();
    let messages: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    let (seen, held_out) = messages.split_at(messages.len() / 2);
    for (name, messages) in [("first half", seen), ("second half (held out)", held_out)] {
        let mut alarmed = 0;
        for message in messages {
            let entities = entities(message, Some(finder)).await;
            let wrong: Vec<_> = entities.iter().filter(|entity| entity.personal).collect();
            alarmed += usize::from(!wrong.is_empty());
            for entity in wrong {
                println!("{message:?}: {} {:?}", entity.kind, entity.value);
            }
        }
        println!(
            "everyday numbers, {name}: {alarmed} of {} messages with a false alarm",
            messages.len()
        );
    }
}

/// What is found where customers give nothing of themselves away.
async fn alarms(questions: &[String], with: Option<&PersonalDataFinder>) {
    let mut alarms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for question in questions {
        for entity in entities(question, with).await {
            alarms.entry(entity.kind).or_default().push(entity.value);
        }
    }
    println!(
        "BANKING77, {} questions, {}: entities per 1,000",
        questions.len(),
        by(with)
    );
    for (kind, values) in alarms {
        println!(
            "{kind:<16} {:>6.1}  {:?}",
            values.len() as f32 * 1_000.0 / questions.len() as f32,
            &values[..values.len().min(12)]
        );
    }
}

async fn entities(text: &str, model: Option<&PersonalDataFinder>) -> Vec<Entity> {
    let context = Context {
        at: Some(datetime!(2026-11-22 12:00 UTC)),
        ..Context::default()
    };
    match model {
        None => find(text, context),
        Some(model) => find_with(text, context, &model.begin(text).finish().await.0).entities,
    }
}

fn count(sample: &Sample, entities: &[Entity], counts: &mut BTreeMap<&str, Count>) {
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
            }
        }
    }
}
