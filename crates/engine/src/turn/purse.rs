//! Purse: what the models of a turn may cost is held for it while they are asked, so that turns at once do not pass the month's
//! budget together.
//!
//! The store holds it beside the turn's lease: whoever dies with it gives it back when the lease ends. Without a budget for the
//! month nothing is asked or written. A conversation's budget needs none of this: its turns run one after the other.

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::budget::Spending;
use acs_domain::organization::{Organization, month_number};
use acs_domain::turn::{Evidence, TurnId, Verdict};

use super::answer::Asked;
use super::load::Loaded;
use crate::error::{EngineError, Thing};
use crate::ports::Ports;

/// What a turn's models are paid from.
#[derive(Debug, Clone)]
pub(crate) enum Purse {
    /// The month's budget: the turn is under way.
    UnderWay {
        /// The turn.
        turn: TurnId,
        /// Which of its attempts.
        attempt: i64,
    },
    /// Nothing: the turn is run again, and this was counted as used then, or could not be told.
    Told(Option<Result<Spending, String>>),
}

/// Whether the budget had something left when the turn began.
pub(super) fn has_something_left(loaded: &Loaded, evidence: &mut Evidence) -> bool {
    exhausted(loaded, of_month(loaded)).is_none_or(|what| leave_out(evidence, what))
}

/// Whether the budget has something left now. Then it holds for the turn the most that its models can cost.
pub(super) async fn pays(ports: &Ports, asked: Asked<'_>, most: Spending, evidence: &mut Evidence) -> bool {
    let loaded = asked.loaded;
    let Some(used) = loaded.purse.hold(ports, &loaded.organization, most).await else {
        return true;
    };
    asked.tape.note_used(&used);
    match used.map(|used| exhausted(loaded, used)) {
        Ok(None) => true,
        Ok(Some(what)) => leave_out(evidence, what),
        Err(why) => {
            evidence.degraded.push(format!("models: left out, {why}"));
            false
        }
    }
}

/// How much of the budget was spent when the turn began, from 0 to 1: of the bound that is nearest; 0 without any.
pub(super) fn share_spent(loaded: &Loaded) -> f32 {
    let budget = loaded.organization.budget;
    budget.share(of_month(loaded), loaded.conversation.models)
}

/// Counts for the month what models have cost a turn that could not be committed. Where even that fails, or the commit went through
/// though nobody heard so, the count is off: by what one turn costs.
pub(super) async fn count_lost(ports: &Ports, scope: Scope, spent: Spending) {
    let counted = async {
        let mut unit = ports.store.begin(scope).await?;
        let month = month_number(ports.now());
        unit.organizations().count_models(month, spent).await?;
        unit.commit().await
    };
    if let Err(error) = counted.await {
        tracing::warn!(error = %Chain(&error), spent.tokens, spent.cost_micros, "what models cost was not counted");
    }
}

/// What of the budget is spent, if the organization's models have cost this in the month.
fn exhausted(loaded: &Loaded, month: Spending) -> Option<&'static str> {
    let budget = loaded.organization.budget;
    budget.exhausted(month, loaded.conversation.models)
}

/// What the organization's models have cost in this month.
fn of_month(loaded: &Loaded) -> Spending {
    loaded.organization.usage.models_in(month_number(loaded.at))
}

/// Always false: no model is asked.
fn leave_out(evidence: &mut Evidence, what: &str) -> bool {
    metrics::counter!("acs_model_budget_exhausted_total").increment(1);
    evidence
        .degraded
        .push("models: left out, the budget is spent".to_owned());
    evidence.verdicts.push(Verdict {
        check: "budget".to_owned(),
        decision: "composer".to_owned(),
        reason: what.to_owned(),
    });
    false
}

impl Purse {
    /// Holds the most that the turn's models may cost, and gives what counts as used in the month: what others under way hold is
    /// part of it. `None` where no budget bounds the month. Nothing is held where nothing is left; the last turn that still
    /// finds something left may pass the budget by what it costs itself.
    async fn hold(
        &self,
        ports: &Ports,
        organization: &Organization,
        most: Spending,
    ) -> Option<Result<Spending, String>> {
        let (turn, attempt) = match self {
            Self::UnderWay { turn, attempt } => (*turn, *attempt),
            Self::Told(used) => return used.clone(),
        };
        if !organization.budget.bounds_the_month() {
            return None;
        }
        let used = held(ports, organization, turn, attempt, most).await;
        Some(used.map_err(|error| {
            tracing::warn!(error = %Chain(&error), "no model is asked: the budget could not be held");
            "the budget could not be held".to_owned()
        }))
    }
}

async fn held(
    ports: &Ports,
    organization: &Organization,
    turn: TurnId,
    attempt: i64,
    most: Spending,
) -> Result<Spending, EngineError> {
    let now = ports.now();
    let mut unit = ports.store.begin(Scope::trusted(organization.id)).await?;
    let by_others = unit.turns().reserve(turn, attempt, most, now).await?;
    let by_others = by_others.ok_or(EngineError::Unavailable("another server has taken the turn over"))?;
    let present = unit.organizations().find(organization.id).await?;
    let present = present.ok_or(EngineError::NotFound(Thing::Organization))?;
    let used = present.usage.models_in(month_number(now)) + by_others;
    if organization.budget.exhausted(used, Spending::default()).is_none() {
        unit.commit().await?;
    }
    Ok(used)
}
