//! Connections: accepted up to a limit, served, closed when they keep silent, and let finish when the process stops.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// How long to wait after a connection could not be accepted, as when the process has no file left for it.
const PAUSE: Duration = Duration::from_millis(500);

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// How many are open at once.
    pub(crate) connections: usize,
    /// How long one may be silent before a request's headers are complete.
    pub(crate) headers: Duration,
}

/// Serves until `stop`; then takes nothing new, and ends when the requests under way have their answers.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(patience.connections));
    let open = TaskTracker::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(patience.headers);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                sleep(PAUSE).await;
                continue;
            }
        };
        let (http, router, stop) = (http.clone(), router.clone(), stop.clone());
        open.spawn(async move {
            let _place = place;
            connection(&http, stream, peer, router, stop).await;
        });
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn connection(
    http: &http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
) {
    // Words of an answer leave when they are written, not when a packet is full.
    let _as_it_is = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let served = http
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut served = pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    // Clients go away as they like.
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
