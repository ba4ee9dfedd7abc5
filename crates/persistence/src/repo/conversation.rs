//! Conversations.

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::budget::Spending;
use acs_domain::conversation::{Channel, Conversation, ConversationId, Satisfaction, Status};
use acs_domain::organization::month_number;
use acs_domain::port::store::conversation::ConversationFilter;
use acs_domain::port::store::{ConversationQueries, Conversations, StoreError};
use acs_domain::user::UserId;
use async_trait::async_trait;
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{LikeExpr, LockType, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use super::page::newest_first;
use crate::entity::conversation::{Column, Entity, Model};
use crate::entity::{Jsonb, user};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    fn talks(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }

    async fn talk(&self, select: Select<Entity>) -> Result<Option<Conversation>, StoreError> {
        let found = select.one(self).await.map_err(store_error)?;
        found.map(conversation).transpose()
    }
}

#[async_trait]
impl ConversationQueries for Session {
    async fn find(&mut self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        self.talk(self.talks().filter(Column::Id.eq(id.as_uuid()))).await
    }

    async fn find_open(
        &mut self,
        customer: UserId,
        channel: Channel,
    ) -> Result<Option<Conversation>, StoreError> {
        let open = Status::ALL
            .iter()
            .filter(|status| status.is_open())
            .map(|status| status.as_str());
        let newest = self
            .talks()
            .filter(Column::UserId.eq(customer.as_uuid()))
            .filter(Column::Channel.eq(channel.as_str()))
            .filter(Column::Status.is_in(open))
            .order_by_desc(Column::StartedAt)
            .order_by_desc(Column::Id);
        self.talk(newest).await
    }

    async fn list(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>, StoreError> {
        let rows = newest_first(
            filtered(self.talks(), self.organization(), filter),
            Column::StartedAt,
            Column::Id,
            page,
        )
        .all(self)
        .await
        .map_err(store_error)?;
        let items = rows
            .into_iter()
            .map(conversation)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.started_at),
            id: item.id.as_uuid(),
        }))
    }
}

/// The customer whom the organization knows by this id: by it, their conversations are found in an index.
fn customer(organization: uuid::Uuid, external_id: &str) -> SelectStatement {
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::OrganizationId.eq(organization))
        .filter(user::Column::ExternalId.eq(external_id))
        .into_query()
}

fn filtered(talks: Select<Entity>, organization: uuid::Uuid, filter: &ConversationFilter) -> Select<Entity> {
    let equal = [
        filter.status.map(|status| Column::Status.eq(status.as_str())),
        filter.channel.map(|channel| Column::Channel.eq(channel.as_str())),
        filter
            .assigned_agent_id
            .map(|agent| Column::AssignedAgentId.eq(agent.as_uuid())),
        filter.escalated.map(|escalated| Column::Escalated.eq(escalated)),
        filter
            .customer_external_id
            .as_deref()
            .map(|id| Column::UserId.in_subquery(customer(organization, id))),
        filter
            .customer_id
            .map(|customer| Column::UserId.eq(customer.as_uuid())),
        filter
            .created_after
            .map(|after| Column::StartedAt.gt(micros(after))),
        filter
            .created_before
            .map(|before| Column::StartedAt.lt(micros(before))),
    ];
    let words = filter.text.as_deref().unwrap_or_default();
    let words = words
        .split_whitespace()
        .map(|word| Column::TitleSearch.like(containing(word)));
    equal
        .into_iter()
        .flatten()
        .chain(words)
        .fold(talks, QueryFilter::filter)
}

/// A pattern for titles that contain the word as it is.
fn containing(word: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for letter in fold(word).chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// The form in which titles are compared: databases fold case in different ways, so it is done here.
fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[async_trait]
impl Conversations for Session {
    async fn insert(&mut self, conversation: &Conversation) -> Result<i64, StoreError> {
        self.check_owner(conversation.organization_id)?;
        let number = self
            .count_conversation(month_number(conversation.started_at))
            .await?;
        let row = Model {
            conversation_number: number,
            ..model(conversation)
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        const SQL: &str = "UPDATE users SET total_conversations = total_conversations + 1 \
            WHERE organization_id = $1 AND id = $2";
        let customer = conversation.customer_id.as_uuid();
        self.run(SQL, [self.organization().into(), customer.into()])
            .await?;
        Ok(number)
    }

    async fn lock(&mut self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        let mut talk = self.talks().filter(Column::Id.eq(id.as_uuid()));
        if self.is_postgres() {
            talk = talk.lock(LockType::NoKeyUpdate);
        }
        self.talk(talk).await
    }

    async fn lock_customer(&mut self, customer: UserId) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT id FROM users WHERE organization_id = $1 AND id = $2 \
             AND (erased_at IS NULL OR external_id IS NOT NULL){}",
            // On SQLite the unit already is the only one that writes.
            if self.is_postgres() {
                " FOR NO KEY UPDATE"
            } else {
                ""
            }
        );
        let values = [self.organization().into(), customer.as_uuid().into()];
        if self.rows(&sql, values).await?.is_empty() {
            return Err(StoreError::Conflict { what: "version" });
        }
        Ok(())
    }

    async fn update(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        self.check_owner(conversation.organization_id)?;
        let mut changed = model(conversation);
        changed.version += 1;
        let mut changed = changed.into_active_model().reset_all();
        changed.organization_id = NotSet;
        changed.id = NotSet;
        changed.conversation_number = NotSet;
        changed.user_id = NotSet;
        changed.customer_external_id = NotSet;
        changed.channel = NotSet;
        changed.started_at = NotSet;
        let done = Entity::update_many()
            .set(changed)
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(conversation.id.as_uuid()))
            .filter(Column::Version.eq(conversation.version))
            .exec(self)
            .await
            .map_err(store_error)?;
        if done.rows_affected == 1 {
            Ok(())
        } else {
            Err(StoreError::Conflict { what: "version" })
        }
    }
}

