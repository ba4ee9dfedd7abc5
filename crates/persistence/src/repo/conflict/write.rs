//! Keeping what was found, and how far everything is compared.

use std::collections::HashSet;

use acs_domain::conflict::{Conflict, ConflictId};
use acs_domain::port::store::conflict::Progress;
use acs_domain::port::store::{Conflicts, StoreError};
use async_trait::async_trait;
use sea_orm::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::store_error;
use crate::row::micros;
use crate::session::Session;

/// Rows of one statement.
const ROWS: usize = 100;
/// The types of a row's columns.
const TYPES: [&str; 10] = [
    "uuid", "uuid", "bigint", "text", "uuid", "bigint", "text", "bytea", "text", "bigint",
];

impl Session {
    async fn put_conflicts(&self, conflicts: &[(&Conflict, Vec<u8>)]) -> Result<(), StoreError> {
        // A text that was replaced since it was read says nothing any more.
        let sql = format!(
            "INSERT INTO knowledge_conflicts AS known (organization_id, id, entry_id, entry_version, sentence, \
                 other_id, other_version, other_sentence, digest, difference, found_at) \
             SELECT $1, v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7, v.column8, \
                 v.column9, v.column10 FROM (VALUES {}) AS v \
             JOIN knowledge_entries e ON e.organization_id = $1 AND e.id = v.column2 AND e.version = v.column3 \
             JOIN knowledge_entries o ON o.organization_id = $1 AND o.id = v.column5 AND o.version = v.column6 \
             WHERE true \
             ON CONFLICT (organization_id, entry_id, other_id, digest) DO UPDATE SET \
                 entry_version = excluded.entry_version, other_version = excluded.other_version, \
                 difference = excluded.difference, \
                 dismissed_at = CASE WHEN known.entry_version = excluded.entry_version \
                     AND known.other_version = excluded.other_version THEN known.dismissed_at END",
            self.value_rows(conflicts.len(), &TYPES, 2)
        );
        let values = conflicts.iter().flat_map(|(conflict, digest)| {
            let [one, other] = &conflict.sides;
            [
                Value::from(conflict.id.as_uuid()),
                one.entry_id.as_uuid().into(),
                one.version.into(),
                one.sentence.as_str().into(),
                other.entry_id.as_uuid().into(),
                other.version.into(),
                other.sentence.as_str().into(),
                digest.clone().into(),
                conflict.difference.as_str().into(),
                micros(conflict.found_at).into(),
            ]
        });
        let values = std::iter::once(Value::from(self.organization())).chain(values);
        self.run(&sql, values).await?;
        Ok(())
    }
}

#[async_trait]
impl Conflicts for Session {
    async fn acquire(
        &mut self,
        owner: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        // Whoever comes second waits at the row, and then sees the lease of the first.
        const SQL: &str = "INSERT INTO knowledge_comparisons AS known \
            (organization_id, compared_version, revision, entry_id, ordinal, lease_owner, lease_expires_at, attempts) \
            VALUES ($1, 0, 0, $5, 0, $2, $3, 1) \
            ON CONFLICT (organization_id) DO UPDATE \
            SET lease_owner = $2, lease_expires_at = $3, attempts = known.attempts + 1 \
            WHERE known.lease_expires_at <= $4 RETURNING attempts";
        let values: [Value; 5] = [
            self.organization().into(),
            owner.into(),
            micros(until).into(),
            micros(now).into(),
            Uuid::nil().into(),
        ];
        let acquired = self.rows(SQL, values).await?;
        let attempt = acquired.first().map(|row| row.try_get_by_index(0));
        attempt.transpose().map_err(store_error)
    }

    async fn renew(&mut self, attempt: i64, until: OffsetDateTime) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE knowledge_comparisons SET lease_expires_at = $3 WHERE organization_id = $1 AND attempts = $2";
        let values = [self.organization().into(), attempt.into(), micros(until).into()];
        Ok(self.run(SQL, values).await? == 1)
    }

    async fn keep(
        &mut self,
        attempt: i64,
        found: &[Conflict],
        progress: &Progress,
    ) -> Result<bool, StoreError> {
        const GO_ON: &str = "UPDATE knowledge_comparisons \
            SET compared_version = $3, revision = $4, entry_id = $5, ordinal = $6 \
            WHERE organization_id = $1 AND attempts = $2 AND compared_version <= $3";
        const FORGET: &str = "DELETE FROM knowledge_conflicts WHERE organization_id = $1 AND NOT EXISTS (\
                SELECT 1 FROM knowledge_entries e \
                JOIN knowledge_entries o ON o.organization_id = e.organization_id \
                WHERE e.organization_id = $1 AND e.id = entry_id AND e.version = entry_version \
                AND o.id = other_id AND o.version = other_version) \
            AND EXISTS (SELECT 1 FROM organizations WHERE id = $1 AND knowledge_version = $2)";
        let (revision, entry, ordinal) = progress.passage;
        let values: [Value; 6] = [
            self.organization().into(),
            attempt.into(),
            progress.version.into(),
            revision.into(),
            entry.as_uuid().into(),
            ordinal.into(),
        ];
        if self.run(GO_ON, values).await? != 1 {
            return Ok(false);
        }
        let mut seen = HashSet::new();
        let rows = found.iter().map(|conflict| (conflict, digest(conflict)));
        // One statement cannot write a row twice.
        let rows: Vec<_> = rows
            .filter(|(conflict, digest)| {
                seen.insert((
                    conflict.sides.each_ref().map(|side| side.entry_id),
                    digest.clone(),
                ))
            })
            .collect();
        for some in rows.chunks(ROWS) {
            self.put_conflicts(some).await?;
        }
        // Before everything is compared, one that is found again could not be told from a new one.
        self.run(FORGET, [self.organization().into(), progress.version.into()])
            .await?;
        Ok(true)
    }

    async fn dismiss(&mut self, id: ConflictId, at: OffsetDateTime) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE knowledge_conflicts SET dismissed_at = $3 \
            WHERE organization_id = $1 AND id = $2 AND dismissed_at IS NULL";
        let values = [self.organization().into(), id.as_uuid().into(), micros(at).into()];
        Ok(self.run(SQL, values).await? == 1)
    }
}

/// What a conflict is known by: what both sides say.
fn digest(conflict: &Conflict) -> Vec<u8> {
    let [one, other] = &conflict.sides;
    let mut digest = Sha256::new();
    // A length before each, so that no other two sentences join to the same bytes.
    for sentence in [&one.sentence, &other.sentence] {
        digest.update((sentence.len() as u64).to_le_bytes());
        digest.update(sentence);
    }
    digest.finalize().to_vec()
}
