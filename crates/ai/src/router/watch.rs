//! A reply that has begun, to its end: within the turn's time, noted among the attempts, told to the model's breaker.

use acs_domain::port::chat::{ChatDelta, ChatStream, ModelError, ReplyEnd, StopReason};
use futures::stream::{self, StreamExt};
use tokio::time::{Instant, timeout_at};

use super::attempts::Trying;
use super::link::Pass;
use super::repetition::Repetition;

/// The same reply. After an error or its end it gives nothing more.
pub(super) fn to_its_end(stream: ChatStream, trying: Trying, pass: Pass, deadline: Instant) -> ChatStream {
    let watched = Watched {
        stream,
        trying,
        pass,
        began: Instant::now(),
        deadline,
        repetition: Repetition::default(),
    };
    stream::unfold(Some(watched), |watched| async { Some(watched?.next().await) }).boxed()
}

struct Watched {
    stream: ChatStream,
    trying: Trying,
    pass: Pass,
    began: Instant,
    deadline: Instant,
    repetition: Repetition,
}

impl Watched {
    /// The next piece, and the rest, if there may be any.
    async fn next(mut self) -> (Result<ChatDelta, ModelError>, Option<Self>) {
        let Ok(delta) = timeout_at(self.deadline, self.stream.next()).await else {
            // The time was the turn's, and no fault of the model's.
            let error = ModelError::Timeout(self.began.elapsed());
            self.trying.fail(&error);
            return (Err(error), None);
        };
        let delta = delta.unwrap_or_else(|| {
            Err(ModelError::Broken(
                "the stream ended before the reply did".to_owned(),
            ))
        });
        if let Ok(delta) = &delta {
            self.trying.hears(delta);
        }
        match delta {
            Ok(ChatDelta::Text(words)) if self.repetition.hears(&words) => {
                self.fail(ModelError::Useless("it repeats itself".to_owned()))
            }
            Ok(ChatDelta::End(end)) => self.end(end),
            Ok(delta) => (Ok(delta), Some(self)),
            Err(error) => self.fail(error),
        }
    }

    fn end(self, end: ReplyEnd) -> (Result<ChatDelta, ModelError>, Option<Self>) {
        let reason = match end.reason {
            StopReason::Finished | StopReason::ToolCalls => None,
            StopReason::Length => Some("cut off at the limit of tokens"),
            StopReason::Filtered => Some("cut off by the provider's filter"),
        };
        let usage = self.trying.end(reason, end.usage);
        self.pass.succeed();
        (Ok(ChatDelta::End(ReplyEnd { usage, ..end })), None)
    }

    fn fail(self, error: ModelError) -> (Result<ChatDelta, ModelError>, Option<Self>) {
        self.trying.fail(&error);
        self.pass.judge(&error);
        (Err(error), None)
    }
}
