//! Entries that say different things about the same matter: for the knowledge's editors, who mend one of them, say which holds
//! instead of the other, or that it is no conflict.

use acs_core::page::{Page, PageRequest};
use acs_domain::access::{Grant, ReadKnowledge, WriteKnowledge};
use acs_domain::conflict::{ConflictId, SeenConflict};

use super::KnowledgeBase;
use crate::error::{EngineError, Thing};

impl KnowledgeBase {
    /// The conflicts that are open, newest first.
    pub async fn conflicts(
        &self,
        grant: &Grant<ReadKnowledge>,
        page: &PageRequest,
    ) -> Result<Page<SeenConflict>, EngineError> {
        let mut unit = self.ports.store.read(grant.scope()).await?;
        Ok(unit.conflicts().list(self.ports.now(), page).await?)
    }

    /// Dismisses what is no conflict. It is told again when one of the two texts is another, and still says so.
    pub async fn dismiss_conflict(
        &self,
        grant: &Grant<WriteKnowledge>,
        id: ConflictId,
    ) -> Result<(), EngineError> {
        let mut unit = self.ports.store.begin(grant.scope()).await?;
        if !unit.conflicts().dismiss(id, self.ports.now()).await? {
            return Err(EngineError::NotFound(Thing::Conflict));
        }
        unit.commit().await?;
        Ok(())
    }
}
