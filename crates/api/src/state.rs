//! What handlers may reach.

use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use acs_core::clock::Clock;
use acs_core::entropy::Entropy;
use acs_domain::port::counter::Counters;
use acs_engine::Engine;
use axum::extract::FromRef;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::settings::ApiSettings;

/// What the endpoints are built from.
pub struct ApiState {
    /// The use cases.
    pub engine: Engine,
    /// Counters for the rate limits.
    pub counters: Arc<dyn Counters>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for request ids.
    pub entropy: Arc<dyn Entropy>,
    /// What the operator may choose.
    pub settings: ApiSettings,
    /// What must answer before requests may come, besides the store.
    pub checks: Vec<Check>,
    /// Writes the metrics page in Prometheus' text format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

/// Something that must answer before requests may come.
#[derive(Clone)]
pub struct Check {
    name: &'static str,
    run: Arc<dyn Fn() -> BoxFuture<'static, CheckResult> + Send + Sync>,
}

/// What a check found.
pub type CheckResult = Result<(), Box<dyn Error + Send + Sync>>;

impl Check {
    /// A check with its name in the answer of `/health/ready`. It is given two seconds.
    pub fn new<F>(name: &'static str, run: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = CheckResult> + Send + 'static,
    {
        let run = move || -> BoxFuture<'static, CheckResult> { Box::pin(run()) };
        Self {
            name,
            run: Arc::new(run),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn run(&self) -> BoxFuture<'static, CheckResult> {
        (self.run)()
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The shared state of all handlers and layers.
#[derive(Clone)]
pub(crate) struct Api(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) state: ApiState,
    /// Places for requests that are worked on.
    pub(crate) places: Semaphore,
}

impl Api {
    pub(crate) fn new(state: ApiState) -> Self {
        let places = Semaphore::new(state.settings.max_in_flight.clamp(1, Semaphore::MAX_PERMITS));
        Self(Arc::new(Shared { state, places }))
    }

    pub(crate) fn places(&self) -> &Semaphore {
        &self.0.places
    }
}

impl Deref for Api {
    type Target = ApiState;

    fn deref(&self) -> &ApiState {
        &self.0.state
    }
}

impl FromRef<Api> for Engine {
    fn from_ref(api: &Api) -> Self {
        api.engine.clone()
    }
}

impl FromRef<Api> for Arc<dyn Clock> {
    fn from_ref(api: &Api) -> Self {
        api.clock.clone()
    }
}
