//! What router and provider add to a model's own time: streams side by side against a server on loopback that stamps what
//! it sends.
//!
//! ```sh
//! cargo run --release -p acs-ai --example route_overhead -- --streams 100 --replies 20
//! ```
//!
//! Of each reply it measures: from the call to the server's having read the request; the way of its last word from the server's
//! sending it to its being read; the sum of both, which is what the reply takes over the model's own time; and the longest way of
//! any of its words. The server runs in this process, on the same cores, so its own work and the kernel's are within the figures.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use acs_ai::provider::{ModelOptions, Net};
use acs_ai::router::{
    BreakerSettings, Chain, ChainRouter, Conditions, Link, OwnAddresses, Plan, Prices, RetrySettings,
};
use acs_core::entropy::SeededEntropy;
use acs_domain::analysis::EmotionLabel;
use acs_domain::port::chat::{ChatDelta, ChatMessage, ChatRequest, ChatRole};
use acs_domain::port::route::{Occasion, Router};
use anyhow::{Context as _, Result, bail};
use futures::StreamExt as _;
use futures::future::try_join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How many words a reply has, and how long the model thinks before each.
const WORDS: u32 = 30;
const THINKING: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy)]
struct Measured {
    to_the_model: Duration,
    last_back: Duration,
    longest_back: Duration,
}

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (streams, replies) = (argument("--streams", 100)?, argument("--replies", 20)?);
    let start = Instant::now();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let router = router(listener.local_addr()?)?;
    let customers = (0..streams).map(|number| customer(&router, start, number, replies));
    let measured = tokio::select! {
        measured = try_join_all(customers) => measured?,
        served = serve(listener, start) => return served,
    };
    let measured: Vec<Measured> = measured.into_iter().flatten().collect();
    println!(
        "{} replies of {WORDS} words, {streams} side by side",
        measured.len()
    );
    print("to the model", measured.iter().map(|reply| reply.to_the_model));
    print(
        "last word's way back",
        measured.iter().map(|reply| reply.last_back),
    );
    print(
        "both: over the model's own time",
        measured.iter().map(|reply| reply.to_the_model + reply.last_back),
    );
    print(
        "longest way back of a word",
        measured.iter().map(|reply| reply.longest_back),
    );
    Ok(())
}

fn argument(name: &str, default: u32) -> Result<u32> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name).skip(1);
    arguments.next().map_or(Ok(default), |value| {
        value.parse().with_context(|| format!("{name} is a number"))
    })
}

fn print(what: &str, times: impl Iterator<Item = Duration>) {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let at = |share: usize| {
        times
            .get((times.len() - 1) * share / 100)
            .copied()
            .unwrap_or_default()
    };
    println!("{what}: p50 {:?}, p95 {:?}, p99 {:?}", at(50), at(95), at(99));
}

fn router(server: SocketAddr) -> Result<ChainRouter> {
    let options = ModelOptions {
        base_url: format!("http://{server}/v1"),
        api_key: None,
        model: "scripted".to_owned(),
        api_version: None,
        temperature: None,
        max_tokens: None,
        first_token_timeout: Duration::from_secs(10),
        timeout: Duration::from_secs(60),
        net: Net::trusted()?,
        file: None,
    };
    let breaker = BreakerSettings {
        failures: 5,
        pause: Duration::from_secs(10),
    };
    let chain = Chain {
        conditions: Conditions::default(),
        links: vec![Arc::new(Link::connect(Plan {
            name: "scripted".to_owned(),
            provider: "openai".to_owned(),
            options,
            window: 8_192,
            prices: Prices::default(),
            breaker,
        })?)],
        hedge_after: None,
    };
    let retry = RetrySettings {
        retries: 0,
        longest_wait: Duration::ZERO,
    };
    Ok(ChainRouter::new(
        vec![chain],
        retry,
        Arc::new(SeededEntropy::new(1)),
        OwnAddresses::new(Vec::new())?,
    ))
}

