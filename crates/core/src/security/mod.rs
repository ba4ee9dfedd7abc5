//! The security primitives. None knows a store or a request; time, chance and keys are given to them.
//!
//! | module | what it is for |
//! |---|---|
//! | [`password`] | what a password may be, its hash, and proving it |
//! | [`token`] | signed access tokens, with keys that can be replaced |
//! | [`opaque`] | refresh tokens: random, kept only as a hash |
//! | [`api_key`] | keys with which programs call |
//! | [`code`] | numeric codes that people type |
//! | [`seal`] | encrypting a field of the database, bound to its place |
//! | [`content`] | encrypting long contents under a key that can be thrown away |
//! | [`signature`] | HMAC signatures of messages between programs |
//! | [`digest`] | SHA-256, and comparing without telling how much agrees |
//! | [`mask`] | showing an identifier in a log without giving it away |

pub mod api_key;
pub mod code;
pub mod content;
pub mod digest;
mod draw;
pub mod mask;
pub mod opaque;
pub mod password;
pub mod seal;
pub mod signature;
pub mod token;
