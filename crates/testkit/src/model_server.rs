//! A scripted model: a server that speaks OpenAI's or Anthropic's protocol, or a reranker's, and breaks it when told to.
//!
//! It answers on a port of its own with what the test says, byte by byte, and tells what it was asked and whether the
//! client hung up. It follows OpenAI's public reference of streamed chat completions.

// Where it lies is said, because another crate's tests take this file in by its path.
#[path = "model_server/anthropic.rs"]
mod anthropic;
#[path = "model_server/vectors.rs"]
mod vectors;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What a client asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Method and path: `POST /v1/chat/completions`.
    pub line: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null when it is no JSON.
    pub body: Value,
}

impl Asked {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What the server does with one connection, step by step. It closes the connection after the last step.
#[derive(Debug, Clone, Default)]
pub struct Script(Vec<Step>);

#[derive(Debug, Clone)]
enum Step {
    Send(String),
    /// As `Send`, one byte at a time with a pause before each.
    Trickle(String, Duration),
    Pause(Duration),
    Hang,
}

impl Script {
    /// A whole reply: a chunk for each of `words`, the end, its usage, the mark of the end.
    #[must_use]
    pub fn reply(words: &[&str], input_tokens: u64, output_tokens: u64) -> Self {
        let usage = json!({"prompt_tokens": input_tokens, "completion_tokens": output_tokens,
            "total_tokens": input_tokens + output_tokens});
        words
            .iter()
            .fold(Self::stream(), |script, words| script.words(words))
            .event(&chunk(json!([{"index": 0, "delta": {}, "finish_reason": "stop"}])))
            .event(&json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted",
                "choices": [], "usage": usage}))
            .data("[DONE]")
    }

    /// The head of a reply that is streamed.
    #[must_use]
    pub fn stream() -> Self {
        Self::default().raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    }

    /// A refusal, with an error object as its body.
    #[must_use]
    pub fn refuse(status: u16, headers: &[(&str, &str)], error: &Value) -> Self {
        Self::refuse_with(status, headers, &json!({"error": error}))
    }

    fn refuse_with(status: u16, headers: &[(&str, &str)], body: &Value) -> Self {
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let body = body.to_string();
        let length = body.len();
        Self::default().raw(&format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n{headers}\r\n{body}"
        ))
    }

    /// No answer at all, and the connection stays open.
    #[must_use]
    pub fn silence() -> Self {
        Self::default().hang()
    }

    /// Sends a chunk with words.
    #[must_use]
    pub fn words(self, words: &str) -> Self {
        self.event(&chunk(
            json!([{"index": 0, "delta": {"content": words}, "finish_reason": null}]),
        ))
    }

    /// Sends an event with this object.
    #[must_use]
    pub fn event(self, data: &Value) -> Self {
        self.data(&data.to_string())
    }

    /// Sends an event with this data.
    #[must_use]
    pub fn data(self, data: &str) -> Self {
        self.raw(&format!("data: {data}\n\n"))
    }

    /// Sends these very characters.
    #[must_use]
    pub fn raw(self, text: &str) -> Self {
        self.then(Step::Send(text.to_owned()))
    }

    /// Sends these characters one byte at a time, with a pause before each.
    #[must_use]
    pub fn trickle(self, text: &str, pause: Duration) -> Self {
        self.then(Step::Trickle(text.to_owned(), pause))
    }

    /// Waits.
    #[must_use]
    pub fn pause(self, time: Duration) -> Self {
        self.then(Step::Pause(time))
    }

    /// Sends nothing more and leaves the connection open until the client closes it.
    #[must_use]
    pub fn hang(self) -> Self {
        self.then(Step::Hang)
    }

    fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }
}

fn chunk(choices: Value) -> Value {
    json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": choices})
}

/// The running server. It stops when dropped.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    hung_up: watch::Receiver<usize>,
    _serving: JoinSet<()>,
}

impl ModelServer {
    /// Answers each request with the next script, and with the last one ever after.
    pub async fn start(scripts: impl IntoIterator<Item = Script>) -> std::io::Result<Self> {
        let mut scripts: Vec<Script> = scripts.into_iter().collect();
        scripts.reverse();
        let scripts = Mutex::new(scripts);
        Self::answering(move |_| {
            let mut left = scripts.lock().unwrap_or_else(PoisonError::into_inner);
            if left.len() > 1 {
                left.pop()
            } else {
                left.last().cloned()
            }
            .unwrap_or_default()
        })
        .await
    }

    /// Answers each request with what `answer` says.
    pub async fn answering(
        answer: impl Fn(&Asked) -> Script + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (count, hung_up) = watch::channel(0);
        let mut serving = JoinSet::new();
        let (log, answer, count) = (Arc::clone(&asked), Arc::new(answer), Arc::new(count));
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                let (log, answer, count) = (Arc::clone(&log), Arc::clone(&answer), Arc::clone(&count));
                connections.spawn(async move {
                    let Some((mut connection, request)) = read(connection).await else {
                        return;
                    };
                    log.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(request.clone());
                    if play(&mut connection, answer(&request)).await == Ending::HungUp {
                        count.send_modify(|count| *count += 1);
                    }
                });
            }
        });
        Ok(Self {
            address,
            asked,
            hung_up,
            _serving: serving,
        })
    }

    /// The base address, as a provider's options want it.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until `count` clients have closed their connection before the script was over.
    pub async fn hung_up(&self, count: usize) {
        let mut hung_up = self.hung_up.clone();
        // The sender lives as long as the server: there is always an answer.
        let _ = hung_up.wait_for(|so_far| *so_far >= count).await;
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Ending {
    Played,
    HungUp,
}

async fn read(mut connection: TcpStream) -> Option<(TcpStream, Asked)> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let header = |line: &str| {
        line.split_once(':')
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
    };
    let headers: Vec<(String, String)> = lines.filter_map(header).collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")?
        .1
        .parse::<usize>()
        .ok()?;
    while bytes.len() < head_end + 4 + length {
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = serde_json::from_slice(&bytes[head_end + 4..]).unwrap_or(Value::Null);
    Some((connection, Asked { line, headers, body }))
}

/// Plays a script while listening whether the client is still there.
async fn play(connection: &mut TcpStream, script: Script) -> Ending {
    let (mut input, mut output) = connection.split();
    let gone = async {
        let mut rest = [0; 64];
        while matches!(input.read(&mut rest).await, Ok(read) if read > 0) {}
    };
    let steps = async {
        for step in script.0 {
            match step {
                Step::Send(text) => output.write_all(text.as_bytes()).await?,
                Step::Trickle(text, pause) => {
                    for byte in text.as_bytes() {
                        tokio::time::sleep(pause).await;
                        output.write_all(&[*byte]).await?;
                    }
                }
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Hang => std::future::pending().await,
            }
        }
        output.shutdown().await
    };
    tokio::select! {
        biased;
        () = gone => Ending::HungUp,
        played = steps => if played.is_ok() { Ending::Played } else { Ending::HungUp },
    }
}
