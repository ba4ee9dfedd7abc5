//! Organizations: the tenants, with their tier, limits, usage and settings.

use acs_core::error::FieldErrors;
use acs_core::id::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::budget::{ModelBudget, Spending};
use crate::text_enum;

/// The id of an [`Organization`].
pub type OrganizationId = Id<Organization>;

text_enum! {
    /// What an organization pays for.
    pub enum Tier {
        /// Trying out, for a while.
        Trial = "trial",
        /// Free of charge.
        Free = "free",
        /// Small teams.
        Starter = "starter",
        /// Larger teams.
        Professional = "professional",
        /// Whole companies.
        Enterprise = "enterprise",
    }
}

text_enum! {
    /// Where a subscription stands.
    pub enum SubscriptionStatus {
        /// Paid, or needs no payment.
        Active = "active",
        /// Payment is late.
        PastDue = "past_due",
        /// Ended.
        Cancelled = "cancelled",
    }
}

/// How much an organization may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Staff accounts.
    pub max_users: i64,
    /// Conversations begun in a calendar month (UTC).
    pub max_conversations_per_month: i64,
    /// Messages in one conversation.
    pub max_messages_per_conversation: i64,
    /// Knowledge entries.
    pub max_knowledge_entries: i64,
    /// Calls an hour of all API keys together.
    pub max_api_calls_per_hour: i64,
    /// Storage, in gigabytes.
    pub storage_quota_gb: i64,
}

/// The highest limit that can be set: a thousand million gigabytes are still a number of bytes that 64 bits hold.
const MAX_LIMIT: i64 = 1_000_000_000;

impl Limits {
    /// What a tier comes with.
    #[must_use]
    pub const fn of(tier: Tier) -> Self {
        let (users, conversations, messages, entries, calls, storage) = match tier {
            Tier::Trial | Tier::Free => (10, 1_000, 100, 1_000, 10_000, 10),
            Tier::Starter => (25, 10_000, 500, 5_000, 50_000, 50),
            Tier::Professional => (100, 100_000, 1_000, 20_000, 500_000, 250),
            Tier::Enterprise => (10_000, 10_000_000, 1_000, 200_000, 100_000_000, 10_000),
        };
        Self {
            max_users: users,
            max_conversations_per_month: conversations,
            max_messages_per_conversation: messages,
            max_knowledge_entries: entries,
            max_api_calls_per_hour: calls,
            storage_quota_gb: storage,
        }
    }

