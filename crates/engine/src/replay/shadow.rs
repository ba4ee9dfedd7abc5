//! A store that can be read and refuses to be written to.

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::port::store::{Directory, ReadUnit, Store, StoreError, UnitOfWork};
use async_trait::async_trait;

/// A store whose second door is shut.
pub(super) struct ReadOnly(Arc<dyn Store>);

impl ReadOnly {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }
}

#[async_trait]
impl Store for ReadOnly {
    async fn read(&self, scope: Scope) -> Result<Box<dyn ReadUnit>, StoreError> {
        self.0.read(scope).await
    }

    async fn begin(&self, _scope: Scope) -> Result<Box<dyn UnitOfWork>, StoreError> {
        Err(StoreError::Failed(
            "nothing is written while turns are run again".into(),
        ))
    }

    fn directory(&self) -> &dyn Directory {
        self.0.directory()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().await
    }
}
