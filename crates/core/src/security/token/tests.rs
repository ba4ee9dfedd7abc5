use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::entropy::SeededEntropy;
use crate::secret::Secret;
use crate::security::signature;

const NOW: OffsetDateTime = datetime!(2026-01-01 12:00:00.5 UTC);
const HALF_HOUR: Duration = Duration::from_secs(1800);
const SECRET: &str = "a secret of more than thirty-two bytes";

fn key(id: &str, secret: &str) -> NamedSecret {
    NamedSecret::new(id, Secret::new(secret)).unwrap()
}

fn tokens() -> Tokens {
    Tokens::new(&[key("k1", SECRET)], &Security::default()).unwrap()
}

fn subject() -> Subject {
    Subject {
        user: Uuid::from_u128(1),
        organization: Uuid::from_u128(2),
        role: "agent".to_owned(),
        scopes: vec!["converse".to_owned()],
        session: Uuid::from_u128(3),
    }
}

fn issue(tokens: &Tokens) -> String {
    tokens
        .issue(&subject(), HALF_HOUR, NOW, &SeededEntropy::new(1))
        .unwrap()
}

/// A token with any header and claims, signed with `secret` as HS256 does.
fn signed(secret: &str, header: &Value, claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = signature::sign(&Secret::new(secret), message.as_bytes());
    let bytes = crate::security::digest::from_hex(&signature).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "at+jwt", "kid": "k1"})
}

