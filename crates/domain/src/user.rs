//! People: an organization's staff and its customers.

use acs_core::error::FieldErrors;
use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::access::Role;
use crate::organization::OrganizationId;
use crate::text_enum;

/// The id of a [`User`].
pub type UserId = Id<User>;

text_enum! {
    /// Whether an account may be used.
    pub enum UserStatus {
        /// May be used.
        Active = "active",
        /// Switched off by an admin.
        Inactive = "inactive",
        /// Locked for a while.
        Suspended = "suspended",
        /// Removed; kept for the record.
        Deleted = "deleted",
    }
}

/// A person of an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Whose staff or customer.
    pub organization_id: OrganizationId,
    /// The organization's own id for the person; unique in it. Customers have one.
    pub external_id: Option<String>,
    /// E-mail address, lower case; unique in the organization. Staff have one.
    pub email: Option<String>,
    /// Whether the address was proved.
    pub email_verified: bool,
    /// Argon2id hash (PHC string); without one the person cannot sign in.
    #[serde(skip)]
    pub password_hash: Option<String>,
    /// When the password was last changed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub password_changed_at: Option<OffsetDateTime>,
    /// Whether a second factor is asked for.
    pub mfa_enabled: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// What the person is to the organization.
    pub role: Role,
    /// The customer's own tier.
    pub customer_tier: Option<String>,
    /// Language code.
    pub preferred_language: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Whether the account may be used.
    pub status: UserStatus,
    /// Conversations ever.
    pub total_conversations: i64,
    /// When the person was last seen.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// Free data of the organization.
    pub attributes: Map<String, Value>,
    /// Labels.
    pub tags: Vec<String>,
    /// Rises with every change.
    pub version: i64,
    /// When the account was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl User {
    /// A new account without a password, active, with nothing known but its role.
    #[must_use]
    pub fn new(id: UserId, organization_id: OrganizationId, role: Role, at: OffsetDateTime) -> Self {
        Self {
            id,
            organization_id,
            external_id: None,
            email: None,
            email_verified: false,
            password_hash: None,
            password_changed_at: None,
            mfa_enabled: false,
            first_name: None,
            last_name: None,
            display_name: None,
            phone_number: None,
            role,
            customer_tier: None,
            preferred_language: None,
            timezone: None,
            status: UserStatus::Active,
            total_conversations: 0,
            last_seen_at: None,
            attributes: Map::new(),
            tags: Vec::new(),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// The name to show: the chosen one, the full name, the address, or the organization's own id.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let full = || match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => first.clone().or_else(|| last.clone()),
        };
        self.display_name
            .clone()
            .or_else(full)
            .or_else(|| self.email.clone())
            .or_else(|| self.external_id.clone())
    }

    /// Whether the person counts against the limit of users: staff do, customers do not.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.role != Role::Customer
    }
}

/// Brings an e-mail address to the form that is stored and compared: trimmed, lower case.
///
/// Only the shape is checked (one `@`, no spaces, a dot in the domain, at most 254 characters: RFC 5321); whether it
/// exists only a message can tell.
pub fn parse_email(text: &str) -> Result<String, FieldErrors> {
    let email = text.trim().to_lowercase();
    let well_formed = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && domain.contains('.')
            && !domain.contains('@')
            && domain
                .split('.')
                .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    });
    if well_formed && email.len() <= 254 && !email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(email)
    } else {
        Err(FieldErrors::one(
            "email",
            "must be an e-mail address such as name@company.example",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case() {
        assert_eq!(parse_email(" Ann@Example.COM ").unwrap(), "ann@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.com",
            "a@b",
            "a b@example.com",
            "a@b@c.d",
            "a@.com",
            "a@-x.com",
        ] {
            assert!(parse_email(bad).is_err(), "{bad}");
        }
    }
}
