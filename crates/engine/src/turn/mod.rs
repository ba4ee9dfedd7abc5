//! The turn: from a customer's message to its one reply.
//!
//! `Turns::run` reads from top to bottom. Its invariants:
//! - What was accepted is stored before anyone works on it, and gets exactly one reply: a turn is worked on under a
//!   lease, and the commit is refused to whoever has lost it.
//! - Turns of one conversation run in the order of their messages.
//! - No unit of work is open while anything but the store is waited for.
//! - A stage that fails or is too slow degrades the turn and is noted in it; only loading and committing can fail it.
//! - Text streamed before the commit is provisional.
//! - Once a conversation has left the agent's hands, nothing more of a reply is streamed, and models are hung up on.

mod answer;
mod background;
mod cached;
mod claim;
mod clarify;
mod commit;
pub(crate) mod content;
mod context;
mod decide;
mod drive;
mod gate;
mod guard;
mod lease;
mod load;
mod meanings;
mod missing;
mod models;
mod note;
mod parts;
pub(crate) mod phrases;
mod places;
mod profile;
pub(crate) mod purse;
mod record;
mod retrieve;
mod taken;
mod tape;
pub(crate) mod think;
mod tone;
mod understand;

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::analysis::Analysis;
use acs_domain::conversation::{Conversation, ConversationId, Course};
use acs_domain::escalation::Escalation;
use acs_domain::turn::{Evidence, Turn, TurnResult};
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

pub(crate) use self::claim::{Accepted, accept};
pub use self::claim::{Incoming, Spoken};
pub(crate) use self::commit::escalation;
pub(crate) use self::content::Known;
pub(crate) use self::load::Loaded;
use self::places::{Place, Places};
use self::taken::{Taken, UnderWay};
use self::think::{Given, Thought, think};
use crate::answers::AnswerCache;
use crate::error::EngineError;
use crate::intents::IntentModels;
use crate::own_models::OwnModels;
use crate::ports::Ports;
use crate::terms::TermModels;

/// After so many tries a turn is answered by the template: something in it breaks the work, and others wait behind it.
const MAX_ATTEMPTS: i64 = 8;

/// What a listener hears while a turn runs.
#[derive(Debug)]
pub enum TurnEvent {
    /// The message was understood.
    Analysis(Box<Analysis>),
    /// More words of the reply; provisional until the turn is done.
    Delta(String),
    /// The turn is committed.
    Done(Box<DoneTurn>),
    /// The turn failed for now; it is taken up again later.
    Failed(EngineError),
}

/// A turn that is committed.
#[derive(Debug, Clone, PartialEq)]
pub struct DoneTurn {
    /// The turn; its `result` is there.
    pub turn: Turn,
    /// How it ended.
    pub result: TurnResult,
    /// The open call for a person, if there is one.
    pub escalation: Option<Escalation>,
}

/// Where the words of a reply go while it is written, and the turn's place in this process. A listener that has gone does not stop
/// the turn.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    sender: Option<mpsc::UnboundedSender<TurnEvent>>,
    taken: Taken,
    place: Option<Place>,
}

impl Listener {
    /// Tells the listener, if there still is one. Words of the agent's only as long as the conversation is in its hands.
    pub(crate) fn tell(&self, event: TurnEvent) {
        if self.taken.to().is_none() || !matches!(event, TurnEvent::Delta(_)) {
            self.insist(event);
        }
    }

    /// Tells the listener, whoever has the conversation.
    fn insist(&self, event: TurnEvent) {
        if let Some(sender) = &self.sender {
            let _gone = sender.send(event);
        }
    }

    /// The same listener, for a turn that hears of its conversation by `taken` and has this place.
    fn of_turn(&self, taken: &Taken, place: Place) -> Self {
        Self {
            sender: self.sender.clone(),
            taken: taken.clone(),
            place: Some(place),
        }
    }

    /// From here on the turn mostly waits, for a language model and for the store: it needs no place among those that work.
    fn rest(&self) {
        if let Some(place) = &self.place {
            place.rest();
        }
    }
}

/// Runs turns.
#[derive(Clone)]
pub struct Turns {
    ports: Arc<Ports>,
    intents: IntentModels,
    terms: TermModels,
    own_models: OwnModels,
    answers: Arc<AnswerCache>,
    /// Running turns, for the stop to wait for.
    tasks: TaskTracker,
    /// Tells running turns to give up.
    hard_stop: CancellationToken,
    /// What turns are run in.
    places: Places,
    /// The turns that this process works on.
    under_way: UnderWay,
    /// Conversations in which a turn has just ended, for the turns that wait behind it.
    ended: broadcast::Sender<ConversationId>,
}

