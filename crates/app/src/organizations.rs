//! Which organizations there are, for an operator's commands.

use acs_core::page::PageRequest;
use acs_domain::access::{SYSTEM_ORGANIZATION, Scope};
use acs_domain::organization::OrganizationId;
use acs_domain::port::store::Store;
use anyhow::{Context as _, Result};

/// The organization with a slug.
pub(crate) async fn with_slug(store: &dyn Store, slug: &str) -> Result<OrganizationId> {
    let found = store.directory().organization(slug).await;
    found
        .context("the database does not answer")?
        .with_context(|| format!("there is no organization `{slug}`"))
}

/// All organizations, but the operators' own, with their slugs.
pub(crate) async fn all(store: &dyn Store) -> Result<Vec<(String, OrganizationId)>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let mut unit = store.read(Scope::trusted(SYSTEM_ORGANIZATION)).await?;
        let page = PageRequest::new(Some(100), after).map_err(anyhow::Error::new)?;
        let page = unit.organizations().list(&page).await?;
        let known = page
            .items
            .into_iter()
            .map(|organization| (organization.slug, organization.id));
        all.extend(known.filter(|(_, id)| *id != SYSTEM_ORGANIZATION));
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}
