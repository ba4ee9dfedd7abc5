//! One model, with its breaker, asked until it begins a reply.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use acs_core::entropy::Entropy;
use acs_core::error::Chain;
use acs_domain::budget::Spending;
use acs_domain::port::chat::{ChatModel, ChatRequest, ChatStream, ModelError, TokenUsage};
use acs_domain::port::route::OwnKey;
use tokio::time::{Instant, sleep, timeout_at};

use super::attempts::{Attempts, Prices, Trying};
use super::breaker::{Breaker, BreakerSettings, Leave};
use super::own::OwnAddresses;
use super::retry::RetrySettings;
use super::watch;
use crate::provider::{self, ConnectError, ModelOptions};

/// How a model is asked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the installation calls it.
    pub name: String,
    /// Whose protocol it speaks.
    pub provider: String,
    /// Which model, and where.
    pub options: ModelOptions,
    /// How many tokens it reads and writes together.
    pub window: u32,
    /// What it costs.
    pub prices: Prices,
    /// When it is left alone.
    pub breaker: BreakerSettings,
}

/// A model of a chain. Its breaker is shared by all chains that it stands in.
pub struct Link {
    plan: Plan,
    /// `None`: it cannot be asked.
    model: Option<Arc<dyn ChatModel>>,
    breaker: Mutex<Breaker>,
    /// Whether it is asked with an organization's own key.
    own: bool,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Link").field(&self.plan.name).finish()
    }
}

/// What one turn asks its models with.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) retry: RetrySettings,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) deadline: Instant,
    pub(super) attempts: Attempts,
}

/// A reply that has begun, and the number of its attempt.
pub(super) struct Begun {
    pub(super) stream: ChatStream,
    pub(super) attempt: usize,
}

impl Link {
    /// A model that has not failed yet. Asks nothing.
    pub fn connect(plan: Plan) -> Result<Self, ConnectError> {
        let model = provider::connect(&plan.provider, plan.options.clone())?;
        Ok(Self::new(plan, Some(model), false))
    }

    /// The same model, asked with an organization's own key: with failures of its own, and left out if it cannot be asked so.
    pub(super) fn with_key(&self, key: &OwnKey, addresses: &OwnAddresses) -> Self {
        let refused = |error: &(dyn std::error::Error + 'static)| {
            tracing::error!(
                gen_ai.model = self.model(),
                error = %Chain(error),
                "an organization's own key for the model cannot be used"
            );
            Self::new(self.plan.clone(), None, true)
        };
        let plan = match addresses.plan(&self.plan, key) {
            Ok(plan) => plan,
            Err(error) => return refused(&error),
        };
        match provider::connect(&plan.provider, plan.options.clone()) {
            Ok(model) => Self::new(plan, Some(model), true),
            Err(error) => refused(&error),
        }
    }

