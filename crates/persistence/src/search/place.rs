//! The two places that a passage has for vectors. One answers, the other is filled beside it while an organization moves to
//! another embedding model. See docs/adr/0009-two-places-for-a-vector.md.

use acs_domain::knowledge::Vector;
use acs_domain::port::store::StoreError;
use sea_orm::{QueryResult, Value};

use super::codec;
use crate::error::store_error;
use crate::row::Origin;
use crate::session::Session;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Home,
    Beside,
}

/// What answers for an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The model that made the vectors; empty where nobody has told.
    pub(crate) model: String,
    pub(crate) place: Place,
}

impl Place {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Home => Self::Beside,
            Self::Beside => Self::Home,
        }
    }

    /// The column of the passages' vectors.
    pub(crate) fn embedding(self) -> &'static str {
        match self {
            Self::Home => "embedding",
            Self::Beside => "embedding_beside",
        }
    }

    /// The column of the sentences with theirs.
    pub(crate) fn sentences(self) -> &'static str {
        match self {
            Self::Home => "sentences",
            Self::Beside => "sentences_beside",
        }
    }

    /// That a passage `p` has no vector here.
    pub(crate) fn is_empty(self, postgres: bool) -> &'static str {
        match (self, postgres) {
            (Self::Home, true) => "vector_dims(p.embedding) = 1",
            (Self::Beside, true) => "coalesce(vector_dims(p.embedding_beside), 1) = 1",
            (Self::Home, false) => "length(p.embedding) = 0",
            (Self::Beside, false) => "coalesce(length(p.embedding_beside), 0) = 0",
        }
    }

    /// What stands in the columns of a passage that has no vector and no sentences here. The place at home may not be null.
    pub(crate) fn cleared(self, postgres: bool) -> &'static str {
        match (self, postgres) {
            (Self::Home, true) => "embedding = '[0]'::vector, sentences = ''::bytea",
            (Self::Home, false) => "embedding = X'', sentences = X''",
            (Self::Beside, _) => "embedding_beside = NULL, sentences_beside = NULL",
        }
    }
}

impl Standing {
    /// Whether vectors of a model are those that answer.
    pub(crate) fn takes(&self, model: &str) -> bool {
        self.model == model || self.model.is_empty()
    }

    /// Out of two columns of `organizations`: `embedding_model` and `vectors_beside`.
    pub(crate) fn read(row: &QueryResult, first: usize) -> Result<Self, StoreError> {
        let beside: bool = row.try_get_by_index(first + 1).map_err(store_error)?;
        Ok(Self {
            model: row.try_get_by_index(first).map_err(store_error)?,
            place: if beside { Place::Beside } else { Place::Home },
        })
    }
}

impl Session {
    /// The vector in a column; an empty one where the place has none.
    pub(crate) fn vector_of(
        &self,
        row: &QueryResult,
        column: usize,
        origin: Origin,
    ) -> Result<Vector, StoreError> {
        let bytes: Option<Vec<u8>> = row.try_get_by_index(column).map_err(store_error)?;
        let Some(bytes) = bytes else {
            return Ok(Vector::from([]));
        };
        let vector = if self.is_postgres() {
            codec::read_sent(&bytes)
        } else {
            codec::read_vector(&bytes)
        };
        let vector = vector.map_err(|error| origin.corrupt(error))?;
        // What stands for no vector on PostgreSQL.
        if *vector == [0.0] {
            return Ok(Vector::from([]));
        }
        Ok(vector)
    }

    /// A vector as this dialect takes it; none as a place without one has it.
    pub(crate) fn vector_value(&self, vector: &[f32]) -> Value {
        match (self.is_postgres(), vector.is_empty()) {
            (true, true) => "[0]".into(),
            (true, false) => codec::write_text(vector).into(),
            (false, _) => codec::write_vector(vector).into(),
        }
    }
}
