//! Erasing a customer, by an operator at a terminal. What goes and what stays is tested with the product.

use acs_domain::access::Scope;
use acs_testkit::Backend;
use acs_testkit::process::Program;
use acs_testkit::sample::{Sample, add_conversation, add_organization, add_turn};

fn erase(worker: &Program, slug: &str, customer: &str) -> Program {
    ["erase", "--organization", slug, "--customer", customer]
        .into_iter()
        .fold(worker.clone(), Program::argument)
}

#[tokio::test]
async fn a_customer_is_counted_then_erased_and_then_not_there() {
    let backend = Backend::postgres().await;
    let sample = Sample::default();
    let organization = add_organization(backend.store(), &sample).await;
    let conversation = add_conversation(backend.store(), &sample, &organization).await;
    add_turn(backend.store(), &sample, &conversation, 1).await;
    let (worker, _folder) = super::worker();
    let worker = worker.set("ACS__STORE__URL", backend.options().url.expose());
    let (slug, customer) = (&organization.slug, &conversation.customer_external_id);

    let counted = erase(&worker, slug, customer)
        .argument("--dry-run")
        .run()
        .await
        .success();
    let counts = format!(
        "{slug}: customer {}: 1 conversations with 1 messages, 0 keys of records: ",
        conversation.customer_id
    );
    assert!(
        counted.contains(&format!("{counts}would be erased\n")),
        "{counted}"
    );
    let done = erase(&worker, slug, customer).run().await.success();
    assert!(done.contains(&format!("{counts}erased\n")), "{done}");
    let mut unit = backend
        .store()
        .read(Scope::trusted(organization.id))
        .await
        .unwrap();
    let left = unit.conversations().find(conversation.id).await.unwrap().unwrap();
    assert!(left.is_erased());
    drop(unit);

    let id = conversation.customer_id.to_string();
    let again = erase(&worker, slug, &id).run().await.success();
    assert!(again.contains("there was nothing left to erase\n"), "{again}");
    let refusal = erase(&worker, slug, customer).run().await.refusal();
    assert!(refusal.contains("has no customer with this id"), "{refusal}");
    assert!(
        !refusal.contains(customer.as_str()),
        "no id of a customer: {refusal}"
    );
}
