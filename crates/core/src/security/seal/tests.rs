use super::*;
use crate::entropy::SeededEntropy;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

fn key(id: &str, byte: u8) -> NamedSecret {
    NamedSecret::new(id, Secret::new(STANDARD.encode([byte; 32]))).unwrap()
}

fn sealer(keys: &[NamedSecret]) -> Sealer {
    Sealer::new(keys).unwrap()
}

fn place() -> Place<'static> {
    Place {
        organization: Uuid::from_u128(1),
        table: "webhooks",
        column: "secret",
        row: Uuid::from_u128(2),
    }
}

#[test]
fn an_old_key_opens_and_the_new_one_seals() {
    let (old, new) = (key("2025", 1), key("2026", 2));
    let entropy = SeededEntropy::new(1);
    let sealed = sealer(std::slice::from_ref(&old))
        .seal(&Secret::new("hunter2"), &place(), &entropy)
        .unwrap();

    let rotated = sealer(&[new.clone(), old]);
    assert_eq!(rotated.open(&sealed, &place()).unwrap().expose(), "hunter2");
    assert!(rotated.needs_reseal(&sealed));

    let resealed = rotated.seal(&Secret::new("hunter2"), &place(), &entropy).unwrap();
    assert!(resealed.starts_with("v1.2026."));
    assert!(!rotated.needs_reseal(&resealed));
    let alone = sealer(&[new]);
    assert_eq!(alone.open(&resealed, &place()).unwrap().expose(), "hunter2");
    assert_eq!(
        alone.open(&sealed, &place()).err(),
        Some(SealError::UnknownKey("2025".into()))
    );
}

#[test]
fn a_value_opens_in_its_own_place_alone() {
    let sealer = sealer(&[key("a", 1)]);
    let sealed = sealer
        .seal(&Secret::new("x"), &place(), &SeededEntropy::new(1))
        .unwrap();
    let elsewhere = [
        Place {
            organization: Uuid::from_u128(9),
            ..place()
        },
        Place {
            row: Uuid::from_u128(9),
            ..place()
        },
        Place {
            table: "users",
            ..place()
        },
        Place {
            column: "other",
            ..place()
        },
        Place {
            table: "webhookss",
            column: "ecret",
            ..place()
        },
    ];
    for other in elsewhere {
        assert_eq!(
            sealer.open(&sealed, &other).err(),
            Some(SealError::NotAuthentic),
            "{other:?}"
        );
    }
}

#[test]
fn a_key_is_not_taken_for_another_of_the_same_id() {
    let sealed = sealer(&[key("a", 1)])
        .seal(&Secret::new("x"), &place(), &SeededEntropy::new(1))
        .unwrap();
    assert_eq!(
        sealer(&[key("a", 2)]).open(&sealed, &place()).err(),
        Some(SealError::NotAuthentic)
    );
}

#[test]
fn keys_are_checked_at_the_start() {
    assert_eq!(Sealer::new(&[]).err(), Some(SealError::NoKey));
    let short = NamedSecret::new("short", Secret::new("c2hvcnQ=")).unwrap();
    assert_eq!(
        Sealer::new(&[short]).err(),
        Some(SealError::BadKey("short".into()))
    );
}

#[test]
fn a_key_is_read_in_either_base64() {
    for text in [STANDARD.encode([0xff; 32]), URL_SAFE_NO_PAD.encode([0xff; 32])] {
        assert_eq!(decode_key(&text).as_deref(), Some(&[0xff; 32]), "{text}");
    }
    assert!(decode_key("").is_none());
    assert!(decode_key(&"A".repeat(44)).is_none());
}

proptest! {
    #[test]
    fn what_is_sealed_opens(value in any::<String>(), seed: u64) {
        let sealer = sealer(&[key("a", 1)]);
        let sealed = sealer.seal(&Secret::new(value.clone()), &place(), &SeededEntropy::new(seed)).unwrap();
        let opened = sealer.open(&sealed, &place()).unwrap();
        prop_assert_eq!(opened.expose(), value.as_str());
        if value.len() > 4 {
            prop_assert!(!sealed.contains(&value));
        }
    }

    #[test]
    fn a_changed_value_does_not_open(value in ".{0,30}", seed: u64, at: usize, to in "[A-Za-z0-9_.-]") {
        let sealer = sealer(&[key("a", 1)]);
        let sealed = sealer.seal(&Secret::new(value), &place(), &SeededEntropy::new(seed)).unwrap();
        let at = at % sealed.len();
        let mut forged = sealed.clone();
        forged.replace_range(at..=at, &to);
        prop_assume!(forged != sealed);
        prop_assert!(sealer.open(&forged, &place()).is_err());
    }

    #[test]
    fn the_same_value_is_never_sealed_alike(value in ".{0,30}", seed: u64) {
        let (sealer, entropy) = (sealer(&[key("a", 1)]), SeededEntropy::new(seed));
        let seal = || sealer.seal(&Secret::new(value.clone()), &place(), &entropy).unwrap();
        prop_assert_ne!(seal(), seal());
    }

    #[test]
    fn any_text_is_refused_without_a_crash(text in "(v1\\.a\\.)?[A-Za-z0-9_.-]{0,80}") {
        prop_assert!(sealer(&[key("a", 1)]).open(&text, &place()).is_err());
    }
}
