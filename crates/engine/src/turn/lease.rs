//! Lease: a turn is one process's alone for as long as that renews it; who keeps it sees, too, whether its conversation is still
//! in the agent's hands.

use std::time::Duration;

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::conversation::{Conversation, ConversationId};
use acs_domain::turn::{Turn, TurnId};
use tokio::time::Instant;

use super::Turns;
use super::taken::Taken;
use crate::error::EngineError;

/// How often a turn under way looks whether another process has taken its conversation out of the agent's hands.
const LOOK: Duration = Duration::from_millis(500);

/// A turn that this process holds the lease of.
pub(super) struct Held {
    scope: Scope,
    id: TurnId,
    attempt: i64,
    conversation: ConversationId,
    taken: Taken,
}

impl Held {
    pub(super) fn new(scope: Scope, turn: &Turn, taken: &Taken) -> Self {
        Self {
            scope,
            id: turn.id,
            attempt: turn.attempts,
            conversation: turn.conversation_id,
            taken: taken.clone(),
        }
    }

    fn note(&self, found: Option<Conversation>) {
        if let Some(found) = found {
            self.taken.note(found.version, found.status);
        }
    }
}

impl Turns {
    /// Renews the lease for as long as it is polled, and looks more often whether another process has taken the conversation
    /// out of the agent's hands. Returns only when the lease is lost.
    pub(super) async fn keep_lease(&self, held: &Held) -> EngineError {
        let lease = self.ports.settings.turns.lease;
        let mut renewed_at = Instant::now();
        loop {
            tokio::time::sleep(LOOK.min(lease / 3)).await;
            let due = renewed_at.elapsed() >= lease / 3;
            let kept = if due {
                renewed_at = Instant::now();
                self.renew(held).await
            } else {
                self.look_after(held).await.map(|()| true)
            };
            match kept {
                Ok(true) => {}
                Ok(false) => return EngineError::Unavailable("another server has taken the turn over"),
                Err(error) => {
                    tracing::warn!(turn.id = %held.id, error = %Chain(&error), due,
                        "the turn's lease was not renewed, or its conversation not looked at");
                }
            }
        }
    }

    /// Lengthens the lease; `false` if it is lost.
    async fn renew(&self, held: &Held) -> Result<bool, EngineError> {
        let until = self.ports.now() + self.ports.settings.turns.lease;
        let mut unit = self.ports.store.begin(held.scope).await?;
        let renewed = unit.turns().renew(held.id, held.attempt, until).await?;
        let conversation = unit.conversations().find(held.conversation).await?;
        unit.commit().await?;
        held.note(conversation);
        Ok(renewed)
    }

    /// Sees whether the conversation is still in the agent's hands: once the turn has read it, for before it sees so itself.
    async fn look_after(&self, held: &Held) -> Result<(), EngineError> {
        if held.taken.awaits_news() {
            let mut unit = self.ports.store.read(held.scope).await?;
            held.note(unit.conversations().find(held.conversation).await?);
        }
        Ok(())
    }

    /// Gives a turn back, so that it is taken up again at once. If even that fails, its lease ends by itself.
    pub(super) async fn give_back(&self, held: &Held) {
        let released = async {
            let mut unit = self.ports.store.begin(held.scope).await?;
            unit.turns().release(held.id, held.attempt).await?;
            unit.commit().await?;
            Ok::<_, EngineError>(())
        };
        if let Err(error) = released.await {
            tracing::warn!(turn.id = %held.id, error = %Chain(&error), "the lease stays until it ends");
        }
    }
}
