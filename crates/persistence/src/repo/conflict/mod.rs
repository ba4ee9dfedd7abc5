//! Conflicts between entries of the knowledge, and how far the entries were compared.

mod write;

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::conflict::{Conflict, Reach, SeenConflict, Side};
use acs_domain::knowledge::{EntryId, PassageId};
use acs_domain::port::store::conflict::{Beside, Progress, Reaching, Uncompared};
use acs_domain::port::store::{ConflictQueries, StoreError};
use async_trait::async_trait;
use sea_orm::{QueryResult, TryGetable, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

fn column<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, StoreError> {
    row.try_get_by_index(index).map_err(store_error)
}

fn seen(row: &QueryResult) -> Result<SeenConflict, StoreError> {
    let id: Uuid = column(row, 0)?;
    let origin = Origin {
        table: "knowledge_conflicts",
        id,
    };
    let side = |first| {
        Ok::<_, StoreError>(Side {
            entry_id: Id::from_uuid(column(row, first)?),
            version: column(row, first + 1)?,
            sentence: column(row, first + 2)?,
        })
    };
    let difference: String = column(row, 1)?;
    Ok(SeenConflict {
        conflict: Conflict {
            id: Id::from_uuid(id),
            difference: origin.word(&difference)?,
            sides: [side(3)?, side(6)?],
            found_at: origin.time(column(row, 2)?)?,
        },
        titles: [column(row, 9)?, column(row, 10)?],
    })
}

fn reaching(row: &QueryResult) -> Result<Reaching, StoreError> {
    let id: Uuid = column(row, 0)?;
    let origin = Origin {
        table: "knowledge_entries",
        id,
    };
    let audience: String = column(row, 2)?;
    Ok(Reaching {
        entry_id: Id::from_uuid(id),
        reach: Reach {
            language: column(row, 1)?,
            audience: serde_json::from_str(&audience).map_err(|error| origin.corrupt(error))?,
            valid_from: origin.opt_time(column(row, 3)?)?,
            expires_at: origin.opt_time(column(row, 4)?)?,
        },
    })
}

#[async_trait]
impl ConflictQueries for Session {
    async fn list(
        &mut self,
        at: OffsetDateTime,
        page: &PageRequest,
    ) -> Result<Page<SeenConflict>, StoreError> {
        // What was superseded stays so where its successor was superseded again, also by something that no longer holds.
        const SQL: &str = "WITH RECURSIVE superseded (id) AS (\
                SELECT l.target_id FROM knowledge_links l \
                JOIN knowledge_entries s ON s.organization_id = $1 AND s.id = l.entry_id \
                WHERE l.organization_id = $1 AND l.kind = 'supersedes' \
                AND (s.expires_at IS NULL OR s.expires_at > $2) \
                UNION \
                SELECT l.target_id FROM superseded JOIN knowledge_links l \
                ON l.organization_id = $1 AND l.kind = 'supersedes' AND l.entry_id = superseded.id) \
            SELECT c.id, c.difference, c.found_at, c.entry_id, c.entry_version, c.sentence, \
                c.other_id, c.other_version, c.other_sentence, e.title, o.title \
            FROM knowledge_conflicts c \
            JOIN knowledge_entries e ON e.organization_id = $1 AND e.id = c.entry_id AND e.version = c.entry_version \
            JOIN knowledge_entries o ON o.organization_id = $1 AND o.id = c.other_id AND o.version = c.other_version \
            WHERE c.organization_id = $1 AND c.dismissed_at IS NULL \
            AND (e.expires_at IS NULL OR e.expires_at > $2) AND (o.expires_at IS NULL OR o.expires_at > $2) \
            AND c.entry_id NOT IN (SELECT id FROM superseded) AND c.other_id NOT IN (SELECT id FROM superseded) \
            AND (c.found_at, c.id) < ($3, $4) \
            ORDER BY c.found_at DESC, c.id DESC LIMIT $5";
        let after = page.after();
        let values: [Value; 5] = [
            self.organization().into(),
            micros(at).into(),
            after.map_or(i64::MAX, |cursor| cursor.key).into(),
            after.map_or(Uuid::max(), |cursor| cursor.id).into(),
            (i64::from(page.limit()) + 1).into(),
        ];
        let rows = self.rows(SQL, values).await?;
        let items = rows.iter().map(seen).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.conflict.found_at),
            id: item.conflict.id.as_uuid(),
        }))
    }

    async fn uncompared(&mut self, limit: u32) -> Result<Uncompared, StoreError> {
        const PROGRESS: &str = "SELECT o.knowledge_version, c.compared_version, c.revision, c.entry_id, c.ordinal \
            FROM organizations o LEFT JOIN knowledge_comparisons c ON c.organization_id = o.id WHERE o.id = $1";
        const NEXT: &str = "SELECT p.id, e.revision, e.id, p.ordinal FROM knowledge_entries e \
            JOIN knowledge_passages p ON p.organization_id = $1 AND p.entry_id = e.id \
            WHERE e.organization_id = $1 AND e.revision BETWEEN $2 AND $3 \
            AND (e.revision, e.id, p.ordinal) > ($2, $4, $5) \
            ORDER BY e.revision, e.id, p.ordinal LIMIT $6";
        let rows = self.rows(PROGRESS, [self.organization().into()]).await?;
        let row = rows
            .first()
            .ok_or_else(|| StoreError::Failed("the organization is not there".into()))?;
        let version: i64 = column(row, 0)?;
        let compared: Option<i64> = column(row, 1)?;
        let revision: Option<i64> = column(row, 2)?;
        let entry: Option<Uuid> = column(row, 3)?;
        let ordinal: Option<i64> = column(row, 4)?;
        let before = (
            revision.unwrap_or_default(),
            entry.unwrap_or_default(),
            ordinal.unwrap_or_default(),
        );
        let values: [Value; 6] = [
            self.organization().into(),
            before.0.into(),
            version.into(),
            before.1.into(),
            before.2.into(),
            i64::from(limit).into(),
        ];
        let rows = self.rows(NEXT, values).await?;
        let passages = rows.iter().map(|row| Ok(Id::from_uuid(column(row, 0)?)));
        let passages: Vec<PassageId> = passages.collect::<Result<_, StoreError>>()?;
        let last = match rows.last() {
            Some(row) => (column(row, 1)?, column(row, 2)?, column(row, 3)?),
            None => before,
        };
        let is_all = passages.len() < limit as usize;
        Ok(Uncompared {
            then: Progress {
                version: if is_all {
                    version
                } else {
                    compared.unwrap_or_default()
                },
                passage: (last.0, Id::from_uuid(last.1), last.2),
            },
            passages,
            is_all,
        })
    }

    async fn nearest(&mut self, beside: &[Beside], each: u32) -> Result<Vec<(usize, PassageId)>, StoreError> {
        self.nearest_passages(beside, each).await
    }

    async fn reaches(&mut self, entries: &[EntryId]) -> Result<Vec<Reaching>, StoreError> {
        let audience = if self.is_postgres() {
            "audience::text"
        } else {
            "audience"
        };
        let sql = format!(
            "SELECT id, language, {audience}, valid_from, expires_at FROM knowledge_entries \
             WHERE organization_id = $1 AND {}",
            dialect::id_in(self.is_postgres(), "id", "$2")
        );
        let list = dialect::id_list(entries.iter().map(|id| id.as_uuid()));
        let rows = self.rows(&sql, [self.organization().into(), list.into()]).await?;
        rows.iter().map(reaching).collect()
    }
}
