//! Chains of language models, each a server at the wire: who is asked when, and what is kept of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_ai::provider::ModelOptions;
use acs_ai::router::{
    BreakerSettings, Chain, ChainRouter, Conditions, Link, OwnAddresses, Plan, Prices, RetrySettings,
};
use acs_core::entropy::SeededEntropy;
use acs_domain::analysis::EmotionLabel;
use acs_domain::port::chat::ChatDelta;
use acs_domain::port::route::{Occasion, Opened, Route, Router};
use futures::StreamExt;
use rstest::rstest;
use serde_json::json;

use crate::model_server::{ModelServer, Script};
use crate::provider::{AMPLE, SHORT, options, request};

const OCCASION: Occasion<'_> = Occasion {
    organization: "acme",
    intent: None,
    wishes: 1,
    emotion: EmotionLabel::Neutral,
    language: "en",
    words: 4,
};
const PRICES: Prices = Prices {
    input: 2.5,
    output: 10.0,
};
const RETRY: RetrySettings = RetrySettings {
    retries: 1,
    longest_wait: Duration::from_secs(2),
};

async fn server(scripts: impl IntoIterator<Item = Script>) -> ModelServer {
    ModelServer::start(scripts).await.unwrap()
}

fn says(words: &str) -> Script {
    Script::reply(&[words], 5, 3)
}

fn refusal(status: u16, headers: &[(&str, &str)]) -> Script {
    Script::refuse(status, headers, &json!({"message": "no", "code": "scripted"}))
}

/// A model on each server: `model-0`, `model-1`, ….
fn links(servers: &[&ModelServer]) -> Vec<Arc<Link>> {
    let breaker = BreakerSettings {
        failures: 3,
        pause: AMPLE,
    };
    let link = |(number, server): (usize, &&ModelServer)| {
        let options = ModelOptions {
            model: format!("model-{number}"),
            ..options(&server.base_url())
        };
        let plan = Plan {
            name: format!("link-{number}"),
            provider: "openai".to_owned(),
            options,
            window: 8_192,
            prices: PRICES,
            breaker,
        };
        Arc::new(Link::connect(plan).unwrap())
    };
    servers.iter().enumerate().map(link).collect()
}

fn router(links: Vec<Arc<Link>>, hedge_after: Option<Duration>) -> ChainRouter {
    let chain = Chain {
        conditions: Conditions::default(),
        links,
        hedge_after,
    };
    router_of(vec![chain])
}

fn router_of(chains: Vec<Chain>) -> ChainRouter {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let own = OwnAddresses::new(Vec::new()).unwrap();
    ChainRouter::new(chains, RETRY, Arc::new(SeededEntropy::new(1)), own)
}

fn route(servers: &[&ModelServer]) -> Box<dyn Route> {
    router(links(servers), None).route(&OCCASION, AMPLE).unwrap()
}

/// The words of a reply, and whether it came to its end.
async fn hear(opened: Opened) -> (String, bool) {
    let mut stream = opened.stream;
    let mut words = String::new();
    let mut whole = false;
    while let Some(Ok(delta)) = stream.next().await {
        match delta {
            ChatDelta::Text(more) => words.push_str(&more),
            ChatDelta::Call(_) => unreachable!("nothing was offered"),
            ChatDelta::End(_) => whole = true,
        }
    }
    (words, whole)
}

/// The models that were tried, with what came of it.
fn tried(route: &dyn Route) -> Vec<(String, String)> {
    let attempts = route.attempts().into_iter();
    attempts.map(|attempt| (attempt.model, attempt.outcome)).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |&(model, outcome): &(&str, &str)| (model.to_owned(), outcome.to_owned());
    expected.iter().map(own).collect()
}

#[tokio::test]
async fn the_next_model_is_asked_when_one_gives_no_reply() {
    let (away, there) = (server([refusal(401, &[])]).await, server([says("Yes.")]).await);
    let mut route = route(&[&away, &there]);
    let opened = route.next(&request()).await.unwrap();
    assert_eq!((opened.model.as_str(), opened.level), ("model-1", 1));
    assert_eq!(hear(opened).await, ("Yes.".to_owned(), true));
    assert_eq!(
        tried(&*route),
        pairs(&[
            ("model-0", "the model's provider refused the key"),
            ("model-1", "ok")
        ])
    );
    assert_eq!(away.asked().len(), 1, "a wrong key is not tried twice");
    let last = &route.attempts()[1];
    assert_eq!((last.input_tokens, last.output_tokens), (5, 3));
    assert_eq!(last.cost_micros, 43, "5 at 2.5 and 3 at 10, rounded up");
    assert!(last.latency_ms > 0.0);
}

