//! Looking back: records checked, and turns run again, by an operator at a terminal. What comes of turns is tested with the
//! engine.

use acs_domain::access::Scope;
use acs_domain::record::ChainEnd;
use acs_testkit::Backend;
use acs_testkit::process::Program;
use acs_testkit::sample::{Sample, add_conversation, add_organization, add_turn};

/// A worker beside a database in which an organization has a chain of three records; the organization's slug.
async fn scene() -> (Backend, Program, tempfile::TempDir, String) {
    let backend = Backend::postgres().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let conversation = add_conversation(backend.store(), &sample, &organization).await;
    let mut end = ChainEnd::default();
    for seq in 1..=3 {
        let turn = add_turn(backend.store(), &sample, &conversation, seq).await;
        let record = sample.record(&turn, &end);
        end = record.link.end();
        let scope = Scope::trusted(organization.id);
        let mut unit = backend.store().begin(scope).await.unwrap();
        unit.records().append(&record).await.unwrap();
        unit.commit().await.unwrap();
    }
    let (worker, folder) = super::worker();
    let worker = worker.set("ACS__STORE__URL", backend.options().url.expose());
    (backend, worker, folder, organization.slug)
}

#[tokio::test]
async fn verify_counts_what_holds_and_names_what_does_not() {
    let (backend, worker, _folder, slug) = scene().await;
    let verify = worker.argument("verify");
    let report = verify.run().await.success();
    assert!(
        report.contains(&format!("{slug}: 3 records in 1 conversations")),
        "{report}"
    );
    let change =
        "ALTER TABLE turn_records DISABLE TRIGGER USER; UPDATE turn_records SET content = hash WHERE seq = 2";
    backend.tamper(change).await;
    let ended = verify.argument("--organization").argument(&slug).run().await;
    assert!(ended.stdout.contains("record 2 "), "{}", ended.stdout);
    let refusal = ended.refusal();
    assert!(refusal.contains("1 faults in 3 records"), "{refusal}");
}

#[tokio::test]
async fn replay_says_why_it_can_prove_nothing() {
    let (_backend, worker, _folder, slug) = scene().await;
    let ended = worker
        .argument("replay")
        .argument("--organization")
        .argument(&slug)
        .run()
        .await;
    assert!(
        ended.stdout.contains("3 turns: 0 decided the same"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("the customer was erased"),
        "{}",
        ended.stdout
    );
    let refusal = ended.refusal();
    assert!(refusal.contains("no turn was run again"), "{refusal}");
}

#[tokio::test]
async fn what_is_no_command_is_refused_before_anything_is_touched() {
    let arguments: [&[&str]; 6] = [
        &["verfy"],
        &["erase", "--organization", "acme"],
        &["erase", "--customer", "c-1", "--force"],
        &["replay"],
        &["replay", "--turn", "7"],
        &["verify", "acme"],
    ];
    for some in arguments {
        let (worker, folder) = super::worker();
        let worker = some
            .iter()
            .fold(worker, |worker, argument| worker.argument(argument));
        let refusal = worker.run().await.refusal();
        assert!(refusal.starts_with("worker: "), "{refusal}");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}

#[tokio::test]
async fn a_template_that_cannot_be_used_is_refused_with_its_line() {
    let (_backend, worker, folder, slug) = scene().await;
    let file = folder.path().join("own.md");
    std::fs::write(&file, "Be kind.\n{{ rules }}\n{{ surces }}").unwrap();
    let worker = [
        "replay",
        "--organization",
        &slug,
        "--prompt",
        &file.display().to_string(),
    ]
    .into_iter()
    .fold(worker, Program::argument);
    let refusal = worker.run().await.refusal();
    assert!(
        refusal.contains("own.md") && refusal.contains("line 3"),
        "{refusal}"
    );
}
