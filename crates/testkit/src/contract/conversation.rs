//! Conversations.

use std::sync::Arc;
use std::time::Duration;

use acs_core::page::PageRequest;
use acs_domain::access::{Role, Scope};
use acs_domain::analysis::{EmotionLabel, SentimentLabel};
use acs_domain::budget::Spending;
use acs_domain::conversation::{
    Channel, Conversation, EmotionPoint, Priority, ResolutionType, Satisfaction, Status, Topic,
};
use acs_domain::organization::Organization;
use acs_domain::port::store::conversation::ConversationFilter;
use acs_domain::port::store::{Store, StoreError};
use serde_json::json;
use tokio::task::JoinSet;

use super::{Shared, all_pages, assert_conflict, assert_limit};
use crate::sample::{Sample, add_conversation, add_customer, add_organization, insert_organization};

async fn insert(store: &dyn Store, conversation: &Conversation) -> Result<i64, StoreError> {
    let mut unit = store.begin(Scope::trusted(conversation.organization_id)).await?;
    let number = unit.conversations().insert(conversation).await?;
    unit.commit().await?;
    Ok(number)
}

async fn update(store: &dyn Store, conversation: &Conversation) -> Result<(), StoreError> {
    let mut unit = store.begin(Scope::trusted(conversation.organization_id)).await?;
    unit.conversations().update(conversation).await?;
    unit.commit().await
}

async fn find(store: &dyn Store, conversation: &Conversation) -> Conversation {
    let mut unit = store
        .read(Scope::trusted(conversation.organization_id))
        .await
        .unwrap();
    unit.conversations().find(conversation.id).await.unwrap().unwrap()
}

fn topic(name: &str) -> Topic {
    Topic {
        name: name.to_owned(),
        asked: Some(format!("How about my {name}?")),
        open: true,
    }
}

/// A conversation with every field set.
fn eventful(conversation: &Conversation, sample: &Sample) -> Conversation {
    Conversation {
        status: Status::Resolved,
        priority: Priority::HIGH,
        title: Some("Late order".to_owned()),
        tags: vec!["late".to_owned()],
        message_count: 7,
        user_message_count: 4,
        ai_message_count: 2,
        agent_message_count: 1,
        ai_confidence_sum: 1.3,
        ai_confidence_min: Some(0.1),
        ai_fallback_count: 1,
        models: Spending {
            tokens: 420,
            cost_micros: 77,
        },
        sentiment_current: Some(SentimentLabel::VeryNegative),
        emotion_trajectory: vec![EmotionPoint {
            emotion: EmotionLabel::Anger,
            intensity: 0.7,
            at: sample.now(),
        }],
        escalated: true,
        escalation_reason: Some("anger".to_owned()),
        escalation_count: 2,
        resolved: true,
        resolution_type: Some(ResolutionType::Human),
        resolution_code: Some("R-7".to_owned()),
        resolution_summary: Some("Sent again.".to_owned()),
        satisfaction: Some(Satisfaction {
            score: 4,
            feedback: Some("quick".to_owned()),
            nps: Some(9),
        }),
        current_topic: Some("delivery".to_owned()),
        topic_stack: ["payment", "account"].map(topic).to_vec(),
        asked: Some("When will it arrive?".to_owned()),
        asked_open: true,
        language: Some("de".to_owned()),
        reminded_at: Some(sample.now()),
        salesforce_case_id: Some("500000000000001".to_owned()),
        metadata: json!({ "a": [1.5, null] })
            .as_object()
            .cloned()
            .unwrap_or_default(),
        last_activity_at: sample.now(),
        first_response_at: Some(sample.now()),
        ended_at: Some(sample.now()),
        ..conversation.clone()
    }
}

/// Every field is read as it was written, new and changed.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    assert_eq!(find(&*store, &conversation).await, conversation);
    let changed = eventful(&conversation, &sample);
    update(&*store, &changed).await.unwrap();
    let version = conversation.version + 1;
    assert_eq!(
        find(&*store, &conversation).await,
        Conversation { version, ..changed }
    );
}

/// The first conversation of an organization has the number 1, the next 2; and the customer's are counted.
pub async fn numbers_count_in_each_organization(store: Shared) {
    let sample = Sample::default();
    for _ in 0..2 {
        let organization = add_organization(&*store, &sample).await;
        let customer = add_customer(&*store, &sample, &organization).await;
        for expected in 1..=3 {
            assert_eq!(
                insert(&*store, &sample.conversation(&customer)).await.unwrap(),
                expected
            );
        }
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        assert_eq!(
            unit.users()
                .find(customer.id)
                .await
                .unwrap()
                .unwrap()
                .total_conversations,
            3
        );
        let usage = unit
            .organizations()
            .find(organization.id)
            .await
            .unwrap()
            .unwrap()
            .usage;
        assert_eq!(
            (usage.conversations_this_month, usage.conversations_lifetime),
            (3, 3)
        );
    }
}

