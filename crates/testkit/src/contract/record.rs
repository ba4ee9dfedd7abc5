//! Records of turns, and the keys of their contents.

use acs_domain::access::Scope;
use acs_domain::conversation::Conversation;
use acs_domain::organization::Organization;
use acs_domain::port::store::Store;
use acs_domain::record::{ChainEnd, Link, Page, Record};
use acs_domain::turn::Turn;

use super::{Shared, assert_conflict};
use crate::sample::{Sample, add_conversation, add_organization, add_turn};

/// A chain of so many records, in the store.
async fn add_chain(
    store: &dyn Store,
    sample: &Sample,
    conversation: &Conversation,
    length: i64,
) -> Vec<Record> {
    let mut chain = Vec::new();
    let mut end = ChainEnd::default();
    for number in 1..=length {
        let turn = add_turn(store, sample, conversation, number).await;
        let record = sample.record(&turn, &end);
        end = record.link.end();
        let mut unit = store.begin(scope_of(conversation)).await.unwrap();
        unit.records().append(&record).await.unwrap();
        unit.commit().await.unwrap();
        chain.push(record);
    }
    chain
}

fn scope_of(conversation: &Conversation) -> Scope {
    Scope::trusted(conversation.organization_id)
}

async fn talk(store: &dyn Store, sample: &Sample) -> (Organization, Conversation) {
    let organization = add_organization(store, sample).await;
    let conversation = add_conversation(store, sample, &organization).await;
    (organization, conversation)
}

/// Every field is read as it was written, whichever way is taken to it.
pub async fn comes_back_as_it_was(store: Shared) {
    let sample = Sample::default();
    let (_, conversation) = talk(&*store, &sample).await;
    let chain = add_chain(&*store, &sample, &conversation, 3).await;
    let mut unit = store.read(scope_of(&conversation)).await.unwrap();
    for record in &chain {
        let found = unit.records().find(record.link.turn_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(record));
    }
    let links: Vec<Link> = chain.iter().map(|record| record.link.clone()).collect();
    let mut before = async |seq, limit| {
        let read = unit.records().links_before(conversation.id, seq, limit);
        read.await.unwrap()
    };
    assert_eq!(before(3, 10).await, links[..2]);
    assert_eq!(before(4, 2).await, links[1..]);
    assert_eq!(before(1, 10).await, []);
    let newest: Vec<Record> = chain.iter().rev().take(2).cloned().collect();
    assert_eq!(unit.records().newest(None, None, 2).await.unwrap(), newest);
    let of_one = unit
        .records()
        .newest(Some(conversation.id), None, 2)
        .await
        .unwrap();
    assert_eq!(of_one, newest);
    assert_eq!(
        unit.records().newest(Some(sample.id()), None, 2).await.unwrap(),
        []
    );
    for of in [None, Some(conversation.id)] {
        let before = unit.records().newest(of, Some(chain[1].link.turn_id), 2).await;
        assert_eq!(before.unwrap(), chain[..1]);
    }
    assert_eq!(unit.records().find(sample.id()).await.unwrap(), None);
}

/// The page names the end of the chain, the customer and the customer's newest key.
pub async fn the_page_tells_where_the_next_record_goes(store: Shared) {
    let sample = Sample::default();
    let (organization, conversation) = talk(&*store, &sample).await;
    let page = async |id| {
        let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
        unit.records().page(id).await.unwrap()
    };
    let first = Page {
        end: ChainEnd::default(),
        customer_id: conversation.customer_id,
        key: None,
    };
    assert_eq!(page(conversation.id).await, Some(first));
    let chain = add_chain(&*store, &sample, &conversation, 2).await;
    let keys = [
        sample.customer_key(&conversation),
        sample.customer_key(&conversation),
    ];
    let mut unit = store.begin(scope_of(&conversation)).await.unwrap();
    for key in &keys {
        unit.records().add_key(key).await.unwrap();
    }
    unit.commit().await.unwrap();
    let next = page(conversation.id).await.unwrap();
    assert_eq!(next.end, chain[1].link.end());
    assert_eq!(next.key.as_ref(), Some(&keys[1]));
    assert_eq!(page(sample.id()).await, None);
}

