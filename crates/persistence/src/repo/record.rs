//! Records of turns, and the keys of their contents.

use acs_core::id::Id;
use acs_domain::conversation::ConversationId;
use acs_domain::port::store::record::RecordPlace;
use acs_domain::port::store::{RecordQueries, Records, StoreError};
use acs_domain::record::{ChainEnd, CustomerKey, CustomerKeyId, Hash, Link, Page, Record};
use acs_domain::turn::TurnId;
use acs_domain::user::UserId;
use async_trait::async_trait;
use sea_orm::{QueryResult, TryGetable, Value};
use uuid::Uuid;

use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

/// The columns of a link, in the order in which [`link`] reads them.
macro_rules! link_columns {
    () => {
        "conversation_id, seq, turn_id, key_id, format, status_found, recorded_at, previous_hash, content_hash, hash"
    };
}

fn column<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, StoreError> {
    row.try_get_by_index(index).map_err(store_error)
}

fn hash(row: &QueryResult, index: usize, origin: &Origin) -> Result<Hash, StoreError> {
    let bytes: Vec<u8> = column(row, index)?;
    Hash::try_from(bytes).map_err(|bytes| origin.corrupt(format!("a hash of {} bytes", bytes.len())))
}

impl Session {
    fn link(&self, row: &QueryResult) -> Result<Link, StoreError> {
        let turn_id: Uuid = column(row, 2)?;
        let origin = Origin {
            table: "turn_records",
            id: turn_id,
        };
        Ok(Link {
            organization_id: self.organization_id(),
            conversation_id: Id::from_uuid(column(row, 0)?),
            seq: column(row, 1)?,
            turn_id: Id::from_uuid(turn_id),
            key_id: Id::from_uuid(column(row, 3)?),
            format: column(row, 4)?,
            status_found: origin.word(&column::<String>(row, 5)?)?,
            recorded_at: origin.time(column(row, 6)?)?,
            previous: hash(row, 7, &origin)?,
            content_hash: hash(row, 8, &origin)?,
            hash: hash(row, 9, &origin)?,
        })
    }

    async fn records<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<Record>, StoreError> {
        let rows = self.rows(sql, values).await?;
        let record = |row: &QueryResult| {
            Ok(Record {
                link: self.link(row)?,
                sealed: column(row, 10)?,
            })
        };
        rows.iter().map(record).collect()
    }

    fn customer_key(
        &self,
        row: &QueryResult,
        first: usize,
        customer: Uuid,
    ) -> Result<CustomerKey, StoreError> {
        let id = column(row, first)?;
        let origin = Origin {
            table: "customer_keys",
            id,
        };
        Ok(CustomerKey {
            id: Id::from_uuid(id),
            organization_id: self.organization_id(),
            customer_id: Id::from_uuid(customer),
            wrapped: column(row, first + 1)?,
            created_at: origin.time(column(row, first + 2)?)?,
        })
    }
}

#[async_trait]
impl RecordQueries for Session {
    async fn page(&mut self, conversation: ConversationId) -> Result<Option<Page>, StoreError> {
        const SQL: &str = "SELECT c.user_id, r.seq, r.hash, k.id, k.wrapped_key, k.created_at FROM conversations c \
            LEFT JOIN turn_records r ON r.organization_id = c.organization_id AND r.conversation_id = c.id \
                AND r.seq = (SELECT max(seq) FROM turn_records WHERE organization_id = $1 AND conversation_id = $2) \
            LEFT JOIN customer_keys k ON k.organization_id = c.organization_id AND k.id = (\
                SELECT id FROM customer_keys WHERE organization_id = $1 AND customer_id = c.user_id \
                ORDER BY id DESC LIMIT 1) \
            WHERE c.organization_id = $1 AND c.id = $2";
        let values = [self.organization().into(), conversation.as_uuid().into()];
        let rows = self.rows(SQL, values).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let customer: Uuid = column(row, 0)?;
        let origin = Origin {
            table: "turn_records",
            id: conversation.as_uuid(),
        };
        let end = match column::<Option<i64>>(row, 1)? {
            Some(seq) => ChainEnd {
                seq,
                hash: hash(row, 2, &origin)?,
            },
            None => ChainEnd::default(),
        };
        let has_key = column::<Option<Uuid>>(row, 3)?.is_some();
        let key = has_key.then(|| self.customer_key(row, 3, customer));
        Ok(Some(Page {
            end,
            customer_id: Id::from_uuid(customer),
            key: key.transpose()?,
        }))
    }