/// Many who begin at once get different numbers without gaps.
pub async fn numbers_are_given_once_each(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let customer = add_customer(&*store, &sample, &organization).await;
        let (store, conversation) = (Arc::clone(&store), sample.conversation(&customer));
        tasks.spawn(async move { insert(&*store, &conversation).await.unwrap() });
    }
    let mut numbers = tasks.join_all().await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
}

async fn limited(store: &dyn Store, sample: &Sample, limit: i64) -> Organization {
    let mut organization = sample.organization();
    organization.limits.max_conversations_per_month = limit;
    insert_organization(store, &organization).await;
    organization
}

/// No more conversations begin in a month than the organization may have.
pub async fn the_monthly_limit_holds(store: Shared) {
    let sample = Sample::default();
    let organization = limited(&*store, &sample, 2).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    for _ in 0..2 {
        insert(&*store, &sample.conversation(&customer)).await.unwrap();
    }
    assert_limit(insert(&*store, &sample.conversation(&customer)).await, 2);
}

/// Twenty who begin at once with five places: five begin.
pub async fn the_limit_holds_for_all_at_once(store: Shared) {
    let sample = Sample::default();
    let organization = limited(&*store, &sample, 5).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, conversation) = (Arc::clone(&store), sample.conversation(&customer));
        tasks.spawn(async move { insert(&*store, &conversation).await });
    }
    let results = tasks.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5);
    assert!(
        results
            .iter()
            .all(|result| matches!(result, Ok(_) | Err(StoreError::Limit(_))))
    );
}

/// A new month begins at zero; a straggler of the month before counts as of the present one.
pub async fn the_month_rolls_over(store: Shared) {
    let sample = Sample::default();
    let organization = limited(&*store, &sample, 1).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    let late = sample.conversation(&customer);
    insert(&*store, &sample.conversation(&customer)).await.unwrap();
    sample.advance(Duration::from_secs(31 * 86_400));
    insert(&*store, &sample.conversation(&customer)).await.unwrap();
    assert_limit(insert(&*store, &sample.conversation(&customer)).await, 1);
    assert_limit(insert(&*store, &late).await, 1);
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let usage = unit
        .organizations()
        .find(organization.id)
        .await
        .unwrap()
        .unwrap()
        .usage;
    assert_eq!(usage.month, acs_domain::organization::month_number(sample.now()));
    assert_eq!(
        (usage.conversations_this_month, usage.conversations_lifetime),
        (1, 2)
    );
}

/// Of a customer's open conversations on a channel the newest is found; ended ones are not.
pub async fn the_newest_open_one_is_found(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    let older = sample.conversation(&customer);
    let newer = sample.conversation(&customer);
    let mut on_slack = sample.conversation(&customer);
    on_slack.channel = Channel::Slack;
    let mut ended = sample.conversation(&customer);
    ended.status = Status::Abandoned;
    for one in [&older, &newer, &on_slack, &ended] {
        insert(&*store, one).await.unwrap();
    }
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let conversations = unit.conversations();
    let id = |found: Option<Conversation>| found.map(|one| one.id);
    assert_eq!(
        id(conversations.find_open(customer.id, Channel::Web).await.unwrap()),
        Some(newer.id)
    );
    assert_eq!(
        id(conversations
            .find_open(customer.id, Channel::Slack)
            .await
            .unwrap()),
        Some(on_slack.id)
    );
    assert_eq!(
        id(conversations
            .find_open(customer.id, Channel::Email)
            .await
            .unwrap()),
        None
    );
}

/// Units that hold the customer while they look and begin make one conversation between them.
pub async fn one_open_conversation_for_all_who_look_at_once(store: Shared) {
    let sample = Arc::new(Sample::default());
    let organization = add_organization(&*store, &sample).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (store, sample, customer) = (Arc::clone(&store), Arc::clone(&sample), customer.clone());
        tasks.spawn(async move {
            let mut unit = store
                .begin(Scope::trusted(customer.organization_id))
                .await
                .unwrap();
            unit.conversations().lock_customer(customer.id).await.unwrap();
            let open = unit
                .conversations()
                .find_open(customer.id, Channel::Web)
                .await
                .unwrap();
            let id = match open {
                Some(open) => open.id,
                None => {
                    let new = sample.conversation(&customer);
                    unit.conversations().insert(&new).await.unwrap();
                    new.id
                }
            };
            unit.commit().await.unwrap();
            id
        });
    }
    let ids = tasks.join_all().await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

/// Two who read the same version cannot both write over it.
pub async fn an_update_needs_the_version_that_was_read(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    update(&*store, &conversation).await.unwrap();
    assert_conflict(update(&*store, &conversation).await, "version");
}

