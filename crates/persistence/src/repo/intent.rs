//! Intents and their phrases.

use std::collections::{BTreeSet, HashMap};

use acs_core::id::Id;
use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::intent::{Intent, IntentId};
use acs_domain::port::store::intent::WrittenIntent;
use acs_domain::port::store::{IntentQueries, Intents, StoreError};
use acs_domain::port::understand::Phrase;
use async_trait::async_trait;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::page::newest_first;
use crate::dialect;
use crate::entity::Jsonb;
use crate::entity::intent::{Column, Entity, Model};
use crate::entity::intent_phrase;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::search::codec;
use crate::session::Session;

/// Rows of one statement: enough to be quick, few enough for the drivers' number of values.
const ROWS: usize = 200;
/// A phrase `p` has a vector of the model `$2` in one of two places, and which it is. An empty name is any model's: the
/// vector was written before models were told apart.
const HAS_VECTOR: &str = "(p.embedding_model IN ($2, '') OR p.embedding_model_beside = $2)";
const VECTOR: &str = "CASE WHEN p.embedding_model IN ($2, '') THEN p.embedding ELSE p.embedding_beside END";

impl Session {
    fn wants(&self) -> Select<Entity> {
        Entity::find().filter(Column::OrganizationId.eq(self.organization()))
    }

    /// The intents of these rows, with their phrases: two statements, however many rows.
    async fn with_phrases(&self, rows: Vec<Model>) -> Result<Vec<Intent>, StoreError> {
        let mut phrases: HashMap<Uuid, Vec<String>> = HashMap::new();
        if !rows.is_empty() {
            let ids = dialect::id_list(rows.iter().map(|row| row.id));
            let found = intent_phrase::Entity::find()
                .select_only()
                .columns([intent_phrase::Column::IntentId, intent_phrase::Column::Phrase])
                .filter(intent_phrase::Column::OrganizationId.eq(self.organization()))
                .filter(self.among("intent_id", dialect::id_in, ids))
                .order_by_asc(intent_phrase::Column::IntentId)
                .order_by_asc(intent_phrase::Column::Ordinal)
                .into_tuple::<(Uuid, String)>()
                .all(self)
                .await
                .map_err(store_error)?;
            for (intent, phrase) in found {
                phrases.entry(intent).or_default().push(phrase);
            }
        }
        rows.into_iter()
            .map(|row| {
                let phrases = phrases.remove(&row.id).unwrap_or_default();
                intent(row, phrases)
            })
            .collect()
    }

    /// The versions that stored intents have.
    async fn intent_versions(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
        let known = self
            .wants()
            .select_only()
            .columns([Column::Id, Column::Version])
            .filter(self.among("id", dialect::id_in, dialect::id_list(ids.iter().copied())))
            .into_tuple::<(Uuid, i64)>()
            .all(self)
            .await
            .map_err(store_error)?;
        Ok(known.into_iter().collect())
    }
}

#[async_trait]
impl IntentQueries for Session {
    async fn find(&mut self, id: IntentId) -> Result<Option<Intent>, StoreError> {
        let rows = self.wants().filter(Column::Id.eq(id.as_uuid()));
        let rows = rows.all(self).await.map_err(store_error)?;
        Ok(self.with_phrases(rows).await?.pop())
    }

    async fn find_by_names(&mut self, names: &[String]) -> Result<Vec<Intent>, StoreError> {
        let names = dialect::text_list(names.iter().map(String::as_str));
        let rows = self
            .wants()
            .filter(self.among("name", dialect::text_in, names))
            .all(self)
            .await
            .map_err(store_error)?;
        self.with_phrases(rows).await
    }

    async fn list(&mut self, page: &PageRequest) -> Result<Page<Intent>, StoreError> {
        let rows = newest_first(self.wants(), Column::CreatedAt, Column::Id, page)
            .all(self)
            .await
            .map_err(store_error)?;
        let items = self.with_phrases(rows).await?;
        Ok(Page::from_rows(items, page, |item| Cursor {
            key: micros(item.created_at),
            id: item.id.as_uuid(),
        }))
    }

    async fn phrases(&mut self, embedding_model: &str) -> Result<Vec<Phrase>, StoreError> {
        let sql = format!(
            "SELECT i.id, i.name, p.phrase, {VECTOR} FROM intents i \
             JOIN intent_phrases p ON p.organization_id = i.organization_id AND p.intent_id = i.id \
             WHERE i.organization_id = $1 AND i.enabled AND {HAS_VECTOR} ORDER BY i.name, p.ordinal"
        );
        let values = [self.organization().into(), embedding_model.into()];
        self.rows(&sql, values).await?.iter().map(phrase).collect()
    }

    async fn phrases_of(
        &mut self,
        intents: &[IntentId],
        embedding_model: &str,
    ) -> Result<Vec<Phrase>, StoreError> {
        let among = dialect::id_in(self.is_postgres(), "i.id", "$3");
        let sql = format!(
            "SELECT i.id, i.name, p.phrase, {VECTOR} FROM intents i \
             JOIN intent_phrases p ON p.organization_id = i.organization_id AND p.intent_id = i.id \
             WHERE i.organization_id = $1 AND {HAS_VECTOR} AND {among} \
             ORDER BY i.name, p.ordinal"
        );
        let ids = dialect::id_list(intents.iter().map(|id| id.as_uuid()));
        let values = [self.organization().into(), embedding_model.into(), ids.into()];
        self.rows(&sql, values).await?.iter().map(phrase).collect()
    }

