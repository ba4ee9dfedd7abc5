//! Signed access tokens: JSON Web Tokens (RFC 7519) in the profile of RFC 9068, with keys that can be replaced.
//!
//! The header names the key (`kid`), the kind of token (`at+jwt`) and the algorithm, which is pinned: a token that
//! names another is refused, whatever its signature. The first key of the ring signs; every key verifies. Times come
//! from the caller, so that tests own them. There is no signed refresh token: see [`super::opaque`].

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::config::{JwtAlgorithm, NamedSecret, Security};
use crate::entropy::Entropy;

/// The kind of token (RFC 9068, section 2.1), so that no other token signed with the same key passes for one.
const KIND: &str = "at+jwt";

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The person.
    pub user: Uuid,
    /// The person's organization.
    pub organization: Uuid,
    /// What the person is to the organization.
    pub role: String,
    /// What the token is confined to; empty means all that the role may do.
    pub scopes: Vec<String>,
    /// The sign-in that the token comes from, which ends with it.
    pub session: Uuid,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who it speaks for.
    pub subject: Subject,
    /// The token's own id.
    pub id: Uuid,
    /// When it was issued, to the second.
    pub issued_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

/// Why there is no token, or why it is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It was good, and its time is over: the client may refresh it.
    #[error("the token has expired")]
    Expired,
    /// It is not a token of ours: malformed, forged, for someone else, or signed with a key that is gone.
    #[error("the token is not valid")]
    Invalid,
    /// There is no key to sign with.
    #[error("no signing key is configured")]
    NoKey,
    /// It could not be signed.
    #[error("the token could not be signed")]
    Signing(#[source] jsonwebtoken::errors::Error),
}

/// The claims on the wire.
#[derive(Serialize, Deserialize)]
struct Payload {
    iss: String,
    aud: String,
    sub: Uuid,
    org: Uuid,
    role: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    sid: Uuid,
    jti: Uuid,
    #[serde(with = "time::serde::timestamp")]
    iat: OffsetDateTime,
    #[serde(with = "time::serde::timestamp")]
    exp: OffsetDateTime,
}

struct Key {
    id: String,
    sign: EncodingKey,
    verify: DecodingKey,
}

/// Issues and verifies access tokens.
pub struct Tokens {
    /// The first signs, all verify.
    keys: Vec<Key>,
    algorithm: Algorithm,
    issuer: String,
    audience: String,
    leeway: Duration,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|key| &key.id))
            .finish()
    }
}

impl Tokens {
    /// Tokens under these settings, signed with the first of the keys. The keys stand apart from the settings, since
    /// the embedded default generates them.
    ///
    /// # Errors
    ///
    /// [`TokenError::NoKey`] without any key.
    pub fn new(keys: &[NamedSecret], settings: &Security) -> Result<Self, TokenError> {
        if keys.is_empty() {
            return Err(TokenError::NoKey);
        }
        let key = |key: &NamedSecret| {
            let secret = key.secret.expose().as_bytes();
            Key {
                id: key.id.clone(),
                sign: EncodingKey::from_secret(secret),
                verify: DecodingKey::from_secret(secret),
            }
        };
        Ok(Self {
            keys: keys.iter().map(key).collect(),
            algorithm: match settings.jwt_algorithm {
                JwtAlgorithm::Hs256 => Algorithm::HS256,
                JwtAlgorithm::Hs384 => Algorithm::HS384,
                JwtAlgorithm::Hs512 => Algorithm::HS512,
            },
            issuer: settings.jwt_issuer.clone(),
            audience: settings.jwt_audience.clone(),
            leeway: settings.jwt_leeway_seconds,
        })
    }

    /// A token for the subject, good for `lifetime` from `now`, in whole seconds.
    ///
    /// # Errors
    ///
    /// [`TokenError::Signing`] if it cannot be signed.
    pub fn issue(
        &self,
        subject: &Subject,
        lifetime: Duration,
        now: OffsetDateTime,
        entropy: &dyn Entropy,
    ) -> Result<String, TokenError> {
        let key = self.keys.first().ok_or(TokenError::NoKey)?;
        let payload = Payload {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: subject.user,
            org: subject.organization,
            role: subject.role.clone(),
            scopes: subject.scopes.clone(),
            sid: subject.session,
            jti: entropy.uuid(now),
            iat: now,
            exp: now.saturating_add(time::Duration::seconds(
                i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX),
            )),
        };
        let header = Header {
            typ: Some(KIND.to_owned()),
            kid: Some(key.id.clone()),
            ..Header::new(self.algorithm)
        };
        encode(&header, &payload, &key.sign).map_err(TokenError::Signing)
    }

    /// What a token says, if it is ours and good at `now`.
    ///
    /// # Errors
    ///
    /// [`TokenError::Expired`] for one that only its time speaks against, else [`TokenError::Invalid`].
    pub fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Claims, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Invalid)?;
        let key = self
            .keys
            .iter()
            .find(|key| Some(&key.id) == header.kid.as_ref())
            .ok_or(TokenError::Invalid)?;
        if header.typ.as_deref() != Some(KIND) {
            return Err(TokenError::Invalid);
        }
        let claims = decode::<Payload>(token, &key.verify, &self.validation())
            .map_err(|_| TokenError::Invalid)?
            .claims;
        // Whole seconds on both sides: a token is good for exactly as long as its issuer said.
        if now.unix_timestamp() >= claims.exp.unix_timestamp().saturating_add(self.leeway_seconds()) {
            return Err(TokenError::Expired);
        }
        Ok(Claims {
            subject: Subject {
                user: claims.sub,
                organization: claims.org,
                role: claims.role,
                scopes: claims.scopes,
                session: claims.sid,
            },
            id: claims.jti,
            issued_at: claims.iat,
            expires_at: claims.exp,
        })
    }

    fn leeway_seconds(&self) -> i64 {
        i64::try_from(self.leeway.as_secs()).unwrap_or(i64::MAX)
    }

    fn validation(&self) -> Validation {
        let mut validation = Validation::new(self.algorithm);
        // The library would read the machine's clock: the time is checked above, against the caller's.
        validation.validate_exp = false;
        validation.required_spec_claims = HashSet::from(["exp", "iss", "aud", "sub"].map(str::to_owned));
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation
    }
}

#[cfg(test)]
mod tests;
