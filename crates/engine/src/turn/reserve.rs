//! Reserve: what a turn may cost is held for it while it runs, so that turns at once do not pass the month's budget together.
//!
//! The store holds it beside the turn's lease: whoever dies with it gives it back when the lease ends. Without a budget for the
//! month nothing is asked or written. A conversation's budget needs none of this: its turns run one after the other.

use acs_domain::access::Scope;
use acs_domain::budget::Spending;
use acs_domain::message::Message;
use acs_domain::organization::{Organization, month_number};
use acs_domain::port::route::Router;
use acs_domain::turn::Turn;

use crate::error::{EngineError, Thing};
use crate::ports::Ports;

/// How many tokens a prompt may have besides the talk and the passages.
const FRAME: u64 = 4_000;
/// The longest passage, in tokens.
const PASSAGE: u64 = 1_400;
/// How many bytes make a token, at the least.
const BYTES: usize = 3;

/// Counts as used what other turns under way may cost, and holds for this one what it may, unless nothing is left. The last turn
/// that still finds something left may pass the budget by what it costs itself.
pub(super) async fn reserve(
    ports: &Ports,
    scope: Scope,
    turn: &Turn,
    organization: &mut Organization,
    router: Option<&dyn Router>,
    talk: impl Iterator<Item = &Message>,
) -> Result<(), EngineError> {
    let Some(router) = router.filter(|_| organization.budget.bounds_the_month()) else {
        return Ok(());
    };
    let most = router.most(&organization.slug, longest_prompt(ports, talk));
    if most.is_zero() {
        return Ok(());
    }
    let now = ports.now();
    let mut unit = ports.store.begin(scope).await?;
    let held = unit.turns().reserve(turn.id, turn.attempts, most, now).await?;
    let held = held.ok_or(EngineError::Unavailable("another server has taken the turn over"))?;
    let present = unit.organizations().find(organization.id).await?;
    let present = present.ok_or(EngineError::NotFound(Thing::Organization))?;
    let month = month_number(now);
    let used = present.usage.models_in(month) + held;
    organization.usage.models = used;
    organization.usage.models_month = month;
    let is_left = organization.budget.exhausted(used, Spending::default()).is_none();
    if is_left {
        unit.commit().await?;
    }
    Ok(())
}

/// The tokens of the longest prompt that may come of the talk: nothing has been found for it yet.
fn longest_prompt<'a>(ports: &Ports, talk: impl Iterator<Item = &'a Message>) -> u64 {
    let whole = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let talk: usize = talk.map(|message| message.content.len()).sum();
    let passages = PASSAGE.saturating_mul(whole(ports.settings.turns.passages));
    FRAME.saturating_add(passages).saturating_add(whole(talk / BYTES))
}
