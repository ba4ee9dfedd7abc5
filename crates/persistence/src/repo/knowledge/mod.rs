//! Knowledge: entries and their versions. Passages are in `search`.

mod links;
mod model;
mod write;

use std::collections::HashSet;

use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::knowledge::{Entry, EntryId, EntryVersion, FoundPassage, Link, PassageId, TitledLink};
use acs_domain::port::store::knowledge::{Filter, Nominations, SearchQuery};
use acs_domain::port::store::{KnowledgeQueries, StoreError};
use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::OffsetDateTime;

use super::page::newest_first;
use crate::dialect;
use crate::entity::knowledge_entry::{Column, Entity};
use crate::entity::knowledge_version;
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

impl Session {
    fn entries(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }
}

#[async_trait]
impl KnowledgeQueries for Session {
    async fn find(&mut self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let found = self.entries().filter(Column::Id.eq(id.as_uuid()));
        let found = found.one(self).await.map_err(store_error)?;
        found.map(model::entry).transpose()
    }

    async fn find_by_titles(&mut self, titles: &[String]) -> Result<Vec<Entry>, StoreError> {
        let titles = dialect::text_list(titles.iter().map(String::as_str));
        let mut rows = self
            .entries()
            .filter(self.among("title", dialect::text_in, titles))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self)
            .await
            .map_err(store_error)?;
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(row.title.clone()));
        rows.into_iter().map(model::entry).collect()
    }

    async fn list(&mut self, category: Option<&str>, page: &PageRequest) -> Result<Page<Entry>, StoreError> {
        let entries = match category {
            Some(category) => self.entries().filter(Column::Category.eq(category)),
            None => self.entries(),
        };
        let rows = newest_first(entries, Column::CreatedAt, Column::Id, page)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = rows
            .into_iter()
            .map(model::entry)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.created_at),
            id: item.id.as_uuid(),
        }))
    }

    async fn versions(&mut self, id: EntryId, page: &PageRequest) -> Result<Page<EntryVersion>, StoreError> {
        use knowledge_version::{Column, Entity};
        let mut versions = Entity::find()
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::EntryId.eq(id.as_uuid()));
        if let Some(cursor) = page.after() {
            versions = versions.filter(Column::Version.lt(cursor.key));
        }
        let rows = versions
            .order_by_desc(Column::Version)
            .limit(u64::from(page.limit()) + 1)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = rows
            .into_iter()
            .map(model::version)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: item.version,
            id: item.entry_id.as_uuid(),
        }))
    }

    async fn nominate(&mut self, query: &SearchQuery) -> Result<Nominations, StoreError> {
        self.nominate_passages(query).await
    }

    async fn words_like(&mut self, words: &[String]) -> Result<Vec<String>, StoreError> {
        self.lookalikes(words).await
    }

    async fn links_on(
        &mut self,
        from: &[EntryId],
        only: &Filter,
        at: OffsetDateTime,
    ) -> Result<Vec<Link>, StoreError> {
        self.links_from_found(from, only, at).await
    }

    async fn links_of(&mut self, id: EntryId) -> Result<Vec<TitledLink>, StoreError> {
        self.links_of_entry(id).await
    }

    async fn passages(&mut self, ids: &[PassageId]) -> Result<Vec<FoundPassage>, StoreError> {
        self.read_passages(ids).await
    }
}
