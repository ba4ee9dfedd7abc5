//! A model that lies: what of its replies passes the check. `examples/evaluate_grounding` says the same of more replies, and
//! how it comes about.

use std::sync::Arc;

use acs_ai::ground::RuleGrounding;
use acs_ai::provider::connect;
use acs_ai::retrieve::RuleRetriever;
use acs_domain::port::chat::{ChatDelta, ChatModel};
use futures::StreamExt as _;

use crate::desk::Desk;
use crate::model_server::{ModelServer, Script};
use crate::provider::{options, request};
use crate::replies::{Reply, judge, write};

const REPLIES: usize = 40;
/// Of the demonstration's articles one in so many.
const STEP: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn no_lie_of_a_model_passes_and_nearly_every_true_sentence_does() {
    let desk = Desk::open(STEP).await.unwrap();
    let replies = write(&desk, REPLIES);
    let written: Vec<String> = replies.iter().map(text).collect();
    let scripts = written.iter().map(|text| {
        let words: Vec<&str> = text.split_inclusive(' ').collect();
        Script::reply(&words, 10, 10)
    });
    let server = ModelServer::start(scripts.collect::<Vec<_>>()).await.unwrap();
    let model = connect("openai", options(&server.base_url())).unwrap();
    let grounding = RuleGrounding::new(Arc::new(RuleRetriever::default()));
    let (mut truths, mut kept, mut lies, mut passed) = (0, 0, 0, Vec::new());
    for (reply, written) in replies.into_iter().zip(written) {
        assert_eq!(
            heard(&*model).await,
            written,
            "the check reads what the model wrote"
        );
        for outcome in judge(&desk, &grounding, reply).await.unwrap() {
            if outcome.piece.is_lie {
                lies += 1;
                passed.extend(outcome.passed.then_some((outcome.piece.text, outcome.how)));
            } else {
                truths += 1;
                kept += usize::from(outcome.passed);
            }
        }
    }
    assert!(
        lies >= REPLIES && truths >= 2 * REPLIES,
        "{lies} lies, {truths} truths"
    );
    assert!(passed.is_empty(), "{} of {lies}: {passed:#?}", passed.len());
    assert!(kept * 100 >= truths * 95, "kept {kept} of {truths}");
}

/// The reply as a model writes it.
fn text(reply: &Reply) -> String {
    let texts: Vec<&str> = reply.pieces.iter().map(|piece| piece.text.as_str()).collect();
    texts.join("\n")
}

async fn heard(model: &dyn ChatModel) -> String {
    let mut stream = model.reply(&request()).await.unwrap();
    let mut heard = String::new();
    while let Some(delta) = stream.next().await {
        if let ChatDelta::Text(words) = delta.unwrap() {
            heard.push_str(&words);
        }
    }
    heard
}
