//! How fast a model in this process is: reading its prompt, and writing.
//!
//! ```sh
//! cargo run --release -p acs-ai --features gguf --example gguf_speed -- --file MODEL.gguf --threads 1 --side-by-side 1
//! ```
//!
//! `--passages` says how many passages each prompt has.
//! Each customer asks about passages of a knowledge base, as a turn does, and gets a reply of up to 64 tokens. Measured are
//! the time to the first words, which is that of reading the prompt, and the tokens a second from there to the end.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_ai::provider::{FileOptions, ModelOptions, Net, connect};
use acs_domain::port::chat::{ChatDelta, ChatMessage, ChatModel, ChatRequest, ChatRole, ReplyEnd};
use anyhow::{Context as _, Result};
use futures::StreamExt as _;
use futures::future::try_join_all;

const REPLIES: usize = 8;
const TOKENS: u32 = 64;
const PASSAGE: &str = "A lamp can be sent back within thirty days of the delivery, in its own box and with the receipt. \
    We pay the money back to the account that paid for it, within five working days of the parcel's arrival. ";

#[derive(Debug, Clone, Copy)]
struct Measured {
    first_words: Duration,
    rest: Duration,
    end: ReplyEnd,
}

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let side_by_side: usize = argument("--side-by-side", "1")?.parse()?;
    let threads = argument("--threads", "1")?.parse()?;
    let passages = argument("--passages", "8")?.parse()?;
    let began = Instant::now();
    let model = connect("gguf", options(side_by_side, threads)?)?;
    println!("loaded in {:?}", began.elapsed());
    for round in 0..2 {
        let began = Instant::now();
        let customers = (0..side_by_side).map(|number| customer(Arc::clone(&model), number, passages));
        let measured: Vec<Measured> = try_join_all(customers).await?.into_iter().flatten().collect();
        // The first round reads the file.
        if round == 1 {
            report(&measured, began.elapsed());
        }
    }
    Ok(())
}

fn argument(name: &str, default: &str) -> Result<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    if arguments.next().is_none() {
        return Ok(default.to_owned());
    }
    arguments.next().with_context(|| format!("{name} has no value"))
}

fn options(side_by_side: usize, threads: usize) -> Result<ModelOptions> {
    let ample = Duration::from_secs(600);
    Ok(ModelOptions {
        base_url: String::new(),
        api_key: None,
        model: "measured".to_owned(),
        api_version: None,
        temperature: Some(0.0),
        max_tokens: Some(TOKENS),
        first_token_timeout: ample,
        timeout: ample,
        net: Net::trusted()?,
        file: Some(FileOptions {
            path: argument("--file", "model.gguf")?.into(),
            window_tokens: 2_048,
            threads,
            concurrency: side_by_side,
            queue: 0,
        }),
    })
}

async fn customer(model: Arc<dyn ChatModel>, number: usize, passages: usize) -> Result<Vec<Measured>> {
    let mut measured = Vec::with_capacity(REPLIES);
    for reply in 0..REPLIES {
        let request = ChatRequest {
            system: format!(
                "You answer customers from these passages.\n{}",
                PASSAGE.repeat(passages)
            ),
            messages: vec![ChatMessage {
                role: ChatRole::User,
                content: format!(
                    "I am customer {number}-{reply}. How can I send my lamp back, and when am I paid?"
                ),
            }],
            ..ChatRequest::default()
        };
        measured.push(ask(&*model, &request).await?);
    }
    Ok(measured)
}

async fn ask(model: &dyn ChatModel, request: &ChatRequest) -> Result<Measured> {
    let began = Instant::now();
    let mut reply = model.reply(request).await?;
    let first_words = began.elapsed();
    while let Some(delta) = reply.next().await {
        if let ChatDelta::End(end) = delta? {
            return Ok(Measured {
                first_words,
                rest: began.elapsed().saturating_sub(first_words),
                end,
            });
        }
    }
    anyhow::bail!("a reply has no end")
}

#[expect(clippy::cast_precision_loss, reason = "a report needs no more")]
fn report(measured: &[Measured], took: Duration) {
    let mut first_words: Vec<Duration> = measured.iter().map(|reply| reply.first_words).collect();
    first_words.sort_unstable();
    let at = |share: usize| first_words[(first_words.len() - 1) * share / 100];
    let read: u64 = measured.iter().map(|reply| reply.end.usage.input).sum();
    let written: u64 = measured.iter().map(|reply| reply.end.usage.output).sum();
    let reading: Duration = first_words.iter().sum();
    let writing: Duration = measured.iter().map(|reply| reply.rest).sum();
    // The first token of each reply belongs to its reading.
    let rest = written.saturating_sub(measured.len() as u64);
    println!(
        "{} replies: {} tokens read and {} written each",
        measured.len(),
        read / measured.len() as u64,
        written / measured.len() as u64
    );
    println!("first words: p50 {:?}, p95 {:?}", at(50), at(95));
    println!(
        "reading: {:.0} tokens a second",
        read as f64 / reading.as_secs_f64()
    );
    println!(
        "writing: {:.0} tokens a second",
        rest as f64 / writing.as_secs_f64()
    );
    println!(
        "written by all: {:.0} tokens a second",
        written as f64 / took.as_secs_f64()
    );
}
