//! Context: what a message means in its talk, and what the talk is about afterwards.

use acs_domain::analysis::Analysis;
use acs_domain::conversation::Course;
use acs_domain::knowledge::EntryId;
use acs_domain::message::SenderType;
use acs_domain::port::understand::{InContext, Talk};
use acs_domain::turn::{Evidence, Verdict};

use super::load::Loaded;
use super::phrases;
use crate::intents::{SOCIAL, SPEAK_TO_HUMAN};
use crate::ports::Ports;

/// What the message says in its talk, noted where it is not what its words alone say.
pub(super) fn read(ports: &Ports, loaded: &Loaded, evidence: &mut Evidence) -> InContext {
    let conversation = &loaded.conversation;
    let talk = Talk {
        language: phrases::heard(&loaded.organization, conversation),
        asked: conversation.asked.as_deref(),
        earlier: &conversation.topic_stack,
    };
    let read = ports.understanding.in_context(&loaded.message.content, &talk);
    if let Some(question) = &read.question {
        evidence.verdicts.push(Verdict {
            check: "context".to_owned(),
            decision: "read_as".to_owned(),
            reason: question.clone(),
        });
    }
    read
}

/// Where the talk goes. A message that leans on the one before stays with its topic; `subject` is what the best source is
/// about, for messages whose intent is not known.
pub(super) fn course(
    settings: &crate::ports::TurnSettings,
    loaded: &Loaded,
    read: InContext,
    analysis: &Analysis,
    subject: Option<&str>,
) -> Course {
    let conversation = &loaded.conversation;
    let sure = analysis
        .intents
        .first()
        .filter(|guess| !analysis.out_of_scope && guess.confidence >= settings.intent_threshold)
        .map(|guess| guess.name.as_str());
    let social = sure.is_some_and(|name| SOCIAL.contains(&name) || name == SPEAK_TO_HUMAN);
    let dangerous = analysis.guard.flagged;
    let silent = social || analysis.settles || dangerous || conversation.is_with_people();
    let leans = read.question.is_some();
    let topic = match read.returns_to {
        Some(place) => conversation
            .topic_stack
            .get(place)
            .map(|topic| topic.name.clone()),
        None if leans || silent => None,
        None => sure.or(subject).map(str::to_owned),
    };
    let asked = read
        .question
        .or_else(|| (!silent).then(|| loaded.message.content.clone()));
    Course {
        asked: asked.filter(|_| !dangerous),
        topic,
        language: phrases::told(analysis).map(str::to_owned),
        settled: analysis.settles && !dangerous,
        social,
        cited: cited(loaded),
    }
}

fn cited(loaded: &Loaded) -> Vec<EntryId> {
    let mut replies = loaded.history.iter().rev();
    let last = replies.find(|message| message.sender_type == SenderType::AiAgent);
    let citations = last.into_iter().flat_map(|message| &message.citations);
    citations.map(|citation| citation.entry_id).collect()
}
