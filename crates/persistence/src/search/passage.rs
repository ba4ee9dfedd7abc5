//! Passages as they are stored: written in batches, with their words and the frequencies of these; read by id.

use std::collections::{BTreeMap, HashMap, HashSet};

use acs_core::id::Id;
use acs_domain::knowledge::{FoundPassage, Passage, PassageId, Sentence, Vector};
use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::WrittenEntry;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::words::indexed_word;
use super::{Place, Standing, codec};
use crate::dialect;
use crate::error::store_error;
use crate::row::{Origin, micros};
use crate::session::Session;

/// Rows of one statement. A fixed number, so that full statements stay prepared.
const ROWS: usize = 64;
/// The columns of a row, and which of them are vectors.
const COLUMNS: usize = 17;
const EMBEDDINGS: [usize; 2] = [8, 13];

/// By how many passages each term occurs in more, or in fewer.
pub(crate) type TermChanges = BTreeMap<String, i64>;

/// Passages that are gone.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub(crate) passages: i64,
    pub(crate) terms: i64,
}

impl Session {
    /// Removes all passages of some entries, and notes it in `changes`.
    pub(crate) async fn remove_passages(
        &self,
        entries: &[Uuid],
        changes: &mut TermChanges,
    ) -> Result<Removed, StoreError> {
        if entries.is_empty() {
            return Ok(Removed::default());
        }
        let terms = if self.is_postgres() {
            "terms::text"
        } else {
            "terms"
        };
        let sql = format!(
            "DELETE FROM knowledge_passages WHERE organization_id = $1 AND {} RETURNING id, term_count, {terms}",
            dialect::id_in(self.is_postgres(), "entry_id", "$2")
        );
        let list = dialect::id_list(entries.iter().copied());
        let rows = self.rows(&sql, [self.organization().into(), list.into()]).await?;
        let mut removed = Removed::default();
        for row in &rows {
            removed.passages += 1;
            removed.terms += row.try_get_by_index::<i64>(1).map_err(store_error)?;
            let origin = passage_origin(row.try_get_by_index(0).map_err(store_error)?);
            let text: String = row.try_get_by_index(2).map_err(store_error)?;
            let terms: HashSet<String> =
                serde_json::from_str(&text).map_err(|error| origin.corrupt(error))?;
            for term in terms {
                *changes.entry(term).or_default() -= 1;
            }
        }
        Ok(removed)
    }

    /// Adds passages with their entries, and notes it in `changes`. Their vectors are left out if those of another model
    /// answer.
    pub(crate) async fn add_passages(
        &self,
        passages: &[(&WrittenEntry, &Passage)],
        standing: &Standing,
        changes: &mut TermChanges,
    ) -> Result<(), StoreError> {
        for (_, passage) in passages {
            let terms: HashSet<&String> = passage.terms.iter().collect();
            for term in terms {
                *changes.entry(term.clone()).or_default() += 1;
            }
        }
        for some in passages.chunks(ROWS) {
            let row = if self.is_postgres() {
                // The vector travels as text.
                |n: usize| {
                    let values = (1..=COLUMNS).map(|column| match column {
                        column if EMBEDDINGS.contains(&column) => {
                            format!("${}::vector", n * COLUMNS + column)
                        }
                        _ => format!("${}", n * COLUMNS + column),
                    });
                    format!("({})", values.collect::<Vec<_>>().join(", "))
                }
            } else {
                |_| format!("({})", ["?"; COLUMNS].join(", "))
            };
            let rows: Vec<String> = (0..some.len()).map(row).collect();
            let sql = format!(
                "INSERT INTO knowledge_passages (organization_id, id, entry_id, ordinal, category, expires_at, \
                 term_count, embedding, heading, content, sentences, terms, embedding_beside, sentences_beside, language, audience, \
                 valid_from) VALUES {} RETURNING id, number",
                rows.join(", ")
            );
            let values = some
                .iter()
                .flat_map(|(entry, passage)| self.passage_values(entry, passage, standing));
            let numbered = self.rows(&sql, values).await?;
            if !self.is_postgres() {
                self.index_words(some, &numbered).await?;
            }
        }
        Ok(())
    }

