//! The links of one turn, one after the other, or two side by side.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use acs_domain::budget::Spending;
use acs_domain::port::chat::ChatRequest;
use acs_domain::port::route::{Opened, Route};
use acs_domain::turn::Attempt;
use async_trait::async_trait;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, sleep_until};

use super::chain::Chain;
use super::link::{Asking, Begun, Link};
use crate::prompt::tokens;

/// A chain that is being followed.
pub(super) struct Run {
    asking: Asking,
    hedge_after: Option<Duration>,
    count: u32,
    room: usize,
    /// Those that have not failed yet, with their places in the chain.
    left: VecDeque<Place>,
    /// The attempt whose reply was given last.
    last: Option<usize>,
}

#[derive(Clone)]
struct Place {
    level: u32,
    link: Arc<Link>,
}

impl Run {
    pub(super) fn new(chain: &Chain, asking: Asking) -> Self {
        let left: VecDeque<Place> = (0..)
            .zip(&chain.links)
            .map(|(level, link)| Place {
                level,
                link: Arc::clone(link),
            })
            .collect();
        Self {
            asking,
            hedge_after: chain.hedge_after,
            room: chain.links.iter().map(|link| link.room()).min().unwrap_or(0),
            count: u32::try_from(left.len()).unwrap_or(u32::MAX),
            left,
            last: None,
        }
    }

    async fn begin(place: Place, request: &ChatRequest, asking: Asking) -> (Place, Option<Begun>) {
        let begun = Arc::clone(&place.link).begin(request, asking).await;
        (place, begun)
    }

    /// When the next model is asked beside the one that was just asked.
    fn hedge_at(&self) -> Option<Instant> {
        Some(Instant::now() + self.hedge_after?)
    }
}

#[async_trait]
impl Route for Run {
    async fn next(&mut self, request: &ChatRequest) -> Option<Opened> {
        let mut asked: Vec<Place> = Vec::new();
        let mut beginning = FuturesUnordered::new();
        let mut hedge_at = None;
        loop {
            if beginning.is_empty() || hedge_at.is_some_and(|at| at <= Instant::now()) {
                // Beside the first there is only one more.
                hedge_at = if beginning.is_empty() {
                    self.hedge_at()
                } else {
                    None
                };
                if let Some(place) = self.left.pop_front() {
                    if !beginning.is_empty() {
                        metrics::counter!("acs_model_hedges_total").increment(1);
                    }
                    asked.push(place.clone());
                    beginning.push(Self::begin(place, request, self.asking.clone()));
                }
            }
            let hedge = async {
                match hedge_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let (place, begun) = tokio::select! {
                biased;
                ended = beginning.next() => ended?,
                () = hedge => continue,
            };
            asked.retain(|other| other.level != place.level);
            let Some(Begun { stream, attempt }) = begun else {
                continue;
            };
            // One that was only slower has not failed.
            for slower in asked.into_iter().rev() {
                self.left.push_front(slower);
            }
            self.last = Some(attempt);
            return Some(Opened {
                model: place.link.model().to_owned(),
                level: place.level,
                stream,
            });
        }
    }

    fn found_wanting(&mut self, reason: &str) {
        if let Some(attempt) = self.last {
            self.asking.attempts.found_wanting(attempt, reason);
        }
    }

    fn models(&self) -> Vec<String> {
        let models = self.left.iter().map(|place| place.link.model().to_owned());
        models.collect()
    }

    fn links(&self) -> u32 {
        self.count
    }

    fn room(&self) -> usize {
        self.room
    }

    fn most(&self, request: &ChatRequest) -> Spending {
        let prompt = tokens::request(request);
        self.left.iter().map(|place| place.link.most(prompt)).sum()
    }

    fn attempts(&self) -> Vec<Attempt> {
        self.asking.attempts.all()
    }
}