fn claims() -> Value {
    let id = Uuid::from_u128(1);
    let iat = NOW.unix_timestamp();
    json!({"iss": "acs", "aud": "acs", "sub": id, "org": id, "role": "agent", "sid": id, "jti": id,
        "iat": iat, "exp": iat + 1800})
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

#[test]
fn a_token_says_what_it_was_issued_for() {
    let tokens = tokens();
    let claims = tokens.verify(&issue(&tokens), NOW).unwrap();
    assert_eq!(claims.subject, subject());
    assert_eq!(claims.expires_at, datetime!(2026-01-01 12:30:00 UTC));
    assert_eq!(claims.issued_at, datetime!(2026-01-01 12:00:00 UTC));
}

#[test]
fn a_token_is_good_until_its_last_second_and_not_after() {
    let tokens = tokens();
    let token = issue(&tokens);
    assert!(
        tokens
            .verify(&token, datetime!(2026-01-01 12:29:59.9 UTC))
            .is_ok()
    );
    let late = tokens.verify(&token, datetime!(2026-01-01 12:30:00 UTC));
    assert!(matches!(late, Err(TokenError::Expired)), "{late:?}");
}

#[test]
fn leeway_is_added_to_the_end() {
    let settings = Security {
        jwt_leeway_seconds: Duration::from_secs(10),
        ..Security::default()
    };
    let tokens = Tokens::new(&[key("k1", SECRET)], &settings).unwrap();
    let token = issue(&tokens);
    assert!(tokens.verify(&token, datetime!(2026-01-01 12:30:09 UTC)).is_ok());
    assert!(matches!(
        tokens.verify(&token, datetime!(2026-01-01 12:30:10 UTC)),
        Err(TokenError::Expired)
    ));
}

#[test]
fn a_replaced_key_still_verifies_until_it_is_gone() {
    let old = key("k1", SECRET);
    let new = key("k2", "another secret of more than 32 bytes");
    let token = issue(&tokens());
    let rotated = Tokens::new(&[new.clone(), old], &Security::default()).unwrap();
    assert!(rotated.verify(&token, NOW).is_ok());
    let fresh = issue(&rotated);
    assert!(matches!(tokens().verify(&fresh, NOW), Err(TokenError::Invalid)));
    let alone = Tokens::new(&[new], &Security::default()).unwrap();
    assert!(alone.verify(&fresh, NOW).is_ok());
    assert!(matches!(alone.verify(&token, NOW), Err(TokenError::Invalid)));
}

#[test]
fn every_algorithm_signs_and_verifies() {
    let secret = "x".repeat(64);
    for jwt_algorithm in [JwtAlgorithm::Hs256, JwtAlgorithm::Hs384, JwtAlgorithm::Hs512] {
        let settings = Security {
            jwt_algorithm,
            ..Security::default()
        };
        let tokens = Tokens::new(&[key("k1", &secret)], &settings).unwrap();
        assert!(tokens.verify(&issue(&tokens), NOW).is_ok(), "{jwt_algorithm}");
    }
}

#[test]
fn a_token_made_by_hand_with_the_right_key_is_taken() {
    assert!(
        tokens()
            .verify(&signed(SECRET, &header(), &claims()), NOW)
            .is_ok()
    );
}

#[test]
fn what_is_not_ours_is_refused_even_when_it_also_expired() {
    let far = json!(i64::MAX);
    let forged = [
        (
            "another key's signature",
            signed("not the secret, but as long as it is", &header(), &claims()),
        ),
        (
            "no key",
            signed(SECRET, &json!({"alg": "HS256", "typ": "at+jwt"}), &claims()),
        ),
        (
            "an unknown key",
            signed(SECRET, &with(header(), "kid", json!("k9")), &claims()),
        ),
        (
            "another algorithm",
            signed(SECRET, &with(header(), "alg", json!("HS512")), &claims()),
        ),
        (
            "no algorithm",
            signed(SECRET, &with(header(), "alg", json!("none")), &claims()),
        ),
        (
            "another kind",
            signed(SECRET, &with(header(), "typ", json!("JWT")), &claims()),
        ),
        (
            "no kind",
            signed(SECRET, &json!({"alg": "HS256", "kid": "k1"}), &claims()),
        ),
        (
            "another issuer",
            signed(SECRET, &header(), &with(claims(), "iss", json!("else"))),
        ),
        (
            "another audience",
            signed(SECRET, &header(), &with(claims(), "aud", json!("else"))),
        ),
        (
            "no end",
            signed(SECRET, &header(), &with(claims(), "exp", Value::Null)),
        ),
        (
            "an impossible end",
            signed(SECRET, &header(), &with(claims(), "exp", far)),
        ),
        (
            "no subject",
            signed(SECRET, &header(), &with(claims(), "sub", Value::Null)),
        ),
        (
            "a subject that is no id",
            signed(SECRET, &header(), &with(claims(), "sub", json!("1"))),
        ),
    ];
    let later = datetime!(2027-01-01 0:00 UTC);
    for (what, token) in forged {
        for now in [NOW, later] {
            let result = tokens().verify(&token, now);
            assert!(matches!(result, Err(TokenError::Invalid)), "{what}: {result:?}");
        }
    }
}

#[test]
fn an_unsigned_token_is_refused() {
    let token = signed(SECRET, &with(header(), "alg", json!("none")), &claims());
    let (message, _) = token.rsplit_once('.').unwrap();
    assert!(matches!(
        tokens().verify(&format!("{message}."), NOW),
        Err(TokenError::Invalid)
    ));
}

#[test]
fn without_a_key_there_are_no_tokens() {
    assert!(matches!(
        Tokens::new(&[], &Security::default()),
        Err(TokenError::NoKey)
    ));
}

#[test]
fn keys_never_print() {
    assert!(!format!("{:?}", tokens()).contains(SECRET));
}

proptest! {
    #[test]
    fn any_subject_reads_back(user: u128, org: u128, sid: u128, role in ".{0,20}", scopes in prop::collection::vec(".{0,10}", 0..4), seed: u64) {
        let tokens = tokens();
        let subject = Subject {
            user: Uuid::from_u128(user),
            organization: Uuid::from_u128(org),
            role,
            scopes,
            session: Uuid::from_u128(sid),
        };
        let token = tokens.issue(&subject, HALF_HOUR, NOW, &SeededEntropy::new(seed)).unwrap();
        prop_assert_eq!(tokens.verify(&token, NOW).unwrap().subject, subject);
    }

    #[test]
    fn a_changed_token_is_refused(at: usize, to in "[A-Za-z0-9_.-]") {
        let tokens = tokens();
        let token = issue(&tokens);
        let at = at % token.len();
        let mut forged = token.clone();
        forged.replace_range(at..=at, &to);
        prop_assume!(forged != token);
        prop_assert!(matches!(tokens.verify(&forged, NOW), Err(TokenError::Invalid)));
    }

    #[test]
    fn any_text_is_refused_without_a_crash(text in "[A-Za-z0-9_.=-]{0,120}|.{0,40}") {
        prop_assert!(matches!(tokens().verify(&text, NOW), Err(TokenError::Invalid)));
    }
}
