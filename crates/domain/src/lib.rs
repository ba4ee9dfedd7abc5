//! What ACS is about: organizations, people, conversations, knowledge, and the ports through which the
//! outside is reached.
//!
//! Lives here: entities that are valid once made, the lawful transitions of a conversation, access rights as types,
//! and traits for whatever does I/O or heavy thinking.
//! Never lives here: a runtime, a database, HTTP, configuration; nothing in this crate waits or performs I/O itself.
//!
//! | module | what it holds |
//! |---|---|
//! | [`access`] | who is asking, what they may do, and whose data it is |
//! | [`organization`], [`user`], [`api_key`], [`session`] | tenants and people |
//! | [`profile`] | what language models may know of a customer |
//! | [`budget`], [`model_key`] | what language models may cost, and organizations' own keys for them |
//! | [`conversation`], [`message`], [`turn`], [`escalation`] | the talk itself |
//! | [`record`] | how each turn was decided, for good |
//! | [`analysis`], [`knowledge`], [`gap`], [`conflict`], [`intent`], [`intent_head`] | what is understood, known and not known |
//! | [`event`] | every fact that leaves the system |
//! | [`idempotency`] | requests that must take effect once |
//! | [`port`] | the traits that adapters implement |

pub mod access;
pub mod analysis;
pub mod api_key;
pub mod budget;
pub mod conflict;
pub mod conversation;
pub mod escalation;
pub mod event;
pub mod gap;
pub mod idempotency;
pub mod intent;
pub mod intent_head;
pub mod knowledge;
pub mod message;
pub mod model_key;
pub mod organization;
pub mod port;
pub mod profile;
pub mod record;
pub mod session;
pub mod text_enum;
pub mod turn;
pub mod user;