impl Turns {
    pub(crate) fn new(
        ports: Arc<Ports>,
        intents: IntentModels,
        terms: TermModels,
        own_models: OwnModels,
    ) -> Self {
        let settings = &ports.settings.turns;
        let places = Places::new(settings.under_way, settings.working);
        let answers = AnswerCache::new(ports.settings.answers);
        let (ended, _) = broadcast::channel(1_024);
        Self {
            ports,
            intents,
            terms,
            own_models,
            answers: Arc::new(answers),
            tasks: TaskTracker::new(),
            hard_stop: CancellationToken::new(),
            places,
            under_way: UnderWay::default(),
            ended,
        }
    }

    /// Tells turns under way in a conversation what became of it. Whoever has changed it calls this, after the commit, with what was
    /// written over the version that it had read.
    pub(crate) fn note_change(&self, written: &Conversation) {
        self.under_way
            .note(written.id, written.version + 1, written.status);
    }

    /// Works on a turn that this process holds the lease of, to its commit.
    async fn run(&self, scope: Scope, turn: Turn, listener: &Listener) -> Result<DoneTurn, EngineError> {
        let span =
            tracing::info_span!("turn.run", turn.id = %turn.id, conversation.id = %turn.conversation_id);
        async {
            if turn.attempts > MAX_ATTEMPTS {
                tracing::error!(
                    turn.attempts,
                    "the turn failed too often: it is answered by the template"
                );
                metrics::counter!("acs_turns_given_up_total").increment(1);
                let why = format!("it was tried {} times", turn.attempts);
                return self.give_up(scope, turn, listener, &why).await;
            }
            let (loaded, page, times) = load::load(self, scope, &turn).await?;
            if loaded.message.is_erased() {
                return self
                    .give_up(scope, turn, listener, "the customer was erased")
                    .await;
            }
            listener.taken.since(loaded.conversation.version);
            let mut evidence = loaded.evidence();
            times.note(&mut evidence);
            let ports = &*self.ports;
            let (mut thought, told) = think(
                ports,
                scope,
                &loaded,
                Given::default(),
                &self.answers,
                listener,
                evidence,
            )
            .await;
            let missing = missing::noted(ports, &loaded, &thought, &told).await;
            let known = Known { loaded, told };
            let began = ports.now();
            let spent = thought.spent_of_month();
            let done = async {
                let record = record::prepare(ports, &turn, page, Some(known), &thought).await?;
                thought.evidence.timings.record_ms = load::millis_since(ports, began);
                commit::commit(ports, scope, turn, thought, missing, record, &listener.taken).await
            };
            let done = Box::pin(done).await;
            if let (Err(_), Some(spent)) = (&done, spent) {
                purse::count_lost(ports, scope, spent).await;
            }
            done
        }
        .instrument(span)
        .await
    }

    /// Answers a turn that fails again and again, or of whose message nothing is left, by the template, unread.
    async fn give_up(
        &self,
        scope: Scope,
        turn: Turn,
        listener: &Listener,
        why: &str,
    ) -> Result<DoneTurn, EngineError> {
        let ports = &*self.ports;
        let mut unit = ports.store.read(scope).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let conversation = unit.conversations().find(turn.conversation_id).await?;
        let page = load::page(&mut *unit, &turn).await?;
        drop(unit);
        let heard = organization.as_ref().zip(conversation.as_ref());
        let language = heard.map_or("en", |(organization, conversation)| {
            phrases::heard(organization, conversation)
        });
        let mut evidence = Evidence::default();
        let thought = Thought {
            analysis: Analysis::default(),
            course: Course::default(),
            reply: answer::give_up(why, language, &mut evidence),
            evidence,
            missing: Vec::new(),
        };
        let record = record::prepare(ports, &turn, page, None, &thought).await?;
        commit::commit(ports, scope, turn, thought, Vec::new(), record, &listener.taken).await
    }

    /// Waits for running turns until `grace` is over, then tells them to give their turns back and waits for that.
    pub async fn stop(&self, grace: std::time::Duration) {
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                turns = self.tasks.len(),
                "turns are handed back: the time to stop is over"
            );
            self.hard_stop.cancel();
            self.tasks.wait().await;
        }
        self.intents.stop().await;
    }
}