/// One customer after whose reply the next question follows. The first is not counted: it opens the connection.
async fn customer(router: &ChainRouter, start: Instant, number: u32, replies: u32) -> Result<Vec<Measured>> {
    // Customers do not write at the same instant.
    tokio::time::sleep(THINKING * WORDS * number / 100).await;
    let request = ChatRequest {
        system: "x".repeat(6_000),
        messages: vec![ChatMessage {
            role: ChatRole::User,
            content: "Where is my lamp?".to_owned(),
        }],
        ..ChatRequest::default()
    };
    let mut measured = Vec::new();
    for _ in 0..=replies {
        measured.push(reply(router, start, &request).await?);
    }
    Ok(measured.split_off(1))
}

async fn reply(router: &ChainRouter, start: Instant, request: &ChatRequest) -> Result<Measured> {
    let occasion = Occasion {
        organization: "acme",
        intent: None,
        wishes: 1,
        emotion: EmotionLabel::Neutral,
        language: "en",
        words: 4,
        spent: 0.0,
    };
    let called = start.elapsed();
    let mut route = router
        .route(&occasion, Duration::from_secs(60))
        .context("there is a chain")?;
    let mut opened = route.next(request).await.context("the model answers")?;
    let mut measured = Measured {
        to_the_model: Duration::ZERO,
        last_back: Duration::ZERO,
        longest_back: Duration::ZERO,
    };
    while let Some(delta) = opened.stream.next().await {
        match delta? {
            ChatDelta::Text(words) => {
                let mut stamps = words
                    .split_whitespace()
                    .map(|stamp| stamp.parse().map(Duration::from_nanos));
                let (Some(Ok(read)), Some(Ok(sent))) = (stamps.next(), stamps.next()) else {
                    bail!("the server stamps each word");
                };
                measured.to_the_model = read.saturating_sub(called);
                measured.last_back = start.elapsed().saturating_sub(sent);
                measured.longest_back = measured.longest_back.max(measured.last_back);
            }
            ChatDelta::End(_) => return Ok(measured),
            ChatDelta::Call(_) => bail!("nothing was offered"),
        }
    }
    bail!("the reply broke off")
}

async fn serve(listener: TcpListener, start: Instant) -> Result<()> {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (connection, _) = listener.accept().await?;
        connection.set_nodelay(true)?;
        connections.spawn(speak(connection, start));
    }
}

/// Answers the requests of one connection. Each word is the time at which the request was read, and the present one.
async fn speak(mut connection: TcpStream, start: Instant) -> Result<()> {
    let mut bytes = Vec::new();
    while read_request(&mut connection, &mut bytes).await? {
        let read = start.elapsed().as_nanos();
        connection
            .write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
            )
            .await?;
        for _ in 0..WORDS {
            tokio::time::sleep(THINKING).await;
            let words = format!("{read} {} ", start.elapsed().as_nanos());
            let event =
                json!({"choices": [{"index": 0, "delta": {"content": words}, "finish_reason": null}]});
            send(&mut connection, &format!("data: {event}\n\n")).await?;
        }
        send(&mut connection, "data: [DONE]\n\n").await?;
        connection.write_all(b"0\r\n\r\n").await?;
    }
    Ok(())
}

async fn send(connection: &mut TcpStream, text: &str) -> Result<()> {
    let chunk = format!("{:x}\r\n{text}\r\n", text.len());
    Ok(connection.write_all(chunk.as_bytes()).await?)
}

/// Reads a request to its end; false when the client has gone.
async fn read_request(connection: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<bool> {
    loop {
        if let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .context("a request says how long it is")?;
            let whole = head + 4 + length.trim().parse::<usize>()?;
            if bytes.len() >= whole {
                bytes.drain(..whole);
                return Ok(true);
            }
        }
        if connection.read_buf(bytes).await? == 0 {
            return Ok(false);
        }
    }
}
