//! Purse: what the models of a turn may cost is held for it while they are asked, so that turns at once do not pass the month's
//! budget together.
//!
//! The store holds it beside the turn's lease: whoever dies with it gives it back when the lease ends. Without a budget for the
//! month nothing is asked or written. A conversation's budget needs none of this: its turns run one after the other.

use acs_core::error::Chain;
use acs_domain::access::Scope;
use acs_domain::budget::Spending;
use acs_domain::organization::{Organization, month_number};
use acs_domain::turn::TurnId;

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

impl Purse {
    /// Holds the most that the turn's models may cost, and gives what counts as used in the month: what others under way hold is
    /// part of it. `None` where no budget bounds the month. Nothing is held where nothing is left; the last turn that still
    /// finds something left may pass the budget by what it costs itself.
    pub(super) async fn hold(
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
