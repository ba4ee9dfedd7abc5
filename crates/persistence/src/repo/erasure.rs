//! Erasing a customer. Each statement is over all conversations of a piece at once.

use acs_core::id::Id;
use acs_domain::analysis::Analysis;
use acs_domain::conversation::ConversationId;
use acs_domain::port::store::erasure::Extent;
use acs_domain::port::store::{Erasure, ErasureQueries, StoreError};
use acs_domain::user::UserId;
use async_trait::async_trait;
use sea_orm::{QueryResult, TryGetable, Value};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::dialect;
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

fn column<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, StoreError> {
    row.try_get_by_index(index).map_err(store_error)
}

fn count(row: &QueryResult, index: usize) -> Result<u64, StoreError> {
    Ok(column::<i64>(row, index)?.unsigned_abs())
}

/// The fields of an end of a turn that hold words, without them.
fn without_words() -> String {
    json!({
        "response": null,
        "analysis": Analysis::default(),
        "citations": [],
        "follow_up_questions": [],
        "evidence": { "candidates": [], "verdicts": [], "prompt": null, "attempts": [], "degraded": [] },
        "erased": true,
    })
    .to_string()
}

#[async_trait]
impl ErasureQueries for Session {
    async fn extent(&mut self, customer: UserId) -> Result<Extent, StoreError> {
        const SQL: &str = "SELECT \
            (SELECT count(*) FROM conversations \
                WHERE organization_id = $1 AND user_id = $2 AND customer_external_id <> ''), \
            (SELECT count(*) FROM messages m JOIN conversations c \
                ON c.organization_id = m.organization_id AND c.id = m.conversation_id \
                WHERE c.organization_id = $1 AND c.user_id = $2 AND c.customer_external_id <> ''), \
            (SELECT count(*) FROM customer_keys WHERE organization_id = $1 AND customer_id = $2)";
        let values = [self.organization().into(), customer.as_uuid().into()];
        let rows = self.rows(SQL, values).await?;
        let Some(row) = rows.first() else {
            return Ok(Extent::default());
        };
        Ok(Extent {
            conversations: count(row, 0)?,
            messages: count(row, 1)?,
            keys: count(row, 2)?,
        })
    }

    async fn unfinished(&mut self, limit: u32) -> Result<Vec<UserId>, StoreError> {
        const SQL: &str = "SELECT id FROM users WHERE organization_id = $1 AND erased_at IS NOT NULL \
            AND external_id IS NOT NULL ORDER BY id LIMIT $2";
        let values = [self.organization().into(), i64::from(limit).into()];
        let rows = self.rows(SQL, values).await?;
        rows.iter()
            .map(|row| Ok(Id::from_uuid(column::<Uuid>(row, 0)?)))
            .collect()
    }
}

#[async_trait]
impl Erasure for Session {
    async fn hold(&mut self, customer: UserId, limit: u32) -> Result<Vec<ConversationId>, StoreError> {
        // In the order in which a conversation is begun: first the customer, then the conversation.
        let held = if self.is_postgres() {
            const PERSON: &str =
                "SELECT id FROM users WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE";
            self.run(PERSON, [self.organization().into(), customer.as_uuid().into()])
                .await?;
            " FOR NO KEY UPDATE"
        } else {
            // The unit already is the only one that writes.
            ""
        };
        let sql = format!(
            "SELECT id FROM conversations WHERE organization_id = $1 AND user_id = $2 AND customer_external_id <> '' \
             ORDER BY id LIMIT $3{held}"
        );
        let values: [Value; 3] = [
            self.organization().into(),
            customer.as_uuid().into(),
            i64::from(limit).into(),
        ];
        let rows = self.rows(&sql, values).await?;
        rows.iter()
            .map(|row| Ok(Id::from_uuid(column::<Uuid>(row, 0)?)))
            .collect()
    }

