//! People.

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::access::Role;
use acs_domain::port::store::{StoreError, UserQueries, Users};
use acs_domain::user::{User, UserId, UserStatus};
use async_trait::async_trait;
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Select,
    TryInsertResult,
};

use super::page::newest_first;
use crate::entity::Jsonb;
use crate::entity::user::{Column, Entity, Model};
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

impl Session {
    fn people(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }

    async fn person(&self, select: Select<Entity>) -> Result<Option<User>, StoreError> {
        let found = select.one(self).await.map_err(store_error)?;
        found.map(user).transpose()
    }
}

/// Whether the person counts against the limit.
fn counts(user: &User) -> bool {
    user.is_staff() && user.status != UserStatus::Deleted
}

#[async_trait]
impl UserQueries for Session {
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        self.person(self.people().filter(Column::Id.eq(id.as_uuid())))
            .await
    }

    async fn find_by_external_id(&mut self, external_id: &str) -> Result<Option<User>, StoreError> {
        self.person(self.people().filter(Column::ExternalId.eq(external_id)))
            .await
    }

    async fn list(&mut self, role: Option<Role>, page: &PageRequest) -> Result<Page<User>, StoreError> {
        let people = match role {
            Some(role) => self.people().filter(Column::Role.eq(role.as_str())),
            None => self.people(),
        };
        let rows = newest_first(people, Column::CreatedAt, Column::Id, page)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = rows.into_iter().map(user).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.created_at),
            id: item.id.as_uuid(),
        }))
    }
}

#[async_trait]
impl Users for Session {
    async fn insert(&mut self, user: &User) -> Result<(), StoreError> {
        self.check_owner(user.organization_id)?;
        if counts(user) {
            self.count_users(1).await?;
        }
        Entity::insert(model(user).into_active_model())
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn ensure_customer(&mut self, customer: &User) -> Result<User, StoreError> {
        self.check_owner(customer.organization_id)?;
        let Some(external_id) = customer.external_id.as_deref() else {
            return Err(StoreError::Failed("a customer has an external id".into()));
        };
        if let Some(known) = self.find_by_external_id(external_id).await? {
            return as_customer(known);
        }
        let added = Entity::insert(model(customer).into_active_model())
            .on_conflict(
                OnConflict::columns([Column::OrganizationId, Column::ExternalId])
                    .do_nothing()
                    .to_owned(),
            )
            .try_insert()
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        if let TryInsertResult::Inserted(1..) = added {
            return Ok(customer.clone());
        }
        // Another unit was quicker.
        match self.find_by_external_id(external_id).await? {
            Some(known) => as_customer(known),
            None => Err(StoreError::Conflict { what: "external_id" }),
        }
    }

    async fn update(&mut self, user: &User) -> Result<(), StoreError> {
        self.check_owner(user.organization_id)?;
        let mut before = self
            .people()
            .filter(Column::Id.eq(user.id.as_uuid()))
            .filter(Column::Version.eq(user.version));
        if self.is_postgres() {
            before = before.lock(LockType::NoKeyUpdate);
        }
        let Some(before) = self.person(before).await? else {
            return Err(StoreError::Conflict { what: "version" });
        };
        match (counts(&before), counts(user)) {
            (false, true) => self.count_users(1).await?,
            (true, false) => self.count_users(-1).await?,
            _ => {}
        }
        let mut changed = model(user);
        changed.version += 1;
        let mut changed = changed.into_active_model().reset_all();
        changed.organization_id = NotSet;
        changed.id = NotSet;
        changed.created_at = NotSet;
        // Kept by the conversations.
        changed.total_conversations = NotSet;
        Entity::update_many()
            .set(changed)
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(user.id.as_uuid()))
            .exec(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }
}

/// The organization's own ids are one set for customers and staff: a member of the staff is not served as a customer.
fn as_customer(known: User) -> Result<User, StoreError> {
    if known.role == Role::Customer {
        Ok(known)
    } else {
        Err(StoreError::Conflict { what: "external_id" })
    }
}

fn model(it: &User) -> Model {
    Model {
        organization_id: it.organization_id.as_uuid(),
        id: it.id.as_uuid(),
        external_id: it.external_id.clone(),
        email: it.email.clone(),
        email_verified: it.email_verified,
        password_hash: it.password_hash.clone(),
        password_changed_at: it.password_changed_at.map(micros),
        mfa_enabled: it.mfa_enabled,
        first_name: it.first_name.clone(),
        last_name: it.last_name.clone(),
        display_name: it.display_name.clone(),
        phone_number: it.phone_number.clone(),
        role: it.role.to_string(),
        customer_tier: it.customer_tier.clone(),
        preferred_language: it.preferred_language.clone(),
        timezone: it.timezone.clone(),
        status: it.status.to_string(),
        total_conversations: it.total_conversations,
        last_seen_at: it.last_seen_at.map(micros),
        attributes: Jsonb(it.attributes.clone()),
        tags: Jsonb(it.tags.clone()),
        version: it.version,
        created_at: micros(it.created_at),
        updated_at: micros(it.updated_at),
    }
}

fn user(row: Model) -> Result<User, StoreError> {
    let origin = Origin {
        table: "users",
        id: row.id,
    };
    Ok(User {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        external_id: row.external_id,
        email: row.email,
        email_verified: row.email_verified,
        password_hash: row.password_hash,
        password_changed_at: origin.opt_time(row.password_changed_at)?,
        mfa_enabled: row.mfa_enabled,
        first_name: row.first_name,
        last_name: row.last_name,
        display_name: row.display_name,
        phone_number: row.phone_number,
        role: origin.word(&row.role)?,
        customer_tier: row.customer_tier,
        preferred_language: row.preferred_language,
        timezone: row.timezone,
        status: origin.word(&row.status)?,
        total_conversations: row.total_conversations,
        last_seen_at: origin.opt_time(row.last_seen_at)?,
        attributes: row.attributes.0,
        tags: row.tags.0,
        version: row.version,
        created_at: origin.time(row.created_at)?,
        updated_at: origin.time(row.updated_at)?,
    })
}
