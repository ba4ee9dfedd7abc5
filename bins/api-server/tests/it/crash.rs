//! The process is killed at any moment between a message's arrival and its reply.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use acs_core::entropy::{Entropy as _, SeededEntropy};
use acs_testkit::model_server::{ModelServer, Script};
use serde_json::Value;

use crate::client::{SENTENCE, text, until};
use crate::place::Place;

/// How often the process is killed.
const RUNS: usize = 25;
/// How long after the request at the most: a whole turn, the model's pause included, takes less.
const LATEST: Duration = Duration::from_millis(120);
/// How long the model thinks: the longest stretch of a turn.
const THINKING: Duration = Duration::from_millis(40);

#[tokio::test]
async fn whenever_it_is_killed_each_message_is_there_once_and_has_one_reply() {
    let mute = Arc::new(AtomicBool::new(false));
    let is_mute = mute.clone();
    let model = ModelServer::answering(move |_| match is_mute.load(Ordering::Relaxed) {
        true => Script::silence(),
        false => Script::stream().pause(THINKING).words(SENTENCE).data("[DONE]"),
    });
    let model = model.await.unwrap();
    let place = Place::new().asking(&model);
    let mut server = place.start().await;
    let first = server.client.found().await;
    let second = server.client.begin(&first, "customer-2").await;
    let talks = [first, second];
    let chance = SeededEntropy::new(20_261_121);
    let mut seen = HashMap::new();

    for run in 0..RUNS {
        let (client, key) = (server.client.clone(), format!("run-{run}"));
        let mut asking = pin!(client.ask(&talks[run % 2], &key));
        // Now and then the turn is sure to be cut off: the model is asked, and keeps silent.
        mute.store(run % 5 == 0, Ordering::Relaxed);
        let so_far = model.asked().len();
        let moment = async {
            if run % 5 == 0 {
                until("the model is asked", async || model.asked().len() > so_far).await;
            } else {
                tokio::time::sleep(drawn(&chance)).await;
            }
        };
        let early = tokio::select! {
            answer = &mut asking => Some(answer),
            () = moment => None,
        };
        server.running.kill().await;
        mute.store(false, Ordering::Relaxed);
        let answer = match early {
            Some(answer) => answer,
            None => asking.await,
        };
        if let Ok(answer) = answer {
            seen.insert(run, answer.expect(200));
        }
        server = place.start().await;
    }

    let mut attempts = 0;
    for talk in &talks {
        let transcript = server.client.at_rest(talk).await;
        transcript.check();
        attempts += transcript
            .turns
            .iter()
            .map(|turn| turn["attempts"].as_u64().unwrap() - 1)
            .sum::<u64>();
    }
    assert!(attempts >= 5, "turns were taken up again {attempts} times");

    let mut messages = [0, 0];
    for run in 0..RUNS {
        let ask = async || {
            server
                .client
                .ask(&talks[run % 2], &format!("run-{run}"))
                .await
                .unwrap()
                .expect(200)
        };
        let answer = ask().await;
        assert_eq!(
            ids(&ask().await),
            ids(&answer),
            "sent again, it is the same message and the same reply"
        );
        if let Some(seen) = seen.get(&run) {
            assert_eq!(ids(seen), ids(&answer), "what the client was told is still so");
        }
        messages[run % 2] += 1;
    }
    for (talk, messages) in talks.iter().zip(messages) {
        let transcript = server.client.transcript(talk).await;
        transcript.check();
        assert_eq!(transcript.ids_of("user").len(), messages);
        assert_eq!(transcript.ids_of("ai_agent").len(), messages);
    }
}

fn drawn(chance: &SeededEntropy) -> Duration {
    let mut bytes = [0; 4];
    chance.fill(&mut bytes);
    LATEST.mul_f64(f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}

fn ids(turn: &Value) -> [String; 2] {
    ["message_id", "reply_id"].map(|field| text(turn, field))
}
