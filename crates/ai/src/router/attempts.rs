//! What was tried, with its outcome and time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use acs_core::error::Chain;
use acs_domain::port::chat::{ModelError, TokenUsage};
use acs_domain::turn::Attempt;
use tokio::time::Instant;

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
    fn micros(self, usage: TokenUsage) -> u64 {
        (usage.input as f64 * self.input + usage.output as f64 * self.output).ceil() as u64
    }
}

/// Every try of one turn, in the order in which they began.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempts(Arc<Mutex<Vec<Attempt>>>);

impl Attempts {
    /// Begins a try. Until it ends, and if it never does, it counts as given up.
    pub(super) fn begin(&self, model: &str, prices: Prices) -> Trying {
        let number = self.push(model, GIVEN_UP);
        Trying {
            attempts: self.clone(),
            number,
            prices,
            began: Instant::now(),
            outcome: Outcome::GivenUp,
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
        });
        attempts.len() - 1
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One try that is under way.
#[derive(Debug)]
pub(super) struct Trying {
    attempts: Attempts,
    pub(super) number: usize,
    prices: Prices,
    began: Instant,
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Ended,
    Failed,
    GivenUp,
}

impl Trying {
    /// The reply came to an end: as it should, or for `reason`.
    pub(super) fn end(mut self, reason: Option<&str>, usage: TokenUsage) {
        self.outcome = Outcome::Ended;
        let cost = self.prices.micros(usage);
        self.set(|attempt| {
            reason.unwrap_or(OK).clone_into(&mut attempt.outcome);
            (attempt.input_tokens, attempt.output_tokens) = (usage.input, usage.output);
            attempt.cost_micros = cost;
        });
    }

    /// The model gave no reply, or not all of it.
    pub(super) fn fail(mut self, error: &ModelError) {
        self.outcome = Outcome::Failed;
        self.set(|attempt| {
            tracing::warn!(gen_ai.model = attempt.model, error = %Chain(error), "the model gave no whole reply");
            attempt.outcome = Chain(error).to_string();
        });
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
            Outcome::Failed => "failed",
            Outcome::GivenUp => "given_up",
        };
        self.set(|attempt| {
            attempt.latency_ms = took.as_secs_f64() * 1_000.0;
            count(&attempt.model, outcome);
        });
    }
}

fn count(model: &str, outcome: &'static str) {
    metrics::counter!("acs_model_attempts_total", "model" => model.to_owned(), "outcome" => outcome)
        .increment(1);
}