    fn passage_values(
        &self,
        written: &WrittenEntry,
        passage: &Passage,
        standing: &Standing,
    ) -> [Value; COLUMNS] {
        let entry = &written.entry;
        let (vector, sentences) = if standing.takes(&written.embedding_model) {
            (&*passage.vector, codec::write_sentences(&passage.sentences))
        } else {
            let bare: Vec<Sentence> = passage.sentences.iter().map(without_vector).collect();
            (&[][..], codec::write_sentences(&bare))
        };
        let (home, beside) = match standing.place {
            Place::Home => ((self.vector_value(vector), sentences), (None, None)),
            Place::Beside => (
                (self.vector_value(&[]), Vec::new()),
                (Some(self.vector_value(vector)), Some(sentences)),
            ),
        };
        let nothing = if self.is_postgres() {
            Value::from(None::<String>)
        } else {
            Value::from(None::<Vec<u8>>)
        };
        [
            self.organization().into(),
            passage.id.as_uuid().into(),
            passage.entry_id.as_uuid().into(),
            passage.ordinal.into(),
            entry.text.category.as_str().into(),
            entry.text.expires_at.map(micros).into(),
            i64::try_from(passage.terms.len()).unwrap_or(i64::MAX).into(),
            home.0,
            passage.heading.as_str().into(),
            passage.text.as_str().into(),
            home.1.into(),
            serde_json::Value::from(passage.terms.clone()).into(),
            beside.0.unwrap_or(nothing),
            beside.1.into(),
            entry.text.language.clone().into(),
            serde_json::Value::from(entry.text.audience.clone()).into(),
            entry.text.valid_from.map(micros).into(),
        ]
    }

    /// SQLite: tells the word index which words the new passages have.
    async fn index_words(
        &self,
        passages: &[(&WrittenEntry, &Passage)],
        numbered: &[QueryResult],
    ) -> Result<(), StoreError> {
        let mut numbers: HashMap<Uuid, i64> = HashMap::new();
        for row in numbered {
            let id = row.try_get_by_index(0).map_err(store_error)?;
            numbers.insert(id, row.try_get_by_index(1).map_err(store_error)?);
        }
        let rows = vec!["(?, ?)"; passages.len()].join(", ");
        let sql = format!("INSERT INTO passage_words (rowid, words) VALUES {rows}");
        let values = passages.iter().flat_map(|(_, passage)| {
            let number = numbers.get(&passage.id.as_uuid()).copied();
            let distinct: HashSet<&String> = passage.terms.iter().collect();
            let words: Vec<String> = distinct
                .into_iter()
                .map(|term| indexed_word(self.organization(), term))
                .collect();
            [Value::from(number), Value::from(words.join(" "))]
        });
        self.run(&sql, values).await?;
        Ok(())
    }

    /// Writes how many passages have each term.
    pub(crate) async fn change_frequencies(&self, mut changes: TermChanges) -> Result<(), StoreError> {
        let fewer = changes.extract_if(.., |_, by| *by < 0).collect::<TermChanges>();
        changes.retain(|_, by| *by > 0);
        let pairs = if self.is_postgres() {
            "SELECT key AS term, value::bigint AS passages FROM jsonb_each_text($2::jsonb)"
        } else {
            "SELECT key AS term, value AS passages FROM json_each($2)"
        };
        if !changes.is_empty() {
            let sql = format!(
                "INSERT INTO term_frequencies AS known (organization_id, term, passages) \
                 SELECT $1, more.term, more.passages FROM ({pairs}) AS more WHERE true \
                 ON CONFLICT (organization_id, term) DO UPDATE SET passages = known.passages + excluded.passages"
            );
            self.run(&sql, [self.organization().into(), json(&changes)?.into()])
                .await?;
        }
        if !fewer.is_empty() {
            let sql = format!(
                "UPDATE term_frequencies SET passages = term_frequencies.passages + fewer.passages \
                 FROM ({pairs}) AS fewer \
                 WHERE term_frequencies.organization_id = $1 AND term_frequencies.term = fewer.term"
            );
            self.run(&sql, [self.organization().into(), json(&fewer)?.into()])
                .await?;
            let sql = format!(
                "DELETE FROM term_frequencies WHERE organization_id = $1 AND passages = 0 AND {}",
                dialect::text_in(self.is_postgres(), "term", "$2")
            );
            let terms = dialect::text_list(fewer.keys().map(String::as_str));
            self.run(&sql, [self.organization().into(), terms.into()]).await?;
        }
        Ok(())
    }