fn model(it: &Conversation) -> Model {
    Model {
        organization_id: it.organization_id.as_uuid(),
        id: it.id.as_uuid(),
        conversation_number: it.number,
        user_id: it.customer_id.as_uuid(),
        customer_external_id: it.customer_external_id.clone(),
        channel: it.channel.to_string(),
        status: it.status.to_string(),
        priority: it.priority.as_i16(),
        assigned_agent_id: it.assigned_agent_id.map(Id::as_uuid),
        title: it.title.clone(),
        title_search: it.title.as_deref().map(fold),
        tags: Jsonb(it.tags.clone()),
        message_count: it.message_count,
        user_message_count: it.user_message_count,
        ai_message_count: it.ai_message_count,
        agent_message_count: it.agent_message_count,
        ai_confidence_sum: it.ai_confidence_sum,
        ai_confidence_min: it.ai_confidence_min,
        ai_fallback_count: it.ai_fallback_count,
        model_tokens: it.models.tokens,
        model_cost: it.models.cost_micros,
        sentiment_current: it.sentiment_current.map(|label| label.to_string()),
        emotion_trajectory: Jsonb(it.emotion_trajectory.clone()),
        escalated: it.escalated,
        escalation_reason: it.escalation_reason.clone(),
        escalation_count: it.escalation_count,
        resolved: it.resolved,
        resolution_type: it.resolution_type.map(|kind| kind.to_string()),
        resolution_code: it.resolution_code.clone(),
        resolution_summary: it.resolution_summary.clone(),
        satisfaction_score: it.satisfaction.as_ref().map(|given| given.score),
        satisfaction_feedback: it.satisfaction.as_ref().and_then(|given| given.feedback.clone()),
        nps_score: it.satisfaction.as_ref().and_then(|given| given.nps),
        current_topic: it.current_topic.clone(),
        topic_stack: Jsonb(it.topic_stack.clone()),
        asked: it.asked.clone(),
        asked_open: it.asked_open,
        language: it.language.clone(),
        reminded_at: it.reminded_at.map(micros),
        salesforce_case_id: it.salesforce_case_id.clone(),
        metadata: Jsonb(it.metadata.clone()),
        version: it.version,
        started_at: micros(it.started_at),
        last_activity_at: micros(it.last_activity_at),
        first_response_at: it.first_response_at.map(micros),
        ended_at: it.ended_at.map(micros),
    }
}

fn conversation(row: Model) -> Result<Conversation, StoreError> {
    let origin = Origin {
        table: "conversations",
        id: row.id,
    };
    Ok(Conversation {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        number: row.conversation_number,
        customer_id: Id::from_uuid(row.user_id),
        customer_external_id: row.customer_external_id,
        channel: origin.word(&row.channel)?,
        status: origin.word(&row.status)?,
        priority: origin.value(row.priority)?,
        assigned_agent_id: row.assigned_agent_id.map(Id::from_uuid),
        title: row.title,
        tags: row.tags.0,
        message_count: row.message_count,
        user_message_count: row.user_message_count,
        ai_message_count: row.ai_message_count,
        agent_message_count: row.agent_message_count,
        ai_confidence_sum: row.ai_confidence_sum,
        ai_confidence_min: row.ai_confidence_min,
        ai_fallback_count: row.ai_fallback_count,
        models: Spending {
            tokens: row.model_tokens,
            cost_micros: row.model_cost,
        },
        sentiment_current: origin.opt_word(row.sentiment_current.as_deref())?,
        emotion_trajectory: row.emotion_trajectory.0,
        escalated: row.escalated,
        escalation_reason: row.escalation_reason,
        escalation_count: row.escalation_count,
        resolved: row.resolved,
        resolution_type: origin.opt_word(row.resolution_type.as_deref())?,
        resolution_code: row.resolution_code,
        resolution_summary: row.resolution_summary,
        satisfaction: row.satisfaction_score.map(|score| Satisfaction {
            score,
            feedback: row.satisfaction_feedback,
            nps: row.nps_score,
        }),
        current_topic: row.current_topic,
        topic_stack: row.topic_stack.0,
        asked: row.asked,
        asked_open: row.asked_open,
        language: row.language,
        reminded_at: origin.opt_time(row.reminded_at)?,
        salesforce_case_id: row.salesforce_case_id,
        metadata: row.metadata.0,
        version: row.version,
        started_at: origin.time(row.started_at)?,
        last_activity_at: origin.time(row.last_activity_at)?,
        first_response_at: origin.opt_time(row.first_response_at)?,
        ended_at: origin.opt_time(row.ended_at)?,
    })
}
