//! Replay: turns that were, run again from their records through the same function that ran them.
//!
//! Nothing is written and nothing is sent: the store refuses to be written to (`shadow`), no listener hears, no commit
//! follows. What a turn was told (the message's meaning, the passages found, the models' words) is given to it as recorded;
//! understanding, guard, composing, deciding and checking are done again. Then the decision must be the same, byte by byte.
//! What cannot be done again as it was is taken from the record or refused, and said: never guessed.

mod compare;
mod playback;
mod restore;
mod shadow;
mod shelf;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use acs_core::clean::clean;
use acs_core::clock::ManualClock;
use acs_domain::access::Scope;
use acs_domain::budget::Spending;
use acs_domain::conversation::ConversationId;
use acs_domain::port::prompt::TemplateFault;
use acs_domain::record::{Content, CustomerKey, CustomerKeyId, Decided, Record};
use acs_domain::turn::{Attempt, TurnId};

pub use self::compare::Difference;
use self::compare::first_difference;
use self::restore::Restored;
use self::shadow::ReadOnly;
use self::shelf::Shelf;
use crate::answers::AnswerCache;
use crate::error::{EngineError, Thing};
use crate::intents::IntentModels;
use crate::own_models::OwnModels;
use crate::ports::Ports;
use crate::record::{open_key, read};
use crate::terms::TermModels;
use crate::turn::content::{decided, with_thresholds};
use crate::turn::think::think;
use crate::turn::{Known, Listener};

/// How many records are read at once.
const PIECE: u32 = 50;

/// How long a stage may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which turns are run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    Turn(TurnId),
    /// Those of a conversation, newest first.
    Conversation(ConversationId),
    /// Those of the organization, newest first.
    Newest,
}

/// What is different from then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manner {
    /// Whether the settings are those of now: the installation's, and the organization's with its template of prompts. The
    /// models of now are asked anew, and no budget stops that.
    pub settings_of_now: bool,
    /// Whether the knowledge of now is searched.
    pub knowledge_of_now: bool,
    /// A template of prompts in the place of the organization's. The rest is then of now, too.
    pub template: Option<Template>,
}

impl Manner {
    /// Whether everything is as it was, so that the decision must be, too.
    #[must_use]
    pub const fn is_strict(&self) -> bool {
        !self.asks_models() && !self.knowledge_of_now
    }

    /// Whether models are asked anew.
    #[must_use]
    pub const fn asks_models(&self) -> bool {
        self.settings_of_now || self.template.is_some()
    }
}

/// A template of prompts that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(String);

/// A turn that was run again.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The turn.
    pub turn: TurnId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// What models cost that were asked anew.
    pub spent: Spending,
    /// What came of it; or why it cannot be run again.
    pub ran: Result<Ran, String>,
}

/// What came of a turn then and now.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// What was decided.
    pub then: Decided,
    /// What is decided now.
    pub now: Decided,
    /// Where they differ, if they do: of all places the first by its name.
    pub difference: Option<Difference>,
    /// What could not be done again as it was, and is as it was recorded.
    pub as_recorded: Vec<String>,
}

/// Runs turns again.
#[derive(Clone)]
pub struct Replays {
    /// Those of the program, over a store that refuses to be written to.
    ports: Arc<Ports>,
    intents: IntentModels,
    terms: TermModels,
    own_models: OwnModels,
    /// Empty: what was answered before is no answer now.
    answers: Arc<AnswerCache>,
}

impl Replays {
    pub(crate) fn new(ports: &Ports) -> Self {
        let ports = Arc::new(Ports {
            store: Arc::new(ReadOnly::new(ports.store.clone())),
            ..ports.clone()
        });
        Self {
            intents: IntentModels::new(ports.clone()),
            terms: TermModels::new(ports.clone()),
            own_models: OwnModels::new(ports.clone()),
            answers: Arc::new(AnswerCache::off()),
            ports,
        }
    }

    /// A template that prompts can be written from, or what is wrong with it.
    pub fn template(&self, text: &str) -> Result<Template, TemplateFault> {
        let text = clean(text).text.into_owned();
        self.ports.prompts.check(&text)?;
        Ok(Template(text))
    }

    /// Runs the newest `limit` of some turns of an organization again, and tells each as it is done.
    pub async fn run(
        &self,
        scope: Scope,
        which: Which,
        limit: u32,
        manner: &Manner,
        mut told: impl FnMut(Replayed),
    ) -> Result<(), EngineError> {
        let (mut left, mut before) = (limit, None);
        while left > 0 {
            let records = self.read(scope, which, before, left.min(PIECE)).await?;
            let Some(last) = records.last() else { break };
            before = Some(last.link.turn_id);
            left -= u32::try_from(records.len()).unwrap_or(left).min(left);
            for replayed in Box::pin(self.run_piece(scope, records, manner)).await? {
                told(replayed);
            }
            if matches!(which, Which::Turn(_)) {
                break;
            }
        }
        Ok(())
    }

