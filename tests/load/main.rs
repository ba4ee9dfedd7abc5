//! Puts a running server under load, as `tests/load/run` starts it: customers that ask without a pause, each question
//! asked once, or reads or turns of a language model at a fixed rate. Prints one JSON line: the load, the rate reached, and the
//! latencies.
//!
//! What has a rate is sent on a timetable, whether or not earlier ones are answered, and its latency counts from the time at
//! which it was due: a server that stalls is not spared (coordinated omission, G. Tene).

mod streams;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// After how many turns a customer begins a new conversation.
const TURNS_A_CONVERSATION: usize = 100;
/// The demonstration's questions: each is asked once in many wordings.
const QUESTIONS: &str = include_str!("../../crates/app/demo/questions.json");

#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    base: Arc<str>,
    key: Arc<str>,
    /// Of the staff, who may read how a turn came about.
    token: Arc<str>,
}

impl Client {
    async fn sign_in(base: &str, password: &str) -> Result<Self> {
        let http = reqwest::Client::builder().pool_max_idle_per_host(512).build()?;
        let base: Arc<str> = format!("{base}/api/v1").into();
        let credentials =
            json!({ "email": "admin@demo.example", "password": password, "organization": "demo" });
        let signed_in: Value = http
            .post(format!("{base}/auth/token"))
            .json(&credentials)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let token = signed_in["access_token"].as_str().context("no access token")?;
        let wanted = json!({ "name": "load", "scopes": ["converse"] });
        let made = http
            .post(format!("{base}/admin/api-keys"))
            .bearer_auth(token)
            .json(&wanted)
            .send()
            .await?;
        let made: Value = made.error_for_status()?.json().await?;
        let key = made["key"].as_str().context("no key")?.into();
        Ok(Self {
            http,
            base,
            key,
            token: token.into(),
        })
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let sent = self
            .http
            .post(format!("{}{path}", self.base))
            .header("X-API-Key", &*self.key)
            .json(body)
            .send()
            .await?;
        let status = sent.status();
        let body: Value = sent.json().await?;
        if !status.is_success() {
            bail!("{path}: {status} {body}");
        }
        Ok(body)
    }

    async fn converse(&self, customer: &str) -> Result<String> {
        let opened = self
            .post(
                "/conversations",
                &json!({ "user_id": customer, "channel": "api" }),
            )
            .await?;
        Ok(opened["id"].as_str().context("no id")?.to_owned())
    }
}

/// The demonstration's questions; those that its articles answer word by word, if only they are wanted.
fn questions(only_direct: bool) -> Result<Vec<String>> {
    let questions: Vec<Value> = serde_json::from_str(QUESTIONS)?;
    let wanted = questions
        .iter()
        .filter(|item| !only_direct || item["kind"] == "direct");
    let texts = wanted.filter_map(|item| item["question"].as_str());
    Ok(texts.map(str::to_owned).collect())
}

/// A question that was not asked before: one of the demonstration's, as this customer would word it.
fn question(questions: &[String], number: usize) -> String {
    let question = &questions[number % questions.len()];
    let round = number / questions.len();
    match round % 4 {
        0 => format!("{question} My order is {number}."),
        1 => format!("Hello, {question} It is about order {number}."),
        2 => format!("{question} (customer {number})"),
        _ => format!("Order {number}: {question}"),
    }
}

/// What the last turns of a conversation spent their time on, in the mean, in milliseconds.
async fn stages(client: &Client, conversation: &str) -> Result<Value> {
    let path = format!("{}/conversations/{conversation}", client.base);
    let read = async |path: String| -> Result<Value> {
        let answer = client.http.get(path).bearer_auth(&*client.token).send();
        Ok(answer.await?.error_for_status()?.json().await?)
    };
    let messages = read(format!("{path}/messages?limit=100")).await?;
    let messages = messages["items"].as_array().context("no messages")?;
    let said = messages.iter().filter(|message| message["sender_type"] == "user");
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for id in said.filter_map(|message| message["id"].as_str()) {
        let turn = read(format!("{path}/turns/{id}")).await?;
        let timings = turn["evidence"]["timings"].as_object().context("no timings")?;
        for (stage, took) in timings {
            let (sum, count) = sums.entry(stage.clone()).or_default();
            *sum += took.as_f64().unwrap_or_default();
            *count += 1.0;
        }
    }
    Ok(sums
        .into_iter()
        .map(|(stage, (sum, count))| (stage, json!(sum / count)))
        .collect())
}

