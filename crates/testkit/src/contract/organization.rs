//! Organizations.

use std::sync::Arc;

use acs_core::id::Id;
use acs_domain::access::{Role, SYSTEM_ORGANIZATION, Scope};
use acs_domain::budget::{ModelBudget, Spending};
use acs_domain::organization::{Limits, Organization, Tier, Usage};

use tokio::task::JoinSet;

use super::{Shared, all_pages, assert_conflict};
use crate::sample::{Sample, add_organization, insert_organization};

/// Every field is read as it was written.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(
        unit.organizations().find(organization.id).await.unwrap(),
        Some(organization)
    );
}

/// A slug belongs to one organization.
pub async fn a_taken_slug_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let first = add_organization(&*store, &sample).await;
    let mut second = sample.organization();
    second.slug.clone_from(&first.slug);
    let mut unit = store.begin(Scope::trusted(second.id)).await.unwrap();
    assert_conflict(unit.organizations().insert(&second).await, "slug");
}

/// A scope sees its own organization and no other.
pub async fn only_its_own_is_seen(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let mut unit = store.read(Scope::trusted(ours.id)).await.unwrap();
    assert!(unit.organizations().find(theirs.id).await.unwrap().is_none());
    let seen = all_pages(async |page| unit.organizations().list(&page).await.unwrap()).await;
    assert_eq!(seen, [ours]);
}

/// What people set is written; what the store counts, and what tells the organization apart, stays.
pub async fn a_change_leaves_what_is_counted(store: Shared) {
    let sample = Sample::default();
    let before = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(before.id);
    let mut unit = store.begin(scope).await.unwrap();
    let staff = sample.staff(&before, Role::Agent);
    unit.users().insert(&staff).await.unwrap();
    let mut changed = unit.organizations().lock().await.unwrap().unwrap();
    changed.name = "Another name".to_owned();
    changed.website = None;
    changed.tier = Tier::Free;
    changed.limits = Limits::of(Tier::Free);
    changed.budget = ModelBudget {
        tokens_per_month: Some(5_000),
        ..ModelBudget::default()
    };
    changed.settings.agent_name = "Ida".to_owned();
    changed.ip_allow_list = vec!["192.0.2.0/24".to_owned()];
    changed.is_active = false;
    let wish = Organization {
        slug: "another-slug".to_owned(),
        usage: Usage::default(),
        intents_version: 99,
        ..changed.clone()
    };
    unit.organizations().update(&wish).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = store.read(scope).await.unwrap();
    let stored = unit.organizations().find(before.id).await.unwrap().unwrap();
    assert_eq!((stored.usage.users, &stored.slug), (1, &before.slug));
    assert_eq!(stored, changed);
}

/// No organization is changed from the scope of another.
pub async fn another_organization_cannot_be_changed(store: Shared) {
    let sample = Sample::default();
    let ours = add_organization(&*store, &sample).await;
    let theirs = add_organization(&*store, &sample).await;
    let mut unit = store.begin(Scope::trusted(ours.id)).await.unwrap();
    assert_eq!(unit.organizations().lock().await.unwrap(), Some(ours));
    assert!(unit.organizations().update(&theirs).await.is_err());
}

/// The system organization sees all organizations, newest first.
pub async fn the_system_organization_lists_all(store: Shared) {
    let sample = Sample::default();
    let mut system = sample.organization();
    system.id = SYSTEM_ORGANIZATION;
    insert_organization(&*store, &system).await;
    let mut expected = vec![system.id];
    for _ in 0..4 {
        expected.insert(0, add_organization(&*store, &sample).await.id);
    }
    let mut unit = store.read(Scope::trusted(SYSTEM_ORGANIZATION)).await.unwrap();
    let seen = all_pages(async |page| unit.organizations().list(&page).await.unwrap()).await;
    assert_eq!(seen.iter().map(|one| one.id).collect::<Vec<_>>(), expected);
    assert!(unit.organizations().find(expected[0]).await.unwrap().is_some());
    assert!(
        unit.organizations()
            .find(Id::from_uuid(uuid::Uuid::max()))
            .await
            .unwrap()
            .is_none()
    );
}

/// Usage is counted by the store, whatever the caller says.
pub async fn usage_starts_at_zero(store: Shared) {
    let sample = Sample::default();
    let mut organization = sample.organization();
    organization.usage = Usage {
        users: 7,
        conversations_this_month: 8,
        knowledge_entries: 9,
        ..organization.usage
    };
    insert_organization(&*store, &organization).await;
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let stored = unit.organizations().find(organization.id).await.unwrap().unwrap();
    let month = stored.usage.month;
    assert_eq!(
        stored.usage,
        Usage {
            month,
            ..Usage::default()
        }
    );
}

/// What models cost is added up, and begins anew with the month.
pub async fn what_models_cost_is_added_up_by_the_month(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let cost = |tokens, cost_micros| Spending { tokens, cost_micros };
    let count = async |month, spent| {
        let mut unit = store.begin(scope).await.unwrap();
        unit.organizations().count_models(month, spent).await.unwrap();
        unit.commit().await.unwrap();
        let mut unit = store.read(scope).await.unwrap();
        let found = unit.organizations().find(organization.id).await.unwrap();
        found.unwrap().usage
    };
    assert_eq!(count(24_310, cost(100, 7)).await.models_in(24_310), cost(100, 7));
    let usage = count(24_310, cost(20, 1)).await;
    assert_eq!(usage.models_in(24_310), cost(120, 8));
    assert_eq!(
        usage.models_in(24_311),
        cost(0, 0),
        "the next month has seen nothing"
    );
    let usage = count(24_311, cost(5, 2)).await;
    assert_eq!((usage.models, usage.models_month), (cost(5, 2), 24_311));
    let late = count(24_310, cost(1, 1)).await;
    assert_eq!(
        late.models_in(24_311),
        cost(6, 3),
        "a late clock does not begin the month anew"
    );
}

/// Turns that end at the same time add up.
pub async fn what_models_cost_at_the_same_time_is_not_lost(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let scope = Scope::trusted(organization.id);
    let spent = Spending {
        tokens: 10,
        cost_micros: 3,
    };
    let mut turns = JoinSet::new();
    for _ in 0..20 {
        let store = Arc::clone(&store);
        turns.spawn(async move {
            let mut unit = store.begin(scope).await.unwrap();
            unit.organizations().count_models(1, spent).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    turns.join_all().await;
    let mut unit = store.read(scope).await.unwrap();
    let found = unit.organizations().find(organization.id).await.unwrap().unwrap();
    assert_eq!(
        (found.usage.models.tokens, found.usage.models.cost_micros),
        (200, 60)
    );
}