/// A place in a chain is given once, and a turn has one record.
pub async fn a_taken_place_is_a_conflict(store: Shared) {
    let sample = Sample::default();
    let (_, conversation) = talk(&*store, &sample).await;
    let chain = add_chain(&*store, &sample, &conversation, 1).await;
    let other = add_turn(&*store, &sample, &conversation, 2).await;
    let again = Record {
        link: Link {
            seq: 2,
            ..chain[0].link.clone()
        },
        ..chain[0].clone()
    };
    for refused in [sample.record(&other, &ChainEnd::default()), again] {
        let mut unit = store.begin(scope_of(&conversation)).await.unwrap();
        assert_conflict(unit.records().append(&refused).await, "id");
    }
}

/// The list goes through all conversations of the organization, each in its order, and can be read in pieces.
pub async fn the_list_goes_along_every_chain(store: Shared) {
    let sample = Sample::default();
    let (organization, first) = talk(&*store, &sample).await;
    let second = add_conversation(&*store, &sample, &organization).await;
    let (_, foreign) = talk(&*store, &sample).await;
    let mut expected = Vec::new();
    for conversation in [&first, &second, &foreign] {
        expected.extend(add_chain(&*store, &sample, conversation, 3).await);
    }
    expected.truncate(6);
    let mut unit = store.read(Scope::trusted(organization.id)).await.unwrap();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let piece = unit.records().list(after, 2).await.unwrap();
        let Some(last) = piece.last() else { break };
        after = Some((last.link.conversation_id, last.link.seq));
        listed.extend(piece);
    }
    assert_eq!(listed, expected);
}

/// A turn that was done since there are records and has none is named; what is not done, or was done before, is not.
pub async fn a_turn_without_its_record_is_named(store: Shared) {
    let sample = Sample::default();
    let (_, conversation) = talk(&*store, &sample).await;
    let finish = async |turn: &Turn| {
        let mut unit = store.begin(scope_of(&conversation)).await.unwrap();
        let until = sample.now() + std::time::Duration::from_secs(30);
        let held = unit
            .turns()
            .acquire(conversation.id, "worker-1", sample.now(), until);
        assert_eq!(held.await.unwrap().unwrap().id, turn.id);
        let mut result = sample.turn_result();
        result.completed_at = sample.now();
        assert!(unit.turns().complete(turn.id, 1, &result).await.unwrap());
        unit.commit().await.unwrap();
    };
    let early = add_turn(&*store, &sample, &conversation, 1).await;
    finish(&early).await;
    sample.advance(std::time::Duration::from_secs(1));
    let kept = add_turn(&*store, &sample, &conversation, 2).await;
    let mut unit = store.begin(scope_of(&conversation)).await.unwrap();
    let record = sample.record(&kept, &ChainEnd::default());
    unit.records().append(&record).await.unwrap();
    unit.commit().await.unwrap();
    finish(&kept).await;
    let lost = add_turn(&*store, &sample, &conversation, 3).await;
    finish(&lost).await;
    add_turn(&*store, &sample, &conversation, 4).await;
    let mut unit = store.read(scope_of(&conversation)).await.unwrap();
    let missing = unit.records().missing(10).await.unwrap();
    assert_eq!(missing, [(conversation.id, lost.id)]);
}

/// Keys go with their customer's erasure, all of them and nobody else's; records stay.
pub async fn erasing_a_customer_takes_the_keys_and_leaves_the_records(store: Shared) {
    let sample = Sample::default();
    let (organization, ours) = talk(&*store, &sample).await;
    let other = add_conversation(&*store, &sample, &organization).await;
    let chain = add_chain(&*store, &sample, &ours, 1).await;
    let keys = [
        sample.customer_key(&ours),
        sample.customer_key(&ours),
        sample.customer_key(&other),
    ];
    let ids = keys.each_ref().map(|key| key.id);
    let mut unit = store.begin(scope_of(&ours)).await.unwrap();
    for key in &keys {
        unit.records().add_key(key).await.unwrap();
    }
    assert_eq!(unit.records().keys(&ids).await.unwrap().len(), 3);
    assert_eq!(unit.records().erase_keys(ours.customer_id).await.unwrap(), 2);
    unit.commit().await.unwrap();
    let mut unit = store.read(scope_of(&ours)).await.unwrap();
    assert_eq!(unit.records().keys(&ids).await.unwrap(), keys[2..]);
    assert_eq!(unit.records().newest(None, None, 10).await.unwrap(), chain);
}
