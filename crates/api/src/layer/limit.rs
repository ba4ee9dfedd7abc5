//! How often one may ask: counted for the user, key or address, and for the organization as a whole.

use std::net::IpAddr;
use std::time::Duration;

use acs_core::error::Chain;
use acs_core::net::subscriber;
use acs_domain::access::{Actor, Caller};
use acs_domain::port::counter::Counters;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use crate::extract::caller::name_of;
use crate::problem::whole_seconds;
use crate::settings::RateLimitSettings;

pub(crate) const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
pub(crate) const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
pub(crate) const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// One thing that is counted, and how often it may come in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    key: String,
    limit: u64,
    window: Duration,
}

/// Where a caller stands in the present window, by the share that is nearest to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u64,
    used: u64,
    resets_in: Duration,
}

impl Standing {
    /// When to come again, if the limit is passed.
    pub(crate) fn exceeded(&self) -> Option<Duration> {
        (self.used > self.limit).then_some(self.resets_in)
    }

    fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Writes the standing on the answer.
    pub(crate) fn on(self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(LIMIT, HeaderValue::from(self.limit));
        headers.insert(REMAINING, HeaderValue::from(self.remaining()));
        headers.insert(RESET, HeaderValue::from(whole_seconds(self.resets_in)));
        response
    }
}

/// The window in which the calls of an organization's programs are counted.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The shares of a known caller: their own first, so that one who asks too much does not use up everyone's. Programs besides
/// have `calls_per_hour` together, as their organization's plan has it.
pub(crate) fn of_caller(caller: &Caller, calls_per_hour: u64, settings: &RateLimitSettings) -> Vec<Share> {
    let own = Share {
        key: name_of(caller),
        limit: settings.requests,
        window: settings.window,
    };
    let all = Share {
        key: format!("organization:{}", caller.organization_id),
        limit: settings.organization_requests,
        window: settings.window,
    };
    let planned = matches!(caller.actor, Actor::ApiKey { .. }).then(|| Share {
        key: format!("calls:{}", caller.organization_id),
        limit: calls_per_hour,
        window: HOUR,
    });
    [own, all].into_iter().chain(planned).collect()
}

/// The share of whoever has an address.
pub(crate) fn of_address(address: IpAddr, settings: &RateLimitSettings) -> Vec<Share> {
    vec![Share {
        key: format!("address:{}", subscriber(address)),
        limit: settings.requests,
        window: settings.window,
    }]
}

/// Counts a request for its shares, in order, up to the first that is used up. `None` without limits, and when the
/// counters are away: a limit is there to keep the service up, not to take it down.
pub(crate) async fn count(
    counters: &dyn Counters,
    settings: &RateLimitSettings,
    shares: Vec<Share>,
) -> Option<Standing> {
    let mut nearest: Option<Standing> = None;
    if !settings.enabled {
        return nearest;
    }
    for Share { key, limit, window } in shares {
        let count = match counters.add(&format!("rate/{key}"), 1, window).await {
            Ok(count) => count,
            Err(error) => {
                tracing::warn!(error = %Chain(&error), "a request was not counted");
                continue;
            }
        };
        let standing = Standing {
            limit,
            used: count.used,
            resets_in: count.resets_in,
        };
        if standing.exceeded().is_some() {
            return Some(standing);
        }
        nearest = Some(match nearest {
            Some(nearest) if nearest.remaining() <= standing.remaining() => nearest,
            _ => standing,
        });
    }
    nearest
}

#[cfg(test)]
mod tests;
