use std::collections::BTreeMap;

use acs_core::config::NamedSecret;
use acs_core::entropy::SeededEntropy;
use acs_core::secret::Secret;
use acs_domain::conversation::{Course, Status};
use acs_domain::port::chat::ToolCall;
use acs_domain::profile::Profile;
use acs_domain::record::{
    Call, CallEnd, ChainEnd, Decided, Heard, Input, Meaning, Piece, Recorded, Routed, Thresholds,
    VectorRecord, Versions, content_hash,
};
use acs_domain::turn::Outcome;
use acs_testkit::sample::Sample;

use super::*;

const WORDS: &str = "My name is Ada Lovelace and my parcel is lost";

fn content(sample: &Sample) -> Content {
    let organization = sample.organization();
    let customer = sample.customer(&organization, "c-1");
    let conversation = sample.conversation(&customer);
    let mut message = sample.message(&conversation, 2);
    message.content = WORDS.to_owned();
    Content {
        versions: Versions {
            parts: BTreeMap::from([("program".to_owned(), "1".to_owned())]),
            ..Versions::default()
        },
        thresholds: Thresholds {
            unknown: 0.3,
            answer: 0.7,
            certain: 0.8,
            intent: 0.7,
            hand_over_abuse: false,
        },
        input: Some(Input {
            at: sample.now(),
            time_zone: "Europe/Berlin".to_owned(),
            audience: vec!["gold".to_owned()],
            profile: Profile::default(),
            history: vec![sample.message(&conversation, 1)],
            organization,
            conversation,
            message,
            approved: BTreeMap::new(),
            strangers: 0.8,
            degraded: Vec::new(),
        }),
        heard: Heard {
            meanings: vec![Meaning {
                text: WORDS.to_owned(),
                place: Ok(VectorRecord([0.1, -0.25, f32::MIN_POSITIVE].into())),
            }],
            route: Some(Routed {
                used: Some(Err("the store was away".to_owned())),
                links: 2,
                room: Some(6_192),
                calls: vec![Call {
                    model: "m".to_owned(),
                    level: 1,
                    written: vec![Piece::Text("It is ".to_owned()), Piece::Call(asked_for())],
                    end: CallEnd::CutOff,
                    judged: None,
                }],
                attempts: Vec::new(),
            }),
            ..Heard::default()
        },
        decided: Decided {
            analysis: sample.turn_result().analysis,
            degraded: Vec::new(),
            verdicts: Vec::new(),
            draft: None,
            prompt: Some(serde_json::json!({ "system": "be kind" })),
            tried: Vec::new(),
            outcome: Outcome::Answered,
            response: Some("It is lost.".to_owned()),
            citations: Vec::new(),
            confidence: 0.123_456_79,
            offers_person: true,
            follow_up_questions: Vec::new(),
            escalation: None,
            urgent: false,
            course: Course::default(),
            model_used: "m".to_owned(),
            fallback_level: 0,
        },
        attempts: Some(sample.turn_result().evidence.attempts),
        cut: Vec::new(),
    }
}

/// Something that a model asked to be done.
fn asked_for() -> ToolCall {
    ToolCall {
        id: "call-1".to_owned(),
        name: "find_parcel".to_owned(),
        arguments: serde_json::Map::from_iter([("number".to_owned(), "7".into())]),
    }
}

fn record_of(sample: &Sample, sealed: Vec<u8>, conversation: u128) -> Record {
    let recorded = Recorded {
        organization_id: OrganizationId::from_uuid(uuid::Uuid::from_u128(1)),
        conversation_id: acs_core::id::Id::from_uuid(uuid::Uuid::from_u128(conversation)),
        turn_id: sample.id(),
        key_id: sample.id(),
        status_found: Status::Processing,
        recorded_at: sample.now(),
        content_hash: content_hash(&sealed),
    };
    Record {
        link: Link::after(&ChainEnd::default(), recorded),
        sealed,
    }
}

/// The packed content, sealed for the first record of conversation 2.
fn sealed(packed: &[u8], key: &ContentKey) -> Vec<u8> {
    let record = record_of(&Sample::default(), Vec::new(), 2);
    let place = Link::place(record.link.organization_id, record.link.conversation_id, 1);
    let place = place.each_ref().map(Vec::as_slice);
    key.seal(packed, &place, &SeededEntropy::new(1)).unwrap()
}