#[tokio::test]
async fn the_next_model_is_asked_when_a_reply_breaks_off_or_is_of_no_use() {
    let cut = server([Script::stream().words("Your lamp")]).await;
    let (vain, good) = (server([says("Hello.")]).await, server([says("Yes.")]).await);
    let mut route = route(&[&cut, &vain, &good]);
    let first = route.next(&request()).await.unwrap();
    assert_eq!(hear(first).await, ("Your lamp".to_owned(), false));
    let second = route.next(&request()).await.unwrap();
    assert_eq!(hear(second).await, ("Hello.".to_owned(), true));
    route.found_wanting("of no use");
    let third = route.next(&request()).await.unwrap();
    assert_eq!(hear(third).await, ("Yes.".to_owned(), true));
    assert!(route.next(&request()).await.is_none());
    assert_eq!(
        tried(&*route),
        pairs(&[
            ("model-0", "the model's reply is broken: it was cut off"),
            ("model-1", "of no use"),
            ("model-2", "ok"),
        ])
    );
}

#[rstest]
#[case::too_many_requests(refusal(429, &[("Retry-After", "0")]))]
#[case::too_many_without_a_time(refusal(429, &[]))]
#[case::a_failure(refusal(500, &[]))]
#[case::overloaded(refusal(529, &[]))]
#[case::a_connection_that_is_cut(Script::default())]
#[tokio::test]
async fn a_failure_that_may_pass_is_tried_again(#[case] script: Script) {
    let server = server([script, says("Yes.")]).await;
    let mut route = route(&[&server]);
    let opened = route.next(&request()).await.unwrap();
    assert_eq!(hear(opened).await, ("Yes.".to_owned(), true));
    let tried = tried(&*route);
    assert_eq!(tried.len(), 2, "{tried:?}");
    assert_ne!(tried[0].1, "ok");
}

#[tokio::test]
async fn a_provider_that_wants_a_long_wait_is_left_for_the_next() {
    let busy = server([refusal(429, &[("Retry-After", "60")])]).await;
    let free = server([says("Yes.")]).await;
    let begun = Instant::now();
    let opened = route(&[&busy, &free]).next(&request()).await.unwrap();
    assert_eq!(opened.level, 1);
    assert!(begun.elapsed() < AMPLE / 2);
    assert_eq!(busy.asked().len(), 1);
}

#[tokio::test]
async fn a_model_that_failed_often_is_left_out_and_the_turn_says_so() {
    let away = server([refusal(401, &[])]).await;
    let router = router(links(&[&away]), None);
    for _ in 0..3 {
        let mut route = router.route(&OCCASION, AMPLE).unwrap();
        assert!(route.next(&request()).await.is_none());
    }
    let mut route = router.route(&OCCASION, AMPLE).unwrap();
    assert!(route.next(&request()).await.is_none());
    assert_eq!(
        tried(&*route),
        pairs(&[("model-0", "left out: it failed too often of late")])
    );
    assert_eq!(away.asked().len(), 3);
}

#[tokio::test]
async fn a_subject_or_a_length_that_is_refused_does_not_count_against_the_model() {
    let error = json!({"message": "no", "code": "context_length_exceeded"});
    let small = server([Script::refuse(400, &[], &error)]).await;
    let router = router(links(&[&small]), None);
    for _ in 0..10 {
        let mut route = router.route(&OCCASION, AMPLE).unwrap();
        assert!(route.next(&request()).await.is_none());
    }
    assert_eq!(small.asked().len(), 10);
}

#[tokio::test]
async fn a_model_that_says_nothing_does_not_take_the_time_of_the_turn_twice() {
    let silent = server([Script::silence()]).await;
    let router = router(links(&[&silent]), None);
    let mut route = router.route(&OCCASION, SHORT).unwrap();
    let begun = Instant::now();
    assert!(route.next(&request()).await.is_none());
    assert!(begun.elapsed() < AMPLE / 2);
    assert!(tried(&*route)[0].1.contains("longer than"));
    tokio::time::timeout(AMPLE, silent.hung_up(1)).await.unwrap();
}

