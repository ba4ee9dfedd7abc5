//! People.

use std::sync::Arc;

use acs_domain::access::{Role, Scope};
use acs_domain::organization::Organization;
use acs_domain::port::store::{Store, StoreError};
use acs_domain::user::{User, UserStatus};
use tokio::task::JoinSet;

use super::{Shared, all_pages, assert_conflict, assert_limit};
use crate::sample::{Sample, add_organization, insert_organization};

async fn insert(store: &dyn Store, user: &User) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(user.organization_id)).await?;
    unit.users().insert(user).await?;
    unit.commit().await
}

async fn update(store: &dyn Store, user: &User) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(user.organization_id)).await?;
    unit.users().update(user).await?;
    unit.commit().await
}

async fn find(store: &dyn Store, user: &User) -> User {
    let mut unit = store.read(Scope::trusted(user.organization_id)).await.unwrap();
    unit.users().find(user.id).await.unwrap().unwrap()
}

async fn counted(store: &dyn Store, organization: &Organization) -> i64 {
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    unit.organizations()
        .find(organization.id)
        .await
        .unwrap()
        .unwrap()
        .usage
        .users
}

/// Every field is read as it was written.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut user = sample.staff(&organization, Role::Supervisor);
    user.last_seen_at = Some(sample.now());
    user.phone_number = Some("+49 30 1234".to_owned());
    insert(&*store, &user).await.unwrap();
    assert_eq!(find(&*store, &user).await, user);
    let customer = sample.customer(&organization, "c-1");
    insert(&*store, &customer).await.unwrap();
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        unit.users().find_by_external_id("c-1").await.unwrap(),
        Some(customer)
    );
    assert_eq!(unit.users().find_by_external_id("c-2").await.unwrap(), None);
}

/// An address and an external id belong to one person of an organization.
pub async fn what_is_taken_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut first = sample.staff(&organization, Role::Agent);
    first.external_id = Some("e-1".to_owned());
    insert(&*store, &first).await.unwrap();
    let mut second = sample.staff(&organization, Role::Agent);
    second.email.clone_from(&first.email);
    assert_conflict(insert(&*store, &second).await, "email");
    let mut third = sample.staff(&organization, Role::Agent);
    third.external_id.clone_from(&first.external_id);
    assert_conflict(insert(&*store, &third).await, "external_id");
    assert_eq!(
        counted(&*store, &organization).await,
        1,
        "who was refused does not count"
    );
    // Any number of people has neither.
    for _ in 0..2 {
        insert(
            &*store,
            &User::new(sample.id(), organization.id, Role::Agent, sample.now()),
        )
        .await
        .unwrap();
    }
}

/// Organizations do not share addresses.
pub async fn the_same_address_may_be_in_two_organizations(store: Shared) {
    let sample = Sample::default();
    let (ours, theirs) = (
        add_organization(&*store, &sample).await,
        add_organization(&*store, &sample).await,
    );
    let first = sample.staff(&ours, Role::Admin);
    let mut second = sample.staff(&theirs, Role::Admin);
    second.email.clone_from(&first.email);
    insert(&*store, &first).await.unwrap();
    insert(&*store, &second).await.unwrap();
}

/// Two who read the same version cannot both write over it.
pub async fn an_update_needs_the_version_that_was_read(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let user = sample.staff(&organization, Role::Agent);
    insert(&*store, &user).await.unwrap();
    update(&*store, &user).await.unwrap();
    assert_eq!(find(&*store, &user).await.version, user.version + 1);
    assert_conflict(update(&*store, &user).await, "version");
    assert_conflict(
        update(&*store, &sample.staff(&organization, Role::Agent)).await,
        "version",
    );
}

/// An update writes all fields; id, organization and time of making stay.
pub async fn an_update_changes_everything_but_identity(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let user = sample.staff(&organization, Role::Agent);
    insert(&*store, &user).await.unwrap();
    let mut changed = sample.staff(&organization, Role::Supervisor);
    changed.id = user.id;
    changed.version = user.version;
    changed.display_name = None;
    changed.first_name = Some("Bea".to_owned());
    changed.total_conversations = 99;
    update(&*store, &changed).await.unwrap();
    let expected = User {
        created_at: user.created_at,
        version: user.version + 1,
        total_conversations: 0,
        ..changed
    };
    assert_eq!(find(&*store, &user).await, expected);
}