    fn new(plan: Plan, model: Option<Arc<dyn ChatModel>>, own: bool) -> Self {
        Self {
            breaker: Mutex::new(Breaker::new(plan.breaker)),
            plan,
            model,
            own,
        }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many tokens a prompt may have: what is left of the window by the longest reply, and half of it in any case.
    pub(super) fn room(&self) -> usize {
        let window = self.plan.window;
        let reply = self.plan.options.max_tokens.unwrap_or(0).min(window / 2);
        usize::try_from(window - reply).unwrap_or(usize::MAX)
    }

    /// The most that it costs to ask it once with a prompt of so many tokens: they, and the longest reply.
    pub(super) fn most(&self, prompt: usize) -> Spending {
        let longest_reply = self.plan.options.max_tokens.unwrap_or(self.plan.window);
        let usage = TokenUsage {
            input: u64::try_from(prompt).unwrap_or(u64::MAX),
            output: u64::from(longest_reply),
        };
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Spending {
            tokens: whole(usage.input.saturating_add(usage.output)),
            cost_micros: whole(self.plan.prices.micros(usage)),
        }
    }

    pub(super) fn model(&self) -> &str {
        &self.plan.options.model
    }

    /// The model's reply, once its first words are there; `None` when it gives none in time.
    pub(super) async fn begin(self: Arc<Self>, request: &ChatRequest, asking: Asking) -> Option<Begun> {
        let Some(model) = &self.model else {
            let reason = "left out: the organization's own key cannot be used";
            asking.attempts.leave_out(self.model(), reason);
            return None;
        };
        let mut tries = 1;
        loop {
            let Some(pass) = Pass::through(&self) else {
                asking
                    .attempts
                    .leave_out(self.model(), "left out: it failed too often of late");
                return None;
            };
            let trying = asking.attempts.begin(self.model(), self.plan.prices, request);
            let began = Instant::now();
            let answer = timeout_at(asking.deadline, model.reply_metered(request, trying.meter())).await;
            let Ok(answer) = answer else {
                // The time was the turn's: the model may have had less than it needs, so its breaker hears nothing.
                trying.fail(&ModelError::Timeout(began.elapsed()));
                return None;
            };
            let error = match answer {
                Ok(stream) => return Some(begun(stream, trying, pass, asking.deadline)),
                Err(error) => error,
            };
            pass.judge(&error);
            trying.fail(&error);
            let left = asking.deadline.saturating_duration_since(Instant::now());
            let wait = asking.retry.wait(&error, tries, left, chance(&*asking.entropy))?;
            sleep(wait).await;
            tries += 1;
        }
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn begun(stream: ChatStream, trying: Trying, pass: Pass, deadline: Instant) -> Begun {
    let attempt = trying.number;
    Begun {
        stream: watch::to_its_end(stream, trying, pass, deadline),
        attempt,
    }
}

/// A number from 0 to 1.
pub(crate) fn chance(entropy: &dyn Entropy) -> f64 {
    let mut bytes = [0; 4];
    entropy.fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}

/// The leave to ask a model. Dropped without a verdict, it is given back as if the model had not been asked.
pub(super) struct Pass {
    link: Arc<Link>,
    leave: Option<Leave>,
}

impl Pass {
    fn through(link: &Arc<Link>) -> Option<Self> {
        let leave = link.breaker().admit(Instant::now())?;
        Some(Self {
            link: Arc::clone(link),
            leave: Some(leave),
        })
    }

    /// The model has answered.
    pub(super) fn succeed(mut self) {
        self.tell(Breaker::succeed);
    }

    /// The model has not answered, or not well. That the request asks too much is not its fault: it is there. What the request
    /// itself may have brought about is no verdict: one customer must not close a model to all others.
    pub(super) fn judge(mut self, error: &ModelError) {
        match error {
            ModelError::ContextTooLong | ModelError::Filtered => self.succeed(),
            ModelError::Busy | ModelError::Refused(_) | ModelError::Useless(_) => {}
            ModelError::Unauthorized
            | ModelError::RateLimited { .. }
            | ModelError::Timeout(_)
            | ModelError::NotServed(_)
            | ModelError::Failed { .. }
            | ModelError::Broken(_) => self.tell(|breaker, leave| breaker.fail(leave, Instant::now())),
        }
    }

    fn tell(&mut self, verdict: impl FnOnce(&mut Breaker, Leave)) {
        let Some(leave) = self.leave.take() else { return };
        let mut breaker = self.link.breaker();
        let before = breaker.is_open();
        verdict(&mut breaker, leave);
        let open = breaker.is_open();
        drop(breaker);
        if open != before {
            let model = self.link.model();
            let own = self.link.own;
            tracing::warn!(
                gen_ai.model = model,
                open,
                own_key = own,
                "the model's circuit changed"
            );
            if !own {
                metrics::gauge!("acs_model_circuit_open", "model" => model.to_owned()).set(u8::from(open));
            }
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.tell(|breaker, leave| breaker.let_go(leave, Instant::now()));
    }
}
