//! Where a request comes from. What proxies say is taken only from proxies that the operator trusts: from anyone else
//! it would be a way around every limit.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::FORWARDED;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client(pub(crate) IpAddr);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().copied();
        Ok(known.unwrap_or_else(|| Self(peer(&parts.extensions))))
    }
}

impl Client {
    /// The address of the client: the peer's, or, behind trusted proxies, the nearest that is none of theirs.
    pub(crate) fn find(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let peer = peer(extensions);
        let follow = |hops: Vec<Option<IpAddr>>| nearest_stranger(peer, hops, trusted);
        let by_x = x_forwarded_for(headers).map(follow);
        let by_standard = forwarded(headers).map(follow);
        match (by_x, by_standard) {
            (None, None) => Self(peer),
            (Some(one), None) | (None, Some(one)) => Self(one),
            // A proxy writes one header and lets the other pass as the client wrote it.
            (Some(one), Some(other)) => Self(if one == other { one } else { peer }),
        }
    }
}

fn peer(extensions: &Extensions) -> IpAddr {
    let info = extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| {
        address.ip().to_canonical()
    })
}

/// Follows the hops from the peer backwards for as long as they are trusted. A hop that is no address ends the way.
fn nearest_stranger(peer: IpAddr, hops: Vec<Option<IpAddr>>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        match hop {
            Some(hop) if is_trusted(&nearest) => nearest = hop,
            _ => break,
        }
    }
    nearest
}

/// The hops of `X-Forwarded-For`, farthest first; `None` without the header.
fn x_forwarded_for(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let lines = lines(headers, &X_FORWARDED_FOR)?;
    Some(lines.split(',').map(address).collect())
}

/// The hops of `Forwarded` (RFC 7239, section 4), farthest first; `None` without the header.
fn forwarded(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let lines = lines(headers, &FORWARDED)?;
    let hop = |element: &str| {
        let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let by_name =
            |(name, node): (&str, &str)| name.trim().eq_ignore_ascii_case("for").then(|| address(node));
        pairs.filter_map(by_name).next().flatten()
    };
    Some(lines.split(',').map(hop).collect())
}

fn lines(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lines: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// An address with or without port, brackets and quotes.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.parse::<IpAddr>().ok();
    let bracketed = || {
        text.strip_prefix('[')?
            .strip_suffix(']')?
            .parse()
            .ok()
            .map(IpAddr::V6)
    };
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.or_else(bracketed)
        .or_else(with_port)
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;