/// Staff are limited, customers are not.
pub async fn staff_count_against_the_limit(store: Shared) {
    let sample = Sample::default();
    let mut organization = sample.organization();
    organization.limits.max_users = 2;
    insert_organization(&*store, &organization).await;
    for _ in 0..2 {
        insert(&*store, &sample.staff(&organization, Role::Agent))
            .await
            .unwrap();
    }
    assert_limit(
        insert(&*store, &sample.staff(&organization, Role::Agent)).await,
        2,
    );
    insert(&*store, &sample.customer(&organization, "c-1"))
        .await
        .unwrap();
    assert_eq!(counted(&*store, &organization).await, 2);
}

/// Who is removed, or becomes a customer, makes room; who comes back needs it.
pub async fn counts_follow_role_and_status(store: Shared) {
    let sample = Sample::default();
    let mut organization = sample.organization();
    organization.limits.max_users = 1;
    insert_organization(&*store, &organization).await;
    let mut first = sample.staff(&organization, Role::Agent);
    insert(&*store, &first).await.unwrap();
    first.status = UserStatus::Deleted;
    update(&*store, &first).await.unwrap();
    assert_eq!(counted(&*store, &organization).await, 0);
    let mut second = sample.staff(&organization, Role::Agent);
    insert(&*store, &second).await.unwrap();
    first.version += 1;
    first.status = UserStatus::Active;
    assert_limit(update(&*store, &first).await, 1);
    second.role = Role::Customer;
    update(&*store, &second).await.unwrap();
    update(&*store, &first).await.unwrap();
    assert_eq!(counted(&*store, &organization).await, 1);
    first.version += 1;
    first.status = UserStatus::Inactive;
    update(&*store, &first).await.unwrap();
    assert_eq!(
        counted(&*store, &organization).await,
        1,
        "who is switched off still counts"
    );
}

/// Twenty who come at once to five places: five are let in.
pub async fn the_limit_holds_for_all_at_once(store: Shared) {
    let sample = Arc::new(Sample::default());
    let mut organization = sample.organization();
    organization.limits.max_users = 5;
    insert_organization(&*store, &organization).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, user) = (Arc::clone(&store), sample.staff(&organization, Role::Agent));
        tasks.spawn(async move { insert(&*store, &user).await });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5);
    assert!(
        results
            .iter()
            .all(|result| matches!(result, Ok(()) | Err(StoreError::Limit(_))))
    );
    assert_eq!(counted(&*store, &organization).await, 5);
}

/// However many see a customer for the first time at once, it becomes one person.
pub async fn a_customer_is_made_once_however_many_ask(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (store, customer) = (Arc::clone(&store), sample.customer(&organization, "c-1"));
        tasks.spawn(async move {
            let mut unit = store
                .begin(Scope::trusted(customer.organization_id))
                .await
                .unwrap();
            let known = unit.users().ensure_customer(&customer).await.unwrap();
            unit.commit().await.unwrap();
            known.id
        });
    }
    let ids = tasks.join_all().await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        unit.users().find_by_external_id("c-1").await.unwrap().unwrap().id,
        ids[0]
    );
}

/// A member of the staff with that external id is not the customer.
pub async fn staff_are_not_served_as_customers(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut agent = sample.staff(&organization, Role::Agent);
    agent.external_id = Some("e-1".to_owned());
    insert(&*store, &agent).await.unwrap();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    let customer = sample.customer(&organization, "e-1");
    assert_conflict(unit.users().ensure_customer(&customer).await, "external_id");
}

/// Lists are newest first, of one role if wanted.
pub async fn lists_are_newest_first(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut agents = Vec::new();
    for n in 0..5 {
        let agent = sample.staff(&organization, Role::Agent);
        insert(&*store, &agent).await.unwrap();
        agents.insert(0, agent.id);
        insert(&*store, &sample.customer(&organization, &n.to_string()))
            .await
            .unwrap();
    }
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let listed = all_pages(async |page| unit.users().list(Some(Role::Agent), &page).await.unwrap()).await;
    assert_eq!(listed.iter().map(|user| user.id).collect::<Vec<_>>(), agents);
    let everyone = all_pages(async |page| unit.users().list(None, &page).await.unwrap()).await;
    assert_eq!(everyone.len(), 10);
    assert!(everyone.is_sorted_by_key(|user| std::cmp::Reverse(user.created_at)));
}
