//! What a try cost, however it ended: as the provider told it, else estimated from above.

use std::sync::Arc;

use acs_ai::router::Link;
use acs_domain::port::chat::ChatRequest;
use acs_domain::port::route::{Route, Router};
use acs_domain::turn::Attempt;
use futures::StreamExt;
use rstest::rstest;
use serde_json::json;

use super::{
    AMPLE, OCCASION, PRICES, SHORT, hear, links, links_of, parrot, refusal, refused_as, router, says, server,
};
use crate::model_server::{ModelServer, Script};
use crate::provider::request;

/// Three bytes make a token, and a message has four besides.
fn prompt() -> u64 {
    let asked = request();
    let text = |text: &str| text.len().div_ceil(3);
    let messages = asked.messages.iter().map(|message| text(&message.content) + 4);
    u64::try_from(text(&asked.system) + messages.sum::<usize>()).unwrap()
}

/// The cost of each try of the only model.
async fn costs(provider: &str, script: Script) -> Vec<(u64, u64, bool)> {
    let server = server([script]).await;
    let links: Vec<Arc<Link>> = links_of(provider, &[&server]);
    let mut route = router(links, None).route(&OCCASION, AMPLE).unwrap();
    if let Some(opened) = route.next(&request()).await {
        hear(opened).await;
    }
    tokens(&*route)
}

/// The tokens of each try, which its money follows from.
fn tokens(route: &dyn Route) -> Vec<(u64, u64, bool)> {
    let money = |attempt: &Attempt| {
        let tokens = [attempt.input_tokens, attempt.output_tokens].map(|count| u32::try_from(count).unwrap());
        f64::from(tokens[0]) * PRICES.input + f64::from(tokens[1]) * PRICES.output
    };
    let tries = route.attempts();
    for attempt in &tries {
        let cost = f64::from(u32::try_from(attempt.cost_micros).unwrap());
        assert!((cost - money(attempt).ceil()).abs() < 0.5, "{attempt:?}");
    }
    let tokens = tries
        .iter()
        .map(|it| (it.input_tokens, it.output_tokens, it.estimated));
    tokens.collect()
}

fn finished(script: Script, reason: &str) -> Script {
    script
        .event(&json!({"choices": [{"delta": {}, "finish_reason": reason}]}))
        .data("[DONE]")
}

#[rstest]
#[case::told(says("Yes."), (5, 3, false))]
#[case::not_told(finished(Script::stream().words("Your lamp"), "stop"), (prompt(), 3, true))]
#[case::told_as_nothing(Script::reply(&["Your lamp"], 0, 0), (prompt(), 3, true))]
#[case::cut(Script::stream().words("Your lamp").words(" is on"), (prompt(), 5, true))]
#[case::an_error_behind_words(
    Script::stream().words("Your lamp").event(&json!({"error": {"message": "no"}})), (prompt(), 3, true))]
#[case::filtered_behind_words(
    finished(Script::stream().words("Your lamp"), "content_filter"), (prompt(), 3, true))]
#[case::filtered_before_words(finished(Script::stream(), "content_filter"), (prompt(), 0, true))]
#[case::garbage(Script::stream().data("{no json"), (prompt(), 0, true))]
#[case::no_words(Script::reply(&[], 10, 0), (10, 0, true))]
#[tokio::test]
async fn a_try_costs_what_was_told_or_else_what_it_must_have_been(
    #[case] script: Script,
    #[case] cost: (u64, u64, bool),
) {
    assert_eq!(costs("openai", script).await, [cost]);
}

#[rstest]
#[case::whole(Script::message(&["Yes."], 900, 4), (900, 4, false))]
#[case::cut(Script::message_begins(900).message_words("Your lamp"), (900, 3, true))]
#[case::cut_early(Script::message_begins(900).message_words("Yo"), (900, 1, true))]
#[case::a_refusal(Script::message_begins(900).message_ends("refusal", 7), (900, 7, true))]
#[tokio::test]
async fn what_anthropic_told_at_the_start_is_kept_when_the_reply_breaks_off(
    #[case] script: Script,
    #[case] cost: (u64, u64, bool),
) {
    assert_eq!(costs("anthropic", script).await, [cost]);
}

#[tokio::test]
async fn a_model_that_is_overloaded_after_it_has_read_the_prompt_has_read_it_each_time() {
    let overloaded = json!({"type": "error", "error": {"type": "overloaded_error", "message": "no"}});
    let script = Script::message_begins(900).named(&overloaded);
    assert_eq!(costs("anthropic", script).await, [(900, 1, true); 2]);
}

#[rstest]
#[case::a_wrong_key(refusal(401, &[]), 1)]
#[case::too_many_requests(refusal(429, &[("Retry-After", "0")]), 2)]
#[case::a_request_it_does_not_take(refusal(400, &[]), 1)]
#[case::a_request_that_is_too_long(refused_as(400, "context_length_exceeded"), 1)]
#[case::no_such_model(refusal(404, &[]), 1)]
#[case::a_failure(refusal(500, &[]), 2)]
#[case::no_answer(Script::default(), 2)]
#[tokio::test]
async fn a_request_that_was_refused_costs_nothing(#[case] script: Script, #[case] tries: usize) {
    assert_eq!(costs("openai", script).await, vec![(0, 0, false); tries]);
}

#[tokio::test]
async fn a_reply_that_goes_round_in_circles_costs_what_was_heard_of_it() {
    let cost = costs("openai", parrot()).await;
    let [(input, output, true)] = cost[..] else {
        panic!("{cost:?}")
    };
    assert_eq!(input, prompt());
    assert!((400..1_000).contains(&output), "{output}");
}

#[tokio::test]
async fn a_reply_that_nobody_wants_any_more_costs_what_was_heard_of_it() {
    let model = server([Script::stream().words("Your lamp").hang()]).await;
    let mut route = router(links(&[&model]), None).route(&OCCASION, AMPLE).unwrap();
    let mut opened = route.next(&request()).await.unwrap();
    opened.stream.next().await.unwrap().unwrap();
    drop(opened);
    assert_eq!(tokens(&*route), [(prompt(), 3, true)]);
}

#[tokio::test]
async fn the_slower_of_two_side_by_side_has_read_the_prompt_for_nothing() {
    let (silent, quick): (ModelServer, ModelServer) =
        (server([Script::silence()]).await, server([says("Yes.")]).await);
    let router = router(links(&[&silent, &quick]), Some(SHORT));
    let mut route = router.route(&OCCASION, AMPLE).unwrap();
    hear(route.next(&request()).await.unwrap()).await;
    assert_eq!(tokens(&*route), [(prompt(), 0, true), (5, 3, false)]);
}

#[tokio::test]
async fn the_most_that_a_turn_can_cost_is_that_of_each_model_of_its_chain() {
    let (one, two) = (server([says("Yes.")]).await, server([says("Yes.")]).await);
    let links = links(&[&one, &two]);
    let router = router(links, None);
    let route = router.route(&OCCASION, AMPLE).unwrap();
    let request = ChatRequest {
        system: "a".repeat(300),
        ..ChatRequest::default()
    };
    // Each reads the 100 tokens and writes 300 at the most.
    let most = route.most(&request);
    assert_eq!((most.tokens, most.cost_micros), (2 * 400, 2 * (250 + 3_000)));
}
