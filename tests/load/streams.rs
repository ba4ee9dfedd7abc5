//! Turns that a language model answers, evenly spaced, and what the platform takes beside the model's own time.
//!
//! The model is scripted: it thinks for [`THINKING`], says the first sentence of the first source that it is given, and after
//! [`PAUSE`] that of the second. So at 30 turns a second a hundred replies are under way at once. What it takes by itself, timers
//! and connection included, is measured just before, by asking it without the platform.
//!
//! How long sentences were checked, from the words that showed their end until they passed, is what the server counts of itself.

use std::time::{Duration, Instant};

use acs_testkit::model_server::{Asked, ModelServer, Script};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{Client, question, questions, summary};

/// How long the model thinks before its first sentence.
const THINKING: Duration = Duration::from_millis(3_100);
/// How long it takes from its first sentence to its second.
const PAUSE: Duration = Duration::from_millis(200);
/// Where the server counts how long sentences were checked.
const CHECKS: &str = "acs_sentence_check_duration_seconds";

/// How many turns come before those that are counted.
const WARMING: usize = 3;

/// How often the model is asked without the platform.
const DIRECT: u32 = 50;

/// Runs the model, and prints its address.
pub(super) async fn model() -> Result<()> {
    let server = ModelServer::answering(|asked| {
        let [first, second] = first_sentences(asked);
        Script::stream()
            .pause(THINKING)
            .words(&first)
            .pause(PAUSE)
            .words(&second)
            .event(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] }))
            .event(&json!({ "choices": [], "usage": { "prompt_tokens": 900, "completion_tokens": 30 } }))
            .data("[DONE]")
    });
    let server = server.await?;
    #[expect(clippy::print_stdout, reason = "whoever starts it waits for the address")]
    {
        println!("{}", server.base_url());
    }
    std::future::pending::<()>().await;
    Ok(())
}

/// Of the sources in a prompt, the first sentences of the first two.
fn first_sentences(asked: &Asked) -> [String; 2] {
    let system = asked.body["messages"][0]["content"].as_str().unwrap_or("");
    let (_, sources) = system.split_once("BEGIN SOURCES -----\n").unwrap_or_default();
    let mut sources = sources.lines().map(first_sentence);
    [1, 2].map(|number| match sources.next().flatten() {
        Some(sentence) => format!("{sentence}. [{number}]\n"),
        None => "I do not know.\n".to_owned(),
    })
}

fn first_sentence(source: &str) -> Option<String> {
    let source: Value = serde_json::from_str(source).ok()?;
    let text = source["text"].as_str()?;
    let end = text.find(['.', '\n']).unwrap_or(text.len());
    Some(text.get(..end)?.trim().to_owned())
}

/// Asks so many questions a second, each in a conversation of its own that was begun before. A turn's time counts from when it was
/// due.
pub(super) async fn streams(client: Client, rate: u64, model: &str, seconds: u64) -> Result<Value> {
    let questions = questions(true)?;
    let count = usize::try_from(rate * seconds)?;
    let mut conversations = Vec::with_capacity(count);
    for number in 0..count {
        conversations.push(client.converse(&format!("stream-{number}")).await?);
    }
    // The first turns of a server learn intents and read the knowledge: once, whatever comes after.
    for number in 0..WARMING {
        let conversation = client.converse(&format!("warming-{number}")).await?;
        let path = format!("/conversations/{conversation}/messages");
        let content = &questions[number % questions.len()];
        client.post(&path, &json!({ "content": content })).await?;
    }
    let step = Duration::from_secs(1) / u32::try_from(rate)?;
    let own = median_alone(&client.http, &format!("{model}/chat/completions"), step).await?;
    let began = Instant::now();
    let mut sent = JoinSet::new();
    for (number, conversation) in (0_u32..).zip(conversations) {
        let due = began + step * number;
        tokio::time::sleep_until(due.into()).await;
        let client = client.clone();
        let content = question(&questions, usize::try_from(number)?);
        sent.spawn(async move {
            let path = format!("/conversations/{conversation}/messages");
            let done = client.post(&path, &json!({ "content": content })).await?;
            let took = due.elapsed();
            let model = done["model_used"].as_str().context("no model")?.to_owned();
            Ok::<_, anyhow::Error>((took, model))
        });
    }
    let mut beside = Vec::new();
    let mut others = 0_usize;
    while let Some(done) = sent.join_next().await {
        let (took, model) = done??;
        if took >= THINKING + PAUSE && !matches!(&*model, "composer" | "template") {
            beside.push(took.saturating_sub(own));
        } else {
            others += 1;
        }
    }
    let mut report = summary(beside, began.elapsed())?;
    report["rate_wanted"] = rate.into();
    report["without_the_model"] = others.into();
    report["the_models_own_ms"] = json!(own.as_secs_f64() * 1_000.0);
    report["sentences"] = sentences(&client).await?;
    Ok(report)
}

/// How many checks let sentences pass since the server's start, and the share of them that took no longer than each of its bounds.
async fn sentences(client: &Client) -> Result<Value> {
    let server = client.base.trim_end_matches("/api/v1");
    let figures = client.http.get(format!("{server}/metrics")).send().await?;
    let figures = figures.error_for_status()?.text().await?;
    let all = figures
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{CHECKS}_count ")));
    let all: f64 = all.unwrap_or("0").parse()?;
    let bucket = format!("{CHECKS}_bucket{{le=\"");
    let mut shares = json!({ "count": all });
    for (seconds, count) in figures
        .lines()
        .filter_map(|line| line.strip_prefix(&bucket)?.split_once("\"} "))
    {
        if let Ok(ms) = seconds.parse::<f64>().map(|seconds| seconds * 1_000.0)
            && ms <= 25.0
        {
            shares[format!("within_{ms}_ms")] = json!(count.parse::<f64>()? / all);
        }
    }
    Ok(shares)
}

/// What the model takes in the middle, asked on the same timetable without the platform.
async fn median_alone(http: &reqwest::Client, url: &str, step: Duration) -> Result<Duration> {
    let began = Instant::now();
    let mut asked = JoinSet::new();
    for number in 0..DIRECT {
        let due = began + step * number;
        tokio::time::sleep_until(due.into()).await;
        asked.spawn(ask(http.clone(), url.to_owned(), due));
    }
    let mut took = Vec::new();
    while let Some(done) = asked.join_next().await {
        took.push(done??);
    }
    took.sort_unstable();
    took.get(took.len() / 2)
        .copied()
        .context("the model was never asked")
}

/// Asks the model without the platform, and gives how long after `due` its last word was there.
async fn ask(http: reqwest::Client, url: String, due: Instant) -> Result<Duration> {
    let body = json!({
        "model": "any", "stream": true,
        "messages": [{ "role": "system", "content": "" }, { "role": "user", "content": "Are you there?" }],
    });
    let answer = http.post(url).json(&body).send();
    answer.await?.error_for_status()?.bytes().await?;
    Ok(due.elapsed())
}
