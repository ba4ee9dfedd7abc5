//! A circuit breaker: a model that failed often is left alone for a while, then tried with one request.
//!
//! ```text
//!            so many failures in a row            the pause is over
//!   closed ────────────────────────────▶ open ────────────────────────▶ probing
//!     ▲                                    ▲                               │
//!     │                                    └──── it fails: a longer pause ─┤
//!     └──────────────────────────────────────────── it succeeds ───────────┘
//! ```

use std::time::Duration;

use tokio::time::Instant;

/// No pause is longer than this many first pauses.
const LONGEST: u32 = 16;

/// When a model is left alone.
#[derive(Debug, Clone, Copy)]
pub struct BreakerSettings {
    /// After so many failures in a row.
    pub failures: u32,
    /// For so long; twice as long each time that it fails again.
    pub pause: Duration,
}

/// The state of one model, as far as this process knows it.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    state: State,
    /// Rises with each change of state: what is told about an earlier one is old news.
    epoch: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant, pause: Duration },
    Probing { pause: Duration },
}

/// The leave to ask, to be given back with what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leave {
    epoch: u64,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            state: State::Closed { failures: 0 },
            epoch: 0,
        }
    }

    /// The leave to ask the model now, unless it is left alone.
    pub(super) fn admit(&mut self, now: Instant) -> Option<Leave> {
        match self.state {
            State::Closed { .. } => {}
            State::Open { until, pause } if until <= now => self.become_state(State::Probing { pause }),
            State::Open { .. } | State::Probing { .. } => return None,
        }
        Some(Leave { epoch: self.epoch })
    }

    /// It answered.
    pub(super) fn succeed(&mut self, leave: Leave) {
        if leave.epoch != self.epoch {
            return;
        }
        match self.state {
            State::Closed { .. } => self.state = State::Closed { failures: 0 },
            State::Open { .. } | State::Probing { .. } => self.become_state(State::Closed { failures: 0 }),
        }
    }

    /// It failed.
    pub(super) fn fail(&mut self, leave: Leave, now: Instant) {
        if leave.epoch != self.epoch {
            return;
        }
        let pause = match self.state {
            State::Closed { failures } if failures + 1 < self.settings.failures => {
                self.state = State::Closed {
                    failures: failures + 1,
                };
                return;
            }
            State::Closed { .. } => self.settings.pause,
            State::Probing { pause } | State::Open { pause, .. } => {
                (pause * 2).min(self.settings.pause * LONGEST)
            }
        };
        self.become_state(State::Open {
            until: now + pause,
            pause,
        });
    }

    /// Nothing came of it that says anything about the model: whoever asked lost interest.
    pub(super) fn let_go(&mut self, leave: Leave, now: Instant) {
        if let (true, State::Probing { pause }) = (leave.epoch == self.epoch, self.state) {
            self.become_state(State::Open { until: now, pause });
        }
    }

    /// Whether the model is left alone, or only tried.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed { .. })
    }

    fn become_state(&mut self, state: State) {
        self.state = state;
        self.epoch += 1;
    }
}

#[cfg(test)]
mod tests;
