//! The organization of the scope; the list of all for the system organization.

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::access::SYSTEM_ORGANIZATION;
use acs_domain::budget::Spending;
use acs_domain::organization::{Limits, Organization, OrganizationId, Usage, month_number};
use acs_domain::port::store::{OrganizationQueries, Organizations, StoreError};
use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Select};

use super::page::newest_first;
use crate::entity::Jsonb;
use crate::entity::organization::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    fn visible_organizations(&self) -> Select<Entity> {
        if self.organization_id() == SYSTEM_ORGANIZATION {
            Entity::find()
        } else {
            Entity::find().filter(Column::Id.eq(self.organization()))
        }
    }
}

#[async_trait]
impl OrganizationQueries for Session {
    async fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        let found = self
            .visible_organizations()
            .filter(Column::Id.eq(id.as_uuid()))
            .one(self)
            .await
            .map_err(store_error)?;
        found.map(organization).transpose()
    }

    async fn list(&mut self, page: &PageRequest) -> Result<Page<Organization>, StoreError> {
        let rows = newest_first(self.visible_organizations(), Column::CreatedAt, Column::Id, page)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = rows
            .into_iter()
            .map(organization)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.created_at),
            id: item.id.as_uuid(),
        }))
    }
}

#[async_trait]
impl Organizations for Session {
    async fn insert(&mut self, organization: &Organization) -> Result<(), StoreError> {
        self.check_owner(organization.id)?;
        Entity::insert(model(organization).into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn lock(&mut self) -> Result<Option<Organization>, StoreError> {
        let mut own = Entity::find().filter(Column::Id.eq(self.organization()));
        if self.is_postgres() {
            own = own.lock(LockType::NoKeyUpdate);
        }
        let found = own.one(self).await.map_err(store_error)?;
        found.map(organization).transpose()
    }

    async fn update(&mut self, organization: &Organization) -> Result<(), StoreError> {
        self.check_owner(organization.id)?;
        let it = organization;
        let changed = ActiveModel {
            name: Set(it.name.clone()),
            display_name: Set(it.display_name.clone()),
            description: Set(it.description.clone()),
            website: Set(it.website.clone()),
            logo_url: Set(it.logo_url.clone()),
            subscription_tier: Set(it.tier.to_string()),
            subscription_status: Set(it.subscription_status.to_string()),
            trial_ends_at: Set(it.trial_ends_at.map(micros)),
            subscription_expires_at: Set(it.subscription_expires_at.map(micros)),
            max_users: Set(it.limits.max_users),
            max_conversations_per_month: Set(it.limits.max_conversations_per_month),
            max_messages_per_conversation: Set(it.limits.max_messages_per_conversation),
            max_knowledge_entries: Set(it.limits.max_knowledge_entries),
            max_api_calls_per_hour: Set(it.limits.max_api_calls_per_hour),
            storage_quota_gb: Set(it.limits.storage_quota_gb),
            model_budget: Set(Jsonb(it.budget)),
            settings: Set(Jsonb(it.settings.clone())),
            features: Set(Jsonb(it.features.clone())),
            branding: Set(Jsonb(it.branding.clone())),
            timezone: Set(it.timezone.clone()),
            default_language: Set(it.default_language.clone()),
            supported_languages: Set(Jsonb(it.supported_languages.clone())),
            allowed_domains: Set(Jsonb(it.allowed_domains.clone())),
            ip_whitelist: Set(Jsonb(it.ip_allow_list.clone())),
            require_mfa: Set(it.require_mfa),
            is_active: Set(it.is_active),
            updated_at: Set(micros(it.updated_at)),
            ..Default::default()
        };
        Entity::update_many()
            .set(changed)
            .filter(Column::Id.eq(self.organization()))
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn count_models(&mut self, month: i64, spent: Spending) -> Result<(), StoreError> {
        self.add_models(month, spent).await
    }
}

fn model(it: &Organization) -> Model {
    Model {
        id: it.id.as_uuid(),
        slug: it.slug.clone(),
        name: it.name.clone(),
        display_name: it.display_name.clone(),
        description: it.description.clone(),
        website: it.website.clone(),
        logo_url: it.logo_url.clone(),
        salesforce_org_id: it.salesforce_org_id.clone(),
        subscription_tier: it.tier.to_string(),
        subscription_status: it.subscription_status.to_string(),
        trial_ends_at: it.trial_ends_at.map(micros),
        subscription_expires_at: it.subscription_expires_at.map(micros),
        max_users: it.limits.max_users,
        max_conversations_per_month: it.limits.max_conversations_per_month,
        max_messages_per_conversation: it.limits.max_messages_per_conversation,
        max_knowledge_entries: it.limits.max_knowledge_entries,
        max_api_calls_per_hour: it.limits.max_api_calls_per_hour,
        storage_quota_gb: it.limits.storage_quota_gb,
        current_users_count: 0,
        current_month: month_number(it.created_at),
        current_month_conversations: 0,
        total_conversations_lifetime: 0,
        current_knowledge_entries: 0,
        current_knowledge_passages: 0,
        current_knowledge_terms: 0,
        current_storage_bytes: 0,
        model_budget: Jsonb(it.budget),
        model_month: 0,
        model_tokens_this_month: 0,
        model_cost_this_month: 0,
        settings: Jsonb(it.settings.clone()),
        features: Jsonb(it.features.clone()),
        branding: Jsonb(it.branding.clone()),
        timezone: it.timezone.clone(),
        default_language: it.default_language.clone(),
        supported_languages: Jsonb(it.supported_languages.clone()),
        allowed_domains: Jsonb(it.allowed_domains.clone()),
        ip_whitelist: Jsonb(it.ip_allow_list.clone()),
        require_mfa: it.require_mfa,
        is_active: it.is_active,
        is_verified: it.is_verified,
        is_demo: it.is_demo,
        metadata: Jsonb(it.metadata.clone()),
        tags: Jsonb(it.tags.clone()),
        knowledge_version: it.knowledge_version,
        intents_version: it.intents_version,
        intent_head_version: it.intent_head_version,
        terms_version: it.terms_version,
        model_keys_version: it.model_keys_version,
        embedding_model: it.embedding_model.clone(),
        created_at: micros(it.created_at),
        updated_at: micros(it.updated_at),
    }
}

fn organization(row: Model) -> Result<Organization, StoreError> {
    let origin = Origin {
        table: "organizations",
        id: row.id,
    };
    Ok(Organization {
        id: Id::from_uuid(row.id),
        slug: row.slug,
        name: row.name,
        display_name: row.display_name,
        description: row.description,
        website: row.website,
        logo_url: row.logo_url,
        salesforce_org_id: row.salesforce_org_id,
        tier: origin.word(&row.subscription_tier)?,
        subscription_status: origin.word(&row.subscription_status)?,
        trial_ends_at: origin.opt_time(row.trial_ends_at)?,
        subscription_expires_at: origin.opt_time(row.subscription_expires_at)?,
        limits: Limits {
            max_users: row.max_users,
            max_conversations_per_month: row.max_conversations_per_month,
            max_messages_per_conversation: row.max_messages_per_conversation,
            max_knowledge_entries: row.max_knowledge_entries,
            max_api_calls_per_hour: row.max_api_calls_per_hour,
            storage_quota_gb: row.storage_quota_gb,
        },
        budget: row.model_budget.0,
        usage: Usage {
            users: row.current_users_count,
            conversations_this_month: row.current_month_conversations,
            month: row.current_month,
            conversations_lifetime: row.total_conversations_lifetime,
            knowledge_entries: row.current_knowledge_entries,
            storage_bytes: row.current_storage_bytes,
            models: Spending {
                tokens: row.model_tokens_this_month,
                cost_micros: row.model_cost_this_month,
            },
            models_month: row.model_month,
        },
        settings: row.settings.0,
        features: row.features.0,
        branding: row.branding.0,
        timezone: row.timezone,
        default_language: row.default_language,
        supported_languages: row.supported_languages.0,
        allowed_domains: row.allowed_domains.0,
        ip_allow_list: row.ip_whitelist.0,
        require_mfa: row.require_mfa,
        is_active: row.is_active,
        is_verified: row.is_verified,
        is_demo: row.is_demo,
        metadata: row.metadata.0,
        tags: row.tags.0,
        knowledge_version: row.knowledge_version,
        intents_version: row.intents_version,
        intent_head_version: row.intent_head_version,
        terms_version: row.terms_version,
        model_keys_version: row.model_keys_version,
        embedding_model: row.embedding_model,
        created_at: origin.time(row.created_at)?,
        updated_at: origin.time(row.updated_at)?,
    })
}