    /// The passages with these ids, in their order, with what a reader needs to know of their entries.
    pub(crate) async fn read_passages(&self, ids: &[PassageId]) -> Result<Vec<FoundPassage>, StoreError> {
        let (terms, sent) = if self.is_postgres() {
            ("p.terms::text", "vector_send")
        } else {
            ("p.terms", "")
        };
        let in_force =
            |home: &str| format!("CASE WHEN o.vectors_beside THEN p.{home}_beside ELSE p.{home} END");
        let sql = format!(
            "SELECT p.id, p.entry_id, p.ordinal, p.heading, p.content, {terms}, {sent}({}), {}, \
                    e.title, e.category, e.source_url, e.version, e.success_count, \
                    e.updated_at \
             FROM organizations o JOIN knowledge_passages p ON p.organization_id = o.id \
             JOIN knowledge_entries e ON e.organization_id = p.organization_id AND e.id = p.entry_id \
             WHERE o.id = $1 AND p.organization_id = $1 AND {}",
            in_force("embedding"),
            in_force("sentences"),
            dialect::id_in(self.is_postgres(), "p.id", "$2")
        );
        let list = dialect::id_list(ids.iter().map(|id| id.as_uuid()));
        let rows = self.rows(&sql, [self.organization().into(), list.into()]).await?;
        let mut found: HashMap<PassageId, FoundPassage> = HashMap::new();
        for row in &rows {
            let passage = self.found_passage(row)?;
            found.insert(passage.passage.id, passage);
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    fn found_passage(&self, row: &QueryResult) -> Result<FoundPassage, StoreError> {
        let id: Uuid = row.try_get_by_index(0).map_err(store_error)?;
        let origin = passage_origin(id);
        let text = |index| row.try_get_by_index::<String>(index).map_err(store_error);
        let vector = self.vector_of(row, 6, origin)?;
        let sentences: Vec<u8> = row.try_get_by_index(7).map_err(store_error)?;
        Ok(FoundPassage {
            passage: Passage {
                id: Id::from_uuid(id),
                entry_id: Id::from_uuid(row.try_get_by_index(1).map_err(store_error)?),
                ordinal: row.try_get_by_index(2).map_err(store_error)?,
                heading: text(3)?,
                text: text(4)?,
                terms: serde_json::from_str(&text(5)?).map_err(|error| origin.corrupt(error))?,
                vector,
                sentences: codec::read_sentences(&sentences).map_err(|error| origin.corrupt(error))?,
            },
            title: text(8)?,
            category: text(9)?,
            source_url: row.try_get_by_index(10).map_err(store_error)?,
            version: row.try_get_by_index(11).map_err(store_error)?,
            success_count: row.try_get_by_index(12).map_err(store_error)?,
            updated_at: origin.time(row.try_get_by_index(13).map_err(store_error)?)?,
        })
    }
}

fn without_vector(sentence: &Sentence) -> Sentence {
    Sentence {
        vector: Vector::from([]),
        ..sentence.clone()
    }
}

fn json(changes: &TermChanges) -> Result<String, StoreError> {
    serde_json::to_string(changes).map_err(|error| StoreError::Failed(Box::new(error)))
}

pub(crate) fn passage_origin(id: Uuid) -> Origin {
    Origin {
        table: "knowledge_passages",
        id,
    }
}
