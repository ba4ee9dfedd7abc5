//! Entries as they are, the texts that they had, and search.

use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ReadKnowledge, Scope, SearchKnowledge};
use acs_domain::knowledge::{Entry, EntryId, EntryVersion, Hit};
use acs_domain::port::embed::Role;
use acs_domain::port::store::knowledge::Filter;

use super::KnowledgeBase;
use crate::error::{EngineError, Thing};
use crate::input::{language, tags};
use crate::search::{self, Wanted};

/// How many code points a search query holds at the most.
const MAX_QUERY_CHARS: usize = 10_000;

/// An entry with its best passage.
pub type FoundEntry = Hit;

impl KnowledgeBase {
    /// An entry.
    pub async fn get(&self, grant: &Grant<ReadKnowledge>, id: EntryId) -> Result<Entry, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        unit.knowledge()
            .find(id)
            .await?
            .ok_or(EngineError::NotFound(Thing::Entry))
    }

    /// Entries, newest first.
    pub async fn list(
        &self,
        grant: &Grant<ReadKnowledge>,
        category: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Entry>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.knowledge().list(category, page).await?)
    }

    /// The texts that an entry had, newest first.
    pub async fn versions(
        &self,
        grant: &Grant<ReadKnowledge>,
        id: EntryId,
        page: &PageRequest,
    ) -> Result<Page<EntryVersion>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        let versions = unit.knowledge().versions(id, page).await?;
        if versions.items.is_empty() && page.after().is_none() {
            return Err(EngineError::NotFound(Thing::Entry));
        }
        Ok(versions)
    }

    /// The entries that fit best, each with its best passage, best first.
    pub async fn search(
        &self,
        grant: &Grant<SearchKnowledge>,
        query: &str,
        only: Filter,
        limit: usize,
    ) -> Result<Vec<FoundEntry>, EngineError> {
        let query = acs_core::clean::clean(query).text.into_owned();
        let chars = query.chars().count();
        if query.is_empty() || chars > MAX_QUERY_CHARS {
            return Err(EngineError::invalid(
                "query",
                format!("must be 1 to {MAX_QUERY_CHARS} characters"),
            ));
        }
        let only = Filter {
            // Categories are kept cleaned.
            category: only
                .category
                .map(|category| acs_core::clean::clean(&category).text.into_owned()),
            language: language(only.language.as_deref())
                .map_err(|reason| EngineError::invalid("language", reason))?,
            audience: only
                .audience
                .map(|names| tags(&names))
                .transpose()
                .map_err(|reason| EngineError::invalid("audience", reason))?,
        };
        let query = self.in_our_words(grant.scope(), query).await?;
        let terms = self.ports.retriever.terms(&query);
        let embedder = self.ports.embedders.current();
        let vector = match embedder.embed(vec![query.clone()], Role::Question).await {
            Ok(mut vectors) => vectors.pop(),
            Err(error) => {
                tracing::warn!(error = %acs_core::error::Chain(&error), "search goes on by words alone");
                None
            }
        };
        let wanted = Wanted {
            text: query,
            terms,
            vector,
            embedding_model: embedder.model().to_owned(),
            only,
            at: self.ports.now(),
            entries_once: true,
            limit,
        };
        Ok(search::search(&self.ports, grant.scope(), wanted).await?.hits)
    }

    /// A query with the knowledge's own words in place of its customers'.
    async fn in_our_words(&self, scope: Scope, query: String) -> Result<String, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        drop(unit);
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        let terms = self.terms.get(&organization, &mut Vec::new()).await;
        Ok(terms
            .and_then(|terms| terms.in_our_words(&query))
            .unwrap_or(query))
    }
}
