//! All vectors of one organization in memory, for SQLite: the nearest are found by looking at every one.
//!
//! Whoever is nominated is scored by its whole vector, from the table. To nominate, whole steps will do (see `steps`).

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Standing, steps};

/// A passage, as it is added.
#[derive(Debug, Clone)]
pub(crate) struct Indexed {
    /// Its number in the table: what other statements join on.
    pub(crate) number: i64,
    pub(crate) entry_id: Uuid,
    pub(crate) expires_at: Option<i64>,
}

/// Which passages may be found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) category: Option<String>,
    pub(crate) at: i64,
}

/// The vectors of an organization's passages at one version of its knowledge.
#[derive(Debug, Clone, Default)]
pub(crate) struct VectorIndex {
    version: i64,
    /// What its vectors answer for: those of another model or place are another index.
    standing: Option<Standing>,
    /// The length of every vector: the first one's. A vector of another model has no place here.
    dimensions: usize,
    rows: Vec<Row>,
    /// Row after row.
    components: Vec<i8>,
    /// Categories by name. One stays when its last passage leaves: there are few.
    categories: HashMap<String, u32>,
}

#[derive(Debug, Clone)]
struct Row {
    passage: Indexed,
    category: u32,
    step: f32,
}

impl VectorIndex {
    /// An index of nothing yet.
    pub(crate) fn of(standing: Standing) -> Self {
        Self {
            standing: Some(standing),
            ..Self::default()
        }
    }

