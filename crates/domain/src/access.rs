//! Who is asking, what they may do, and whose data it is.
//!
//! Authority is in the type: a use case takes the [`Grant`] it needs, and a grant is made only from a [`Caller`].
//! A [`Scope`] names the one organization whose data a unit of work may touch; it is made only by a grant or by
//! trusted background work.

use std::marker::PhantomData;

use acs_core::id::Id;

use crate::api_key::{ApiKeyId, ApiScope};
use crate::organization::{Organization, OrganizationId};
use crate::text_enum;
use crate::user::UserId;

text_enum! {
    /// What a person is to an organization.
    pub enum Role {
        /// Runs the organization.
        Admin = "admin",
        /// Leads agents.
        Supervisor = "supervisor",
        /// Answers customers.
        Agent = "agent",
        /// Is served.
        Customer = "customer",
        /// Runs the installation; belongs to the system organization.
        System = "system",
    }
}

/// The organization of the installation's own operators. Its members see the list of organizations, nothing of their data.
pub const SYSTEM_ORGANIZATION: OrganizationId =
    Id::from_uuid(uuid::uuid!("00000000-0000-7000-8000-000000000000"));

/// Who a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person: staff, or a customer through the widget.
    User {
        /// Who.
        id: UserId,
        /// As what.
        role: Role,
    },
    /// A program with an API key.
    ApiKey {
        /// Which key.
        id: ApiKeyId,
        /// What the key may do.
        scopes: Vec<ApiScope>,
    },
}

/// A known caller of one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The organization that the caller belongs to.
    pub organization_id: OrganizationId,
    /// Who it is.
    pub actor: Actor,
}

impl Caller {
    /// Proof that the caller may do `P`, or the reason why not.
    pub fn grant<P: Permission>(&self) -> Result<Grant<P>, Forbidden> {
        let allowed = match &self.actor {
            Actor::User { role, .. } => P::ROLES.contains(role),
            Actor::ApiKey { scopes, .. } => scopes.iter().any(|scope| P::SCOPES.contains(scope)),
        };
        if allowed {
            Ok(Grant {
                caller: self.clone(),
                permission: PhantomData,
            })
        } else {
            Err(Forbidden(P::NAME))
        }
    }

    /// The signed-in person's id; `None` for a program.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        match self.actor {
            Actor::User { id, .. } => Some(id),
            Actor::ApiKey { .. } => None,
        }
    }

    /// The customer's own id, when the caller is a customer: customers see only what is theirs.
    #[must_use]
    pub fn customer_id(&self) -> Option<UserId> {
        match self.actor {
            Actor::User {
                id,
                role: Role::Customer,
            } => Some(id),
            _ => None,
        }
    }

    /// Whether a person of the organization's staff is calling.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(
            self.actor,
            Actor::User {
                role: Role::Admin | Role::Supervisor | Role::Agent,
                ..
            }
        )
    }
}

/// The caller may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not allowed to {0}")]
pub struct Forbidden(pub &'static str);

/// One organization, whose data a unit of work may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope(OrganizationId);

impl Scope {
    /// The scope of trusted background work (a turn taken up by a worker, a sign-in whose organization was just
    /// looked up, seeding). A request's scope comes from its [`Grant`].
    #[must_use]
    pub const fn trusted(organization_id: OrganizationId) -> Self {
        Self(organization_id)
    }

    /// The organization.
    #[must_use]
    pub const fn organization_id(self) -> Id<Organization> {
        self.0
    }
}

/// Something that a caller may or may not do.
pub trait Permission: Send + Sync + 'static {
    /// Reads after "not allowed to".
    const NAME: &'static str;
    /// The roles that may.
    const ROLES: &'static [Role];
    /// The scopes of an API key that may; one is enough.
    const SCOPES: &'static [ApiScope];
}

/// Proof that a caller may do `P`.
#[derive(Debug, Clone)]
pub struct Grant<P: Permission> {
    caller: Caller,
    permission: PhantomData<fn() -> P>,
}

impl<P: Permission> Grant<P> {
    /// Who holds the grant.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The organization whose data the holder may touch.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope(self.caller.organization_id)
    }
}

macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident: $text:literal, roles $roles:expr, scopes $scopes:expr;)+) => {
        $($(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Permission for $name {
            const NAME: &'static str = $text;
            const ROLES: &'static [Role] = $roles;
            const SCOPES: &'static [ApiScope] = $scopes;
        })+
    };
}

use ApiScope as S;
use Role::{Admin, Agent, Customer, Supervisor, System};

