//! Sign-in and tokens.

use acs_core::secret::Secret;
use acs_domain::access::{Actor, Caller, Role};
use acs_domain::api_key::ApiScope;
use acs_engine::usecase::access::{AccessToken, TokenPair};
use acs_engine::usecase::users;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::user::User;
use super::word;
use crate::problem::Problem;

/// An account and its password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The account's e-mail address, under either name.
    username: Option<String>,
    /// The account's e-mail address, under either name.
    email: Option<String>,
    #[schema(value_type = String, format = Password)]
    pub(crate) password: Secret,
    /// The organization's short name; needed when the address belongs to several.
    pub(crate) organization: Option<String>,
    /// The code of the second factor, where one is asked for.
    #[expect(
        dead_code,
        reason = "accepted by the contract; no account has a second factor yet"
    )]
    totp: Option<String>,
}

impl Credentials {
    /// The account's address, under whichever name it was given.
    pub(crate) fn login(&self) -> Result<String, Problem> {
        match (&self.username, &self.email) {
            (Some(login), None) | (None, Some(login)) => Ok(login.clone()),
            (Some(login), Some(email)) if login == email => Ok(login.clone()),
            (Some(_), Some(_)) => Err(Problem::malformed(
                "email",
                "must be left out when username is given",
            )),
            (None, None) => Err(Problem::missing("username")),
        }
    }
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refresh {
    #[schema(value_type = String)]
    pub(crate) refresh_token: Secret,
}

/// A visitor of the chat widget.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WidgetVisitor {
    /// The organization's short name.
    pub(crate) organization: String,
    /// The organization's own id for the visitor.
    #[schema(min_length = 1, max_length = 255)]
    pub(crate) user_id: String,
    /// The hex HMAC-SHA256 of `user_id` under the organization's widget secret, where identity must be verified.
    pub(crate) user_hash: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    /// The IANA time zone of the visitor, in which "tomorrow at 5" is understood from now on.
    #[schema(example = "America/New_York")]
    pub(crate) time_zone: Option<String>,
}

/// Tokens of a person who signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    access_token: String,
    /// Good for one exchange at `/auth/refresh`.
    refresh_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How long the access token is good, in seconds.
    expires_in: u64,
}

impl From<TokenPair> for Tokens {
    fn from(from: TokenPair) -> Self {
        Self {
            access_token: from.access_token,
            refresh_token: from.refresh_token,
            token_type: "Bearer",
            expires_in: from.expires_in,
        }
    }
}

/// The token of a customer.
#[derive(Serialize, ToSchema)]
pub(crate) struct CustomerToken {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// How long the token is good, in seconds.
    expires_in: u64,
}

impl From<AccessToken> for CustomerToken {
    fn from(from: AccessToken) -> Self {
        Self {
            access_token: from.access_token,
            token_type: "Bearer",
            expires_in: from.expires_in,
        }
    }
}

/// Who is asking.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The person; null for an API key.
    user: Option<User>,
    /// The role of the person; null for an API key.
    #[schema(value_type = Option<word::Role>)]
    role: Option<Role>,
    api_key: Option<MyKey>,
    organization: MyOrganization,
}

/// The key that is asking.
#[derive(Debug, Serialize, ToSchema)]
struct MyKey {
    id: Uuid,
    #[schema(value_type = Vec<word::ApiScope>)]
    scopes: Vec<ApiScope>,
}

/// The organization of whoever is asking: what everyone in it may know.
#[derive(Debug, Serialize, ToSchema)]
struct MyOrganization {
    id: Uuid,
    slug: String,
    name: String,
    display_name: Option<String>,
    default_language: String,
    timezone: String,
}

impl Me {
    /// The caller and what is stored of them.
    pub(crate) fn new(caller: Caller, me: users::Me) -> Self {
        let (role, api_key) = match caller.actor {
            Actor::User { role, .. } => (Some(role), None),
            Actor::ApiKey { id, scopes } => (
                None,
                Some(MyKey {
                    id: id.as_uuid(),
                    scopes,
                }),
            ),
        };
        let organization = MyOrganization {
            id: me.organization.id.as_uuid(),
            slug: me.organization.slug,
            name: me.organization.name,
            display_name: me.organization.display_name,
            default_language: me.organization.default_language,
            timezone: me.organization.timezone,
        };
        Self {
            user: me.user.map(Into::into),
            role,
            api_key,
            organization,
        }
    }
}
