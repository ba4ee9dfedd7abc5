//! Requests that take effect once, however often they are sent.
//!
//! The result is kept in the same unit of work as its effect: a crash leaves both or neither, and a twin that comes
//! at the same time waits for the first.

use acs_core::secret::Secret;
use acs_core::security::digest::sha256_hex;
use acs_core::security::seal::Place;
use acs_domain::access::Scope;
use acs_domain::idempotency::{Claim, Recall};
use acs_domain::port::store::UnitOfWork;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::EngineError;
use crate::ports::Ports;

/// A result, and whether it is an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Once<T> {
    /// The result.
    pub value: T,
    /// Whether an earlier request with the same key did the work.
    pub replayed: bool,
}

impl<T> Once<T> {
    /// A result of work done now.
    pub fn fresh(value: T) -> Self {
        Self {
            value,
            replayed: false,
        }
    }

    /// A result of work done before.
    pub fn replayed(value: T) -> Self {
        Self {
            value,
            replayed: true,
        }
    }

    /// The same for another form of the result.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Once<U> {
        Once {
            value: f(self.value),
            replayed: self.replayed,
        }
    }
}

/// What tells a claim from every other, for effects that are stored apart from their key.
pub(crate) fn mark(claim: &Claim) -> String {
    let Claim {
        caller,
        operation,
        key,
        request_hash,
        ..
    } = claim;
    sha256_hex(format!("{caller}\n{operation}\n{key}\n{request_hash}").as_bytes())
}

/// Where the sealed result of a claim belongs, so that it opens for no other claim.
fn place(scope: Scope, claim: &Claim) -> Place<'static> {
    let name = format!("{}\n{}\n{}", claim.caller, claim.operation, claim.key);
    let digest = Sha256::digest(name.as_bytes());
    let mut row = [0u8; 16];
    row.copy_from_slice(&digest[..16]);
    Place {
        organization: scope.organization_id().as_uuid(),
        table: "idempotency_keys",
        column: "result",
        row: Uuid::from_bytes(row),
    }
}

/// The earlier result of the claim, if there is one. Without a claim nothing is remembered.
pub(crate) async fn recall<T: DeserializeOwned>(
    ports: &Ports,
    unit: &mut dyn UnitOfWork,
    scope: Scope,
    claim: Option<&Claim>,
) -> Result<Option<T>, EngineError> {
    let Some(claim) = claim else { return Ok(None) };
    match unit.idempotency().recall(claim).await? {
        Recall::Fresh => Ok(None),
        Recall::Reused => Err(EngineError::KeyReused),
        Recall::Done(sealed) => {
            let opened = ports.seals.open(&sealed, &place(scope, claim));
            let json = opened.map_err(|error| EngineError::Internal(Box::new(error)))?;
            serde_json::from_str(json.expose())
                .map(Some)
                .map_err(|error| EngineError::Internal(Box::new(error)))
        }
    }
}

/// Does work of several units that may be repeated, and keeps its result. The claim is on record before: another request
/// under its key is told apart at once. Of twins at the same time both may do the work, and both give the result of the
/// first.
pub(crate) async fn around<T: Serialize + DeserializeOwned>(
    ports: &Ports,
    scope: Scope,
    claim: Option<&Claim>,
    work: impl Future<Output = Result<T, EngineError>>,
) -> Result<Once<T>, EngineError> {
    if claim.is_none() {
        return work.await.map(Once::fresh);
    }
    let mut unit = ports.store.begin(scope).await?;
    if let Some(earlier) = recall(ports, &mut *unit, scope, claim).await? {
        return Ok(Once::replayed(earlier));
    }
    unit.commit().await?;
    let result = work.await?;
    let mut unit = ports.store.begin(scope).await?;
    if let Some(earlier) = recall(ports, &mut *unit, scope, claim).await? {
        return Ok(Once::replayed(earlier));
    }
    keep(ports, &mut *unit, scope, claim, &result).await?;
    unit.commit().await?;
    Ok(Once::fresh(result))
}

/// Keeps the result of a fresh claim with the work. Results are sealed: some hold a key that is shown once.
pub(crate) async fn keep<T: Serialize>(
    ports: &Ports,
    unit: &mut dyn UnitOfWork,
    scope: Scope,
    claim: Option<&Claim>,
    result: &T,
) -> Result<(), EngineError> {
    let Some(claim) = claim else { return Ok(()) };
    let json = serde_json::to_string(result).map_err(|error| EngineError::Internal(Box::new(error)))?;
    let sealed = ports
        .seals
        .seal(&Secret::new(json), &place(scope, claim), &*ports.entropy);
    let sealed = sealed.map_err(|error| EngineError::Internal(Box::new(error)))?;
    Ok(unit.idempotency().keep(claim, &sealed).await?)
}
