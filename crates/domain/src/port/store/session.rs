//! Sign-ins and their refresh tokens.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::session::{FamilyId, RefreshToken, RefreshTokenId};
use crate::user::UserId;

/// Reads sign-ins.
#[async_trait]
pub trait SessionQueries: Send {
    /// Whether a sign-in has not been ended.
    async fn is_live(&mut self, family: FamilyId) -> Result<bool, StoreError>;
}

/// Writes refresh tokens.
#[async_trait]
pub trait Sessions: SessionQueries {
    /// Adds a token.
    async fn insert(&mut self, token: &RefreshToken) -> Result<(), StoreError>;

    /// The token with this id, held so that no other unit spends it meanwhile.
    async fn lock(&mut self, id: RefreshTokenId) -> Result<Option<RefreshToken>, StoreError>;

    /// Marks a token as exchanged.
    async fn spend(&mut self, id: RefreshTokenId, at: OffsetDateTime) -> Result<(), StoreError>;

    /// Ends all tokens of a sign-in.
    async fn revoke_family(&mut self, family: FamilyId, at: OffsetDateTime) -> Result<(), StoreError>;

    /// Ends all sign-ins of a person.
    async fn revoke_user(&mut self, user: UserId, at: OffsetDateTime) -> Result<(), StoreError>;
}