    async fn wordings(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        const SQL: &str = "SELECT i.name, p.phrase FROM intents i \
            JOIN intent_phrases p ON p.organization_id = i.organization_id AND p.intent_id = i.id \
            WHERE i.organization_id = $1 AND i.enabled ORDER BY i.name, p.ordinal";
        let rows = self.rows(SQL, [self.organization().into()]).await?;
        let wording = |row: &QueryResult| {
            let text = |index| row.try_get_by_index(index).map_err(store_error);
            Ok((text(0)?, text(1)?))
        };
        rows.iter().map(wording).collect()
    }
}

/// A phrase out of a row: the intent's id and name, the words, the vector.
fn phrase(row: &QueryResult) -> Result<Phrase, StoreError> {
    let origin = Origin {
        table: "intent_phrases",
        id: row.try_get_by_index(0).map_err(store_error)?,
    };
    let bytes: Vec<u8> = row.try_get_by_index(3).map_err(store_error)?;
    Ok(Phrase {
        intent: row.try_get_by_index(1).map_err(store_error)?,
        text: row.try_get_by_index(2).map_err(store_error)?,
        vector: codec::read_vector(&bytes).map_err(|error| origin.corrupt(error))?,
    })
}

#[async_trait]
impl Intents for Session {
    async fn put(&mut self, written: &[WrittenIntent]) -> Result<(), StoreError> {
        for one in written {
            self.check_owner(one.intent.organization_id)?;
            if one.vectors.len() != one.intent.training_phrases.len() {
                return Err(StoreError::Failed("every phrase has one vector".into()));
            }
        }
        let Some(at) = written.iter().map(|one| one.intent.updated_at).max() else {
            return Ok(());
        };
        self.raise_intents_version(at).await?;
        let models: BTreeSet<&str> = written.iter().map(|one| &*one.embedding_model).collect();
        for model in models {
            self.note_phrases_of(model).await?;
        }
        let ids: Vec<Uuid> = written.iter().map(|one| one.intent.id.as_uuid()).collect();
        let known = self.intent_versions(&ids).await?;
        for one in written {
            let before = known.get(&one.intent.id.as_uuid()).copied().unwrap_or(0);
            if one.intent.version != before + 1 {
                return Err(StoreError::Conflict { what: "version" });
            }
        }
        for some in written.chunks(ROWS) {
            let rows = some.iter().map(|one| model(&one.intent).into_active_model());
            Entity::insert_many(rows)
                .on_conflict(
                    OnConflict::columns([Column::OrganizationId, Column::Id])
                        .update_columns([
                            Column::Name,
                            Column::DisplayName,
                            Column::Description,
                            Column::ResponseTemplates,
                            Column::Enabled,
                            Column::Version,
                            Column::UpdatedAt,
                        ])
                        .to_owned(),
                )
                .exec_without_returning(self)
                .await
                .map_err(store_error)?;
        }
        if !known.is_empty() {
            let replaced = dialect::id_list(known.into_keys());
            intent_phrase::Entity::delete_many()
                .filter(intent_phrase::Column::OrganizationId.eq(self.organization()))
                .filter(self.among("intent_id", dialect::id_in, replaced))
                .exec(self)
                .await
                .map_err(store_error)?;
        }
        let phrases: Vec<_> = written.iter().flat_map(phrase_models).collect();
        for some in phrases.chunks(ROWS) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            intent_phrase::Entity::insert_many(rows)
                .exec_without_returning(self)
                .await
                .map_err(store_error)?;
        }
        Ok(())
    }

    async fn delete(&mut self, id: IntentId, at: OffsetDateTime) -> Result<bool, StoreError> {
        let done = Entity::delete_many()
            .filter(Column::OrganizationId.eq(self.organization()))
            .filter(Column::Id.eq(id.as_uuid()))
            .exec(self)
            .await
            .map_err(store_error)?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        self.raise_intents_version(at).await?;
        Ok(true)
    }
}

impl Session {
    /// A condition on a list of values that travels as one.
    pub(crate) fn among(
        &self,
        column: &str,
        condition: fn(bool, &str, &str) -> String,
        list: String,
    ) -> sea_orm::sea_query::SimpleExpr {
        let value = if self.is_postgres() { "$1" } else { "?" };
        Expr::cust_with_values(condition(self.is_postgres(), column, value), [list])
    }
}

fn model(it: &Intent) -> Model {
    Model {
        organization_id: it.organization_id.as_uuid(),
        id: it.id.as_uuid(),
        name: it.name.clone(),
        display_name: it.display_name.clone(),
        description: it.description.clone(),
        response_templates: Jsonb(it.response_templates.clone()),
        enabled: it.enabled,
        usage_count: it.usage_count,
        version: it.version,
        created_at: micros(it.created_at),
        updated_at: micros(it.updated_at),
    }
}

fn phrase_models(written: &WrittenIntent) -> impl Iterator<Item = intent_phrase::Model> {
    let intent = &written.intent;
    let phrases = intent.training_phrases.iter().zip(&written.vectors);
    phrases
        .zip(0_i64..)
        .map(|((phrase, vector), ordinal)| intent_phrase::Model {
            organization_id: intent.organization_id.as_uuid(),
            intent_id: intent.id.as_uuid(),
            ordinal,
            phrase: phrase.clone(),
            embedding: codec::write_vector(vector),
            embedding_model: written.embedding_model.clone(),
        })
}

fn intent(row: Model, training_phrases: Vec<String>) -> Result<Intent, StoreError> {
    let origin = Origin {
        table: "intents",
        id: row.id,
    };
    Ok(Intent {
        id: Id::from_uuid(row.id),
        organization_id: Id::from_uuid(row.organization_id),
        name: row.name,
        display_name: row.display_name,
        description: row.description,
        training_phrases,
        response_templates: row.response_templates.0,
        enabled: row.enabled,
        usage_count: row.usage_count,
        version: row.version,
        created_at: origin.time(row.created_at)?,
        updated_at: origin.time(row.updated_at)?,
    })
}
