//! Connections that ask nothing do not keep others out.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::place::Place;

/// How long a test waits for what comes about by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks whether the server lives, and waits for its answer.
async fn alive(stream: &mut TcpStream) {
    let request = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_connection_that_never_ends_its_headers_is_closed() {
    let server = Place::new()
        .set("ACS__SERVER__HEADER_TIMEOUT_SECONDS", "0.3")
        .start()
        .await;
    for begun in ["", "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
        let mut silent = TcpStream::connect(server.client.address()).await.unwrap();
        silent.write_all(begun.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let closed = timeout(PATIENCE, silent.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "it was left open after {begun:?}");
    }
}

#[tokio::test]
async fn a_client_that_takes_none_of_its_answers_is_cut_off() {
    let server = Place::new()
        .set("ACS__SERVER__MAX_CONNECTIONS", "1")
        .set("ACS__SERVER__WRITE_TIMEOUT_SECONDS", "0.3")
        .start()
        .await;
    let mut greedy = TcpStream::connect(server.client.address()).await.unwrap();
    // More than all buffers between the two hold; the rest of the requests may not even leave.
    let requests = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
    greedy.write_all(requests.as_bytes()).await.unwrap();
    let mut next = TcpStream::connect(server.client.address()).await.unwrap();
    timeout(PATIENCE, alive(&mut next)).await.unwrap();
}

#[tokio::test]
async fn connections_over_the_limit_wait_until_others_end() {
    let server = Place::new()
        .set("ACS__SERVER__MAX_CONNECTIONS", "2")
        .start()
        .await;
    let address = server.client.address();
    let (one, two) = (
        TcpStream::connect(&address).await.unwrap(),
        TcpStream::connect(&address).await.unwrap(),
    );
    let mut third = TcpStream::connect(&address).await.unwrap();
    let early = timeout(Duration::from_millis(300), alive(&mut third)).await;
    assert!(early.is_err(), "two connections are open, so the third waits");
    drop((one, two));
    let mut fourth = TcpStream::connect(&address).await.unwrap();
    timeout(PATIENCE, alive(&mut fourth)).await.unwrap();
}
