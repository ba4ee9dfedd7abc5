//! How long customers may be silent, and how long their conversations are remembered.

use std::time::Duration;

use super::schema::rule::seconds;
use super::schema::section;

section! {
    /// How long customers may be silent in a conversation that the agent leads, and how long what they talked of is remembered.
    Conversation = "conversation" {
        /// After how long a customer who sits before a chat is asked whether anything is still open, once. 0: never.
        reminder_seconds: Duration = Duration::from_secs(30 * 60), seconds(0.0, 604_800.0);
        /// After how long the conversation is abandoned. It opens again when the customer writes.
        abandon_seconds: Duration = Duration::from_secs(24 * 3600), seconds(0.001, 7_776_000.0);
        /// How long after its beginning language models are told of a conversation in later ones of the same customer: when it was, its
        /// topic and how it ended. 0: never.
        remember_seconds: Duration = Duration::from_secs(365 * 24 * 3600), seconds(0.0, 315_360_000.0);
    }
}
