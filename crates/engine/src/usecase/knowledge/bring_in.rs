//! Files are brought in: an entry is known again by its title, so that an import can be repeated.

use std::collections::HashMap;

use acs_domain::access::{Caller, Grant, Scope, WriteKnowledge};
use acs_domain::idempotency::Claim;
use acs_domain::knowledge::{EntryId, EntryText};
use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::WrittenEntry;
use time::OffsetDateTime;

use super::KnowledgeBase;
use super::import::{Format, Imported, Row, parse};
use super::write::{checked, next_version_by};
use crate::error::{EngineError, Thing};
use crate::once::{self, Once};
use crate::usecase::import::{Remark, off_thread, told};

/// How many entries an import writes in one unit: long enough to be quick, short enough to let others write.
const BATCH: usize = 20;
/// How often a batch is tried while others write knowledge at the same moments.
const ATTEMPTS: usize = 20;

/// Entries that are ready to be written, and what they stand on.
struct Ready {
    written: Vec<WrittenEntry>,
    created: usize,
    unchanged: usize,
    /// The known entries with their versions.
    stands_on: HashMap<EntryId, i64>,
}

impl KnowledgeBase {
    /// Brings a file in. An entry is known again by its title: a changed text becomes a new version, an equal one
    /// stays untouched, so that an import can be repeated. Rows that cannot be read are reported; the others are kept.
    pub async fn import(
        &self,
        grant: &Grant<WriteKnowledge>,
        format: Format,
        file_name: String,
        bytes: impl AsRef<[u8]> + Send + 'static,
        claim: Option<&Claim>,
    ) -> Result<Once<Imported>, EngineError> {
        let parsed = off_thread(move || parse(format, &file_name, bytes.as_ref())).await?;
        let (rows, failed) = parsed?;
        let (scope, caller) = (grant.scope(), grant.caller());
        let work = self.bring_in(scope, Some(caller), rows, failed);
        once::around(&self.ports, scope, claim, work).await
    }

    /// Brings in entries of a trusted source: the demonstration's articles.
    pub async fn seed(&self, scope: Scope, rows: Vec<Row>) -> Result<Imported, EngineError> {
        self.bring_in(scope, None, rows, Vec::new()).await
    }

    async fn bring_in(
        &self,
        scope: Scope,
        caller: Option<&Caller>,
        rows: Vec<Row>,
        mut failed: Vec<Remark>,
    ) -> Result<Imported, EngineError> {
        let at = self.ports.now();
        let checking = off_thread(move || {
            let mut good = Vec::with_capacity(rows.len());
            for row in rows {
                match checked(row.text, at) {
                    Ok(text) => good.push(text),
                    Err(errors) => failed.push(Remark {
                        line: row.line,
                        message: errors.to_string(),
                    }),
                }
            }
            (last_of_each_title(good), told(failed))
        });
        let (texts, failed) = checking.await?;
        let mut imported = Imported {
            failed,
            ..Imported::default()
        };
        for batch in texts.chunks(BATCH) {
            let ready = self.bring_in_batch(scope, caller, batch, at).await?;
            imported.created += ready.created;
            imported.updated += ready.written.len() - ready.created;
            imported.unchanged += ready.unchanged;
        }
        Ok(imported)
    }

    /// Writes a batch on what is known of its titles. If anyone wrote knowledge since they were looked up, they are
    /// looked up again: of twins that bring in the same file, the second finds the entries of the first.
    async fn bring_in_batch(
        &self,
        scope: Scope,
        caller: Option<&Caller>,
        texts: &[EntryText],
        at: OffsetDateTime,
    ) -> Result<Ready, EngineError> {
        let titles: Vec<String> = texts.iter().map(|text| text.title.clone()).collect();
        let mut earlier: Option<Ready> = None;
        for _ in 0..ATTEMPTS {
            let mut unit = self.ports.store.read(scope).await?;
            // The version first: what is written between the two queries is then noticed.
            let organization = unit.organizations().find(scope.organization_id()).await?;
            let known = unit.knowledge().find_by_titles(&titles).await?;
            drop(unit);
            let version = organization
                .ok_or(EngineError::NotFound(Thing::Organization))?
                .knowledge_version;
            let stands_on = known.iter().map(|entry| (entry.id, entry.version)).collect();
            // Meaning takes its time: only entries that changed themselves are made ready again.
            let ready = match earlier.take().filter(|ready| ready.stands_on == stands_on) {
                Some(ready) => ready,
                None => {
                    let known = known.into_iter().map(|entry| (entry.text.title.clone(), entry));
                    let mut known: HashMap<_, _> = known.collect();
                    let (mut changed, mut created, mut unchanged) = (Vec::new(), 0, 0);
                    for text in texts {
                        match known.remove(&text.title) {
                            Some(entry) if entry.text == *text => unchanged += 1,
                            Some(entry) => changed.push(next_version_by(entry, text.clone(), caller, at)),
                            None => {
                                created += 1;
                                changed.push(self.entry_by(scope, caller, text.clone(), at));
                            }
                        }
                    }
                    Ready {
                        written: self.prepare(scope, changed).await?,
                        created,
                        unchanged,
                        stands_on,
                    }
                }
            };
            if ready.written.is_empty() || self.write_on(scope, version, &ready.written, at).await? {
                return Ok(ready);
            }
            earlier = Some(ready);
        }
        Err(EngineError::Conflict(
            "others are writing knowledge at the same time: bring the file in again".into(),
        ))
    }

    /// Writes entries if the knowledge is still at `version`; `false` if it is not, and nothing was written.
    async fn write_on(
        &self,
        scope: Scope,
        version: i64,
        written: &[WrittenEntry],
        at: OffsetDateTime,
    ) -> Result<bool, EngineError> {
        let mut unit = self.ports.store.begin(scope).await?;
        match unit.knowledge().put(written).await {
            Err(StoreError::Conflict { what: "version" }) => return Ok(false),
            put => put?,
        }
        // Writing holds the organization's knowledge to the end of the unit, so this is its last version.
        let organization = unit.organizations().find(scope.organization_id()).await?;
        if organization.is_none_or(|now| now.knowledge_version != version + 1) {
            return Ok(false);
        }
        unit.outbox().append(&self.written(written, at)).await?;
        unit.commit().await?;
        Ok(true)
    }
}

/// Of texts with the same title the last one counts, as it would if they came in two files.
fn last_of_each_title(texts: Vec<EntryText>) -> Vec<EntryText> {
    let places = texts.iter().enumerate();
    let last: HashMap<String, usize> = places.map(|(place, text)| (text.title.clone(), place)).collect();
    let texts = texts.into_iter().enumerate();
    let kept = texts.filter(|(place, text)| last[&text.title] == *place);
    kept.map(|(_, text)| text).collect()
}
