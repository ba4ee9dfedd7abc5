//! What is found for questions that are written as customers write: misspelt.

use acs_core::id::Id;
use acs_domain::access::{Actor, Caller, Grant, Role, Scope, SearchKnowledge};
use acs_domain::knowledge::{EntryText, Hit};
use acs_domain::organization::Tier;
use acs_domain::port::store::knowledge::Filter;
use acs_engine::usecase::knowledge::import::Row;
use acs_engine::usecase::organizations::blank;
use rstest::rstest;

use crate::harness::App;
use crate::harness::Store::{self, Postgres, Sqlite};

/// A help centre with these entries, and what it finds for a question.
struct Desk {
    app: App,
    grant: Grant<SearchKnowledge>,
}

impl Desk {
    async fn with(store: Store, entries: &[(&str, &str)]) -> Self {
        let app = App::on(store).await;
        let engine = &app.process.engine;
        let make = |id, at| blank(id, "Desk", "desk", Tier::Enterprise, at);
        let organization_id = engine.organizations.ensure("desk", make).await.unwrap();
        let rows = entries.iter().enumerate().map(|(line, (title, content))| Row {
            line,
            text: EntryText {
                title: (*title).to_owned(),
                content: (*content).to_owned(),
                category: "help".to_owned(),
                ..EntryText::default()
            },
        });
        let scope = Scope::trusted(organization_id);
        let imported = engine.knowledge.seed(scope, rows.collect()).await.unwrap();
        assert_eq!(imported.created, entries.len());
        let caller = Caller {
            organization_id,
            actor: Actor::User {
                id: Id::from_uuid(uuid::Uuid::nil()),
                role: Role::Agent,
            },
        };
        let grant = caller.grant().unwrap();
        Self { app, grant }
    }

    async fn find(&self, question: &str) -> Vec<Hit> {
        let knowledge = &self.app.process.engine.knowledge;
        knowledge
            .search(&self.grant, question, Filter::default(), 3)
            .await
            .unwrap()
    }
}

const ENTRIES: &[(&str, &str)] = &[
    (
        "Sending a lamp back",
        "Return a lamp within thirty days. We refund the price when it is here.",
    ),
    (
        "Changing the address",
        "Open your account and choose the new delivery address.",
    ),
    (
        "Paying by invoice",
        "Companies may pay by invoice within two weeks.",
    ),
    (
        "Connecting to the network",
        "Hold the button of the lamp until it blinks, and choose your network in the app.",
    ),
];

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_word_finds_what_was_meant(#[values(Sqlite, Postgres)] store: Store) {
    let desk = Desk::with(store, ENTRIES).await;
    let meant = desk.find("invoice").await;
    let found = desk.find("invocie").await;
    assert_eq!(found[0].found.title, "Paying by invoice");
    assert_eq!(
        found[0].lexical, meant[0].lexical,
        "its words count as if it were well spelt"
    );
    // What is like nothing that is known stays as it is.
    assert!(desk.find("zeppelin").await.iter().all(|hit| hit.lexical == 0.0));
}
