//! Both stores find the same: the stores nominate, one scorer ranks.

use std::path::Path;

use acs_core::id::Id;
use acs_domain::access::{Actor, Caller, Grant, Role, Scope, SearchKnowledge};
use acs_domain::knowledge::EntryText;
use acs_domain::organization::Tier;
use acs_domain::port::store::knowledge::Filter;
use acs_engine::usecase::knowledge::import::{Format, Row, parse};
use acs_engine::usecase::organizations::blank;
use serde::Deserialize;

use crate::harness::{App, Store};

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

/// What is known, and what is asked about it.
struct Corpus {
    entries: Vec<EntryText>,
    questions: Vec<String>,
}

impl Corpus {
    /// StackFAQ (Karan and Šnajder 2018, CC BY-SA 3.0), read where it lies.
    fn stackfaq(folder: &Path) -> Self {
        let threads: Vec<Thread> = read(&folder.join("threads.json"));
        let queries: Vec<Query> = read(&folder.join("queries.json"));
        Self {
            entries: threads
                .into_iter()
                .map(|thread| entry(thread.answers.joined(), thread.question))
                .collect(),
            questions: queries.into_iter().map(|query| query.query).collect(),
        }
    }

    /// The articles of the demonstration, and what its customers ask.
    fn demonstration() -> Self {
        #[derive(Deserialize)]
        struct Asked {
            question: String,
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/app/demo");
        let asked: Vec<Asked> = read(&folder.join("questions.json"));
        let mut entries = Vec::new();
        for file in std::fs::read_dir(folder.join("knowledge")).unwrap() {
            let text = std::fs::read(file.unwrap().path()).unwrap();
            let (rows, failed) = parse(Format::Markdown, "article.md", &text).unwrap();
            assert_eq!(failed.len(), 0);
            entries.extend(rows.into_iter().map(|row| row.text));
        }
        Self {
            entries,
            questions: asked.into_iter().map(|asked| asked.question).collect(),
        }
    }

    /// The titles of the ten best entries for each question, in order.
    async fn ten_best(&self, store: Store) -> Vec<Vec<String>> {
        let app = App::on(store).await;
        let engine = &app.process.engine;
        let make = |id, at| blank(id, "FAQ", "faq", Tier::Enterprise, at);
        let organization_id = engine.organizations.ensure("faq", make).await.unwrap();
        let rows = self.entries.iter().cloned().enumerate();
        let rows = rows.map(|(line, text)| Row { line, text }).collect();
        let scope = Scope::trusted(organization_id);
        let imported = engine.knowledge.seed(scope, rows).await.unwrap();
        assert_eq!((imported.created, imported.failed.len()), (self.entries.len(), 0));
        let caller = Caller {
            organization_id,
            actor: Actor::User {
                id: Id::from_uuid(uuid::Uuid::nil()),
                role: Role::Agent,
            },
        };
        let grant: Grant<SearchKnowledge> = caller.grant().unwrap();
        let mut found = Vec::with_capacity(self.questions.len());
        for question in &self.questions {
            let hits = engine
                .knowledge
                .search(&grant, question, Filter::default(), 10)
                .await
                .unwrap();
            found.push(hits.into_iter().map(|hit| hit.found.title).collect());
        }
        found
    }

    /// Fails unless the ten best are the same, in the same order, for 95 % of the questions.
    #[expect(clippy::print_stdout, reason = "the figure is worth more than the verdict")]
    async fn assert_agreement(&self) {
        let (sqlite, postgres) = tokio::join!(
            Box::pin(self.ten_best(Store::Sqlite)),
            Box::pin(self.ten_best(Store::Postgres))
        );
        let same = sqlite
            .iter()
            .zip(&postgres)
            .filter(|(one, other)| one == other)
            .count();
        let all = self.questions.len();
        println!("the same ten, in the same order, for {same} of {all} questions");
        assert!(all > 100 && same * 100 >= all * 95, "{same} of {all}");
    }
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn entry(content: String, title: String) -> EntryText {
    EntryText {
        title,
        content,
        category: "faq".to_owned(),
        ..EntryText::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ten_best_are_the_same_on_both_stores() {
    Corpus::demonstration().assert_agreement().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "reads the folder that ACS_TEST_STACKFAQ names; takes a minute and a half"]
async fn the_ten_best_of_stackfaq_are_the_same_on_both_stores() {
    let folder = std::env::var_os("ACS_TEST_STACKFAQ").expect("ACS_TEST_STACKFAQ names no folder");
    Corpus::stackfaq(Path::new(&folder)).assert_agreement().await;
}
