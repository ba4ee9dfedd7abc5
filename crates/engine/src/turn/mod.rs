//! The turn: from a customer's message to its one reply.
//!
//! `Turns::run` reads from top to bottom. Its invariants:
//! - What was accepted is stored before anyone works on it, and gets exactly one reply: a turn is worked on under a
//!   lease, and the commit is refused to whoever has lost it.
//! - Turns of one conversation run in the order of their messages.
//! - No unit of work is open while anything but the store is waited for.
//! - A stage that fails or is too slow degrades the turn and is noted in it; only loading and committing can fail it.
//! - Text streamed before the commit is provisional.

mod answer;
mod cached;
mod claim;
mod clarify;
mod commit;
mod context;
mod decide;
mod drive;
mod gate;
mod guard;
mod load;
mod models;
pub(crate) mod phrases;
mod retrieve;
mod tone;
mod understand;

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::analysis::Analysis;
use acs_domain::conversation::ConversationId;
use acs_domain::escalation::Escalation;
use acs_domain::turn::{Evidence, Turn, TurnResult};
use tokio::sync::{Semaphore, broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use self::answer::Asked;
pub(crate) use self::claim::{Accepted, accept};
pub use self::claim::{Incoming, Spoken};
pub(crate) use self::commit::escalation;
use self::context::Course;
use self::decide::Decision;
use self::phrases::Phrases;
use self::tone::Tone;
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

/// Where the words of a reply go while it is written. A listener that has gone does not stop the turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listener(Option<mpsc::UnboundedSender<TurnEvent>>);

impl Listener {
    /// Tells the listener, if there still is one.
    pub(crate) fn tell(&self, event: TurnEvent) {
        if let Some(sender) = &self.0 {
            let _gone = sender.send(event);
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
    /// How many turns run at once.
    places: Arc<Semaphore>,
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
        let places = Arc::new(Semaphore::new(ports.settings.turns.concurrency.max(1)));
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
            ended,
        }
    }

    /// Works on a turn that this process holds the lease of, to its commit.
    async fn run(&self, scope: Scope, turn: Turn, listener: &Listener) -> Result<DoneTurn, EngineError> {
        let span =
            tracing::info_span!("turn.run", turn.id = %turn.id, conversation.id = %turn.conversation_id);
        async {
            let mut evidence = Evidence::default();
            if turn.attempts > MAX_ATTEMPTS {
                let reply = answer::give_up(turn.attempts, &mut evidence);
                let course = Course::default();
                return commit::commit(
                    &self.ports,
                    scope,
                    turn,
                    Analysis::default(),
                    course,
                    reply,
                    evidence,
                )
                .await;
            }
            let loaded = load::load(self, scope, &turn, &mut evidence).await?;
            let guarded = guard::examine(&self.ports, &loaded.message).await;
            let said =
                understand::question(&self.ports, &loaded, &loaded.message.content, &mut evidence).await;
            let read = context::read(&self.ports, &loaded, &mut evidence);
            let mut question = match &read.question {
                Some(question) => understand::question(&self.ports, &loaded, question, &mut evidence).await,
                None => said.clone(),
            };
            let model = evidence.embedding_model.clone();
            let (understood, retrieved) = tokio::join!(
                understand::understand(&self.ports, &loaded, &said, &model),
                retrieve::retrieve(&self.ports, scope, &loaded, &question, &model),
            );
            let mut analysis = understood.noted(&mut evidence);
            analysis.guard = guarded;
            let found = retrieved.noted(&mut question, &mut evidence);
            question.language = phrases::reply_language(&loaded, &analysis).to_owned();
            let found = guard::leave_out(&self.ports, found, &mut evidence).await;
            let grounds = answer::compose(&self.ports, &question, found, &mut evidence).await;
            let decision = decide::decide(
                &self.ports.settings.turns,
                &loaded,
                &analysis,
                &grounds.prospect(&question),
                &mut evidence,
            );
            let subject = grounds
                .subject()
                .filter(|_| matches!(decision, Decision::Answer { .. }));
            let course = context::course(&self.ports.settings.turns, &loaded, read, &analysis, subject);
            guard::settle(&mut analysis.guard, &decision);
            listener.tell(TurnEvent::Analysis(Box::new(analysis.clone())));
            let statements = decide::approved_texts(&loaded, &analysis);
            let asked = Asked {
                loaded: &loaded,
                question: &question,
                analysis: &analysis,
                statements: &statements,
                tone: Tone::of(&analysis, &loaded.conversation.emotion_trajectory),
                phrases: Phrases::for_customer(&loaded, &analysis),
                answers: &self.answers,
            };
            let reply = answer::answer(&self.ports, asked, grounds, decision, listener, &mut evidence).await;
            commit::commit(&self.ports, scope, turn, analysis, course, reply, evidence).await
        }
        .instrument(span)
        .await
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