    async fn read(
        &self,
        scope: Scope,
        which: Which,
        before: Option<TurnId>,
        limit: u32,
    ) -> Result<Vec<Record>, EngineError> {
        let mut unit = self.ports.store.read(scope).await?;
        let conversation = match which {
            Which::Turn(id) => {
                let found = unit.records().find(id).await?;
                return Ok(vec![found.ok_or(EngineError::NotFound(Thing::Turn))?]);
            }
            Which::Conversation(id) => Some(id),
            Which::Newest => None,
        };
        Ok(unit.records().newest(conversation, before, limit).await?)
    }

    async fn run_piece(
        &self,
        scope: Scope,
        records: Vec<Record>,
        manner: &Manner,
    ) -> Result<Vec<Replayed>, EngineError> {
        let ids: Vec<CustomerKeyId> = records.iter().map(|record| record.link.key_id).collect();
        let mut unit = self.ports.store.read(scope).await?;
        let keys = unit.records().keys(&ids).await?;
        let organization = unit.organizations().find(scope.organization_id()).await?;
        let organization = organization.ok_or(EngineError::NotFound(Thing::Organization))?;
        drop(unit);
        let ports = self.ports.clone();
        let opened = tokio::task::spawn_blocking(move || opened(&ports, records, keys)).await;
        let opened = opened.map_err(|error| EngineError::Internal(Box::new(error)))?;
        let contents = opened.iter().filter_map(|(_, content)| content.as_ref().ok());
        let shelf = Shelf::fetch(&self.ports, scope, contents).await?;
        let mut replayed = Vec::with_capacity(opened.len());
        for (record, content) in opened {
            let mut spent = Spending::default();
            let ran = match content {
                Err(why) => Err(why),
                Ok(content) => {
                    let restored = restore::restore(self, &organization, content, &shelf, manner).await;
                    match restored {
                        Err(why) => Err(why),
                        Ok(restored) => {
                            self.think_again(scope, &record, restored, manner, &mut spent)
                                .await
                        }
                    }
                }
            };
            replayed.push(Replayed {
                turn: record.link.turn_id,
                conversation: record.link.conversation_id,
                spent,
                ran,
            });
        }
        Ok(replayed)
    }

    async fn think_again(
        &self,
        scope: Scope,
        record: &Record,
        restored: Restored,
        manner: &Manner,
        spent: &mut Spending,
    ) -> Result<Ran, String> {
        let Restored {
            loaded,
            given,
            thresholds,
            then,
            as_recorded,
        } = restored;
        let mut ports = Ports {
            clock: Arc::new(ManualClock::new(record.link.recorded_at)),
            ..(*self.ports).clone()
        };
        if !manner.asks_models() {
            ports.settings.turns = with_thresholds(ports.settings.turns, &thresholds);
        }
        // Nobody waits: what is late on a busy machine must not look like another decision.
        ports.settings.turns.understand_within = PATIENCE;
        ports.settings.turns.retrieve_within = PATIENCE;
        let evidence = loaded.evidence();
        let unheard = Listener::default();
        let (thought, told) = think(&ports, scope, &loaded, given, &self.answers, &unheard, evidence).await;
        if manner.asks_models() {
            *spent = thought.evidence.attempts.iter().map(Attempt::spending).sum();
        }
        // Whatever was left out now was not left out then: else the understanding would be as recorded.
        if let Some(lacking) = told.analysis.degraded.first().filter(|_| as_recorded.is_empty()) {
            return Err(format!("this machine was too busy for it ({lacking})"));
        }
        let now = decided(&thought, Some(&Known { loaded, told }));
        let bytes = |decided: &Decided| decided.to_bytes().map_err(|error| error.to_string());
        let difference = match bytes(&then)? == bytes(&now)? {
            true => None,
            false => Some(first_difference(&then, &now)),
        };
        Ok(Ran {
            then,
            now,
            difference,
            as_recorded,
        })
    }
}

/// What records say, or why they do not open.
fn opened(
    ports: &Ports,
    records: Vec<Record>,
    keys: Vec<CustomerKey>,
) -> Vec<(Record, Result<Content, String>)> {
    let keys: HashMap<CustomerKeyId, _> = keys
        .into_iter()
        .map(|key| (key.id, open_key(&ports.seals, &key)))
        .collect();
    records
        .into_iter()
        .map(|record| {
            let content = read(&record, keys.get(&record.link.key_id));
            let content = content.map_err(|error| acs_core::error::Chain(&error).to_string());
            (record, content)
        })
        .collect()
}
