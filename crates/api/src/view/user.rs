//! People.

use acs_core::secret::Secret;
use acs_domain::access::Role;
use acs_domain::user::{self, UserStatus};
use acs_engine::usecase::users::{ChangeUser, NewUser};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::word;
use crate::extract::nullable::{given, nullable};

/// A person of the organization.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: Uuid,
    email: Option<String>,
    /// The organization's own id for a customer.
    external_id: Option<String>,
    #[schema(value_type = word::Role)]
    role: Role,
    #[schema(value_type = word::UserStatus)]
    status: UserStatus,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    mfa_enabled: bool,
    /// A customer's tier.
    customer_tier: Option<String>,
    /// Labels.
    tags: Vec<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    last_seen_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
}

impl From<user::User> for User {
    fn from(from: user::User) -> Self {
        Self {
            id: from.id.as_uuid(),
            email: from.email,
            external_id: from.external_id,
            role: from.role,
            status: from.status,
            first_name: from.first_name,
            last_name: from.last_name,
            display_name: from.display_name,
            mfa_enabled: from.mfa_enabled,
            customer_tier: from.customer_tier,
            tags: from.tags,
            last_seen_at: from.last_seen_at,
            created_at: from.created_at,
            updated_at: from.updated_at,
        }
    }
}

/// A new member of the staff.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUser {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Secret,
    /// admin, supervisor or agent.
    #[schema(value_type = word::Role)]
    role: Role,
    #[schema(max_length = 100)]
    first_name: Option<String>,
    #[schema(max_length = 100)]
    last_name: Option<String>,
    #[schema(max_length = 100)]
    display_name: Option<String>,
}

impl From<CreateUser> for NewUser {
    fn from(from: CreateUser) -> Self {
        Self {
            email: from.email,
            password: from.password,
            role: from.role,
            first_name: from.first_name,
            last_name: from.last_name,
            display_name: from.display_name,
        }
    }
}

/// Changes of an account: what is left out stays, and null removes a name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatchUser {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = word::Role, required = false)]
    role: Option<Role>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = word::UserStatus, required = false)]
    status: Option<UserStatus>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 100)]
    display_name: Option<Option<String>>,
    /// A customer's tier: entries for it answer the customer too.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 100)]
    customer_tier: Option<Option<String>>,
    /// Labels: entries for one of them answer the customer too.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    tags: Option<Vec<String>>,
}

impl From<PatchUser> for ChangeUser {
    fn from(from: PatchUser) -> Self {
        // The use case removes a name that is empty.
        let name = |name: Option<Option<String>>| name.map(Option::unwrap_or_default);
        Self {
            role: from.role,
            status: from.status,
            first_name: name(from.first_name),
            last_name: name(from.last_name),
            display_name: name(from.display_name),
            customer_tier: name(from.customer_tier),
            tags: from.tags,
        }
    }
}
