//! How long the parts of a turn may take, and what it does about abuse.

use std::time::Duration;

use super::schema::rule::seconds;
use super::schema::section;

section! {
    /// How long the parts of a turn (one message and its answer) may take. A part that is late degrades the answer and
    /// never withholds it.
    Turn = "turn" {
        /// After how long a turn or a training whose process died is taken up by another. A living process renews it
        /// meanwhile.
        lease_seconds: Duration = Duration::from_secs(15), seconds(0.1, 3600.0);
        /// How long a message may wait for its turn at the embedding model. Where it would be longer, it is understood and
        /// answered by its words alone, and says so.
        embed_wait_seconds: Duration = Duration::from_millis(100), seconds(0.0, 60.0);
        /// How long understanding the message may take.
        understand_timeout_seconds: Duration = Duration::from_secs(3), seconds(0.05, 60.0);
        /// How long finding knowledge may take, beside the understanding.
        retrieve_timeout_seconds: Duration = Duration::from_secs(3), seconds(0.05, 60.0);
        /// How long writing the answer may take, over all models that are tried.
        answer_timeout_seconds: Duration = Duration::from_secs(25), seconds(0.05, 600.0);
        /// Whether insults call a person. If not, the agent stays polite and answers. Threats always call one.
        hand_over_abuse: bool = false;
    }
}

impl Turn {
    /// The longest that a turn may take: understanding and finding go side by side, then the answer.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.understand_timeout_seconds.max(self.retrieve_timeout_seconds) + self.answer_timeout_seconds
    }
}
