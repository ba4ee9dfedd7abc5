//! Who is asking: sign-in, tokens, the widget's customers, keys.

mod authenticate;
pub(crate) mod networks;
mod sign_in;
mod tokens;
mod widget;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::task::TaskTracker;

use self::authenticate::KnownCallers;
pub use self::authenticate::{Credential, Known};
pub use self::sign_in::SignIn;
pub use self::tokens::{AccessToken, TokenPair};
pub use self::widget::Visitor;
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
    known: Arc<KnownCallers>,
    /// What nobody waits for.
    tasks: TaskTracker,
}

impl Access {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        let known = Arc::new(KnownCallers::new(ports.settings.access.caller_ttl));
        Self {
            ports,
            known,
            tasks: TaskTracker::new(),
        }
    }
}
