//! Think: from what was loaded to the reply. The same function runs a turn and runs it again from its record: it differs only
//! in what is [given](Given) to it.

use std::sync::Arc;

use acs_domain::access::Scope;
use acs_domain::analysis::Analysis;
use acs_domain::knowledge::{Hit, Vector};
use acs_domain::port::chat::ChatModel;
use acs_domain::port::compose::Draft;
use acs_domain::record::Call;
use acs_domain::turn::Evidence;

use super::answer::{self, Asked, Reply};
use super::load::Loaded;
use super::phrases::{self, Phrases};
use super::tape::Tape;
use super::{Listener, TurnEvent, decide, guard, retrieve, understand};
use crate::ports::Ports;

/// What is known from before and not asked for: nothing while a turn runs, what was recorded while one is run again.
#[derive(Default)]
pub(crate) struct Given {
    /// The message's place in meaning, or why there was none.
    pub(crate) meaning: Option<Result<Vector, String>>,
    /// What is understood, before the guard speaks.
    pub(crate) analysis: Option<Analysis>,
    /// The passages found, or why there were none.
    pub(crate) found: Option<Result<Vec<Hit>, String>>,
    /// Language models, in the place of those of the ports.
    pub(crate) models: Option<Vec<Arc<dyn ChatModel>>>,
}

/// What a turn was told on the way, for its record.
pub(crate) struct Told {
    pub(crate) meaning: Result<Vector, String>,
    pub(crate) analysis: Analysis,
    pub(crate) found: Result<Vec<Hit>, String>,
    pub(crate) draft: Option<Draft>,
    pub(crate) calls: Vec<Call>,
    /// Whether a model wrote more than is kept.
    pub(crate) calls_cut: bool,
}

/// What came of a turn, before its commit.
pub(crate) struct Thought {
    pub(crate) analysis: Analysis,
    pub(crate) reply: Reply,
    pub(crate) evidence: Evidence,
}

/// Makes a reply to what was loaded. `evidence` holds what is known of the turn already.
pub(crate) async fn think(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    given: Given,
    listener: &Listener,
    mut evidence: Evidence,
) -> (Thought, Told) {
    let guarded = guard::examine(ports, &loaded.message).await;
    let (mut question, meaning) = understand::question(ports, loaded, given.meaning, &mut evidence).await;
    let (understood, retrieved) = tokio::join!(
        understand::understand(ports, loaded, &question, given.analysis),
        retrieve::retrieve(ports, scope, loaded, &question, given.found),
    );
    let mut analysis = understood.noted(&mut evidence);
    let understood = analysis.clone();
    analysis.guard = guarded;
    question.language = phrases::reply_language(&loaded.organization, &analysis).to_owned();
    let found = retrieved.found.clone();
    let hits = guard::leave_out(ports, retrieved.noted(&mut evidence), &mut evidence).await;
    let grounds = answer::compose(ports, &question, hits, &mut evidence).await;
    let draft = grounds.draft().cloned();
    let decision = decide::decide(
        &ports.settings.turns,
        loaded,
        &analysis,
        grounds.confidence(),
        &mut evidence,
    );
    guard::settle(&mut analysis.guard, &decision);
    listener.tell(TurnEvent::Analysis(Box::new(analysis.clone())));
    let tape = Tape::default();
    let asked = Asked {
        loaded,
        question: &question,
        phrases: Phrases::for_customer(&loaded.organization, &analysis),
        models: given.models.as_deref().unwrap_or(&ports.models),
        tape: &tape,
    };
    let reply = answer::answer(ports, asked, grounds, decision, listener, &mut evidence).await;
    let (calls, calls_cut) = tape.read();
    let told = Told {
        meaning,
        analysis: understood,
        found,
        draft,
        calls,
        calls_cut,
    };
    let thought = Thought {
        analysis,
        reply,
        evidence,
    };
    (thought, told)
}
