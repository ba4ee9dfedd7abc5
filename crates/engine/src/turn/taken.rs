//! Taken: a turn under way hears at once that its conversation has left the agent's hands.
//!
//! Whoever changes a conversation in this process says so after the commit; what other processes change is seen by who keeps the
//! turn's lease. The commit looks once more, under the conversation's lock: it alone decides what is stored.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use acs_domain::conversation::{ConversationId, Status};
use tokio_util::sync::CancellationToken;

/// Whether a turn's conversation has left the agent's hands since the turn read it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken(Arc<Notice>);

#[derive(Debug, Default)]
struct Notice {
    known: Mutex<Known>,
    given: CancellationToken,
}

#[derive(Debug, Default)]
struct Known {
    /// The conversation's version that the turn has read: what is told of an earlier one is old news.
    since: Option<i64>,
    /// What was told before that.
    early: Option<(i64, Status)>,
    to: Option<Status>,
}

impl Taken {
    /// What the conversation became, if it has left.
    pub(super) fn to(&self) -> Option<Status> {
        self.known().to
    }

    /// Whether the turn has read the conversation, and nothing is known yet of its having left.
    pub(super) fn awaits_news(&self) -> bool {
        let known = self.known();
        known.since.is_some() && known.to.is_none()
    }

    /// Returns once it has left.
    pub(super) async fn wait(&self) {
        self.0.given.cancelled().await;
    }

    /// What became of the conversation after this version of it, which the turn has read, is what counts.
    pub(super) fn since(&self, version: i64) {
        let mut known = self.known();
        known.since = Some(version);
        let early = known.early.take();
        drop(known);
        if let Some((version, status)) = early {
            self.note(version, status);
        }
    }

    /// Notes where the conversation stands in a version of it. Once it has left, the turn does not get it back.
    pub(super) fn note(&self, version: i64, status: Status) {
        if status == Status::Processing {
            return;
        }
        let mut known = self.known();
        match known.since {
            None => {
                if known.early.is_none_or(|(early, _)| early < version) {
                    known.early = Some((version, status));
                }
            }
            Some(since) if version > since => {
                known.to.get_or_insert(status);
                drop(known);
                self.0.given.cancel();
            }
            Some(_) => {}
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turns under way in this process, by conversation: more than one only where a lease was lost.
#[derive(Debug, Clone, Default)]
pub(super) struct UnderWay(Arc<Mutex<Turns>>);

#[derive(Debug, Default)]
struct Turns {
    begun: u64,
    by_conversation: BTreeMap<(ConversationId, u64), Taken>,
}

impl UnderWay {
    /// Enters a turn, until the entry is dropped.
    pub(super) fn enter(&self, conversation: ConversationId) -> Entry {
        let mut turns = self.lock();
        turns.begun += 1;
        let key = (conversation, turns.begun);
        let taken = Taken::default();
        turns.by_conversation.insert(key, taken.clone());
        drop(turns);
        Entry {
            under_way: self.clone(),
            key,
            taken,
        }
    }

    /// Tells the turns of a conversation where it stands in a version of it.
    pub(super) fn note(&self, conversation: ConversationId, version: i64, status: Status) {
        let turns = self.lock();
        let of_it = (conversation, 0)..=(conversation, u64::MAX);
        for (_, taken) in turns.by_conversation.range(of_it) {
            taken.note(version, status);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn that is under way.
pub(super) struct Entry {
    under_way: UnderWay,
    key: (ConversationId, u64),
    pub(super) taken: Taken,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.under_way.lock().by_conversation.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn conversation(number: u128) -> ConversationId {
        ConversationId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn the_turns_of_a_conversation_hear_that_it_has_left_and_no_others_do() {
        let under_way = UnderWay::default();
        let [one, two, other] = [1, 1, 2].map(|number| under_way.enter(conversation(number)));
        for entry in [&one, &two, &other] {
            entry.taken.since(3);
        }
        under_way.note(conversation(1), 4, Status::Processing);
        assert_eq!(one.taken.to(), None, "it is still with the agent");
        under_way.note(conversation(1), 5, Status::WaitingForAgent);
        under_way.note(conversation(1), 6, Status::Resolved);
        let heard = [&one, &two, &other].map(|entry| entry.taken.to());
        let left = Some(Status::WaitingForAgent);
        assert_eq!(heard, [left, left, None], "what it became first is what counts");
    }

    #[test]
    fn what_is_told_late_of_the_time_before_the_turn_takes_nothing_away() {
        let under_way = UnderWay::default();
        let entry = under_way.enter(conversation(1));
        under_way.note(conversation(1), 2, Status::WaitingForUser);
        entry.taken.since(3);
        under_way.note(conversation(1), 3, Status::WaitingForUser);
        assert_eq!(entry.taken.to(), None);
        under_way.note(conversation(1), 4, Status::WaitingForAgent);
        assert_eq!(entry.taken.to(), Some(Status::WaitingForAgent));
    }

    #[test]
    fn what_is_told_while_the_turn_still_reads_is_not_missed() {
        let under_way = UnderWay::default();
        let entry = under_way.enter(conversation(1));
        under_way.note(conversation(1), 4, Status::WaitingForAgent);
        under_way.note(conversation(1), 2, Status::WaitingForUser);
        assert_eq!(entry.taken.to(), None);
        entry.taken.since(3);
        assert_eq!(entry.taken.to(), Some(Status::WaitingForAgent));
    }

    #[test]
    fn news_are_awaited_from_the_reading_until_the_conversation_has_left() {
        let taken = Taken::default();
        assert!(
            !taken.awaits_news(),
            "the turn has not read it yet, and will see so itself"
        );
        taken.since(3);
        assert!(taken.awaits_news());
        taken.note(4, Status::Processing);
        assert!(taken.awaits_news(), "it is still with the agent");
        taken.note(5, Status::WaitingForAgent);
        assert!(!taken.awaits_news());
    }

    #[test]
    fn a_turn_that_is_over_is_forgotten_and_the_next_begins_anew() {
        let under_way = UnderWay::default();
        let first = under_way.enter(conversation(1));
        first.taken.since(1);
        under_way.note(conversation(1), 2, Status::Escalated);
        drop(first);
        assert!(under_way.lock().by_conversation.is_empty());
        assert_eq!(under_way.enter(conversation(1)).taken.to(), None);
    }
}
