//! How often one may ask: each caller, each address, and each organization as a whole.

use rstest::rstest;
use serde_json::json;

use crate::harness::Store::{self, Postgres, Sqlite};
use crate::harness::{Answer, App, As, read};

const ON: (&str, &str) = ("ACS__RATE_LIMIT__ENABLED", "true");
const FIVE: (&str, &str) = ("ACS__RATE_LIMIT__REQUESTS", "5");
const BEHIND_PROXY: (&str, &str) = ("ACS__SERVER__TRUSTED_PROXIES", "127.0.0.0/8");

/// Where the caller stands: the limit, and how much of it is left.
#[track_caller]
fn standing(answer: &Answer) -> (u64, u64) {
    assert!((1..=60).contains(&answer.seconds("ratelimit-reset")));
    (
        answer.seconds("ratelimit-limit"),
        answer.seconds("ratelimit-remaining"),
    )
}

#[track_caller]
fn limited(answer: &Answer, limit: u64) {
    answer.refused(429, "2005");
    assert_eq!(standing(answer), (limit, 0));
    assert_eq!(answer.seconds("retry-after"), answer.seconds("ratelimit-reset"));
}

#[rstest]
#[tokio::test]
async fn the_sixth_of_five_requests_is_refused_and_each_tells_how_many_are_left(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::with(store, &[ON, FIVE]).await;
    let admin = app.acme().await;
    for left in (0..5).rev() {
        let answer = app.get(&admin, "/me").await;
        assert_eq!((answer.status.as_u16(), standing(&answer)), (200, (5, left)));
    }
    for _ in 0..3 {
        limited(&app.get(&admin, "/me").await, 5);
    }
}

#[rstest]
#[tokio::test]
async fn refused_and_failed_requests_count_and_tell_too(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[ON, FIVE]).await;
    let admin = app.acme().await;
    let conversation = format!("/conversations/{}", super::NOTHING);
    let refused = app.get(&admin, &conversation).await;
    refused.refused(404, "3001");
    assert_eq!(standing(&refused), (5, 4));
    let refused = app.post(&admin, "/conversations", json!({})).await;
    refused.refused(400, "2003");
    assert_eq!(standing(&refused), (5, 3));
}

#[rstest]
#[tokio::test]
async fn each_person_and_each_key_has_requests_of_their_own(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[ON, FIVE]).await;
    let admin = app.acme().await;
    let (shop, till) = (
        app.key(&admin, &["converse"]).await,
        app.key(&admin, &["converse"]).await,
    );
    for _ in 0..5 {
        app.get(&shop, "/me").await.expect(200);
    }
    limited(&app.get(&shop, "/me").await, 5);
    assert_eq!(standing(&app.get(&till, "/me").await), (5, 4));
    assert_eq!(standing(&app.get(&admin, "/me").await), (5, 2));
}

#[rstest]
#[tokio::test]
async fn an_organization_shares_one_limit_and_another_does_not_feel_it(
    #[values(Sqlite, Postgres)] store: Store,
) {
    let app = App::with(store, &[ON, ("ACS__RATE_LIMIT__ORGANIZATION_REQUESTS", "8")]).await;
    let admin = app.acme().await;
    let other = app.organization("other", json!({})).await;
    let (shop, till) = (
        app.key(&admin, &["converse"]).await,
        app.key(&admin, &["converse"]).await,
    );
    for caller in [&shop, &till, &admin, &shop, &till, &admin] {
        app.get(caller, "/me").await.expect(200);
    }
    for caller in [&shop, &till, &admin] {
        limited(&app.get(caller, "/me").await, 8);
    }
    assert_eq!(standing(&app.get(&other, "/me").await), (8, 7));
}

#[rstest]
#[tokio::test]
async fn who_is_not_known_is_counted_by_address(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[ON, FIVE, BEHIND_PROXY]).await;
    let ask = async |address: &str, path: &str| {
        read(
            app.request(&As::Nobody, reqwest::Method::GET, path)
                .header("X-Forwarded-For", address),
        )
        .await
    };
    for left in (0..5).rev() {
        let answer = ask("203.0.113.1", "/me").await;
        answer.refused(401, "1001");
        assert_eq!(standing(&answer), (5, left));
    }
    limited(&ask("203.0.113.1", "/me").await, 5);
    limited(&ask("198.51.100.1, 203.0.113.1", "/me").await, 5);
    // Its neighbour is not touched; and of an IPv6 network all addresses count as one.
    ask("203.0.113.2", "/me").await.refused(401, "1001");
    for n in 0..5 {
        ask(&format!("2001:db8:1:2::{n}"), "/me")
            .await
            .refused(401, "1001");
    }
    limited(&ask("2001:db8:1:2:ffff::1", "/me").await, 5);
    ask("2001:db8:1:3::1", "/me").await.refused(401, "1001");
}

#[rstest]
#[tokio::test]
async fn without_limits_no_answer_speaks_of_them(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::on(store).await;
    let admin = app.acme().await;
    for _ in 0..20 {
        let answer = app.get(&admin, "/me").await;
        assert!(answer.status == 200 && answer.header("ratelimit-limit").is_none());
    }
}

#[rstest]
#[tokio::test]
async fn health_and_metrics_are_not_limited(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[ON, FIVE]).await;
    for path in ["/health/live", "/health/ready", "/metrics"] {
        for _ in 0..10 {
            assert_eq!(
                read(app.http.get(format!("{}{path}", app.base))).await.status,
                200
            );
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_keys_of_an_organization_share_its_calls_of_an_hour(#[values(Sqlite, Postgres)] store: Store) {
    let app = App::with(store, &[ON]).await;
    let admin = app
        .organization("acme", json!({ "max_api_calls_per_hour": 3 }))
        .await;
    let keys = [
        app.key(&admin, &["converse"]).await,
        app.key(&admin, &["converse"]).await,
    ];
    for turn in 0..3 {
        app.get(&keys[turn % 2], "/me").await.expect(200);
    }
    let refused = app.get(&keys[1], "/me").await;
    refused.refused(429, "2005");
    assert_eq!(refused.seconds("ratelimit-limit"), 3);
    assert!((61..=3600).contains(&refused.seconds("retry-after")));
    app.get(&admin, "/me").await.expect(200);
}