    async fn empty(
        &mut self,
        conversations: &[ConversationId],
        at: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let postgres = self.is_postgres();
        let list = dialect::id_list(conversations.iter().map(|id| id.as_uuid()));
        let among = |column| dialect::id_in(postgres, column, "$2");
        let run = async |sql: String, more: Option<Value>| {
            let values = [self.organization().into(), list.as_str().into()];
            self.run(&sql, values.into_iter().chain(more)).await
        };
        let of_these = among("conversation_id");
        run(
            format!(
                "UPDATE conversations SET customer_external_id = '', status = 'archived', title = NULL, \
                 title_search = NULL, tags = '[]', escalation_reason = NULL, resolution_code = NULL, \
                 resolution_summary = NULL, satisfaction_feedback = NULL, current_topic = NULL, topic_stack = '[]', \
                 asked = NULL, asked_open = false, salesforce_case_id = NULL, metadata = '{{}}', version = version + 1, \
                 ended_at = coalesce(ended_at, $3) WHERE organization_id = $1 AND {}",
                among("id")
            ),
            Some(micros(at).into()),
        )
        .await?;
        run(
            format!(
                "UPDATE turns SET state = 'queued', lease_owner = NULL, lease_expires_at = NULL \
                 WHERE organization_id = $1 AND {of_these} AND state = 'running'"
            ),
            None,
        )
        .await?;
        run(
            dialect::empty_turns(postgres, &of_these),
            Some(without_words().into()),
        )
        .await?;
        run(
            format!(
                "UPDATE escalations SET reason = '', resolved_at = coalesce(resolved_at, $3) \
                 WHERE organization_id = $1 AND {of_these}"
            ),
            Some(micros(at).into()),
        )
        .await?;
        let ids: Vec<String> = conversations.iter().map(ToString::to_string).collect();
        let sql = format!(
            "DELETE FROM idempotency_keys WHERE organization_id = $1 AND operation LIKE '%/conversations/%' AND {}",
            dialect::text_in(postgres, dialect::conversation_of_operation(postgres), "$2")
        );
        let ids = dialect::text_list(ids.iter().map(String::as_str));
        self.run(&sql, [self.organization().into(), ids.into()]).await?;
        run(
            format!("DELETE FROM unanswered_questions WHERE organization_id = $1 AND {of_these}"),
            None,
        )
        .await?;
        run(
            format!(
                "UPDATE messages SET content = '', attachments = '[]', citations = '[]', metadata = '{{}}', \
                 sender_id = CASE sender_type WHEN 'user' THEN NULL ELSE sender_id END, \
                 sender_name = CASE sender_type WHEN 'user' THEN NULL ELSE sender_name END \
                 WHERE organization_id = $1 AND {of_these}"
            ),
            None,
        )
        .await
    }

    async fn forget(&mut self, customer: UserId, at: OffsetDateTime) -> Result<(), StoreError> {
        const PERSON: &str = "UPDATE users SET email = NULL, email_verified = false, password_hash = NULL, \
            password_changed_at = NULL, mfa_enabled = false, first_name = NULL, last_name = NULL, display_name = NULL, \
            phone_number = NULL, customer_tier = NULL, preferred_language = NULL, timezone = NULL, status = 'deleted', \
            last_seen_at = NULL, attributes = '{}', tags = '[]', erased_at = coalesce(erased_at, $3), \
            version = version + 1, updated_at = $3 WHERE organization_id = $1 AND id = $2";
        const SIGN_INS: &str = "DELETE FROM refresh_tokens WHERE organization_id = $1 AND user_id = $2";
        let (organization, customer) = (self.organization(), customer.as_uuid());
        let values: [Value; 3] = [organization.into(), customer.into(), micros(at).into()];
        self.run(PERSON, values).await?;
        self.run(SIGN_INS, [organization.into(), customer.into()]).await?;
        Ok(())
    }

    async fn release(&mut self, customer: UserId) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE users SET external_id = NULL WHERE organization_id = $1 AND id = $2";
        self.run(SQL, [self.organization().into(), customer.as_uuid().into()])
            .await?;
        Ok(())
    }
}
