//! What was tried, with its outcome, its time and its cost.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use acs_core::error::Chain;
use acs_domain::port::chat::{ChatDelta, ChatRequest, Meter, ModelError, TokenUsage};
use acs_domain::turn::Attempt;
use tokio::time::Instant;

use crate::prompt::tokens;

/// The outcome of a reply that came to its end.
const OK: &str = "ok";
/// The outcome of a try that nobody waited for any more.
const GIVEN_UP: &str = "given up";

/// What a model costs for each million tokens, in any one currency: that is millionths of it for each token.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prices {
    /// Read.
    pub input: f64,
    /// Written.
    pub output: f64,
}

impl Prices {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "prices and counts are not negative, and a float that is too large becomes the largest number"
    )]
    pub(super) fn micros(self, usage: TokenUsage) -> u64 {
        (usage.input as f64 * self.input + usage.output as f64 * self.output).ceil() as u64
    }
}

/// Every try of one turn, in the order in which they began.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempts(Arc<Mutex<Vec<Attempt>>>);

impl Attempts {
    /// Begins a try. Until it ends, and if it never does, it counts as given up.
    pub(super) fn begin(&self, model: &str, prices: Prices, request: &ChatRequest) -> Trying {
        let number = self.push(model, GIVEN_UP);
        Trying {
            attempts: self.clone(),
            number,
            prices,
            began: Instant::now(),
            outcome: Outcome::GivenUp,
            asked: tokens::request(request),
            heard: 0,
            meter: Meter::default(),
        }
    }

    /// Notes a model that was not asked.
    pub(super) fn leave_out(&self, model: &str, reason: &str) {
        self.push(model, reason);
        count(model, "left_out");
    }

    /// Gives another outcome to a try that came to its end.
    pub(super) fn found_wanting(&self, number: usize, reason: &str) {
        if let Some(attempt) = self
            .lock()
            .get_mut(number)
            .filter(|attempt| attempt.outcome == OK)
        {
            reason.clone_into(&mut attempt.outcome);
        }
    }

    /// Everything so far.
    pub(super) fn all(&self) -> Vec<Attempt> {
        self.lock().clone()
    }

    fn push(&self, model: &str, outcome: &str) -> usize {
        let mut attempts = self.lock();
        attempts.push(Attempt {
            model: model.to_owned(),
            outcome: outcome.to_owned(),
            latency_ms: 0.0,
            input_tokens: 0,
            output_tokens: 0,
            cost_micros: 0,
            estimated: false,
        });
        attempts.len() - 1
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One try that is under way.
///
/// However it ends, what it cost is noted. Where the provider has not told the tokens, or not yet all, they are estimated from
/// above: those of the prompt and of the words that were heard. Nothing is estimated where the provider refused the request or
/// failed before it said anything: for that, none takes money.
#[derive(Debug)]
pub(super) struct Trying {
    attempts: Attempts,
    pub(super) number: usize,
    prices: Prices,
    began: Instant,
    outcome: Outcome,
    /// Tokens of the prompt, estimated.
    asked: usize,
    /// Bytes of the reply so far.
    heard: usize,
    meter: Meter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Ended,
    Failed {
        /// Whether it has the request read, for all that is known.
        read: bool,
    },
    GivenUp,
}

impl Trying {
    /// Where the provider's own count is noted.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// More of the reply has come.
    pub(super) fn hears(&mut self, delta: &ChatDelta) {
        self.heard += match delta {
            ChatDelta::Text(words) => words.len(),
            ChatDelta::Call(call) => serde_json::to_vec(&call.arguments).map_or(0, |json| json.len()),
            ChatDelta::End(_) => 0,
        };
    }

    /// The reply came to an end: as it should, or for `reason`. Gives what it cost.
    pub(super) fn end(mut self, reason: Option<&str>, usage: TokenUsage) -> TokenUsage {
        self.outcome = Outcome::Ended;
        self.meter.note(usage);
        self.set(|attempt| reason.unwrap_or(OK).clone_into(&mut attempt.outcome));
        self.cost().0
    }

    /// The model gave no reply, or not all of it.
    pub(super) fn fail(mut self, error: &ModelError) {
        self.outcome = Outcome::Failed {
            read: match error {
                ModelError::Timeout(_)
                | ModelError::Filtered
                | ModelError::Broken(_)
                | ModelError::Useless(_) => true,
                ModelError::Unauthorized
                | ModelError::RateLimited { .. }
                | ModelError::Busy
                | ModelError::ContextTooLong
                | ModelError::Refused(_)
                | ModelError::NotServed(_)
                | ModelError::Failed { .. } => false,
            },
        };
        self.set(|attempt| {
            tracing::warn!(gen_ai.model = attempt.model, error = %Chain(error), "the model gave no whole reply");
            attempt.outcome = Chain(error).to_string();
        });
    }

    /// The tokens, and whether they are estimated.
    fn cost(&self) -> (TokenUsage, bool) {
        let told = self.meter.read();
        let silent = self.heard == 0 && told == TokenUsage::default();
        if silent && self.outcome == (Outcome::Failed { read: false }) {
            return (told, false);
        }
        let heard = u64::try_from(tokens::reply(self.heard)).unwrap_or(u64::MAX);
        let input_told = told.input > 0;
        let output_told = self.outcome == Outcome::Ended && (told.output > 0 || heard == 0);
        let usage = TokenUsage {
            input: if input_told {
                told.input
            } else {
                u64::try_from(self.asked).unwrap_or(u64::MAX)
            },
            output: if output_told {
                told.output
            } else {
                told.output.max(heard)
            },
        };
        (usage, !(input_told && output_told))
    }

    fn set(&self, change: impl FnOnce(&mut Attempt)) {
        if let Some(attempt) = self.attempts.lock().get_mut(self.number) {
            change(attempt);
        }
    }
}

impl Drop for Trying {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        metrics::histogram!("acs_model_attempt_duration_seconds").record(took);
        let outcome = match self.outcome {
            Outcome::Ended => "ok",
            Outcome::Failed { .. } => "failed",
            Outcome::GivenUp => "given_up",
        };
        let (usage, estimated) = self.cost();
        let cost = self.prices.micros(usage);
        self.set(|attempt| {
            attempt.latency_ms = took.as_secs_f64() * 1_000.0;
            (attempt.input_tokens, attempt.output_tokens) = (usage.input, usage.output);
            (attempt.cost_micros, attempt.estimated) = (cost, estimated);
            count(&attempt.model, outcome);
        });
    }
}

fn count(model: &str, outcome: &'static str) {
    metrics::counter!("acs_model_attempts_total", "model" => model.to_owned(), "outcome" => outcome)
        .increment(1);
}
