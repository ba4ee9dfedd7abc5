//! Events that leave with the commit.

use acs_domain::event::Event;
use acs_domain::port::store::{Outbox, StoreError};
use async_trait::async_trait;
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::entity::Jsonb;
use crate::entity::outbox::{Entity, Model};
use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

#[async_trait]
impl Outbox for Session {
    async fn append(&mut self, events: &[Event]) -> Result<(), StoreError> {
        for event in events {
            self.check_owner(event.organization_id)?;
        }
        let rows = events.iter().map(|event| {
            Model {
                organization_id: event.organization_id.as_uuid(),
                id: event.id.as_uuid(),
                kind: event.kind.to_string(),
                version: event.version,
                subject: event.subject,
                payload: Jsonb(event.payload.clone()),
                occurred_at: micros(event.at),
            }
            .into_active_model()
        });
        Entity::insert_many(rows)
            .exec_without_returning(self)
            .await
            .map_err(store_error)?;
        Ok(())
    }
}
