//! The graph of the knowledge: links between entries.

use acs_core::id::Id;
use acs_domain::knowledge::{EntryId, Link, TitledLink};
use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::Filter;
use sea_orm::{QueryResult, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

/// So many links are followed from what was found.
const FOLLOWED: i64 = 100;

impl Session {
    pub(super) async fn links_from_found(
        &self,
        from: &[EntryId],
        only: &Filter,
        at: OffsetDateTime,
    ) -> Result<Vec<Link>, StoreError> {
        let postgres = self.is_postgres();
        let (its, whose) = (
            dialect::id_in(postgres, "l.entry_id", "$2"),
            dialect::id_in(postgres, "l.target_id", "$2"),
        );
        // Whoever comes after in a chain of successors takes part, also where one in between does not hold.
        let sql = format!(
            "WITH RECURSIVE successors (entry_id, target_id) AS (\
                 SELECT l.entry_id, l.target_id FROM knowledge_links l \
                 WHERE l.organization_id = $1 AND l.kind = 'supersedes' AND {whose} \
                 UNION \
                 SELECT l.entry_id, l.target_id FROM successors s JOIN knowledge_links l \
                 ON l.organization_id = $1 AND l.kind = 'supersedes' AND l.target_id = s.entry_id), \
             links (entry_id, kind, target_id, other) AS (\
                 SELECT entry_id, 'supersedes', target_id, entry_id FROM successors \
                 UNION ALL SELECT l.entry_id, l.kind, l.target_id, l.target_id FROM knowledge_links l \
                 WHERE l.organization_id = $1 AND l.kind <> 'supersedes' AND {its} \
                 UNION ALL SELECT l.entry_id, l.kind, l.target_id, l.entry_id FROM knowledge_links l \
                 WHERE l.organization_id = $1 AND l.kind = 'part_of' AND {whose}) \
             SELECT links.entry_id, links.kind, links.target_id FROM links \
             JOIN knowledge_entries e ON e.organization_id = $1 AND e.id = links.other \
             WHERE {} ORDER BY links.kind DESC, links.entry_id, links.target_id LIMIT $5",
            dialect::may_be_found(postgres, "e.", "$3", "$4")
        );
        let values: [Value; 5] = [
            self.organization().into(),
            dialect::id_list(from.iter().map(|id| id.as_uuid())).into(),
            dialect::filter(only)?.into(),
            micros(at).into(),
            FOLLOWED.into(),
        ];
        let rows = self.rows(&sql, values).await?;
        rows.iter().map(link).collect()
    }

    pub(super) async fn links_of_entry(&self, id: EntryId) -> Result<Vec<TitledLink>, StoreError> {
        const SQL: &str = "SELECT l.entry_id, l.kind, l.target_id, e.title \
            FROM knowledge_links l JOIN knowledge_entries e ON e.organization_id = l.organization_id \
             AND e.id = CASE WHEN l.entry_id = $2 THEN l.target_id ELSE l.entry_id END \
            WHERE l.organization_id = $1 AND (l.entry_id = $2 OR l.target_id = $2) \
            ORDER BY l.created_at, l.kind, e.title, e.id";
        let rows = self
            .rows(SQL, [self.organization().into(), id.as_uuid().into()])
            .await?;
        let titled = |row: &QueryResult| {
            Ok(TitledLink {
                link: link(row)?,
                title: row.try_get_by_index(3).map_err(store_error)?,
            })
        };
        rows.iter().map(titled).collect()
    }

    pub(super) async fn replace_links(
        &mut self,
        id: EntryId,
        links: &[Link],
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        // Holds the organization, so that no two writers close a circle together.
        self.raise_knowledge_version().await?;
        const CLEAR: &str = "DELETE FROM knowledge_links WHERE organization_id = $1 AND entry_id = $2";
        self.run(CLEAR, [self.organization().into(), id.as_uuid().into()])
            .await?;
        if links.is_empty() {
            return Ok(());
        }
        let uuid = |value: &str| match self.is_postgres() {
            true => format!("({value})::uuid"),
            false => format!("unhex({value})"),
        };
        let (pairs, kind, target) = if self.is_postgres() {
            (
                "jsonb_array_elements($3::jsonb) AS pair",
                "pair ->> 0",
                "pair ->> 1",
            )
        } else {
            ("json_each($3)", "value ->> 0", "value ->> 1")
        };
        let target = uuid(target);
        let sql = format!(
            "INSERT INTO knowledge_links (organization_id, entry_id, kind, target_id, created_at) \
             SELECT $1, $2, {kind}, e.id, $4 FROM {pairs} \
             JOIN knowledge_entries e ON e.organization_id = $1 AND e.id = {target}"
        );
        let list: Vec<[String; 2]> = links
            .iter()
            .map(|link| {
                [
                    link.kind.as_str().to_owned(),
                    link.target_id.as_uuid().simple().to_string(),
                ]
            })
            .collect();
        let list = serde_json::to_string(&list).map_err(|error| StoreError::Failed(Box::new(error)))?;
        let values: [Value; 4] = [
            self.organization().into(),
            id.as_uuid().into(),
            list.into(),
            micros(at).into(),
        ];
        let added = self.run(&sql, values).await?;
        if usize::try_from(added).is_ok_and(|added| added == links.len())
            && !self.supersedes_itself(id).await?
        {
            Ok(())
        } else {
            Err(StoreError::Conflict { what: "links" })
        }
    }

    async fn supersedes_itself(&self, id: EntryId) -> Result<bool, StoreError> {
        const SQL: &str = "WITH RECURSIVE older (id) AS (\
                SELECT target_id FROM knowledge_links \
                WHERE organization_id = $1 AND kind = 'supersedes' AND entry_id = $2 \
                UNION \
                SELECT l.target_id FROM older JOIN knowledge_links l \
                ON l.organization_id = $1 AND l.kind = 'supersedes' AND l.entry_id = older.id) \
            SELECT id FROM older WHERE id = $2";
        let rows = self
            .rows(SQL, [self.organization().into(), id.as_uuid().into()])
            .await?;
        Ok(!rows.is_empty())
    }
}

fn link(row: &QueryResult) -> Result<Link, StoreError> {
    let id = |index| row.try_get_by_index::<Uuid>(index).map_err(store_error);
    let origin = Origin {
        table: "knowledge_links",
        id: id(0)?,
    };
    let kind: String = row.try_get_by_index(1).map_err(store_error)?;
    Ok(Link {
        entry_id: Id::from_uuid(id(0)?),
        kind: origin.word(&kind)?,
        target_id: Id::from_uuid(id(2)?),
    })
}
