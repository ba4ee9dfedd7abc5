use acs_core::id::Id;
use acs_domain::access::Role;
use uuid::Uuid;

use super::*;
use crate::testing::{Away, Tally};

const SETTINGS: RateLimitSettings = RateLimitSettings {
    enabled: true,
    requests: 2,
    organization_requests: 3,
    window: Duration::from_secs(60),
};

fn person(n: u128) -> Caller {
    let id = Id::from_uuid(Uuid::from_u128(n));
    Caller {
        organization_id: Id::from_uuid(Uuid::from_u128(99)),
        actor: Actor::User {
            id,
            role: Role::Agent,
        },
    }
}

const CALLS_PER_HOUR: u64 = 3;

fn program(n: u128) -> Caller {
    Caller {
        actor: Actor::ApiKey {
            id: Id::from_uuid(Uuid::from_u128(n)),
            scopes: Vec::new(),
        },
        ..person(n)
    }
}

async fn ask(tally: &Tally, caller: &Caller) -> Standing {
    count(tally, &SETTINGS, of_caller(caller, CALLS_PER_HOUR, &SETTINGS))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_caller_may_ask_as_often_as_the_limit_says() {
    let tally = Tally::default();
    let standings = [
        ask(&tally, &person(1)).await,
        ask(&tally, &person(1)).await,
        ask(&tally, &person(1)).await,
    ];
    assert_eq!(standings.map(|standing| standing.remaining()), [1, 0, 0]);
    assert_eq!(
        standings.map(|standing| standing.exceeded()),
        [None, None, Some(Duration::from_secs(60))]
    );
}

#[tokio::test]
async fn an_organization_has_a_limit_over_all_its_callers() {
    let tally = Tally::default();
    for caller in [person(1), person(1), person(2)] {
        assert_eq!(ask(&tally, &caller).await.exceeded(), None);
    }
    let standing = ask(&tally, &person(2)).await;
    assert_eq!((standing.limit, standing.exceeded().is_some()), (3, true));
}

#[tokio::test]
async fn the_programs_of_an_organization_share_its_calls_of_an_hour() {
    let patient = RateLimitSettings {
        requests: 100,
        organization_requests: 100,
        ..SETTINGS
    };
    let tally = Tally::default();
    let call = async |caller: Caller| {
        let shares = of_caller(&caller, CALLS_PER_HOUR, &patient);
        count(&tally, &patient, shares).await.unwrap()
    };
    for n in [1, 2, 1] {
        assert_eq!(call(program(n)).await.exceeded(), None);
    }
    assert_eq!(call(program(3)).await.exceeded(), Some(HOUR));
    assert_eq!(call(person(1)).await.exceeded(), None, "people are no programs");
}

#[tokio::test]
async fn who_asks_too_much_does_not_use_up_the_organizations_share() {
    let tally = Tally::default();
    for _ in 0..10 {
        ask(&tally, &person(1)).await;
    }
    let organization = format!("rate/organization:{}", Uuid::from_u128(99));
    assert_eq!(
        tally.counted(),
        [
            (organization, 2),
            (format!("rate/user:{}", Uuid::from_u128(1)), 10)
        ]
    );
}

#[tokio::test]
async fn the_headers_tell_of_the_share_that_is_nearest_to_its_end() {
    let tally = Tally::default();
    for caller in [person(1), person(1), person(2)] {
        ask(&tally, &caller).await;
    }
    let response = ask(&tally, &person(3)).await.on(Response::default());
    let header = |name: &HeaderName| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        [header(&LIMIT), header(&REMAINING), header(&RESET)],
        ["3", "0", "60"]
    );
}

#[tokio::test]
async fn counters_that_are_away_turn_nobody_away() {
    assert_eq!(
        count(&Away, &SETTINGS, of_caller(&person(1), CALLS_PER_HOUR, &SETTINGS)).await,
        None
    );
}

#[tokio::test]
async fn without_limits_nothing_is_counted() {
    let tally = Tally::default();
    let none = RateLimitSettings {
        enabled: false,
        ..SETTINGS
    };
    assert_eq!(
        count(&tally, &none, of_caller(&person(1), CALLS_PER_HOUR, &none)).await,
        None
    );
    assert_eq!(tally.counted(), []);
}

#[test]
fn an_ipv6_network_counts_as_one_address() {
    let of = |address: &str| of_address(address.parse().unwrap(), &SETTINGS);
    assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
}
