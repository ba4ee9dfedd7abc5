//! Who is asking: sign-in, tokens, the widget's customers, keys.

mod authenticate;
pub(crate) mod networks;
mod sign_in;
mod tokens;
mod widget;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use self::authenticate::KnownCallers;
pub use self::authenticate::{Credential, Known};
pub use self::sign_in::SignIn;
pub use self::tokens::{AccessToken, TokenPair};
pub use self::widget::Visitor;
use crate::error::EngineError;
use crate::ports::Ports;

/// Sign-in and tokens.
#[derive(Debug, Clone, Copy)]
pub struct AccessSettings {
    /// How long an access token is good.
    pub access_lifetime: Duration,
    /// How long a refresh token is good.
    pub refresh_lifetime: Duration,
    /// After how many wrong passwords in the window an account pauses.
    pub max_failures: u64,
    /// After how many wrong passwords in the window an address pauses: more, since offices share one.
    pub max_failures_per_address: u64,
    /// The window in which wrong passwords are counted; the pause ends with it.
    pub window: Duration,
    /// How long what is known of a caller may be old: a revoked key or a deactivated account ends within it.
    pub caller_ttl: Duration,
}

/// The use cases of access.
#[derive(Clone)]
pub struct Access {
    ports: Arc<Ports>,
    /// Hashing takes tens of megabytes and milliseconds: no more at once than there are cores.
    hashing: Arc<Semaphore>,
    known: Arc<KnownCallers>,
}

impl Access {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let known = Arc::new(KnownCallers::new(ports.settings.access.caller_ttl));
        Self {
            ports,
            hashing: Arc::new(Semaphore::new(cores)),
            known,
        }
    }

    /// Runs password work off the async threads.
    async fn hash_work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ports) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let _place = self
            .hashing
            .acquire()
            .await
            .map_err(|_| EngineError::Unavailable("the server is stopping"))?;
        let ports = self.ports.clone();
        tokio::task::spawn_blocking(move || work(&ports))
            .await
            .map_err(|error| EngineError::Internal(Box::new(error)))
    }
}
