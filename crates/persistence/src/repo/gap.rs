//! Questions that the knowledge did not answer.

use acs_core::id::Id;
use acs_domain::gap::{Unanswered, UnansweredId};
use acs_domain::port::store::{StoreError, UnansweredQueries, UnansweredQuestions};
use async_trait::async_trait;
use sea_orm::{QueryResult, TryGetable, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::search::codec;
use crate::session::Session;

fn column<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, StoreError> {
    row.try_get_by_index(index).map_err(store_error)
}

fn unanswered(row: &QueryResult) -> Result<Unanswered, StoreError> {
    let id: Uuid = column(row, 0)?;
    let origin = Origin {
        table: "unanswered_questions",
        id,
    };
    let vector: Vec<u8> = column(row, 4)?;
    Ok(Unanswered {
        id: Id::from_uuid(id),
        conversation_id: Id::from_uuid(column(row, 1)?),
        question: column(row, 2)?,
        language: column(row, 3)?,
        vector: codec::read_vector(&vector).map_err(|error| origin.corrupt(error))?,
        embedding_model: column(row, 5)?,
        knowledge_version: column(row, 6)?,
        asked_at: origin.time(column(row, 7)?)?,
    })
}

#[async_trait]
impl UnansweredQueries for Session {
    async fn latest(&mut self, limit: u32, since: OffsetDateTime) -> Result<Vec<Unanswered>, StoreError> {
        const SQL: &str = "SELECT id, conversation_id, question, language, embedding, embedding_model, \
                knowledge_version, asked_at \
            FROM unanswered_questions WHERE organization_id = $1 AND asked_at >= $2 \
            ORDER BY asked_at DESC, id DESC LIMIT $3";
        let values: [Value; 3] = [
            self.organization().into(),
            micros(since).into(),
            i64::from(limit).into(),
        ];
        let rows = self.rows(SQL, values).await?;
        rows.iter().rev().map(unanswered).collect()
    }
}

#[async_trait]
impl UnansweredQuestions for Session {
    async fn add(
        &mut self,
        question: &Unanswered,
        keep: u32,
        since: OffsetDateTime,
    ) -> Result<(), StoreError> {
        const ADD: &str = "INSERT INTO unanswered_questions (organization_id, id, conversation_id, question, language, \
                embedding, embedding_model, knowledge_version, asked_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        const FORGET: &str = "DELETE FROM unanswered_questions WHERE organization_id = $1 AND (asked_at < $2 OR asked_at < \
            (SELECT asked_at FROM unanswered_questions WHERE organization_id = $1 \
             ORDER BY asked_at DESC, id DESC LIMIT 1 OFFSET $3))";
        let values: [Value; 9] = [
            self.organization().into(),
            question.id.as_uuid().into(),
            question.conversation_id.as_uuid().into(),
            question.question.as_str().into(),
            question.language.as_deref().into(),
            codec::write_vector(&question.vector).into(),
            question.embedding_model.as_str().into(),
            question.knowledge_version.into(),
            micros(question.asked_at).into(),
        ];
        self.run(ADD, values).await?;
        let last = i64::from(keep.saturating_sub(1));
        let values: [Value; 3] = [self.organization().into(), micros(since).into(), last.into()];
        self.run(FORGET, values).await?;
        Ok(())
    }

    async fn remove(&mut self, ids: &[UnansweredId]) -> Result<(), StoreError> {
        let sql = format!(
            "DELETE FROM unanswered_questions WHERE organization_id = $1 AND {}",
            dialect::id_in(self.is_postgres(), "id", "$2")
        );
        let list = dialect::id_list(ids.iter().map(|id| id.as_uuid()));
        self.run(&sql, [self.organization().into(), list.into()]).await?;
        Ok(())
    }
}
