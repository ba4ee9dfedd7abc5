//! The passages that are nearest to many vectors: a few statements on PostgreSQL, one look at all vectors on SQLite.

use std::collections::HashMap;

use acs_core::id::Id;
use acs_domain::knowledge::PassageId;
use acs_domain::port::store::StoreError;
use acs_domain::port::store::conflict::Beside;
use sea_orm::Value;
use uuid::Uuid;

use super::postgres::Vectors;
use super::{Place, Standing};
use crate::error::store_error;
use crate::search::codec;
use crate::session::Session;

/// So many are asked for in one statement on PostgreSQL: where no index helps, a statement still ends long before its time-out.
const ASKED: usize = 32;

impl Session {
    /// For each of these the nearest passages of other entries: its place among them with the passage.
    pub(crate) async fn nearest_passages(
        &self,
        beside: &[Beside],
        each: u32,
    ) -> Result<Vec<(usize, PassageId)>, StoreError> {
        const SQL: &str =
            "SELECT knowledge_version, embedding_model, vectors_beside FROM organizations WHERE id = $1";
        let rows = self.rows(SQL, [self.organization().into()]).await?;
        let Some(row) = rows.first() else {
            return Ok(Vec::new());
        };
        let standing = Standing::read(row, 1)?;
        if self.is_postgres() {
            self.nearest_by_index(beside, each, standing.place).await
        } else {
            let version = row.try_get_by_index(0).map_err(store_error)?;
            self.nearest_in_memory(beside, each, (version, &standing)).await
        }
    }

    async fn nearest_by_index(
        &self,
        beside: &[Beside],
        each: u32,
        place: Place,
    ) -> Result<Vec<(usize, PassageId)>, StoreError> {
        let Some(dimensions) = beside.first().map(|one| one.vector.len()) else {
            return Ok(Vec::new());
        };
        let Vectors {
            compared,
            kind,
            condition,
        } = Vectors::of(dimensions, place);
        // Read once, not for every passage that is looked at.
        let sql = format!(
            "WITH asked AS MATERIALIZED (\
                 SELECT place, (pair ->> 0)::uuid AS entry_id, (pair ->> 1)::{kind} AS vector \
                 FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS pairs (pair, place)) \
             SELECT asked.place, near.id FROM asked CROSS JOIN LATERAL (\
                 SELECT id FROM knowledge_passages \
                 WHERE organization_id = $1 AND {condition} AND entry_id <> asked.entry_id \
                 ORDER BY {compared} <#> asked.vector LIMIT $3) AS near"
        );
        let mut found = Vec::new();
        for (some, beside) in beside.chunks(ASKED).enumerate() {
            let pairs: Vec<[String; 2]> = beside
                .iter()
                .map(|one| [one.entry_id.as_uuid().to_string(), codec::write_text(&one.vector)])
                .collect();
            let pairs = serde_json::to_string(&pairs).map_err(|error| StoreError::Failed(Box::new(error)))?;
            let values: [Value; 3] = [self.organization().into(), pairs.into(), i64::from(each).into()];
            for row in &self.rows(&sql, values).await? {
                let place: i64 = row.try_get_by_index(0).map_err(store_error)?;
                let id: Uuid = row.try_get_by_index(1).map_err(store_error)?;
                let place =
                    usize::try_from(place - 1).map_err(|error| StoreError::Failed(Box::new(error)))?;
                found.push((some * ASKED + place, Id::from_uuid(id)));
            }
        }
        Ok(found)
    }

    async fn nearest_in_memory(
        &self,
        beside: &[Beside],
        each: u32,
        (version, standing): (i64, &Standing),
    ) -> Result<Vec<(usize, PassageId)>, StoreError> {
        let index = self.vectors().index(self, version, standing).await?;
        let beside = beside.to_vec();
        let scan = tokio::task::spawn_blocking(move || {
            let near = beside.iter().enumerate().flat_map(|(place, one)| {
                let near = index.nearest_beside(one.entry_id.as_uuid(), &one.vector, each as usize);
                near.into_iter().map(move |number| (place, number))
            });
            near.collect::<Vec<_>>()
        });
        let near = scan.await.map_err(|error| StoreError::Failed(Box::new(error)))?;
        const SQL: &str = "SELECT number, id FROM knowledge_passages \
            WHERE +organization_id = $1 AND number IN (SELECT value FROM json_each($2))";
        let numbers: Vec<i64> = near.iter().map(|(_, number)| *number).collect();
        let list = serde_json::Value::from(numbers).to_string();
        let rows = self.rows(SQL, [self.organization().into(), list.into()]).await?;
        let mut ids: HashMap<i64, Uuid> = HashMap::new();
        for row in &rows {
            let number = row.try_get_by_index(0).map_err(store_error)?;
            ids.insert(number, row.try_get_by_index(1).map_err(store_error)?);
        }
        let found = near
            .into_iter()
            .filter_map(|(place, number)| Some((place, Id::from_uuid(*ids.get(&number)?))));
        Ok(found.collect())
    }
}