    /// Every limit must be at least one, and small enough to count with.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for (name, value) in [
            ("limits.max_users", self.max_users),
            (
                "limits.max_conversations_per_month",
                self.max_conversations_per_month,
            ),
            (
                "limits.max_messages_per_conversation",
                self.max_messages_per_conversation,
            ),
            ("limits.max_knowledge_entries", self.max_knowledge_entries),
            ("limits.max_api_calls_per_hour", self.max_api_calls_per_hour),
            ("limits.storage_quota_gb", self.storage_quota_gb),
        ] {
            if !(1..=MAX_LIMIT).contains(&value) {
                errors.add(name, format!("must be between 1 and {MAX_LIMIT}"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// How much an organization uses. Kept by the writes that change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Staff accounts.
    pub users: i64,
    /// Conversations begun in [`Usage::month`].
    pub conversations_this_month: i64,
    /// The calendar month that is counted, as `year * 12 + month - 1`.
    pub month: i64,
    /// Conversations ever.
    pub conversations_lifetime: i64,
    /// Knowledge entries that exist now.
    pub knowledge_entries: i64,
    /// Bytes of knowledge text stored now.
    pub storage_bytes: i64,
    /// What language models have cost in [`Usage::models_month`]; counted only while there is a budget for the month.
    #[serde(default)]
    pub models: Spending,
    /// The calendar month of that, as [`Usage::month`] counts.
    #[serde(default)]
    pub models_month: i64,
}

impl Usage {
    /// What language models have cost in this calendar month.
    #[must_use]
    pub fn models_in(&self, month: i64) -> Spending {
        // Clocks of two processes may differ: a month that another has begun has begun.
        if self.models_month >= month {
            self.models
        } else {
            Spending::default()
        }
    }
}

/// The number of the calendar month of `at`, as [`Usage::month`] counts.
#[must_use]
pub fn month_number(at: OffsetDateTime) -> i64 {
    i64::from(at.year()) * 12 + i64::from(u8::from(at.month())) - 1
}

/// A limit that a write would have passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the organization's limit of {limit} {what} is reached")]
pub struct LimitExceeded {
    /// What is limited.
    pub what: &'static str,
    /// How much was allowed.
    pub limit: i64,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// Id.
    pub id: OrganizationId,
    /// The short name in addresses; unique, lower case.
    pub slug: String,
    /// The legal name.
    pub name: String,
    /// The name that customers see.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Its site.
    pub website: Option<String>,
    /// Its logo.
    pub logo_url: Option<String>,
    /// Its Salesforce organization.
    pub salesforce_org_id: Option<String>,
    /// What it pays for.
    pub tier: Tier,
    /// Where its subscription stands. Reserved, as its two ends are: nothing follows from it yet.
    pub subscription_status: SubscriptionStatus,
    /// When the trial ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub trial_ends_at: Option<OffsetDateTime>,
    /// When the subscription ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub subscription_expires_at: Option<OffsetDateTime>,
    /// How much it may use.
    pub limits: Limits,
    /// What language models may cost it.
    #[serde(default)]
    pub budget: ModelBudget,
    /// How much it uses.
    pub usage: Usage,
    /// Its settings.
    pub settings: Settings,
    /// Features that are switched on or off for it. Reserved.
    pub features: Map<String, Value>,
    /// How its pages look. Reserved.
    pub branding: Map<String, Value>,
    /// IANA time zone.
    pub timezone: String,
    /// Language code.
    pub default_language: String,
    /// Language codes.
    pub supported_languages: Vec<String>,
    /// Domains of e-mail addresses that staff may have; empty: any.
    pub allowed_domains: Vec<String>,
    /// Addresses (CIDR) from which staff and keys may call; empty: any.
    pub ip_allow_list: Vec<String>,
    /// Whether staff must have a second factor. Reserved.
    pub require_mfa: bool,
    /// Whether it may be used.
    pub is_active: bool,
    /// Whether its identity was checked.
    pub is_verified: bool,
    /// Whether it is the demonstration.
    pub is_demo: bool,
    /// Free data of the operator.
    pub metadata: Map<String, Value>,
    /// Labels.
    pub tags: Vec<String>,
    /// Rises with every change of knowledge: caches keyed by it are never stale.
    pub knowledge_version: i64,
    /// Rises with every change of intents.
    pub intents_version: i64,
    /// Rises with every head that is trained on them: the one to answer with.
    #[serde(default)]
    pub intent_head_version: i64,
    /// Rises with every change of its own terms; 0 while it has none.
    #[serde(default)]
    pub terms_version: i64,
    /// Rises with every change of its own keys for language models; 0 while it has none.
    #[serde(default)]
    pub model_keys_version: i64,
    /// The embedding model whose vectors answer; empty where nobody has told: the model in use.
    #[serde(default)]
    pub embedding_model: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl Organization {
    /// What customers call it.
    #[must_use]
    pub fn public_name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.name)
    }
}

/// The settings of an organization that the agent reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Below this confidence the agent says that it does not know. `None`: the installation's `ai.unknown_threshold`.
    #[serde(alias = "answer_threshold")]
    pub unknown_threshold: Option<f32>,
    /// Below this confidence the agent offers a person beside its answer, and asks back where two entries compete. `None`: the
    /// installation's `ai.answer_threshold`. Kept under a name of its own, since `answer_threshold` once was the one above.
    #[serde(rename = "offer_threshold")]
    pub answer_threshold: Option<f32>,
    /// From this confidence on the agent asks nothing back. `None`: the installation's `ai.certain_threshold`.
    pub certain_threshold: Option<f32>,
    /// Topics, by intent or by category of the knowledge, about which only the organization's own texts are sent, word for
    /// word: no language model words them.
    pub approved_only: Vec<String>,
    /// Its own template of prompts for language models. `None`: the built-in one.
    pub prompt_template: Option<String>,
    /// Whether the first reply of a conversation says that no person writes, also where no law wants it.
    pub ai_note: bool,
    /// Whether the widget must prove who its user is.
    pub require_verified_identity: bool,
    /// The widget's secret, sealed.
    pub widget_secret_sealed: Option<String>,
    /// What the agent calls itself.
    pub agent_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            unknown_threshold: None,
            answer_threshold: None,
            certain_threshold: None,
            approved_only: Vec::new(),
            prompt_template: None,
            ai_note: false,
            require_verified_identity: false,
            widget_secret_sealed: None,
            agent_name: "Assistant".to_owned(),
        }
    }
}

/// A short name for addresses: 2 to 63 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit.
pub fn check_slug(slug: &str) -> Result<(), FieldErrors> {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let bytes = slug.as_bytes();
    let ends = bytes
        .first()
        .zip(bytes.last())
        .is_some_and(|(a, z)| *a != b'-' && *z != b'-');
    if (2..=63).contains(&bytes.len()) && ends && bytes.iter().copied().all(inner) {
        Ok(())
    } else {
        Err(FieldErrors::one(
            "slug",
            "must be 2 to 63 of a-z, 0-9 and -, with a letter or digit at both ends",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn months_are_counted_without_gaps() {
        let december = month_number(datetime!(2025-12-31 23:59:59 UTC));
        assert_eq!(month_number(datetime!(2026-01-01 0:00 UTC)), december + 1);
    }

    #[test]
    fn slugs_are_plain() {
        for good in ["demo", "a1", "acme-2"] {
            assert!(check_slug(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "-ab", "ab-", "Demo", "a b", "ä1"] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_out_of_bounds_are_named() {
        for max_users in [i64::MIN, 0, MAX_LIMIT + 1, i64::MAX] {
            let limits = Limits {
                max_users,
                ..Limits::of(Tier::Free)
            };
            assert_eq!(
                limits.check().unwrap_err(),
                FieldErrors::one("limits.max_users", "must be between 1 and 1000000000")
            );
        }
        for tier in Tier::ALL {
            assert!(Limits::of(*tier).check().is_ok());
        }
    }
}
