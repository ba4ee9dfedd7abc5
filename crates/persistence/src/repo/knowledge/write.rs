//! Writing knowledge, in whole batches: a number of statements that does not depend on the number of entries, but for
//! the size of one statement.

use std::collections::HashMap;

use acs_domain::knowledge::{EntryId, Link};
use acs_domain::port::store::knowledge::WrittenEntry;
use acs_domain::port::store::{Knowledge, StoreError};
use async_trait::async_trait;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model;
use crate::dialect;
use crate::entity::knowledge_entry::{Column, Entity};
use crate::entity::knowledge_version;
use crate::error::store_error;
use crate::repo::limit::KnowledgeGrowth;
use crate::row::micros;
use crate::search::passage::TermChanges;
use crate::session::Session;

/// Rows of one statement.
const ROWS: usize = 200;

/// What is stored of an entry before it is replaced.
struct Before {
    version: i64,
    size_bytes: i64,
}

impl Session {
    async fn before(&self, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, Before>, StoreError> {
        let rows = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Version, Column::SizeBytes])
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(self.among("id", dialect::id_in, dialect::id_list(ids)))
            .into_tuple::<(Uuid, i64, i64)>()
            .all(self)
            .await
            .map_err(store_error)?;
        let before = |(id, version, size_bytes)| (id, Before { version, size_bytes });
        Ok(rows.into_iter().map(before).collect())
    }

    async fn write_entries(&self, written: &[WrittenEntry], revision: i64) -> Result<(), StoreError> {
        for some in written.chunks(ROWS) {
            let rows = some
                .iter()
                .map(|one| model::entry_model(&one.entry, revision).into_active_model());
            Entity::insert_many(rows)
                .on_conflict(
                    OnConflict::columns([Column::OrganizationId, Column::Id])
                        .update_columns([
                            Column::Title,
                            Column::Content,
                            Column::Category,
                            Column::Subcategory,
                            Column::Tags,
                            Column::Summary,
                            Column::Source,
                            Column::SourceUrl,
                            Column::Language,
                            Column::Audience,
                            Column::ValidFrom,
                            Column::ExpiresAt,
                            Column::Version,
                            Column::Revision,
                            Column::AuthorId,
                            Column::SizeBytes,
                            Column::UpdatedAt,
                        ])
                        .to_owned(),
                )
                .exec_without_returning(self)
                .await
                .map_err(store_error)?;
            let versions = some
                .iter()
                .map(|one| model::version_model(&one.entry).into_active_model());
            knowledge_version::Entity::insert_many(versions)
                .exec_without_returning(self)
                .await
                .map_err(store_error)?;
        }
        Ok(())
    }
}

impl Session {
    /// Adds one to a column of some entries. Their knowledge stays as it is.
    async fn count_up(&self, column: &str, ids: &[EntryId]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let among = dialect::id_in(self.is_postgres(), "id", "$2");
        let sql = if self.is_postgres() {
            // In one order, so that two units that count the same entries do not wait for each other.
            format!(
                "UPDATE knowledge_entries AS e SET {column} = e.{column} + 1 \
                 FROM (SELECT id FROM knowledge_entries WHERE organization_id = $1 AND {among} \
                       ORDER BY id FOR NO KEY UPDATE) AS counted \
                 WHERE e.organization_id = $1 AND e.id = counted.id"
            )
        } else {
            format!(
                "UPDATE knowledge_entries SET {column} = {column} + 1 WHERE organization_id = $1 AND {among}"
            )
        };
        let list = dialect::id_list(ids.iter().map(|id| id.as_uuid()));
        self.run(&sql, [self.organization().into(), list.into()]).await?;
        Ok(())
    }
}

#[async_trait]
impl Knowledge for Session {
    async fn put(&mut self, written: &[WrittenEntry]) -> Result<(), StoreError> {
        if written.is_empty() {
            return Ok(());
        }
        for one in written {
            self.check_owner(one.entry.organization_id)?;
        }
        // Holds the organization: from here on nobody else writes its knowledge.
        let (revision, standing) = self.raise_knowledge_version().await?;
        let before = self
            .before(written.iter().map(|one| one.entry.id.as_uuid()))
            .await?;
        let mut growth = KnowledgeGrowth::default();
        let fits = |one: &WrittenEntry| standing.takes(&one.embedding_model);
        if !written.iter().all(fits) {
            self.note_missing_vectors().await?;
        }
        for WrittenEntry { entry, .. } in written {
            let known = before.get(&entry.id.as_uuid());
            if entry.version != known.map_or(0, |known| known.version) + 1 {
                return Err(StoreError::Conflict { what: "version" });
            }
            growth.entries += i64::from(known.is_none());
            growth.bytes += model::size_bytes(&entry.text) - known.map_or(0, |known| known.size_bytes);
        }

        let mut terms = TermChanges::new();
        let replaced: Vec<Uuid> = before.into_keys().collect();
        let removed = self.remove_passages(&replaced, &mut terms).await?;
        let passages: Vec<_> = written
            .iter()
            .flat_map(|one| one.passages.iter().map(move |passage| (one, passage)))
            .collect();
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        growth.passages = count(passages.len()) - removed.passages;
        growth.terms = passages
            .iter()
            .map(|(_, passage)| count(passage.terms.len()))
            .sum::<i64>()
            - removed.terms;
        self.count_knowledge(growth).await?;

        self.write_entries(written, revision).await?;
        self.add_passages(&passages, &standing, &mut terms).await?;
        self.change_frequencies(terms).await
    }

    async fn put_links(&mut self, id: EntryId, links: &[Link], at: OffsetDateTime) -> Result<(), StoreError> {
        self.replace_links(id, links, at).await
    }

    async fn delete(&mut self, id: EntryId, at: OffsetDateTime) -> Result<bool, StoreError> {
        let id = id.as_uuid();
        let (revision, _) = self.raise_knowledge_version().await?;
        let Some(known) = self.before(std::iter::once(id)).await?.remove(&id) else {
            return Ok(false);
        };
        let mut terms = TermChanges::new();
        let removed = self.remove_passages(&[id], &mut terms).await?;
        self.change_frequencies(terms).await?;
        Entity::delete_many()
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(id))
            .exec(self)
            .await
            .map_err(store_error)?;
        // The versions stay, and tell others which passages to forget.
        knowledge_version::Entity::update_many()
            .col_expr(knowledge_version::Column::DeletedAt, Expr::val(micros(at)))
            .col_expr(knowledge_version::Column::DeletedRevision, Expr::val(revision))
            .filter(knowledge_version::Column::OrganizationId.eq(self.organization()))
            .filter(knowledge_version::Column::EntryId.eq(id))
            .exec(self)
            .await
            .map_err(store_error)?;
        self.count_knowledge(KnowledgeGrowth {
            entries: -1,
            passages: -removed.passages,
            terms: -removed.terms,
            bytes: -known.size_bytes,
        })
        .await?;
        Ok(true)
    }

    async fn count_usage(&mut self, ids: &[EntryId]) -> Result<(), StoreError> {
        self.count_up("usage_count", ids).await
    }

    async fn count_success(&mut self, ids: &[EntryId]) -> Result<(), StoreError> {
        self.count_up("success_count", ids).await
    }
}
