//! Connections: accepted up to a limit, served, closed when they keep silent, and let finish when the process stops.

mod guests;

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use self::guests::Guests;

/// How long to wait after a connection could not be accepted, as when the process has no file left for it.
const PAUSE: Duration = Duration::from_millis(500);

/// What connections may take.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    /// How many are open at once.
    pub(crate) connections: usize,
    /// How long one may be silent before a request's headers are complete.
    pub(crate) headers: Duration,
    /// How long a client may take nothing of an answer.
    pub(crate) writes: Duration,
    /// How many are open at once of one address.
    pub(crate) of_one_address: usize,
    /// Whose connections are many clients'.
    pub(crate) proxies: Vec<IpNet>,
}

/// Serves until `stop`; then takes nothing new, and ends when the requests under way have their answers.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(patience.connections));
    let guests = Guests::new(patience.of_one_address, patience.proxies);
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
                let _paused_or_stopped = timeout(PAUSE, stop.cancelled()).await;
                continue;
            }
        };
        let Some(guest) = guests.enter(peer.ip()) else {
            tracing::debug!(%peer, "a connection was closed: its address has enough");
            continue;
        };
        let (http, router, stop) = (http.clone(), router.clone(), stop.clone());
        open.spawn(async move {
            let _held = (place, guest);
            let stream = patient(stream, patience.writes);
            connection(&http, stream, peer, router, stop).await;
        });
    }
    drop(listener);
    open.close();
    open.wait().await;
}

/// A stream that fails when its other end takes nothing for too long.
fn patient(stream: TcpStream, writes: Duration) -> Pin<Box<TimeoutStream<TcpStream>>> {
    // Words of an answer leave when they are written, not when a packet is full.
    let _as_it_is = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(writes));
    Box::pin(stream)
}

async fn connection(
    http: &http1::Builder,
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let served = http.serve_connection(TokioIo::new(stream), service);
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
