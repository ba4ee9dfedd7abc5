//! What an organization's own people set.

use acs_engine::usecase::organizations::{self, ChangeOrganization, ChangeSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::nullable::{given, nullable};

/// Changes of the caller's organization: what is left out stays, and null removes what may be missing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatchOrganization {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255)]
    name: Option<String>,
    /// The name that customers see.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 255)]
    display_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    website: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    logo_url: Option<Option<String>>,
    /// IANA time zone.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "Europe/Berlin")]
    timezone: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, example = "en")]
    default_language: Option<String>,
    /// At most 100, the default language among them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    supported_languages: Option<Vec<String>>,
    /// Domains of e-mail addresses that new staff may have, at most 100; empty: any.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    allowed_domains: Option<Vec<String>>,
    /// Networks (CIDR) and addresses from which staff and keys may call, at most 100; empty: any. The caller's own must be
    /// among them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    ip_allow_list: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PatchSettings, required = false)]
    settings: Option<PatchSettings>,
}

/// Changes of what the agent reads: what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchSettings {
    /// Below this confidence the agent says that it does not know; null: the installation's default.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<f32>, minimum = 0, maximum = 1)]
    unknown_threshold: Option<Option<f32>>,
    /// Below this confidence it offers a person beside its answer; null: the installation's default.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<f32>, minimum = 0, maximum = 1)]
    answer_threshold: Option<Option<f32>>,
    /// From this confidence on it asks nothing back; null: the installation's default.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<f32>, minimum = 0, maximum = 1)]
    certain_threshold: Option<Option<f32>>,
    /// Intents and categories about which only the organization's own texts are sent, word for word; at most 100.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    approved_only: Option<Vec<String>>,
    /// The template of prompts for language models; null: the built-in one. What it may hold is told under "Prompts" in API.md.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 8_192)]
    prompt_template: Option<Option<String>>,
    /// Whether the first reply of a conversation says that no person writes, also where no law wants it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    ai_note: Option<bool>,
    /// Whether the widget must prove who its user is. Needs a widget secret.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool, required = false)]
    require_verified_identity: Option<bool>,
    /// What the agent calls itself.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    agent_name: Option<String>,
}

impl From<PatchOrganization> for ChangeOrganization {
    fn from(from: PatchOrganization) -> Self {
        // The use case removes a text that is empty.
        let text = |text: Option<Option<String>>| text.map(Option::unwrap_or_default);
        let settings = from.settings.unwrap_or_default();
        Self {
            name: from.name,
            display_name: text(from.display_name),
            description: text(from.description),
            website: text(from.website),
            logo_url: text(from.logo_url),
            timezone: from.timezone,
            default_language: from.default_language,
            supported_languages: from.supported_languages,
            allowed_domains: from.allowed_domains,
            ip_allow_list: from.ip_allow_list,
            settings: ChangeSettings {
                unknown_threshold: settings.unknown_threshold,
                answer_threshold: settings.answer_threshold,
                certain_threshold: settings.certain_threshold,
                approved_only: settings.approved_only,
                prompt_template: settings.prompt_template,
                ai_note: settings.ai_note,
                require_verified_identity: settings.require_verified_identity,
                agent_name: settings.agent_name,
            },
        }
    }
}

/// A widget secret that was just made.
#[derive(Serialize, ToSchema)]
pub(crate) struct WidgetSecret {
    /// The key of the HMAC-SHA256 with which the organization's server signs its customers' ids: shown once.
    secret: String,
}

impl From<organizations::WidgetSecret> for WidgetSecret {
    fn from(from: organizations::WidgetSecret) -> Self {
        Self { secret: from.secret }
    }
}
