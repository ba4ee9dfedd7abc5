//! A server's address of its own, that can be cut and mended: "the database is gone for a while".

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use acs_core::secret::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;

/// Passes connections on to a server, until told otherwise. It stops when dropped.
#[derive(Debug)]
pub struct Proxy {
    server: String,
    address: SocketAddr,
    /// Bound and never listening: nobody else is given the port while the connection is cut.
    _place: TcpSocket,
    serving: Mutex<Option<JoinSet<()>>>,
    /// Counts freezes: connections of an earlier count pass nothing on any more.
    frost: watch::Sender<u64>,
}

impl Proxy {
    /// A door to the server at `host:port`, open.
    pub async fn start(server: &str) -> io::Result<Self> {
        let place = bound((Ipv4Addr::LOCALHOST, 0).into())?;
        let proxy = Self {
            server: server.to_owned(),
            address: place.local_addr()?,
            _place: place,
            serving: Mutex::new(None),
            frost: watch::channel(0).0,
        };
        proxy.mend().await?;
        Ok(proxy)
    }

    /// A door to the server that a URL names, and the URL by which it is reached through the door.
    pub async fn of_url(url: &Secret) -> io::Result<(Self, Secret)> {
        let (head, authority, tail) = parts(url.expose());
        let proxy = Self::start(authority).await?;
        let url = Secret::new(format!("{head}{}{tail}", proxy.address));
        Ok((proxy, url))
    }

    /// Ends all connections and refuses new ones, as when the server has died.
    pub async fn cut(&self) {
        if let Some(mut serving) = self.serving.lock().await.take() {
            serving.shutdown().await;
        }
    }

    /// Lets connections through again.
    pub async fn mend(&self) -> io::Result<()> {
        let mut serving = self.serving.lock().await;
        if serving.is_none() {
            let listener = bound(self.address)?.listen(128)?;
            *serving = Some(serve(listener, self.server.clone(), self.frost.subscribe()));
        }
        Ok(())
    }

    /// From here on the connections that are open stay open, and nothing passes through them, as when a network between
    /// has forgotten them. New ones are let through.
    pub fn freeze(&self) {
        self.frost.send_modify(|count| *count += 1);
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn serve(listener: TcpListener, server: String, frost: watch::Receiver<u64>) -> JoinSet<()> {
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        // Dropped with this task, and the connections with it.
        let mut connections = JoinSet::new();
        while let Ok((client, _)) = listener.accept().await {
            let (server, frost) = (server.clone(), frost.clone());
            connections.spawn(async move {
                let Ok(server) = TcpStream::connect(&server).await else {
                    return;
                };
                pass_on(client, server, frost).await;
            });
        }
    });
    serving
}

async fn pass_on(client: TcpStream, server: TcpStream, frost: watch::Receiver<u64>) {
    let [(from_client, to_client), (from_server, to_server)] = [client.into_split(), server.into_split()];
    let passing = async {
        tokio::select! {
            () = pour(from_client, to_server) => {}
            () = pour(from_server, to_client) => {}
        }
    };
    // Lives on when nobody polls it any more: so the connections stay open.
    let mut passing = std::pin::pin!(passing);
    tokio::select! {
        () = &mut passing => {}
        () = frozen(frost) => std::future::pending().await,
    }
}

async fn pour(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn frozen(mut frost: watch::Receiver<u64>) {
    frost.mark_unchanged();
    if frost.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What stands before the `host:port` of a URL, the `host:port`, and the rest.
fn parts(url: &str) -> (&str, &str, &str) {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let end = url[begin..].find(['/', '?']).map_or(url.len(), |at| begin + at);
    let host = url[begin..end].rfind('@').map_or(begin, |at| begin + at + 1);
    (&url[..host], &url[host..end], &url[end..])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// A server that says everything again.
    async fn echo() -> (String, JoinSet<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                let (from, to) = connection.into_split();
                connections.spawn(pour(from, to));
            }
        });
        (address, serving)
    }

    async fn say(connection: &mut TcpStream) -> io::Result<()> {
        connection.write_all(b"word").await?;
        connection.read_exact(&mut [0; 4]).await.map(drop)
    }

    #[tokio::test]
    async fn a_cut_ends_what_is_open_and_refuses_what_is_new_until_it_is_mended() {
        let (address, _serving) = echo().await;
        let proxy = Proxy::start(&address).await.unwrap();
        let mut open = TcpStream::connect(proxy.address).await.unwrap();
        say(&mut open).await.unwrap();
        proxy.cut().await;
        assert!(say(&mut open).await.is_err());
        let refused = TcpStream::connect(proxy.address).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        proxy.mend().await.unwrap();
        say(&mut TcpStream::connect(proxy.address).await.unwrap())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_frozen_connection_stays_open_and_passes_nothing_on() {
        let (address, _serving) = echo().await;
        let proxy = Proxy::start(&address).await.unwrap();
        let mut open = TcpStream::connect(proxy.address).await.unwrap();
        say(&mut open).await.unwrap();
        proxy.freeze();
        assert!(timeout(Duration::from_millis(50), say(&mut open)).await.is_err());
        say(&mut TcpStream::connect(proxy.address).await.unwrap())
            .await
            .unwrap();
    }

    #[test]
    fn a_url_is_taken_apart() {
        assert_eq!(
            parts("postgres://u:p@h:1/d?x=y"),
            ("postgres://u:p@", "h:1", "/d?x=y")
        );
        assert_eq!(parts("postgres://h:1?x"), ("postgres://", "h:1", "?x"));
        assert_eq!(parts("http://h:1"), ("http://", "h:1", ""));
    }
}
