//! Both stores find the same: the stores nominate, one scorer ranks.

use std::path::Path;

use acs_core::id::Id;
use acs_domain::access::{Actor, Caller, Grant, Role, Scope, SearchKnowledge};
use acs_domain::knowledge::EntryText;
use acs_domain::organization::Tier;
use acs_engine::usecase::knowledge::import::Row;
use acs_engine::usecase::organizations::blank;
use serde::Deserialize;

use crate::harness::App;

/// Karan and Šnajder 2018, CC BY-SA 3.0; read where it lies, never copied here.
const STACKFAQ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/stackfaq");

#[derive(Deserialize)]
struct Thread {
    question: String,
    answers: Answers,
}

/// Some threads have one answer, written without a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answers {
    One(String),
    Several(Vec<String>),
}

impl Answers {
    fn joined(&self) -> String {
        match self {
            Self::One(answer) => answer.clone(),
            Self::Several(answers) => answers.join("\n\n"),
        }
    }
}

#[derive(Deserialize)]
struct Query {
    query: String,
}

fn read<T: for<'de> Deserialize<'de>>(name: &str) -> Option<Vec<T>> {
    let text = std::fs::read_to_string(Path::new(STACKFAQ).join(name)).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The titles of the ten best entries for each query, in order.
async fn ten_best(app: &App, threads: &[Thread], queries: &[Query]) -> Vec<Vec<String>> {
    let engine = &app.process.engine;
    let make = |id, at| blank(id, "FAQ", "faq", Tier::Enterprise, at);
    let organization_id = engine.organizations.ensure("faq", make).await.unwrap();
    let rows = threads
        .iter()
        .enumerate()
        .map(|(line, thread)| Row {
            line,
            text: entry(thread),
        })
        .collect();
    let imported = engine
        .knowledge
        .seed(Scope::trusted(organization_id), rows)
        .await
        .unwrap();
    assert_eq!((imported.created, imported.failed.len()), (threads.len(), 0));
    let caller = Caller {
        organization_id,
        actor: Actor::User {
            id: Id::from_uuid(uuid::Uuid::nil()),
            role: Role::Agent,
        },
    };
    let grant: Grant<SearchKnowledge> = caller.grant().unwrap();
    let mut found = Vec::with_capacity(queries.len());
    for query in queries {
        let hits = engine
            .knowledge
            .search(&grant, &query.query, None, 10)
            .await
            .unwrap();
        found.push(hits.into_iter().map(|hit| hit.found.title).collect());
    }
    found
}

fn entry(thread: &Thread) -> EntryText {
    EntryText {
        title: thread.question.clone(),
        content: thread.answers.joined(),
        category: "faq".to_owned(),
        subcategory: None,
        tags: Vec::new(),
        summary: None,
        source: None,
        source_url: None,
        expires_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ten_best_are_the_same_on_both_stores() {
    let (Some(threads), Some(queries)) = (read::<Thread>("threads.json"), read::<Query>("queries.json"))
    else {
        println!("SKIPPED: {STACKFAQ} is not here, so the stores' agreement is not measured");
        return;
    };
    let sqlite = ten_best(&App::sqlite().await, &threads, &queries).await;
    let postgres = ten_best(&App::postgres().await, &threads, &queries).await;
    let same = sqlite
        .iter()
        .zip(&postgres)
        .filter(|(one, other)| one == other)
        .count();
    println!(
        "the same ten, in the same order, for {same} of {} queries",
        queries.len()
    );
    assert!(same * 100 >= queries.len() * 95, "{same} of {}", queries.len());
}
