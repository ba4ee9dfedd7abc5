//! The program as its operators know it: on both stores, alone and twice at once.

#![expect(clippy::unwrap_used, reason = "in a test, a surprise is a failure")]

use acs_testkit::database::Database;
use acs_testkit::process::Program;
use rstest::rstest;

/// The stores before their first migration.
enum Empty {
    Sqlite(tempfile::TempDir),
    Postgres(Database, tempfile::TempDir),
}

impl Empty {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    async fn postgres() -> Self {
        Self::Postgres(Database::empty().await, tempfile::tempdir().unwrap())
    }

    fn migrator(&self, command: &str) -> Program {
        let program =
            |folder: &tempfile::TempDir| Program::new(env!("CARGO_BIN_EXE_migrator"), folder.path());
        let program = match self {
            Self::Sqlite(folder) => program(folder).set("ACS__DATA_DIR", "."),
            Self::Postgres(database, folder) => program(folder)
                .set("ACS__STORE__URL", database.app_url().expose())
                .set("ACS__STORE__OWNER_URL", database.owner_url().expose()),
        };
        program.argument(command)
    }
}

/// Brings one store up, step by step.
async fn comes_up(store: Empty) {
    let status = store.migrator("status").run().await.success();
    assert!(
        status.lines().count() > 3 && status.lines().all(|line| line.ends_with(" pending")),
        "{status}"
    );
    let refusal = store.migrator("check").run().await.refusal();
    assert!(refusal.contains("migrations are pending"), "{refusal}");

    let (one, other) = (store.migrator("up"), store.migrator("up"));
    let (one, other) = tokio::join!(one.run(), other.run());
    let said = [one.success(), other.success()];
    let ran = |said: &str| -> Vec<String> {
        let names = said
            .split_once(" migrations ran: ")
            .map_or("", |(_, names)| names.trim_end());
        names
            .split(", ")
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut ran: Vec<String> = said.iter().flat_map(|said| ran(said)).collect();
    ran.sort_unstable();
    let names: Vec<&str> = status
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(ran, names, "each migration ran once, by one of the two: {said:?}");

    store.migrator("check").run().await.success();
    let status = store.migrator("status").run().await.success();
    assert!(
        status.lines().count() == names.len() && !status.contains("pending"),
        "{status}"
    );
    assert_eq!(
        store.migrator("up").run().await.success(),
        "The schema is up to date.\n"
    );
}

#[tokio::test]
async fn two_at_once_bring_an_embedded_store_up() {
    comes_up(Empty::sqlite()).await;
}

#[tokio::test]
async fn two_at_once_bring_a_postgresql_up() {
    comes_up(Empty::postgres().await).await;
}

#[tokio::test]
async fn on_postgresql_it_runs_under_the_owners_role_only() {
    let store = Empty::postgres().await;
    // The later setting counts; an empty one is not set.
    let refusal = store
        .migrator("up")
        .set("ACS__STORE__OWNER_URL", "")
        .run()
        .await
        .refusal();
    assert!(
        refusal.contains("the database cannot be brought up to date"),
        "{refusal}"
    );
    store.migrator("up").run().await.success();
}

#[rstest]
#[case::backup("backup")]
#[case::restore("restore")]
#[tokio::test]
async fn a_postgresql_is_copied_by_its_own_tools(#[case] command: &str) {
    let store = Empty::postgres().await;
    let refusal = store.migrator(command).argument("copy").run().await.refusal();
    assert!(refusal.contains("pg_dump"), "{refusal}");
}

#[tokio::test]
async fn it_explains_itself() {
    let store = Empty::sqlite();
    let help = store.migrator("--help").run().await.success();
    for command in ["up", "status", "check", "backup FILE", "restore FILE"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
    let refusal = store.migrator("down").run().await.refusal();
    assert!(
        refusal.contains("`down` is not a command") && refusal.contains("Usage:"),
        "{refusal}"
    );
}
