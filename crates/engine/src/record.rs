//! The contents of turns' records: packed, sealed and opened again.

use std::io::{Read as _, Write as _};

use acs_core::security::content::ContentKey;
use acs_core::security::seal::{Place, SealError, Sealer};
use acs_domain::organization::OrganizationId;
use acs_domain::record::{ChainEnd, Content, CustomerKey, CustomerKeyId, FORMAT, Fault, Link, Record};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// How long a content may be before it is packed, in bytes. What makes it longer is left out, and the content says so.
const MAX_BYTES: usize = 512 * 1024;

/// Why a record does not open.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The customer's key was deleted.
    #[error("the customer was erased")]
    Erased,
    /// It is not what was recorded.
    #[error(transparent)]
    Altered(#[from] Fault),
    /// It is of a form that this program does not know.
    #[error("it has the form {0}, which this program does not know")]
    Form(i64),
    /// The key or the content does not open.
    #[error("it does not open")]
    Sealed(#[from] SealError),
    /// What was sealed is not what this program seals.
    #[error("what was sealed cannot be read")]
    Garbled(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Where a customer's key is sealed for.
pub(crate) fn key_place(organization: OrganizationId, id: CustomerKeyId) -> Place<'static> {
    Place {
        organization: organization.as_uuid(),
        table: "customer_keys",
        column: "wrapped_key",
        row: id.as_uuid(),
    }
}

/// The key itself.
pub(crate) fn open_key(sealer: &Sealer, key: &CustomerKey) -> Result<ContentKey, SealError> {
    ContentKey::unwrapped(sealer, &key.wrapped, &key_place(key.organization_id, key.id))
}

/// What a record says, if it is what was recorded. Whether the records before it are is for the chain to say.
pub(crate) fn read(
    record: &Record,
    key: Option<&Result<ContentKey, SealError>>,
) -> Result<Content, Unreadable> {
    let link = &record.link;
    let before = ChainEnd {
        seq: link.seq - 1,
        hash: link.previous,
    };
    if let Some(fault) = record.fault_after(&before) {
        return Err(fault.into());
    }
    match key {
        None => Err(Unreadable::Erased),
        Some(Err(error)) => Err(Unreadable::Sealed(error.clone())),
        Some(Ok(key)) => open(record, key),
    }
}

/// What a record says.
pub(crate) fn open(record: &Record, key: &ContentKey) -> Result<Content, Unreadable> {
    let link = &record.link;
    if link.format != FORMAT {
        return Err(Unreadable::Form(link.format));
    }
    let place = Link::place(link.organization_id, link.conversation_id, link.seq);
    let packed = key.open(&record.sealed, &place.each_ref().map(Vec::as_slice))?;
    unpack(&packed)
}

/// The content as few bytes. What is left out of one that is too long is the least needed first: it is named in it.
pub(crate) fn pack(mut content: Content) -> std::io::Result<Vec<u8>> {
    /// What can be left out, and how.
    type Cut = (&'static str, fn(&mut Content));
    const CUTS: [Cut; 4] = [
        ("models' words", |content| {
            if let Some(route) = &mut content.heard.route {
                route.calls.clear();
            }
        }),
        ("prompt", |content| content.decided.prompt = None),
        ("passages", |content| content.heard.found = None),
        ("history", |content| {
            if let Some(input) = &mut content.input {
                input.history.clear();
            }
        }),
    ];
    let mut json = serde_json::to_vec(&content)?;
    for (what, cut) in CUTS {
        if json.len() <= MAX_BYTES {
            break;
        }
        cut(&mut content);
        content.cut.push(what.to_owned());
        json = serde_json::to_vec(&content)?;
    }
    let mut packer = DeflateEncoder::new(Vec::with_capacity(json.len() / 3), Compression::fast());
    packer.write_all(&json)?;
    packer.finish()
}

fn unpack(packed: &[u8]) -> Result<Content, Unreadable> {
    // Four times what is written at the most: a content of another program is refused before it fills the memory.
    let mut unpacker = DeflateDecoder::new(packed).take(4 * MAX_BYTES as u64);
    let mut json = Vec::new();
    unpacker
        .read_to_end(&mut json)
        .map_err(|error| Unreadable::Garbled(Box::new(error)))?;
    serde_json::from_slice(&json).map_err(|error| Unreadable::Garbled(Box::new(error)))
}

#[cfg(test)]
mod tests;
