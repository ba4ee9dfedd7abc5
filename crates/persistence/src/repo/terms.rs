//! What an organization calls its own things.

use acs_domain::port::store::{StoreError, TermBook, TermQueries};
use acs_domain::port::understand::Terms;
use async_trait::async_trait;
use time::OffsetDateTime;

use crate::entity::Jsonb;
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

#[async_trait]
impl TermQueries for Session {
    async fn find(&mut self) -> Result<Option<Terms>, StoreError> {
        const SQL: &str = "SELECT terms FROM terms WHERE organization_id = $1";
        let rows = self.rows(SQL, [self.organization().into()]).await?;
        let terms = rows.first().map(|row| row.try_get_by_index::<Jsonb<Terms>>(0));
        Ok(terms.transpose().map_err(store_error)?.map(|terms| terms.0))
    }
}

#[async_trait]
impl TermBook for Session {
    async fn put(&mut self, terms: &Terms, at: OffsetDateTime) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO terms (organization_id, terms, updated_at) VALUES ($1, $2, $3) \
            ON CONFLICT (organization_id) DO UPDATE SET terms = excluded.terms, updated_at = excluded.updated_at";
        self.raise_terms_version().await?;
        let values = [
            self.organization().into(),
            Jsonb(terms.clone()).into(),
            micros(at).into(),
        ];
        self.run(SQL, values).await?;
        Ok(())
    }
}
