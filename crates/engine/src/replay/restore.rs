//! Restore: a turn as it was before it thought, out of its record.

use std::collections::BTreeMap;
use std::sync::Arc;

use acs_domain::budget::ModelBudget;
use acs_domain::organization::Organization;
use acs_domain::record::{Content, Decided, Input, Thresholds, Versions};

use super::playback::Playback;
use super::shelf::Shelf;
use super::{Manner, Replays, Template};
use crate::turn::Loaded;
use crate::turn::purse::Purse;
use crate::turn::think::Given;

/// A turn that is ready to think again.
pub(super) struct Restored {
    pub(super) loaded: Loaded,
    pub(super) given: Given,
    pub(super) thresholds: Thresholds,
    pub(super) then: Decided,
    /// What is not done again, and why.
    pub(super) as_recorded: Vec<String>,
}

/// The turn of a record; or why it cannot be run again.
pub(super) async fn restore(
    replays: &Replays,
    organization: &Organization,
    content: Content,
    shelf: &Shelf,
    manner: &Manner,
) -> Result<Restored, String> {
    let Content {
        versions,
        thresholds,
        input,
        heard,
        decided: then,
        cut,
        attempts: _,
    } = content;
    let Some(input) = input else {
        return Err("the turn was given up unread".to_owned());
    };
    if !cut.is_empty() {
        return Err(format!("its record was too long and lacks: {}", cut.join(", ")));
    }
    let parts = &replays.ports.settings.parts;
    if let Some(changed) = changed(&versions.parts, parts).filter(|_| manner.is_strict()) {
        return Err(format!(
            "other models or rules are part of this program: {changed}"
        ));
    }
    let (Some(analysis), Some(found)) = (heard.analysis, heard.found) else {
        return Err("the record is not whole".to_owned());
    };
    let found = match found {
        _ if manner.knowledge_of_now => None,
        Err(why) => Some(Err(why)),
        Ok(found) => Some(Ok(shelf
            .found(&replays.ports, found, &versions.embedding_model)
            .await?)),
    };
    let mut loaded = loaded(input, versions);
    let mut as_recorded = Vec::new();
    let analysis = match understanding(replays, organization, &mut loaded, &analysis.degraded).await {
        Ok(()) => None,
        Err(why) => {
            as_recorded.push(format!("understanding: {why}"));
            Some(analysis)
        }
    };
    if manner.asks_models() {
        loaded.organization = of_now(organization, manner);
    }
    let used = heard.route.as_ref().and_then(|route| route.used.clone());
    loaded.purse = Purse::Told(used.filter(|_| !manner.asks_models()));
    loaded.router = match manner.asks_models() {
        true => replays.own_models.get(organization, &mut loaded.degraded).await,
        false => Some(Arc::new(Playback::new(heard.route))),
    };
    Ok(Restored {
        given: Given {
            meanings: heard.meanings,
            in_our_words: Some(heard.in_our_words),
            sentences: heard.sentences,
            analysis,
            found,
        },
        loaded,
        thresholds,
        then,
        as_recorded,
    })
}

/// The organization as it is set now. What models may cost bounds what customers are answered with, not a look at what would
/// be: it would end in the composer wherever the month did.
fn of_now(organization: &Organization, manner: &Manner) -> Organization {
    let mut now = Organization {
        budget: ModelBudget::default(),
        ..organization.clone()
    };
    if let Some(Template(template)) = &manner.template {
        now.settings.prompt_template = Some(template.clone());
    }
    now
}

/// Which part is not what it was.
fn changed(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Option<String> {
    let names = then.keys().chain(now.keys());
    let name = names.into_iter().find(|name| then.get(*name) != now.get(*name))?;
    let version =
        |parts: &BTreeMap<String, String>| parts.get(name).map_or("none", String::as_str).to_owned();
    Some(format!("{name} was {}, is {}", version(then), version(now)))
}

fn loaded(input: Input, versions: Versions) -> Loaded {
    Loaded {
        at: input.at,
        organization: input.organization,
        conversation: input.conversation,
        time_zone: input.time_zone,
        audience: input.audience,
        profile: input.profile,
        message: input.message,
        history: input.history,
        intents: None,
        approved: Arc::new(input.approved.into_iter().collect()),
        terms: None,
        strangers: input.strangers,
        router: None,
        purse: Purse::Told(None),
        degraded: input.degraded,
        versions,
    }
}

/// Gives the turn the intents and terms that it was understood by, if they are still in force; or says why it cannot be
/// understood again.
async fn understanding(
    replays: &Replays,
    organization: &Organization,
    loaded: &mut Loaded,
    degraded: &[String],
) -> Result<(), String> {
    let lacking = loaded.degraded.iter().chain(degraded).next();
    if let Some(lacking) = lacking {
        return Err(format!("it lacked something then ({lacking})"));
    }
    let then = &loaded.versions;
    let model = replays.ports.embedders.name(&organization.embedding_model);
    let numbers = [
        ("intents", then.intents, organization.intents_version),
        ("terms", then.terms, organization.terms_version),
    ];
    if then.embedding_model != model {
        return Err(format!(
            "the embedding model was {}, is {model}",
            then.embedding_model
        ));
    }
    if let Some((what, then, now)) = numbers.into_iter().find(|(_, then, now)| then != now) {
        return Err(format!(
            "the {what} of version {then} are no longer stored (now {now})"
        ));
    }
    let learned = replays.intents.settled(organization).await;
    let learned = learned.map_err(|error| format!("the intents cannot be learned: {error}"))?;
    if learned.head_version() != then.head {
        let now = learned.head_version();
        return Err(format!(
            "the head of version {} is no longer stored (now {now})",
            then.head
        ));
    }
    let mut lacking = Vec::new();
    loaded.terms = replays.terms.get(organization, &mut lacking).await;
    if let Some(lacking) = lacking.pop() {
        return Err(lacking);
    }
    loaded.intents = Some(learned.model.clone());
    Ok(())
}