    pub(crate) fn is_of(&self, standing: &Standing) -> bool {
        self.standing.as_ref() == Some(standing)
    }

    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    pub(crate) fn set_version(&mut self, version: i64) {
        self.version = version;
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How much memory it takes, about.
    pub(crate) fn size_bytes(&self) -> usize {
        self.components.capacity() + self.rows.capacity() * size_of::<Row>()
    }

    /// Adds a passage. One without a vector, or with one of another length than the first one's, is left out: it is found by
    /// its words alone.
    pub(crate) fn add(&mut self, passage: Indexed, category: &str, vector: &[f32]) {
        if self.rows.is_empty() {
            self.dimensions = vector.len();
        }
        if vector.len() != self.dimensions || vector.is_empty() {
            return;
        }
        let category = self.category(category);
        let step = steps::size(vector);
        self.rows.push(Row {
            passage,
            category,
            step,
        });
        self.components.extend(steps::of_passage(vector, step));
    }

    fn category(&mut self, name: &str) -> u32 {
        if let Some(known) = self.categories.get(name) {
            return *known;
        }
        let next = u32::try_from(self.categories.len()).unwrap_or(u32::MAX);
        self.categories.insert(name.to_owned(), next);
        next
    }

    /// Removes all passages of these entries.
    pub(crate) fn remove(&mut self, entries: &HashSet<Uuid>) {
        let mut place = 0;
        while place < self.rows.len() {
            if entries.contains(&self.rows[place].passage.entry_id) {
                self.remove_at(place);
            } else {
                place += 1;
            }
        }
    }

    /// Puts the last passage in the place of another.
    fn remove_at(&mut self, place: usize) {
        let (width, last) = (self.dimensions, self.rows.len() - 1);
        self.components
            .copy_within(last * width..(last + 1) * width, place * width);
        self.components.truncate(last * width);
        self.rows.swap_remove(place);
    }

    /// The numbers of the nearest passages that may be found; equals by number, which grows as ids do.
    pub(crate) fn nearest(&self, question: &[f32], count: usize, filter: &Filter) -> Vec<i64> {
        if question.len() != self.dimensions || count == 0 || self.dimensions == 0 {
            return Vec::new();
        }
        let category = match &filter.category {
            Some(name) => match self.categories.get(name) {
                Some(category) => Some(*category),
                None => return Vec::new(),
            },
            None => None,
        };
        let may_be_found = |row: &Row| {
            row.passage.expires_at.is_none_or(|end| end > filter.at)
                && category.is_none_or(|category| category == row.category)
        };
        let question = steps::of_question(question);
        let mut found: Vec<(f32, i64)> = self
            .components
            .chunks_exact(self.dimensions)
            .zip(&self.rows)
            .filter(|(_, row)| may_be_found(row))
            .map(|(vector, row)| (steps::dot(vector, &question) * row.step, row.passage.number))
            .collect();
        let nearer =
            |a: &(f32, i64), b: &(f32, i64)| -> Ordering { b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)) };
        if found.len() > count {
            found.select_nth_unstable_by(count, nearer);
            found.truncate(count);
        }
        found.into_iter().map(|(_, number)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn indexed(number: i64, entry: u128) -> Indexed {
        Indexed {
            number,
            entry_id: Uuid::from_u128(entry),
            expires_at: (number == 3).then_some(100),
        }
    }

    fn index<const N: usize>(vectors: &[[f32; N]]) -> VectorIndex {
        let mut index = VectorIndex::default();
        for (number, vector) in (1_i64..).zip(vectors) {
            let category = if number % 2 == 0 { "even" } else { "odd" };
            let passage = indexed(number, u128::from(number.unsigned_abs()));
            index.add(passage, category, vector);
        }
        index
    }

    #[test]
    fn the_nearest_come_out_of_those_that_may_be_found() {
        let index = index(&[[1.0, 0.0], [0.9, 0.1], [0.8, 0.2], [0.0, 1.0]]);
        let nearest = |count, filter: &Filter| {
            let mut numbers = index.nearest(&[1.0, 0.0], count, filter);
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(nearest(2, &Filter::default()), [1, 2]);
        assert_eq!(
            nearest(
                3,
                &Filter {
                    category: None,
                    at: 100
                }
            ),
            [1, 2, 4]
        );
        let even = Filter {
            category: Some("even".to_owned()),
            at: 0,
        };
        assert_eq!(nearest(9, &even), [2, 4]);
        let unheard = Filter {
            category: Some("unheard".to_owned()),
            at: 0,
        };
        assert!(nearest(9, &unheard).is_empty());
    }

    #[test]
    fn a_vector_of_another_model_is_never_near() {
        let index = index(&[[1.0, 0.0]]);
        assert!(index.nearest(&[1.0, 0.0, 0.0], 5, &Filter::default()).is_empty());
    }

    #[test]
    fn vectors_without_a_direction_are_no_trouble() {
        let index = index(&[[0.0, 0.0], [f32::NAN, 1.0], [f32::INFINITY, 1.0], [1.0, 0.0]]);
        assert_eq!(index.nearest(&[0.0, 0.0], 9, &Filter::default()).len(), 4);
        assert_eq!(index.nearest(&[1.0, 0.0], 1, &Filter::default()), [4]);
    }

    proptest! {
        #[test]
        fn what_is_left_after_removals_is_found_as_if_it_alone_had_been_added(
            vectors in proptest::collection::vec(proptest::array::uniform2(-1.0_f32..1.0), 1..40),
            removed in proptest::collection::hash_set(1_u128..40, 0..20),
        ) {
            let mut index = index(&vectors);
            index.remove(&removed.iter().map(|entry| Uuid::from_u128(*entry)).collect());
            let mut found = index.nearest(&[1.0, 0.5], 100, &Filter::default());
            found.sort_unstable();
            let left: Vec<i64> = (1..=i64::try_from(vectors.len()).unwrap())
                .filter(|number| !removed.contains(&u128::from(number.unsigned_abs())))
                .collect();
            prop_assert_eq!(&found, &left);
            // Each still lies where its own vector does.
            let along = |number: &i64| vectors[usize::try_from(number - 1).unwrap()][0];
            let nearest = index.nearest(&[1.0, 0.0], left.len() / 2, &Filter::default());
            for other in left.iter().filter(|number| !nearest.contains(number)) {
                prop_assert!(nearest.iter().all(|number| along(number) > along(other) - 0.01));
            }
        }
    }
}
