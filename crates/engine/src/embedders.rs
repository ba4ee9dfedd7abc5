//! The embedding models of this process: the one that is configured, and the one before for as long as it answers for an
//! organization.

use std::sync::{Arc, PoisonError, RwLock};

use acs_domain::port::embed::Embedder;

/// Every model that is loaded. Cheap to clone.
#[derive(Clone)]
pub struct Embedders {
    current: Arc<dyn Embedder>,
    previous: Arc<RwLock<Option<Arc<dyn Embedder>>>>,
}

impl Embedders {
    /// The configured model, and the one that organizations may not have left yet.
    #[must_use]
    pub fn new(current: Arc<dyn Embedder>, previous: Option<Arc<dyn Embedder>>) -> Self {
        Self {
            current,
            previous: Arc::new(RwLock::new(previous)),
        }
    }

    /// The configured model.
    pub(crate) fn current(&self) -> &Arc<dyn Embedder> {
        &self.current
    }

    pub(crate) fn previous(&self) -> Option<Arc<dyn Embedder>> {
        let previous = self.previous.read().unwrap_or_else(PoisonError::into_inner);
        previous.clone()
    }

    /// The model of this name, if it is loaded; the configured one where nobody has told.
    pub(crate) fn of(&self, name: &str) -> Option<Arc<dyn Embedder>> {
        if name.is_empty() || name == self.current.model() {
            return Some(Arc::clone(&self.current));
        }
        self.previous().filter(|previous| previous.model() == name)
    }

    /// What a model is called that answers for an organization.
    pub(crate) fn name<'n>(&'n self, told: &'n str) -> &'n str {
        if told.is_empty() {
            self.current.model()
        } else {
            told
        }
    }

    /// Lets go of the model before; whoever still embeds with it ends first.
    pub(crate) fn release(&self) -> Option<Arc<dyn Embedder>> {
        let mut previous = self.previous.write().unwrap_or_else(PoisonError::into_inner);
        previous.take()
    }
}