async fn turns(client: Client, customers: usize, seconds: u64) -> Result<Value> {
    let questions = Arc::new(questions(false)?);
    let asked = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds);
    let mut workers = JoinSet::new();
    for customer in 0..customers {
        let (client, questions, asked) = (client.clone(), questions.clone(), asked.clone());
        workers.spawn(async move {
            let mut latencies = Vec::new();
            let mut answered = 0_usize;
            let mut conversation = String::new();
            let mut turn = 0;
            while Instant::now() < end {
                if turn % TURNS_A_CONVERSATION == 0 {
                    conversation = client
                        .converse(&format!("load-{customer}-{turn}-{}", std::process::id()))
                        .await?;
                }
                turn += 1;
                let content = question(&questions, asked.fetch_add(1, Ordering::Relaxed));
                let sent = Instant::now();
                let done = client
                    .post(
                        &format!("/conversations/{conversation}/messages"),
                        &json!({ "content": content }),
                    )
                    .await?;
                latencies.push(sent.elapsed());
                answered += usize::from(done["outcome"] == "answered");
                if done["reply_id"].is_null() {
                    // The customer asked for a person: a new conversation, for the agent keeps silent in this one.
                    turn = turn.next_multiple_of(TURNS_A_CONVERSATION);
                }
            }
            Ok::<_, anyhow::Error>((latencies, answered, conversation))
        });
    }
    let (mut latencies, mut answered, mut conversation) = (Vec::new(), 0, String::new());
    while let Some(done) = workers.join_next().await {
        let (of_worker, count, last) = done??;
        latencies.extend(of_worker);
        answered += count;
        conversation = last;
    }
    let mut report = summary(latencies, began.elapsed())?;
    report["customers"] = customers.into();
    report["answered"] = answered.into();
    report["stages"] = stages(&client, &conversation).await?;
    Ok(report)
}

async fn reads(client: Client, rate: u64, seconds: u64) -> Result<Value> {
    let conversation = client.converse("load-reads").await?;
    let url: Arc<str> = format!("{}/conversations/{conversation}", client.base).into();
    let step = Duration::from_secs(1) / u32::try_from(rate)?;
    let began = Instant::now();
    let mut sent = JoinSet::new();
    for number in 0..u32::try_from(rate * seconds)? {
        let due = began + step * number;
        tokio::time::sleep_until(due.into()).await;
        let (client, url) = (client.clone(), url.clone());
        sent.spawn(async move {
            let answer = client
                .http
                .get(&*url)
                .header("X-API-Key", &*client.key)
                .send()
                .await?
                .error_for_status()?;
            answer.bytes().await?;
            Ok::<_, anyhow::Error>(due.elapsed())
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = sent.join_next().await {
        latencies.push(done??);
    }
    let mut report = summary(latencies, began.elapsed())?;
    report["rate_wanted"] = rate.into();
    Ok(report)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a load run are far below 2^52"
)]
fn summary(mut latencies: Vec<Duration>, took: Duration) -> Result<Value> {
    latencies.sort_unstable();
    let count = latencies.len();
    let at = |share: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = ((count as f64 * share) as usize).min(count.saturating_sub(1));
        latencies
            .get(place)
            .map(|latency| latency.as_secs_f64() * 1_000.0)
    };
    Ok(json!({
        "count": count,
        "per_second": (count as f64 / took.as_secs_f64()).round(),
        "p50_ms": at(0.50), "p90_ms": at(0.90), "p99_ms": at(0.99), "max_ms": at(1.0),
    }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let usage = "usage: load BASE_URL PASSWORD (turns CUSTOMERS | reads RATE | streams RATE MODEL_URL) SECONDS, \
        or: load model";
    if arguments == ["model"] {
        return streams::model().await;
    }
    let [base, password, what, ref load @ ..] = arguments[..] else {
        bail!(usage)
    };
    // The client wants a cryptography provider, even where it speaks plain HTTP.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let client = Client::sign_in(base, password).await?;
    let report = match (what, load) {
        ("turns", [customers, seconds]) => turns(client, customers.parse()?, seconds.parse()?).await?,
        ("reads", [rate, seconds]) => reads(client, rate.parse()?, seconds.parse()?).await?,
        ("streams", [rate, model, seconds]) => {
            streams::streams(client, rate.parse()?, model, seconds.parse()?).await?
        }
        _ => bail!(usage),
    };
    #[expect(clippy::print_stdout, reason = "the report is what the program is for")]
    {
        println!("{}", json!({ what: report }));
    }
    Ok(())
}
