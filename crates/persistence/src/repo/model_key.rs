//! Organizations' own keys for language models.

use acs_domain::model_key::ModelKey;
use acs_domain::port::store::{ModelKeyQueries, ModelKeys, StoreError};
use async_trait::async_trait;
use sea_orm::{QueryResult, TryGetable};

use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

fn column<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, StoreError> {
    row.try_get_by_index(index).map_err(store_error)
}

#[async_trait]
impl ModelKeyQueries for Session {
    async fn all(&mut self) -> Result<Vec<ModelKey>, StoreError> {
        const SQL: &str =
            "SELECT model, sealed, last_four, base_url, set_at FROM model_keys WHERE organization_id = $1";
        let origin = Origin {
            table: "model_keys",
            id: self.organization(),
        };
        let key = |row: &QueryResult| {
            Ok(ModelKey {
                model: column(row, 0)?,
                sealed: column(row, 1)?,
                last_four: column(row, 2)?,
                base_url: column(row, 3)?,
                set_at: origin.time(column(row, 4)?)?,
            })
        };
        let rows = self.rows(SQL, [self.organization().into()]).await?;
        let mut keys = rows.iter().map(key).collect::<Result<Vec<_>, StoreError>>()?;
        // Databases differ in the order of texts.
        keys.sort_unstable_by(|one, other| one.model.cmp(&other.model));
        Ok(keys)
    }
}

#[async_trait]
impl ModelKeys for Session {
    async fn put(&mut self, key: &ModelKey) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO model_keys (organization_id, model, sealed, last_four, base_url, set_at) \
            VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (organization_id, model) DO UPDATE SET sealed = excluded.sealed, \
            last_four = excluded.last_four, base_url = excluded.base_url, set_at = excluded.set_at";
        self.raise_model_keys_version().await?;
        let values = [
            self.organization().into(),
            key.model.as_str().into(),
            key.sealed.as_str().into(),
            key.last_four.as_str().into(),
            key.base_url.as_deref().into(),
            micros(key.set_at).into(),
        ];
        self.run(SQL, values).await?;
        Ok(())
    }

    async fn remove(&mut self, model: &str) -> Result<bool, StoreError> {
        const SQL: &str = "DELETE FROM model_keys WHERE organization_id = $1 AND model = $2";
        self.raise_model_keys_version().await?;
        let removed = self.run(SQL, [self.organization().into(), model.into()]).await?;
        Ok(removed > 0)
    }
}
