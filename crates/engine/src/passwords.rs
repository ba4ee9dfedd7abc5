//! Passwords are hashed and proved off the async threads, and no more at once than there are cores: each takes tens of
//! megabytes and milliseconds.

use std::num::NonZeroUsize;
use std::sync::Arc;

use acs_core::entropy::Entropy;
use acs_core::secret::Secret;
use acs_core::security::password::PasswordHasher;
use tokio::sync::Semaphore;

use crate::error::EngineError;

/// Hashes and proves passwords.
#[derive(Clone)]
pub struct Passwords {
    hasher: Arc<PasswordHasher>,
    entropy: Arc<dyn Entropy>,
    places: Arc<Semaphore>,
}

/// What became of a password's proof.
#[derive(Debug)]
pub(crate) struct Proof {
    /// Whether it is the right one.
    pub(crate) right: bool,
    /// The right password's hash at today's cost, if it was made at another.
    pub(crate) renewed: Option<String>,
}

impl Passwords {
    /// With a place for each core.
    #[must_use]
    pub fn new(hasher: PasswordHasher, entropy: Arc<dyn Entropy>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            hasher: Arc::new(hasher),
            entropy,
            places: Arc::new(Semaphore::new(cores)),
        }
    }

    /// The hash of a password.
    pub(crate) async fn hash(&self, password: Secret) -> Result<String, EngineError> {
        let entropy = Arc::clone(&self.entropy);
        let hashed = self.work(move |hasher| hasher.hash(password.expose(), &*entropy));
        hashed
            .await?
            .map_err(|error| EngineError::Internal(Box::new(error)))
    }

    /// Whether the password is that of the stored hash. Without one, the answer is no and takes as long.
    pub(crate) async fn prove(&self, password: Secret, stored: Option<String>) -> Result<Proof, EngineError> {
        let entropy = Arc::clone(&self.entropy);
        let proved = self.work(move |hasher| {
            let hash = stored.as_deref().unwrap_or_else(|| hasher.dummy_hash());
            let right = hasher.verify(password.expose(), hash) && stored.is_some();
            let old = right && hasher.needs_rehash(hash);
            let renewed = old.then(|| hasher.hash(password.expose(), &*entropy).ok());
            Proof {
                right,
                renewed: renewed.flatten(),
            }
        });
        metrics::counter!("acs_password_proofs_total").increment(1);
        proved.await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHasher) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| EngineError::Unavailable("the server is stopping"))?;
        let hasher = Arc::clone(&self.hasher);
        tokio::task::spawn_blocking(move || work(&hasher))
            .await
            .map_err(|error| EngineError::Internal(Box::new(error)))
    }
}
