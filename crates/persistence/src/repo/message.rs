//! Messages.

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::conversation::ConversationId;
use acs_domain::message::{Message, MessageId};
use acs_domain::port::store::{MessageQueries, Messages, StoreError};
use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::Jsonb;
use crate::entity::message::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    fn words(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }

    fn words_in(&self, conversation: ConversationId) -> Select<Entity> {
        self.words()
            .filter(Column::ConversationId.eq(conversation.as_uuid()))
    }
}

#[async_trait]
impl MessageQueries for Session {
    async fn find(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let found = self.words().filter(Column::Id.eq(id.as_uuid()));
        let found = found.one(self).await.map_err(store_error)?;
        found.map(message).transpose()
    }

    async fn list(
        &mut self,
        conversation: ConversationId,
        page: &PageRequest,
    ) -> Result<Page<Message>, StoreError> {
        let mut words = self.words_in(conversation);
        if let Some(cursor) = page.after() {
            words = words.filter(Column::Seq.gt(cursor.key));
        }
        let rows = words
            .order_by_asc(Column::Seq)
            .limit(u64::from(page.limit()) + 1)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = rows.into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: item.seq,
            id: item.id.as_uuid(),
        }))
    }

    async fn recent(
        &mut self,
        conversation: ConversationId,
        before: i64,
        count: u32,
    ) -> Result<Vec<Message>, StoreError> {
        let rows = self
            .words_in(conversation)
            .filter(Column::Seq.lt(before))
            .order_by_desc(Column::Seq)
            .limit(u64::from(count))
            .all(self)
            .await
            .map_err(store_error)?;
        rows.into_iter().rev().map(message).collect()
    }
}

#[async_trait]
impl Messages for Session {
    async fn insert(&mut self, messages: &[Message]) -> Result<(), StoreError> {
        for message in messages {
            self.check_owner(message.organization_id)?;
        }
        Entity::insert_many(messages.iter().map(|message| model(message).into_active_model()))
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }
}

fn model(it: &Message) -> Model {
    Model {
        organization_id: it.organization_id.as_uuid(),
        id: it.id.as_uuid(),
        conversation_id: it.conversation_id.as_uuid(),
        seq: it.seq,
        reply_to: it.reply_to.map(Id::as_uuid),
        sender_type: it.sender_type.to_string(),
        sender_id: it.sender_id.clone(),
        sender_name: it.sender_name.clone(),
        content: it.content.clone(),
        content_type: it.content_type.to_string(),
        attachments: Jsonb(it.attachments.clone()),
        citations: Jsonb(it.citations.clone()),
        metadata: Jsonb(it.metadata.clone()),
        created_at: micros(it.created_at),
    }
}

fn message(row: Model) -> Result<Message, StoreError> {
    let origin = Origin {
        table: "messages",
        id: row.id,
    };
    Ok(Message {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        conversation_id: Id::from_uuid(row.conversation_id),
        seq: row.seq,
        reply_to: row.reply_to.map(Id::from_uuid),
        sender_type: origin.word(&row.sender_type)?,
        sender_id: row.sender_id,
        sender_name: row.sender_name,
        content: row.content,
        content_type: origin.word(&row.content_type)?,
        attachments: row.attachments.0,
        citations: row.citations.0,
        metadata: row.metadata.0,
        created_at: origin.time(row.created_at)?,
    })
}
