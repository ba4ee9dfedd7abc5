//! What organizations call their own things, learned once for each version and shared by all turns.

use std::sync::Arc;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::organization::{Organization, OrganizationId};
use acs_domain::port::understand::TermModel;
use moka::future::Cache;

use crate::error::EngineError;
use crate::ports::Ports;

/// How much memory the terms of all organizations may take together, in bytes.
const CAPACITY_BYTES: u64 = 128 * 1024 * 1024;

/// What the evidence says of terms that could not be learned.
pub(crate) const NOT_LEARNED: &str = "terms: they could not be learned";

/// Terms by organization and version: an old version is never asked for again, and goes in time. Cheap to clone.
#[derive(Clone)]
pub(crate) struct TermModels {
    ports: Arc<Ports>,
    learned: Cache<(OrganizationId, i64), Option<Arc<dyn TermModel>>>,
}

impl TermModels {
    pub(crate) fn new(ports: Arc<Ports>) -> Self {
        let weigh = |_: &_, terms: &Option<Arc<dyn TermModel>>| {
            let bytes = terms.as_ref().map_or(0, |terms| terms.size_bytes());
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self {
            ports,
            learned: Cache::builder()
                .weigher(weigh)
                .max_capacity(CAPACITY_BYTES)
                .build(),
        }
    }

    /// The organization's terms as they are now, if it has any. Learned by the first who asks; others wait for it.
    /// Understanding can do without them: why they are missing is noted in `degraded`.
    pub(crate) async fn get(
        &self,
        organization: &Organization,
        degraded: &mut Vec<String>,
    ) -> Option<Arc<dyn TermModel>> {
        if organization.terms_version == 0 {
            return None;
        }
        let key = (organization.id, organization.terms_version);
        let learned = self.learned.try_get_with(key, self.learn(organization.id));
        learned.await.unwrap_or_else(|error| {
            tracing::warn!(organization.id = %organization.id, error = %Chain(&*error), "the terms were not learned");
            degraded.push(NOT_LEARNED.to_owned());
            None
        })
    }

    async fn learn(&self, organization: OrganizationId) -> Result<Option<Arc<dyn TermModel>>, EngineError> {
        let mut unit = self.ports.store.read(Scope::trusted(organization)).await?;
        let terms = unit.terms().find().await?;
        drop(unit);
        match terms {
            None => Ok(None),
            Some(terms) => Ok(Some(self.ports.understanding.learn_terms(terms).await?)),
        }
    }
}
