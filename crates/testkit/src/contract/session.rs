//! Sign-ins.

use acs_domain::access::{Role, Scope};
use acs_domain::session::RefreshToken;

use super::Shared;
use crate::sample::{Sample, add_organization};

/// A token is read under a lock, and marked as exchanged once.
pub async fn a_token_is_held_and_spent(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let user = sample.staff(&organization, Role::Agent);
    let token = sample.refresh_token(&user);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    unit.sessions().insert(&token).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    assert_eq!(unit.sessions().lock(token.id).await.unwrap(), Some(token.clone()));
    assert_eq!(unit.sessions().lock(sample.id()).await.unwrap(), None);
    let at = sample.now();
    unit.sessions().spend(token.id, at).await.unwrap();
    let spent = unit.sessions().lock(token.id).await.unwrap().unwrap();
    assert_eq!(
        spent,
        RefreshToken {
            spent_at: Some(at),
            ..token
        }
    );
}

/// A family ends together; others go on.
pub async fn revoking_a_family_spares_others(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let user = sample.staff(&organization, Role::Agent);
    let first = sample.refresh_token(&user);
    let mut second = sample.refresh_token(&user);
    second.family_id = first.family_id;
    let other = sample.refresh_token(&user);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    for token in [&first, &second, &other] {
        unit.sessions().insert(token).await.unwrap();
    }
    let at = sample.now();
    unit.sessions().revoke_family(first.family_id, at).await.unwrap();
    let mut ended = Vec::new();
    for token in [&first, &second, &other] {
        ended.push(unit.sessions().lock(token.id).await.unwrap().unwrap().revoked_at);
    }
    assert_eq!(ended, [Some(at), Some(at), None]);
    assert!(!unit.sessions().is_live(first.family_id).await.unwrap());
    assert!(unit.sessions().is_live(other.family_id).await.unwrap());
}

/// All sign-ins of a person end; other people's go on.
pub async fn revoking_a_person_ends_every_sign_in(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let (user, other) = (
        sample.staff(&organization, Role::Agent),
        sample.staff(&organization, Role::Agent),
    );
    let tokens = [
        sample.refresh_token(&user),
        sample.refresh_token(&user),
        sample.refresh_token(&other),
    ];
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    unit.users().insert(&other).await.unwrap();
    for token in &tokens {
        unit.sessions().insert(token).await.unwrap();
    }
    unit.sessions().revoke_user(user.id, sample.now()).await.unwrap();
    let mut live = Vec::new();
    for token in &tokens {
        live.push(
            unit.sessions()
                .lock(token.id)
                .await
                .unwrap()
                .unwrap()
                .revoked_at
                .is_none(),
        );
    }
    assert_eq!(live, [false, false, true]);
}
