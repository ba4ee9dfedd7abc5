//! Think: from what was loaded to the reply. The same function runs a turn and runs it again from its record: it differs only
//! in what is [given](Given) to it, and in the router that was loaded.

use acs_domain::access::Scope;
use acs_domain::analysis::Analysis;
use acs_domain::budget::Spending;
use acs_domain::conversation::Course;
use acs_domain::port::compose::{Draft, Question};
use acs_domain::record::{Meaning, Routed};
use acs_domain::turn::{Attempt, Evidence};

use super::answer::{self, Asked, Reply};
use super::clarify::Thresholds;
use super::decide::{self, Decision};
use super::load::Loaded;
use super::meanings::Meanings;
use super::phrases::{self, Phrases};
use super::tape::Tape;
use super::tone::Tone;
use super::{Listener, TurnEvent, context, guard, retrieve, understand};
use crate::answers::AnswerCache;
use crate::ports::Ports;
use crate::search::Found;

/// What is known from before and not asked for: nothing while a turn runs, what was recorded while one is run again.
#[derive(Default)]
pub(crate) struct Given {
    /// Texts' places in meaning, or why they had none.
    pub(crate) meanings: Vec<Meaning>,
    /// The same of sentences of replies.
    pub(crate) sentences: Vec<Meaning>,
    /// The question in the words of the organization's terms, if it has others.
    pub(crate) in_our_words: Option<Option<String>>,
    /// What is understood, before the guard speaks.
    pub(crate) analysis: Option<Analysis>,
    /// What is found, or why nothing was.
    pub(crate) found: Option<Result<Found, String>>,
}

/// What a turn was told on the way, for its record.
pub(crate) struct Told {
    pub(crate) meanings: Vec<Meaning>,
    pub(crate) sentences: Vec<Meaning>,
    pub(crate) in_our_words: Option<String>,
    pub(crate) analysis: Analysis,
    pub(crate) found: Result<Found, String>,
    pub(crate) draft: Option<Draft>,
    pub(crate) route: Option<Routed>,
    /// Whether a model wrote more than is kept.
    pub(crate) words_cut: bool,
}

/// What came of a turn, before its commit.
pub(crate) struct Thought {
    pub(crate) analysis: Analysis,
    pub(crate) course: Course,
    pub(crate) reply: Reply,
    pub(crate) evidence: Evidence,
    /// What was asked and the knowledge does not answer.
    pub(crate) missing: Vec<String>,
}

impl Thought {
    /// What the models of the turn have cost, also those whose words were of no use.
    pub(super) fn spent(&self) -> Spending {
        self.evidence.attempts.iter().map(Attempt::spending).sum()
    }

    /// The same where it counts for the organization's month.
    pub(super) fn spent_of_month(&self) -> Option<Spending> {
        let spent = self.spent();
        (self.reply.counts_for_month && !spent.is_zero()).then_some(spent)
    }
}

/// Makes a reply to what was loaded. `evidence` holds what is known of the turn already.
pub(crate) async fn think(
    ports: &Ports,
    scope: Scope,
    loaded: &Loaded,
    given: Given,
    answers: &AnswerCache,
    listener: &Listener,
    mut evidence: Evidence,
) -> (Thought, Told) {
    let meanings = Meanings::knowing(given.meanings, given.sentences);
    let guarded = guard::examine(ports, &loaded.message).await;
    let said = understand::question(ports, loaded, &loaded.message.content, &meanings, &mut evidence).await;
    let read = context::read(ports, loaded, &mut evidence);
    let in_our_words = context::in_our_words(loaded, &read, given.in_our_words, &mut evidence);
    let mut question = match in_our_words.as_ref().or(read.question.as_ref()) {
        Some(question) => understand::question(ports, loaded, question, &meanings, &mut evidence).await,
        None => said.clone(),
    };
    let mut parts = understand::parts(ports, loaded, &question, &meanings, &mut evidence).await;
    let (understood, retrieved) = tokio::join!(
        understand::understand(ports, loaded, &said, &meanings, given.analysis),
        retrieve::retrieve(ports, scope, loaded, &question, &parts, given.found),
    );
    let mut analysis = understood.noted(&mut evidence);
    let understood = analysis.clone();
    analysis.guard = guarded;
    let found = retrieved.found.clone();
    let found_hits = retrieved.noted(&mut question, &mut evidence);
    question.language = phrases::reply_language(loaded, &analysis).to_owned();
    for part in &mut parts {
        part.language.clone_from(&question.language);
    }
    let hits = guard::leave_out(ports, found_hits.all.clone(), &mut evidence).await;
    let hits_of_parts = found_hits.of_parts_in(&hits);
    let grounds = if hits_of_parts.is_empty() {
        answer::compose(ports, &question, hits, &mut evidence).await
    } else {
        let unknown = Thresholds::of(&ports.settings.turns, loaded).unknown;
        answer::compose_in_parts(ports, parts, hits_of_parts, hits, unknown, &mut evidence).await
    };
    let open = grounds.open().to_vec();
    let draft = grounds.draft().cloned();
    let decision = decide::decide(
        &ports.settings.turns,
        loaded,
        &analysis,
        &grounds.prospect(&question),
        &mut evidence,
    );
    let subject = grounds
        .subject()
        .filter(|_| matches!(decision, Decision::Answer { .. }));
    let course = context::course(&ports.settings.turns, loaded, read, &analysis, subject);
    guard::settle(&mut analysis.guard, &decision);
    listener.tell(TurnEvent::Analysis(Box::new(analysis.clone())));
    let statements = decide::approved_texts(loaded, &analysis);
    let tape = Tape::default();
    let asked = Asked {
        loaded,
        question: &question,
        analysis: &analysis,
        statements: &statements,
        tone: Tone::of(&analysis, &loaded.conversation.emotion_trajectory),
        phrases: Phrases::for_customer(loaded, &analysis),
        answers,
        tape: &tape,
        meanings: &meanings,
    };
    let missing = missing(&decision, &question, open);
    let reply = answer::answer(ports, asked, grounds, decision, listener, &mut evidence).await;
    let (route, words_cut) = tape.read();
    let (meanings, sentences) = meanings.told();
    let told = Told {
        meanings,
        sentences,
        in_our_words,
        analysis: understood,
        found,
        draft,
        route,
        words_cut,
    };
    let thought = Thought {
        analysis,
        course,
        reply,
        evidence,
        missing,
    };
    (thought, told)
}

/// What was asked and the knowledge does not answer: all of it, or some of its parts.
fn missing(decision: &Decision, question: &Question, open: Vec<String>) -> Vec<String> {
    match decision {
        Decision::Unknown { .. } if open.is_empty() => vec![question.text.clone()],
        Decision::Unknown { .. } | Decision::Answer { .. } => open,
        _ => Vec::new(),
    }
}
