//! Drive: turns of a conversation are run one after the other, by whoever holds the lease.

use std::panic::AssertUnwindSafe;

use acs_domain::access::Scope;
use acs_domain::conversation::ConversationId;
use acs_domain::organization::OrganizationId;
use acs_domain::turn::{Turn, TurnId, TurnState};
use futures::FutureExt as _;
use time::OffsetDateTime;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::claim::Accepted;
use super::lease::Held;
use super::{DoneTurn, Listener, Spoken, TurnEvent, Turns};
use crate::error::EngineError;

impl Turns {
    /// Sees an accepted message to the end of its turn, whether or not anyone still listens.
    pub(crate) fn follow(
        &self,
        scope: Scope,
        at: Accepted,
        conversation: ConversationId,
        replayed: bool,
        held: Option<Turn>,
    ) -> Spoken {
        let (sender, events) = mpsc::unbounded_channel();
        let listener = Listener {
            sender: Some(sender),
            ..Listener::default()
        };
        let turns = self.clone();
        let work = async move {
            let end = match turns
                .until_done(scope, conversation, at.turn_id, held, &listener)
                .await
            {
                Ok(done) => TurnEvent::Done(Box::new(done)),
                Err(error) => TurnEvent::Failed(error),
            };
            listener.tell(end);
        };
        // The turn belongs to the request that brought it, in the log too.
        self.tasks.spawn(work.in_current_span());
        Spoken::new(at.message_id, replayed, events)
    }

    /// Runs the conversation's turns, in order, until the wanted one is done: those that this process can take up, it
    /// runs; for those that another works on, it waits.
    async fn until_done(
        &self,
        scope: Scope,
        conversation: ConversationId,
        wanted: TurnId,
        held: Option<Turn>,
        listener: &Listener,
    ) -> Result<DoneTurn, EngineError> {
        let mut ended = self.ended.subscribe();
        let mut held = held;
        loop {
            if let Some(turn) = held.take() {
                let mine = turn.id == wanted;
                let unheard = Listener::default();
                let done = self
                    .run_held(scope, turn, if mine { listener } else { &unheard })
                    .await;
                match done {
                    Ok(done) if mine => return Ok(done),
                    Err(error) if mine => return Err(error),
                    Ok(_) => {}
                    Err(error) => return Err(error),
                }
            }
            match self.look(scope, conversation, wanted).await? {
                Look::Done(done) => return Ok(*done),
                Look::Held(turn) => held = Some(*turn),
                Look::Waiting => tokio::select! {
                    heard = wait_for(&mut ended, conversation) => heard,
                    () = tokio::time::sleep(self.ports.settings.turns.poll) => {}
                    () = self.hard_stop.cancelled() => return Err(EngineError::Unavailable("the server is stopping")),
                },
            }
        }
    }