#[test]
fn a_content_comes_back_as_it_was_and_its_decision_with_the_same_bytes() {
    let sample = Sample::default();
    let key = ContentKey::generate(&SeededEntropy::new(1));
    let content = content(&sample);
    let packed = pack(content.clone()).unwrap();
    let opened = open(&record_of(&sample, sealed(&packed, &key), 2), &key).unwrap();
    assert_eq!(
        opened.decided.to_bytes().unwrap(),
        content.decided.to_bytes().unwrap()
    );
    assert_eq!(opened, content);
}

#[test]
fn what_is_kept_shows_nothing_of_the_customer() {
    let sample = Sample::default();
    let key = ContentKey::generate(&SeededEntropy::new(1));
    let mut plain = serde_json::to_vec(&content(&sample)).unwrap();
    let shows = |bytes: &[u8]| bytes.windows(12).any(|window| window == b"Ada Lovelace");
    assert!(shows(&plain), "the content itself does");
    plain = sealed(&plain, &key);
    assert!(!shows(&plain));
}

#[test]
fn a_content_opens_in_its_own_place_only() {
    let sample = Sample::default();
    let key = ContentKey::generate(&SeededEntropy::new(1));
    let sealed = sealed(&pack(content(&sample)).unwrap(), &key);
    let moved = open(&record_of(&sample, sealed, 3), &key);
    assert!(
        matches!(moved, Err(Unreadable::Sealed(SealError::NotAuthentic))),
        "{moved:?}"
    );
}

#[test]
fn a_form_that_nobody_knows_is_not_guessed() {
    let sample = Sample::default();
    let mut record = record_of(&sample, Vec::new(), 2);
    record.link.format = FORMAT + 1;
    let opened = open(&record, &ContentKey::generate(&SeededEntropy::new(1)));
    assert!(matches!(opened, Err(Unreadable::Form(2))), "{opened:?}");
}

#[test]
fn what_was_sealed_must_be_a_content() {
    let sample = Sample::default();
    let key = ContentKey::generate(&SeededEntropy::new(1));
    for packed in [b"".as_slice(), b"\x00\x01\x02", b"{}"] {
        let opened = open(&record_of(&sample, sealed(packed, &key), 2), &key);
        assert!(matches!(opened, Err(Unreadable::Garbled(_))), "{opened:?}");
    }
}

#[test]
fn a_content_that_is_too_long_is_cut_and_says_what_is_missing() {
    let sample = Sample::default();
    let mut long = content(&sample);
    let words = Piece::Text("word ".repeat(MAX_BYTES / 10));
    long.heard.route.as_mut().unwrap().calls[0].written = vec![words; 2];
    let cut = unpack(&pack(long.clone()).unwrap()).unwrap();
    assert_eq!(cut.cut, ["models' words"]);
    assert_eq!(
        (cut.heard.route.unwrap().calls.len(), &cut.decided.prompt),
        (0, &long.decided.prompt)
    );
    let input = long.input.as_mut().unwrap();
    input.history[0].content = "word ".repeat(MAX_BYTES / 5);
    let cut = unpack(&pack(long).unwrap()).unwrap();
    assert_eq!(cut.cut, ["models' words", "prompt", "passages", "history"]);
    assert_eq!(cut.input.unwrap().message.content, WORDS);
}

#[test]
fn a_customer_s_key_opens_for_its_own_organization_only() {
    let entropy = SeededEntropy::new(1);
    let secret = Secret::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let sealer = Sealer::new(&[NamedSecret::new("one", secret).unwrap()]).unwrap();
    let sample = Sample::default();
    let (id, organization) = (sample.id(), sample.id());
    let key = ContentKey::generate(&entropy);
    let mut kept = CustomerKey {
        id,
        organization_id: organization,
        customer_id: sample.id(),
        wrapped: key
            .wrapped(&sealer, &key_place(organization, id), &entropy)
            .unwrap(),
        created_at: sample.now(),
    };
    let sealed = key.seal(b"words", &[], &entropy).unwrap();
    assert_eq!(
        open_key(&sealer, &kept).unwrap().open(&sealed, &[]).unwrap(),
        b"words"
    );
    kept.organization_id = sample.id();
    assert_eq!(open_key(&sealer, &kept).unwrap_err(), SealError::NotAuthentic);
}
