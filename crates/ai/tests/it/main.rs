//! What the adapters of this crate promise, tried from outside.

#![expect(clippy::unwrap_used, reason = "in a test, a surprise is a failure")]

mod bad_input;
#[path = "../../examples/evaluate_grounding/desk.rs"]
#[expect(dead_code, reason = "the example looks articles up by name, too")]
mod desk;
mod embed;
mod grounding;
mod honesty;
mod language;
#[path = "../../examples/evaluate_grounding/lies.rs"]
mod lies;
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
#[path = "../../examples/evaluate_grounding/replies.rs"]
#[expect(dead_code, reason = "the example reports what was held out, too")]
mod replies;
mod retrieve;
mod router;
mod servers;
#[path = "../../examples/evaluate_grounding/truths.rs"]
mod truths;
mod understand;