    async fn find(&mut self, turn: TurnId) -> Result<Option<Record>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            link_columns!(),
            ", content FROM turn_records WHERE organization_id = $1 AND turn_id = $2"
        );
        let values = [self.organization().into(), turn.as_uuid().into()];
        Ok(self.records(SQL, values).await?.into_iter().next())
    }

    async fn links_before(
        &mut self,
        conversation: ConversationId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<Link>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            link_columns!(),
            " FROM turn_records WHERE organization_id = $1 AND conversation_id = $2 AND seq < $3 \
              ORDER BY seq DESC LIMIT $4"
        );
        let values = [
            self.organization().into(),
            conversation.as_uuid().into(),
            seq.into(),
            i64::from(limit).into(),
        ];
        let rows = self.rows(SQL, values).await?;
        rows.iter().rev().map(|row| self.link(row)).collect()
    }

    async fn list(&mut self, after: Option<RecordPlace>, limit: u32) -> Result<Vec<Record>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            link_columns!(),
            ", content FROM turn_records WHERE organization_id = $1 AND (conversation_id, seq) > ($2, $3) \
              ORDER BY conversation_id, seq LIMIT $4"
        );
        let (conversation, seq) = after.unwrap_or((Id::from_uuid(Uuid::nil()), 0));
        let values = [
            self.organization().into(),
            conversation.as_uuid().into(),
            seq.into(),
            i64::from(limit).into(),
        ];
        self.records(SQL, values).await
    }

    async fn newest(
        &mut self,
        conversation: Option<ConversationId>,
        before: Option<TurnId>,
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        // Ids of turns are in the order of their making.
        const ALL: &str = concat!(
            "SELECT ",
            link_columns!(),
            ", content FROM turn_records WHERE organization_id = $1 AND turn_id < $2 ORDER BY turn_id DESC LIMIT $3"
        );
        const OF_ONE: &str = concat!(
            "SELECT ",
            link_columns!(),
            ", content FROM turn_records WHERE organization_id = $1 AND turn_id < $2 AND conversation_id = $4 \
              ORDER BY turn_id DESC LIMIT $3"
        );
        let organization = self.organization().into();
        let before = before.map_or(Uuid::max(), TurnId::as_uuid).into();
        let limit = i64::from(limit).into();
        match conversation {
            None => self.records(ALL, [organization, before, limit]).await,
            Some(id) => {
                let values = [organization, before, limit, id.as_uuid().into()];
                self.records(OF_ONE, values).await
            }
        }
    }

    async fn missing(&mut self, limit: u32) -> Result<Vec<(ConversationId, TurnId)>, StoreError> {
        const SQL: &str = "SELECT t.conversation_id, t.id FROM turns t WHERE t.organization_id = $1 AND t.state = 'done' \
            AND t.completed_at >= (SELECT min(recorded_at) FROM turn_records WHERE organization_id = $1) \
            AND NOT EXISTS (SELECT 1 FROM turn_records r WHERE r.organization_id = $1 AND r.turn_id = t.id) \
            ORDER BY t.id LIMIT $2";
        let rows = self
            .rows(SQL, [self.organization().into(), i64::from(limit).into()])
            .await?;
        let ids = |row: &QueryResult| Ok((Id::from_uuid(column(row, 0)?), Id::from_uuid(column(row, 1)?)));
        rows.iter().map(ids).collect()
    }

    async fn keys(&mut self, ids: &[CustomerKeyId]) -> Result<Vec<CustomerKey>, StoreError> {
        let sql = format!(
            "SELECT customer_id, id, wrapped_key, created_at FROM customer_keys WHERE organization_id = $1 AND {}",
            dialect::id_in(self.is_postgres(), "id", "$2")
        );
        let ids = dialect::id_list(ids.iter().map(|id| id.as_uuid()));
        let rows = self.rows(&sql, [self.organization().into(), ids.into()]).await?;
        rows.iter()
            .map(|row| self.customer_key(row, 1, column(row, 0)?))
            .collect()
    }
}

#[async_trait]
impl Records for Session {
    async fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        const SQL: &str = concat!(
            "INSERT INTO turn_records (organization_id, ",
            link_columns!(),
            ", content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        );
        let link = &record.link;
        self.check_owner(link.organization_id)?;
        let values = [
            self.organization().into(),
            link.conversation_id.as_uuid().into(),
            link.seq.into(),
            link.turn_id.as_uuid().into(),
            link.key_id.as_uuid().into(),
            link.format.into(),
            link.status_found.as_str().into(),
            micros(link.recorded_at).into(),
            link.previous.to_vec().into(),
            link.content_hash.to_vec().into(),
            link.hash.to_vec().into(),
            record.sealed.clone().into(),
        ];
        self.run(SQL, values).await?;
        Ok(())
    }

    async fn add_key(&mut self, key: &CustomerKey) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO customer_keys (organization_id, id, customer_id, wrapped_key, created_at) \
            VALUES ($1, $2, $3, $4, $5)";
        self.check_owner(key.organization_id)?;
        let values = [
            self.organization().into(),
            key.id.as_uuid().into(),
            key.customer_id.as_uuid().into(),
            key.wrapped.as_str().into(),
            micros(key.created_at).into(),
        ];
        self.run(SQL, values).await?;
        Ok(())
    }

    async fn erase_keys(&mut self, customer: UserId) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM customer_keys WHERE organization_id = $1 AND customer_id = $2";
        self.run(SQL, [self.organization().into(), customer.as_uuid().into()])
            .await
    }
}
