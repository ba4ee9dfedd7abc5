//! The bodies of the contract: what clients send and get, field by field. Domain types never go over the wire
//! themselves, so that neither can change the other by accident.

pub(crate) mod access;
pub(crate) mod analysis;
pub(crate) mod api_key;
pub(crate) mod conflict;
pub(crate) mod conversation;
pub(crate) mod evidence;
pub(crate) mod gap;
pub(crate) mod intent;
pub(crate) mod knowledge;
pub(crate) mod link;
pub(crate) mod list;
pub(crate) mod message;
pub(crate) mod model_key;
pub(crate) mod organization;
pub(crate) mod record;
pub(crate) mod row;
pub(crate) mod terms;
pub(crate) mod turn;
pub(crate) mod user;
pub(crate) mod word;

#[cfg(test)]
mod tests;
