//! The ports, one file each, on an open session.

mod api_key;
mod conflict;
mod conversation;
mod directory;
mod embedding;
mod erasure;
mod escalation;
mod gap;
mod idempotency;
mod intent;
mod intent_head;
mod knowledge;
mod limit;
mod message;
mod model_key;
mod organization;
mod outbox;
mod page;
mod record;
mod session;
mod terms;
mod turn;
mod user;