    /// Whether the wanted turn is done, and if not, whether this process can take up the conversation's next turn. Only who can
    /// writes.
    async fn look(
        &self,
        scope: Scope,
        conversation: ConversationId,
        wanted: TurnId,
    ) -> Result<Look, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        if let Some(done) = done(&mut *unit, wanted).await? {
            return Ok(Look::Done(Box::new(done)));
        }
        let free = unit.turns().is_free(conversation, self.ports.now()).await?;
        drop(unit);
        if !free {
            return Ok(Look::Waiting);
        }
        Ok(self
            .take_up(scope, conversation)
            .await?
            .map_or(Look::Waiting, |turn| Look::Held(Box::new(turn))))
    }

    /// Takes up the conversation's first unfinished turn, unless someone is at work on it.
    async fn take_up(&self, scope: Scope, conversation: ConversationId) -> Result<Option<Turn>, EngineError> {
        let settings = &self.ports.settings;
        let now = self.ports.now();
        let mut unit = self.ports.store.begin(scope).await?;
        let held = unit
            .turns()
            .acquire(conversation, &settings.process, now, now + settings.turns.lease)
            .await?;
        unit.commit().await?;
        Ok(held)
    }

    /// Runs a turn under its lease: renewed while the work goes on, given back when it cannot be finished.
    async fn run_held(&self, scope: Scope, turn: Turn, listener: &Listener) -> Result<DoneTurn, EngineError> {
        let (id, conversation) = (turn.id, turn.conversation_id);
        let entry = self.under_way.enter(conversation);
        let held = Held::new(scope, &turn, &entry.taken);
        let work = async {
            let listener = listener.of_turn(&entry.taken, self.places.take().await?);
            caught(Box::pin(self.run(scope, turn, &listener))).await
        };
        let outcome = tokio::select! {
            outcome = work => outcome,
            error = self.keep_lease(&held) => Err(error),
            () = self.hard_stop.cancelled() => Err(EngineError::Unavailable("the server is stopping")),
        };
        if let Err(error) = &outcome {
            tracing::warn!(turn.id = %id, error = %acs_core::error::Chain(error), "the turn is given back");
            self.give_back(&held).await;
        }
        let _nobody_waits = self.ended.send(conversation);
        outcome
    }

    /// Takes up turns that nobody works on: their worker died, or gave them back. Gives the number of conversations
    /// looked at; their turns run on in the background.
    pub async fn take_up_stranded(&self, limit: u32) -> Result<usize, EngineError> {
        let now = self.ports.now();
        let free = u32::try_from(self.places.free()).unwrap_or(u32::MAX);
        let queued_before: OffsetDateTime = now - self.ports.settings.turns.poll * 4;
        let stranded = self
            .ports
            .store
            .directory()
            .stranded_turns(now, queued_before, limit.min(free))
            .await?;
        let count = stranded.len();
        for (organization, conversation) in stranded {
            self.resume(organization, conversation);
        }
        Ok(count)
    }

    fn resume(&self, organization: OrganizationId, conversation: ConversationId) {
        let turns = self.clone();
        let scope = Scope::trusted(organization);
        let span = tracing::info_span!("turn.resume", correlation_id = %conversation, organization.id = %organization);
        let work = async move {
            let unheard = Listener::default();
            loop {
                let outcome = match turns.take_up(scope, conversation).await {
                    Ok(Some(turn)) => turns.run_held(scope, turn, &unheard).await.map(|_| ()),
                    Ok(None) => return,
                    Err(error) => Err(error),
                };
                if let Err(error) = outcome {
                    let error = acs_core::error::Chain(&error);
                    tracing::warn!(conversation.id = %conversation, %error, "the conversation's turns wait for the next look");
                    return;
                }
            }
        };
        self.tasks.spawn(work.instrument(span));
    }
}

/// The work, or that it panicked: one turn's fault is no other's, and the turn is given back.
async fn caught<T>(work: impl Future<Output = Result<T, EngineError>>) -> Result<T, EngineError> {
    let ended = AssertUnwindSafe(work).catch_unwind().await;
    ended.unwrap_or(Err(EngineError::Unavailable(
        "the turn broke off; it is tried again",
    )))
}

enum Look {
    Done(Box<DoneTurn>),
    Held(Box<Turn>),
    Waiting,
}

/// Returns when a turn of the conversation has ended, or when too many ended to tell.
async fn wait_for(
    ended: &mut tokio::sync::broadcast::Receiver<ConversationId>,
    conversation: ConversationId,
) {
    loop {
        match ended.recv().await {
            Ok(other) if other != conversation => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// The turn, if it is done, with the conversation's open call for a person.
pub(crate) async fn done(
    unit: &mut dyn acs_domain::port::store::ReadUnit,
    id: TurnId,
) -> Result<Option<DoneTurn>, EngineError> {
    let Some(turn) = unit.turns().find(id).await? else {
        return Ok(None);
    };
    let Some(result) = turn.result.clone().filter(|_| turn.state == TurnState::Done) else {
        return Ok(None);
    };
    let escalation = match result.outcome {
        acs_domain::turn::Outcome::HandedOver => unit.escalations().find_open(turn.conversation_id).await?,
        _ => None,
    };
    Ok(Some(DoneTurn {
        turn,
        result,
        escalation,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_is_an_error_and_no_other_s() {
        let broken = caught::<()>(async { panic!("a customer's words") }).await;
        assert!(matches!(broken, Err(EngineError::Unavailable(_))), "{broken:?}");
        assert_eq!(caught(async { Ok(7) }).await.unwrap(), 7);
    }
}
