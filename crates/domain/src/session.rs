//! Refresh tokens, in families: a spent token used again ends its whole family (RFC 9700, section 4.14.2).

use acs_core::id::Id;
use time::OffsetDateTime;

use crate::organization::OrganizationId;
use crate::user::UserId;

/// The id of a [`RefreshToken`].
pub type RefreshTokenId = Id<RefreshToken>;

/// A sign-in, from which refresh tokens descend.
#[derive(Debug, Clone, Copy)]
pub struct SessionFamily;

/// The id of a sign-in.
pub type FamilyId = Id<SessionFamily>;

/// One refresh token. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// Id.
    pub id: RefreshTokenId,
    /// The organization of the user.
    pub organization_id: OrganizationId,
    /// The sign-in that it descends from.
    pub family_id: FamilyId,
    /// Whose.
    pub user_id: UserId,
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: OffsetDateTime,
    /// When it was exchanged for a new pair.
    pub spent_at: Option<OffsetDateTime>,
    /// When its family was revoked.
    pub revoked_at: Option<OffsetDateTime>,
}