permissions! {
    /// Open conversations and speak in them. A customer only in their own; a key for any customer.
    Converse: "take part in conversations", roles &[Admin, Supervisor, Agent, Customer], scopes &[S::Converse, S::Admin];
    /// Read conversations. A customer only their own.
    ReadConversations: "read conversations", roles &[Admin, Supervisor, Agent, Customer], scopes &[S::Converse, S::Admin];
    /// Read how a turn was decided.
    ReadEvidence: "read the evidence of turns", roles &[Admin, Supervisor, Agent], scopes &[S::Converse, S::Admin];
    /// Take over, hand back, resolve, change conversations.
    HandleConversations: "handle conversations", roles &[Admin, Supervisor, Agent], scopes &[S::Converse, S::Admin];
    /// Take a conversation over in person: only a person can.
    TakeOver: "take over conversations", roles &[Admin, Supervisor, Agent], scopes &[];
    /// Analyze text and search knowledge.
    Analyze: "analyze text", roles &[Admin, Supervisor, Agent], scopes &[S::Converse, S::Admin];
    /// Search the knowledge base.
    SearchKnowledge: "search knowledge", roles &[Admin, Supervisor, Agent], scopes &[S::Converse, S::KnowledgeRead, S::KnowledgeWrite, S::Admin];
    /// Read knowledge entries and their versions.
    ReadKnowledge: "read knowledge", roles &[Admin, Supervisor, Agent], scopes &[S::KnowledgeRead, S::KnowledgeWrite, S::Admin];
    /// Write knowledge entries.
    WriteKnowledge: "write knowledge", roles &[Admin, Supervisor], scopes &[S::KnowledgeWrite, S::Admin];
    /// Read intents.
    ReadIntents: "read intents", roles &[Admin, Supervisor, Agent], scopes &[S::ConfigWrite, S::Admin];
    /// Write intents.
    WriteIntents: "write intents", roles &[Admin, Supervisor], scopes &[S::ConfigWrite, S::Admin];
    /// Read what the organization calls its own things.
    ReadTerms: "read terms", roles &[Admin, Supervisor, Agent], scopes &[S::ConfigWrite, S::Admin];
    /// Write what the organization calls its own things.
    WriteTerms: "write terms", roles &[Admin, Supervisor], scopes &[S::ConfigWrite, S::Admin];
    /// Read the organization's people.
    ReadUsers: "read users", roles &[Admin, Supervisor], scopes &[S::Admin];
    /// Manage the organization's people.
    ManageUsers: "manage users", roles &[Admin], scopes &[S::Admin];
    /// Manage the organization's API keys.
    ManageApiKeys: "manage API keys", roles &[Admin], scopes &[S::Admin];
    /// Manage the organization's own keys for language models.
    ManageModelKeys: "manage keys for models", roles &[Admin], scopes &[S::Admin];
    /// Read one's own organization's settings, limits and usage.
    ReadOrganization: "read the organization", roles &[Admin, Supervisor], scopes &[S::Admin];
    /// Change one's own organization: its names, who may come in, its agent.
    ChangeOrganization: "change the organization", roles &[Admin], scopes &[S::Admin];
    /// Create, list and limit organizations: the installation's operators only.
    ManageOrganizations: "manage organizations", roles &[System], scopes &[];
}

#[cfg(test)]
mod tests {
    use super::*;
    use acs_core::entropy::{Entropy, SeededEntropy};
    use time::macros::datetime;

    fn caller(actor: impl FnOnce(&dyn Entropy) -> Actor) -> Caller {
        let entropy = SeededEntropy::new(7);
        let at = datetime!(2026-01-01 0:00 UTC);
        Caller {
            organization_id: Id::generate(&entropy, at),
            actor: actor(&entropy),
        }
    }

    fn user(role: Role) -> Caller {
        caller(|entropy| Actor::User {
            id: Id::generate(entropy, datetime!(2026-01-01 0:00 UTC)),
            role,
        })
    }

    #[test]
    fn a_role_grants_only_what_is_listed() {
        assert!(user(Role::Admin).grant::<ManageUsers>().is_ok());
        assert!(user(Role::Agent).grant::<ManageUsers>().is_err());
        assert!(user(Role::Customer).grant::<Converse>().is_ok());
        assert!(user(Role::Customer).grant::<ReadEvidence>().is_err());
        assert!(user(Role::Admin).grant::<ManageOrganizations>().is_err());
        assert!(user(Role::System).grant::<ManageOrganizations>().is_ok());
        assert!(user(Role::System).grant::<ReadConversations>().is_err());
    }

    #[test]
    fn a_key_grants_only_its_scopes() {
        let key = |scopes| {
            caller(|entropy| Actor::ApiKey {
                id: Id::generate(entropy, datetime!(2026-01-01 0:00 UTC)),
                scopes,
            })
        };
        assert!(key(vec![ApiScope::Converse]).grant::<Converse>().is_ok());
        assert!(key(vec![ApiScope::Converse]).grant::<WriteKnowledge>().is_err());
        assert!(key(vec![ApiScope::Admin]).grant::<WriteKnowledge>().is_ok());
        assert!(key(vec![ApiScope::Admin]).grant::<ManageOrganizations>().is_err());
        assert!(key(vec![]).grant::<Analyze>().is_err());
    }

    #[test]
    fn only_customers_are_bound_to_their_own_conversations() {
        assert!(user(Role::Customer).customer_id().is_some());
        assert!(user(Role::Agent).customer_id().is_none());
    }
}
