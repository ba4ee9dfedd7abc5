//! Where a customer's clock is: "tomorrow at 5" depends on it.

use acs_domain::port::store::UnitOfWork;
use acs_domain::user::User;
use time::OffsetDateTime;

use crate::error::{EngineError, Thing};
use crate::input::{NO_TIME_ZONE, is_time_zone};

/// Refuses what is no time zone.
pub(crate) fn check_time_zone(zone: Option<&str>) -> Result<(), EngineError> {
    match zone {
        Some(zone) if !is_time_zone(zone) => Err(EngineError::invalid("time_zone", NO_TIME_ZONE)),
        _ => Ok(()),
    }
}

/// Keeps the time zone that a customer is said to be in, if it is another than before.
pub(crate) async fn keep_time_zone(
    unit: &mut dyn UnitOfWork,
    customer: User,
    zone: Option<&str>,
    at: OffsetDateTime,
) -> Result<User, EngineError> {
    let Some(zone) = zone.filter(|zone| customer.timezone.as_deref() != Some(zone)) else {
        return Ok(customer);
    };
    unit.conversations().lock_customer(customer.id).await?;
    // Another unit may have changed the customer before the lock was had.
    let customer = unit.users().find(customer.id).await?;
    let mut customer = customer.ok_or(EngineError::NotFound(Thing::User))?;
    customer.timezone = Some(zone.to_owned());
    customer.updated_at = at;
    unit.users().update(&customer).await?;
    customer.version += 1;
    Ok(customer)
}
