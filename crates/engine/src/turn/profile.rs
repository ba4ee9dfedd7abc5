//! Profile: what is known of the customer, for language models to understand the message by.

use acs_core::page::PageRequest;
use acs_domain::conversation::Conversation;
use acs_domain::organization::Organization;
use acs_domain::port::store::ReadUnit;
use acs_domain::port::store::conversation::ConversationFilter;
use acs_domain::profile::{EARLIER, Profile};
use acs_domain::user::User;

use crate::error::EngineError;
use crate::ports::Ports;

/// Read only where there are models to be told of it; the conversations before only where there were some.
pub(super) async fn read(
    ports: &Ports,
    unit: &mut dyn ReadUnit,
    organization: &Organization,
    conversation: &Conversation,
    customer: Option<&User>,
) -> Result<Profile, EngineError> {
    let customer = customer.filter(|_| !ports.router.models(&organization.slug).is_empty());
    let Some(customer) = customer else {
        return Ok(Profile::default());
    };
    let mut earlier = Vec::new();
    let remember = ports.settings.turns.remember;
    if customer.total_conversations > 1 && !remember.is_zero() {
        let filter = ConversationFilter {
            customer_id: Some(customer.id),
            created_after: Some(conversation.started_at - remember),
            created_before: Some(conversation.started_at),
            ..ConversationFilter::default()
        };
        let page = PageRequest::new(Some(EARLIER), None).unwrap_or_default();
        earlier = unit.conversations().list(&filter, &page).await?.items;
    }
    Ok(Profile::of(customer, &earlier))
}