#[tokio::test]
async fn a_reply_that_takes_too_long_ends_with_the_time_of_the_turn() {
    let slow = server([Script::stream().words("Your lamp").hang()]).await;
    let router = router(links(&[&slow]), None);
    let mut route = router.route(&OCCASION, 3 * SHORT).unwrap();
    let opened = route.next(&request()).await.unwrap();
    assert_eq!(hear(opened).await, ("Your lamp".to_owned(), false));
    assert!(tried(&*route)[0].1.contains("longer than"));
    tokio::time::timeout(AMPLE, slow.hung_up(1)).await.unwrap();
}

#[tokio::test]
async fn a_model_that_repeats_itself_is_stopped_and_its_connection_closed() {
    let sentence = "A parcel to Germany takes 2 to 3 working days. ";
    let endless = (0..2_000).fold(Script::stream(), |script, _| script.words(sentence));
    let parrot = server([endless.hang()]).await;
    let mut route = route(&[&parrot]);
    let (words, whole) = hear(route.next(&request()).await.unwrap()).await;
    assert!(!whole);
    assert!(words.len() < 3_000, "{}", words.len());
    assert_eq!(
        tried(&*route)[0].1,
        "the model's reply is broken: it repeats itself"
    );
    tokio::time::timeout(AMPLE, parrot.hung_up(1)).await.unwrap();
}

#[tokio::test]
async fn a_reply_that_nobody_wants_any_more_closes_its_connection_and_is_given_up() {
    let model = server([Script::stream().words("Your lamp").hang()]).await;
    let mut route = route(&[&model]);
    let opened = route.next(&request()).await.unwrap();
    drop(opened);
    tokio::time::timeout(AMPLE, model.hung_up(1)).await.unwrap();
    assert_eq!(tried(&*route), pairs(&[("model-0", "given up")]));
}

#[tokio::test]
async fn beside_a_model_that_is_late_the_next_is_asked_and_the_slower_one_is_hung_up_on() {
    let (silent, quick) = (server([Script::silence()]).await, server([says("Yes.")]).await);
    let router = router(links(&[&silent, &quick]), Some(SHORT));
    let mut route = router.route(&OCCASION, AMPLE).unwrap();
    let opened = route.next(&request()).await.unwrap();
    assert_eq!((opened.model.as_str(), opened.level), ("model-1", 1));
    assert_eq!(hear(opened).await, ("Yes.".to_owned(), true));
    tokio::time::timeout(AMPLE, silent.hung_up(1)).await.unwrap();
    assert_eq!(
        tried(&*route),
        pairs(&[("model-0", "given up"), ("model-1", "ok")])
    );
}

#[tokio::test]
async fn a_model_that_was_only_slower_is_asked_again_when_the_quicker_one_is_of_no_use() {
    let slow = server([Script::silence(), says("Yes.")]).await;
    let quick = server([says("Hello.")]).await;
    let router = router(links(&[&slow, &quick]), Some(SHORT));
    let mut route = router.route(&OCCASION, AMPLE).unwrap();
    let opened = route.next(&request()).await.unwrap();
    assert_eq!(hear(opened).await.0, "Hello.");
    route.found_wanting("of no use");
    let opened = route.next(&request()).await.unwrap();
    assert_eq!(hear(opened).await.0, "Yes.");
    assert!(route.next(&request()).await.is_none());
}

#[tokio::test]
async fn a_model_in_time_has_no_other_asked_beside_it() {
    let (first, second) = (server([says("Yes.")]).await, server([says("No.")]).await);
    let router = router(links(&[&first, &second]), Some(AMPLE / 2));
    let mut route = router.route(&OCCASION, AMPLE).unwrap();
    assert_eq!(hear(route.next(&request()).await.unwrap()).await.0, "Yes.");
    assert_eq!(second.asked().len(), 0);
}

#[test]
fn a_turn_that_no_chain_is_meant_for_asks_no_model() {
    let chain = Chain {
        conditions: Conditions {
            organizations: vec!["globex".to_owned()],
            ..Conditions::default()
        },
        links: Vec::new(),
        hedge_after: None,
    };
    let router = router_of(vec![chain]);
    assert!(router.route(&OCCASION, AMPLE).is_none());
}
