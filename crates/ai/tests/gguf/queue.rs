//! Who is answered when: turns, the waiting line, and those who leave.

use std::time::Instant;

use acs_ai::router::{
    BreakerSettings, Chain, ChainRouter, Conditions, Link, OwnAddresses, Plan, Prices, RetrySettings,
};
use acs_core::entropy::SeededEntropy;
use acs_core::secret::Secret;
use acs_domain::analysis::EmotionLabel;
use acs_domain::port::route::{KeyRefused, Occasion, OwnKey, Router};

use super::*;
use crate::model_server::{ModelServer, Script};

#[tokio::test]
async fn with_the_line_full_the_model_is_overloaded_until_one_leaves() {
    let model = model();
    let (much, question) = (ask_for_much(), ask("What is the capital of France?"));
    let written = model.reply(&much).await.unwrap();
    let mut waits = model.reply(&question);
    assert!(futures::poll!(&mut waits).is_pending());
    let error = model.reply(&question).await.err().unwrap();
    assert!(matches!(error, ModelError::Busy), "{error:?}");
    drop(waits);
    let waits = model.reply(&question);
    drop(written);
    let (pieces, end) = hear(waits.await.unwrap()).await;
    assert!(end.is_ok() && pieces.concat().contains("Paris"), "{pieces:?}");
}

#[tokio::test]
async fn a_reply_that_nobody_listens_to_is_written_no_further() {
    let model = model();
    let much = ask_for_much();
    let began = Instant::now();
    let mut reply = model.reply(&much).await.unwrap();
    for _ in 0..20 {
        reply.next().await.unwrap().unwrap();
    }
    let twenty = began.elapsed();
    drop(reply);
    let left = Instant::now();
    let next = ChatRequest {
        max_tokens: Some(1),
        ..ask("Hi")
    };
    answer(&*model, &next).await;
    assert!(
        left.elapsed() < 10 * twenty,
        "at least 600 tokens were to come, and 20 take {twenty:?}: {:?}",
        left.elapsed()
    );
}

/// A model that waits so long for its first words.
fn waiting(longest: Duration) -> Arc<dyn ChatModel> {
    let options = ModelOptions {
        first_token_timeout: longest,
        ..options()
    };
    connect("gguf", options).unwrap()
}

#[tokio::test]
async fn first_words_that_come_too_late_are_told_as_such() {
    let longest = Duration::from_millis(1);
    let error = waiting(longest).reply(&ask_for_much()).await.err().unwrap();
    assert!(
        matches!(error, ModelError::Timeout(of) if of == longest),
        "{error:?}"
    );
}

#[tokio::test]
async fn who_waits_too_long_for_others_hears_that_the_model_is_busy() {
    // Enough for the first words on a busy machine, and not for a long reply.
    let model = waiting(Duration::from_secs(3));
    let _written = model.reply(&ask_for_much()).await.unwrap();
    let error = model.reply(&ask_for_much()).await.err().unwrap();
    assert!(matches!(error, ModelError::Busy), "{error:?}");
}

#[tokio::test]
async fn a_reply_ends_with_its_time() {
    let limit = Duration::from_millis(500);
    let options = ModelOptions {
        timeout: limit,
        ..options()
    };
    let model = connect("gguf", options).unwrap();
    // On a busy machine the time is over before the first words.
    let error = match model.reply(&ask_for_much()).await {
        Ok(stream) => hear(stream).await.1.unwrap_err(),
        Err(error) => error,
    };
    assert!(
        matches!(error, ModelError::Timeout(of) if of == limit),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_model_that_is_put_away_leaves_its_reply_where_it_is() {
    let model = model();
    let written = model.reply(&ask_for_much()).await.unwrap();
    drop(model);
    let (_, end) = hear(written).await;
    let error = end.unwrap_err();
    assert!(matches!(error, ModelError::Failed { .. }), "{error:?}");
}

fn link(name: &str, provider: &str, options: ModelOptions) -> Arc<Link> {
    let plan = Plan {
        name: name.to_owned(),
        provider: provider.to_owned(),
        options,
        window: 2_048,
        prices: Prices::default(),
        breaker: BreakerSettings {
            failures: 3,
            pause: AMPLE,
        },
    };
    Arc::new(Link::connect(plan).unwrap())
}

fn router(links: Vec<Arc<Link>>) -> ChainRouter {
    let chain = Chain {
        conditions: Conditions::default(),
        links,
        hedge_after: None,
    };
    let retry = RetrySettings {
        retries: 0,
        longest_wait: Duration::from_millis(100),
    };
    let own = OwnAddresses::new(Vec::new()).unwrap();
    ChainRouter::new(vec![chain], retry, Arc::new(SeededEntropy::new(1)), own)
}

const OCCASION: Occasion<'_> = Occasion {
    organization: "acme",
    intent: None,
    wishes: 1,
    emotion: EmotionLabel::Neutral,
    language: "en",
    words: 4,
    spent: 0.0,
};

#[tokio::test]
async fn a_turn_goes_on_to_the_next_model_when_this_one_is_full() {
    let server = ModelServer::start([Script::reply(&["Yes."], 5, 3)])
        .await
        .unwrap();
    let full = ModelOptions {
        file: Some(FileOptions { queue: 0, ..file() }),
        ..options()
    };
    let away = ModelOptions {
        base_url: server.base_url(),
        model: "large".to_owned(),
        file: None,
        ..options()
    };
    let router = router(vec![link("small", "gguf", full), link("large", "openai", away)]);
    let mut first = router.route(&OCCASION, AMPLE).unwrap();
    let written = first.next(&ask_for_much()).await.unwrap();
    assert_eq!((written.model.as_str(), written.level), ("smollm2", 0));
    let mut second = router.route(&OCCASION, AMPLE).unwrap();
    let opened = second.next(&ask("Where is my lamp?")).await.unwrap();
    assert_eq!((opened.model.as_str(), opened.level), ("large", 1));
    let (pieces, end) = hear(opened.stream).await;
    assert!(end.is_ok());
    assert_eq!(pieces.concat(), "Yes.");
    let outcomes: Vec<String> = second.attempts().into_iter().map(|tried| tried.outcome).collect();
    assert_eq!(outcomes, ["the model is busy", "ok"]);
}

#[tokio::test]
async fn an_organization_has_no_key_for_a_model_in_this_process() {
    let router = router(vec![link("small", "gguf", options())]);
    let key = OwnKey {
        model: "small".to_owned(),
        key: Some(Secret::new("sk-0123456789abcdef")),
        base_url: None,
    };
    let refused = router.check(&key).unwrap_err();
    assert_eq!(
        refused,
        KeyRefused::Key("must be left out: the model runs in this process")
    );
}
