//! What the adapters of this crate promise, tried from outside.

#![expect(clippy::unwrap_used, reason = "in a test, a surprise is a failure")]

mod bad_input;
mod embed;
mod honesty;
mod language;
// The test kit as a whole needs the store's drivers: this layer is tested without them.
mod model_folder;
#[path = "../../../testkit/src/model_server.rs"]
#[expect(
    dead_code,
    reason = "the test kit publishes all of it, and these tests use most"
)]
mod model_server;
mod mood;
mod personal;
mod provider;
mod retrieve;
mod router;
mod servers;
mod understand;
