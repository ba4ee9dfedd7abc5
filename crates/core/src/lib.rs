//! What every crate of ACS may know: errors, ids, time, chance, pages, secrets, configuration and the
//! security primitives.
//!
//! Lives here: small types without I/O, usable by any layer and any other Rust service.
//! Never lives here: an async runtime, a database, a web framework, an HTTP client, or a word of the domain.
//!
//! | module | what it is for |
//! |---|---|
//! | [`error`] | the error codes of the public contract, and printing a chain of causes once |
//! | [`id`] | typed UUIDv7 ids |
//! | [`clock`], [`entropy`] | time and chance, injected so that tests own them |
//! | [`net`] | what counts as one address |
//! | [`page`] | keyset pages and opaque cursors |
//! | [`secret`] | text that never prints |
//! | [`config`] | all settings, read from defaults, a file and the environment |
//! | [`security`] | passwords, tokens, keys, sealing, signatures, masking |
//! | [`clean`] | cleaning of untrusted text |

pub mod clean;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod error;
pub mod id;
pub mod net;
pub mod page;
pub mod secret;
pub mod security;