/// Whose it is, its number, its customer, its channel and its beginning stay, whatever is written.
pub async fn identity_never_changes(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let other = add_customer(&*store, &sample, &organization).await;
    let mut changed = conversation.clone();
    changed.number = 99;
    changed.customer_id = other.id;
    changed.customer_external_id = "someone".to_owned();
    changed.channel = Channel::Phone;
    changed.started_at = sample.now();
    update(&*store, &changed).await.unwrap();
    let version = conversation.version + 1;
    assert_eq!(
        find(&*store, &conversation).await,
        Conversation {
            version,
            ..conversation
        }
    );
}

/// Each condition leaves out what does not meet it.
pub async fn every_filter_filters(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let agent = sample.staff(&organization, Role::Agent);
    let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
    unit.users().insert(&agent).await.unwrap();
    unit.commit().await.unwrap();
    let plain = add_conversation(&*store, &sample, &organization).await;
    sample.advance(Duration::from_secs(60));
    let customer = add_customer(&*store, &sample, &organization).await;
    let mut special = sample.conversation(&customer);
    special.channel = Channel::Email;
    special.status = Status::WaitingForAgent;
    special.assigned_agent_id = Some(agent.id);
    special.escalated = true;
    special.title = Some("Größe 100%_falsch".to_owned());
    insert(&*store, &special).await.unwrap();

    let none = ConversationFilter::default;
    let at = plain.started_at + Duration::from_secs(30);
    let only_special = [
        ConversationFilter {
            status: Some(Status::WaitingForAgent),
            ..none()
        },
        ConversationFilter {
            channel: Some(Channel::Email),
            ..none()
        },
        ConversationFilter {
            assigned_agent_id: Some(agent.id),
            ..none()
        },
        ConversationFilter {
            escalated: Some(true),
            ..none()
        },
        ConversationFilter {
            customer_external_id: customer.external_id.clone(),
            ..none()
        },
        ConversationFilter {
            customer_id: Some(customer.id),
            ..none()
        },
        ConversationFilter {
            text: Some("  FALSCH größe".to_owned()),
            ..none()
        },
        ConversationFilter {
            text: Some("0%_F".to_owned()),
            ..none()
        },
        ConversationFilter {
            created_after: Some(at),
            ..none()
        },
    ];
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let mut ids = async |filter: &ConversationFilter| {
        let page = unit
            .conversations()
            .list(filter, &PageRequest::default())
            .await
            .unwrap();
        page.items.iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&none()).await, [special.id, plain.id]);
    for filter in &only_special {
        assert_eq!(ids(filter).await, [special.id], "{filter:?}");
    }
    assert_eq!(
        ids(&ConversationFilter {
            created_before: Some(at),
            ..none()
        })
        .await,
        [plain.id]
    );
    assert_eq!(
        ids(&ConversationFilter {
            escalated: Some(false),
            ..none()
        })
        .await,
        [plain.id]
    );
    let no_title = ConversationFilter {
        text: Some("größe 200%".to_owned()),
        ..none()
    };
    assert!(
        ids(&no_title).await.is_empty(),
        "every word must be there, as it is"
    );
    let both = ConversationFilter {
        escalated: Some(true),
        channel: Some(Channel::Web),
        ..none()
    };
    assert!(ids(&both).await.is_empty());
}

/// Pages hold each conversation once, newest first, though more begin meanwhile, and many at the same time.
pub async fn pages_survive_inserts(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let customer = add_customer(&*store, &sample, &organization).await;
    let at = sample.now();
    let mut expected = Vec::new();
    for _ in 0..5 {
        let mut one = sample.conversation(&customer);
        one.started_at = at;
        insert(&*store, &one).await.unwrap();
        expected.push(one.id);
    }
    expected.sort_unstable();
    expected.reverse();
    let listed = all_pages(async |page| {
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        let items = unit
            .conversations()
            .list(&ConversationFilter::default(), &page)
            .await
            .unwrap();
        insert(&*store, &sample.conversation(&customer)).await.unwrap();
        items
    })
    .await;
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), expected);
}

/// Who holds a conversation is the only one to change it: nothing that was read under the lock goes stale.
pub async fn a_held_conversation_makes_others_wait(store: Shared) {
    let sample = Sample::default();
    let organization = add_organization(&*store, &sample).await;
    let conversation = add_conversation(&*store, &sample, &organization).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, id) = (Arc::clone(&store), conversation.id);
        tasks.spawn(async move {
            let mut unit = store.begin(Scope::trusted(organization.id)).await.unwrap();
            let mut held = unit.conversations().lock(id).await.unwrap().unwrap();
            held.message_count += 1;
            unit.conversations().update(&held).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    tasks.join_all().await;
    assert_eq!(find(&*store, &conversation).await.message_count, 20);
}
