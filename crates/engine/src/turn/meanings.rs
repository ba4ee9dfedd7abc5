//! Meanings: where the texts of a turn lie, taken down for its record; or where they lay, from one.

use std::sync::{Mutex, PoisonError};

use acs_domain::knowledge::Vector;
use acs_domain::port::understand::Clause;
use acs_domain::record::{Meaning, VectorRecord};

use super::load::Loaded;
use crate::meaning::meaning;
use crate::ports::Ports;

/// The meanings of a turn's texts.
pub(super) struct Meanings {
    given: Vec<Meaning>,
    told: Mutex<Vec<Meaning>>,
}

impl Meanings {
    /// The meanings of these texts are not asked for.
    pub(super) fn knowing(given: Vec<Meaning>) -> Self {
        Self {
            given,
            told: Mutex::default(),
        }
    }

    /// The place of a text in meaning, or why there is none.
    pub(super) async fn of(&self, ports: &Ports, loaded: &Loaded, text: &str) -> Result<Vector, String> {
        let known = self.given.iter().find(|known| known.text == text);
        let place = match known {
            Some(known) => known.place.clone().map(|VectorRecord(vector)| vector),
            None => meaning(ports, text, &loaded.versions.embedding_model)
                .await
                .map_err(str::to_owned),
        };
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Meaning {
                text: text.to_owned(),
                place: place.clone().map(VectorRecord),
            });
        place
    }

    /// The meanings of the clauses of a text that may want several things.
    pub(super) async fn of_clauses(&self, ports: &Ports, loaded: &Loaded, text: &str) -> Vec<Clause> {
        let meant = ports.understanding.clauses(text).into_iter().map(async |text| {
            let vector = self.of(ports, loaded, &text).await.ok();
            Clause { text, vector }
        });
        futures::future::join_all(meant).await
    }

    /// All that were asked for.
    pub(super) fn told(self) -> Vec<Meaning> {
        self.told.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
