use acs_core::entropy::{Entropy, SeededEntropy};
use time::macros::datetime;

use super::*;

fn recorded(number: u128) -> Recorded {
    let id = |kind: u128| uuid::Uuid::from_u128(kind << 64 | number);
    Recorded {
        organization_id: Id::from_uuid(id(1)),
        conversation_id: Id::from_uuid(id(2)),
        turn_id: Id::from_uuid(id(3)),
        key_id: Id::from_uuid(id(4)),
        status_found: Status::Processing,
        recorded_at: datetime!(2026-03-10 12:00 UTC),
        content_hash: content_hash(&number.to_be_bytes()),
    }
}

/// A change of one field.
type Change = fn(&mut Link);

#[test]
fn a_chain_that_nobody_touched_holds() {
    let mut end = ChainEnd::default();
    for number in 0..5 {
        let link = Link::after(&end, recorded(number));
        assert_eq!(link.fault_after(&end), None);
        end = link.end();
    }
    assert_eq!(end.seq, 5);
}

#[test]
fn a_change_of_any_field_is_seen() {
    let changes: [(&str, Change); 11] = [
        ("organization", |link| {
            link.organization_id = Id::from_uuid(uuid::Uuid::max());
        }),
        ("conversation", |link| {
            link.conversation_id = Id::from_uuid(uuid::Uuid::max());
        }),
        ("seq", |link| link.seq += 1),
        ("turn", |link| link.turn_id = Id::from_uuid(uuid::Uuid::max())),
        ("key", |link| link.key_id = Id::from_uuid(uuid::Uuid::max())),
        ("format", |link| link.format += 1),
        ("status", |link| link.status_found = Status::Escalated),
        ("time", |link| link.recorded_at += time::Duration::microseconds(1)),
        ("previous", |link| link.previous[31] ^= 1),
        ("content", |link| link.content_hash[0] ^= 1),
        ("hash", |link| link.hash[0] ^= 1),
    ];
    let end = Link::after(&ChainEnd::default(), recorded(1)).end();
    for (what, change) in changes {
        let mut link = Link::after(&end, recorded(2));
        change(&mut link);
        assert_eq!(link.fault_after(&end), Some(Fault::Altered), "{what}");
    }
}

#[test]
fn a_record_that_is_left_out_or_put_elsewhere_is_seen() {
    let first = Link::after(&ChainEnd::default(), recorded(1));
    let second = Link::after(&first.end(), recorded(2));
    let third = Link::after(&second.end(), recorded(3));
    assert_eq!(third.fault_after(&first.end()), Some(Fault::Untied));
    assert_eq!(second.fault_after(&ChainEnd::default()), Some(Fault::Untied));
    // Whoever makes a new record in the place of an old one breaks the chain behind it.
    let forged = Link::after(&first.end(), recorded(4));
    assert_eq!(forged.fault_after(&first.end()), None);
    assert_eq!(third.fault_after(&forged.end()), Some(Fault::Untied));
}

#[test]
fn another_content_is_seen() {
    let mut sealed = vec![0; 100];
    SeededEntropy::new(1).fill(&mut sealed);
    let recorded = Recorded {
        content_hash: content_hash(&sealed),
        ..recorded(1)
    };
    let link = Link::after(&ChainEnd::default(), recorded);
    let mut record = Record { link, sealed };
    assert_eq!(record.fault_after(&ChainEnd::default()), None);
    record.sealed[50] ^= 1;
    assert_eq!(
        record.fault_after(&ChainEnd::default()),
        Some(Fault::OtherContent)
    );
}

fn passage(number: u128) -> FoundPassageRecord {
    FoundPassageRecord {
        id: Id::from_uuid(uuid::Uuid::from_u128(number)),
        entry_id: Id::from_uuid(uuid::Uuid::nil()),
        version: 1,
        title: String::new(),
        category: String::new(),
        success_count: 0,
        updated_at: datetime!(2026-03-10 12:00 UTC),
        url: None,
        ordinal: 0,
        heading: String::new(),
        text: String::new(),
        terms: Vec::new(),
        sentences: Vec::new(),
        vectors: String::new(),
        score: 0.5,
        cosine: 0.5,
        lexical: 0.5,
    }
}

/// The numbers of the passages in the order in which they were considered.
fn considered(found: &[u128], parts: &[usize]) -> Vec<u128> {
    let found = FoundRecord {
        passages: found.iter().map(|number| passage(*number)).collect(),
        moved: None,
        superseded: Vec::new(),
        parts: parts.to_vec(),
        ordered: None,
    };
    let passages = found.considered().into_iter();
    passages.map(|passage| passage.id.as_uuid().as_u128()).collect()
}

#[test]
fn passages_of_several_questions_are_considered_in_turns_and_once_each() {
    assert_eq!(considered(&[3, 1, 2], &[]), [3, 1, 2]);
    assert_eq!(considered(&[1, 2, 3, 4, 1], &[3, 2]), [1, 4, 2, 3]);
    assert_eq!(considered(&[], &[]), []);
    assert_eq!(considered(&[1, 2], &[0, 2]), [1, 2]);
}
