//! All vectors of one organization in memory, for SQLite: the nearest are found by looking at every one.
//!
//! Whoever is nominated is scored by its whole vector, from the table. To nominate, whole steps will do (see `steps`).

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use acs_domain::port::store::knowledge::Filter;
use uuid::Uuid;

use super::{Standing, steps};

/// A passage, as it is added.
#[derive(Debug, Clone)]
pub(crate) struct Indexed {
    /// Its number in the table: what other statements join on.
    pub(crate) number: i64,
    pub(crate) entry_id: Uuid,
    pub(crate) valid_from: Option<i64>,
    pub(crate) expires_at: Option<i64>,
}

/// What filters ask of a passage, but for its times: few kinds for many passages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    pub(crate) category: String,
    pub(crate) language: Option<String>,
    pub(crate) audience: Vec<String>,
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
    /// The place of each kind. One stays when its last passage leaves: there are few.
    kinds: HashMap<Kind, u32>,
}

#[derive(Debug, Clone)]
struct Row {
    passage: Indexed,
    kind: u32,
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
    pub(crate) fn add(&mut self, passage: Indexed, kind: Kind, vector: &[f32]) {
        if self.rows.is_empty() {
            self.dimensions = vector.len();
        }
        if vector.len() != self.dimensions || vector.is_empty() {
            return;
        }
        let kind = self.place_of(kind);
        let step = steps::size(vector);
        self.rows.push(Row { passage, kind, step });
        self.components.extend(steps::of_passage(vector, step));
    }

    fn place_of(&mut self, kind: Kind) -> u32 {
        let next = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        *self.kinds.entry(kind).or_insert(next)
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
    pub(crate) fn nearest(&self, question: &[f32], count: usize, only: &Filter, at: i64) -> Vec<i64> {
        let mut wanted = vec![false; self.kinds.len()];
        for (kind, place) in &self.kinds {
            wanted[*place as usize] = kind.passes(only);
        }
        self.nearest_among(question, count, |row| {
            wanted[row.kind as usize]
                && row.passage.valid_from.is_none_or(|begin| begin <= at)
                && row.passage.expires_at.is_none_or(|end| end > at)
        })
    }

    /// The numbers of the nearest passages of other entries than this one.
    pub(crate) fn nearest_beside(&self, entry: Uuid, vector: &[f32], count: usize) -> Vec<i64> {
        self.nearest_among(vector, count, |row| row.passage.entry_id != entry)
    }

    fn nearest_among(&self, question: &[f32], count: usize, takes: impl Fn(&Row) -> bool) -> Vec<i64> {
        if question.len() != self.dimensions || count == 0 || self.dimensions == 0 {
            return Vec::new();
        }
        let question = steps::of_question(question);
        let mut found: Vec<(f32, i64)> = self
            .components
            .chunks_exact(self.dimensions)
            .zip(&self.rows)
            .filter(|(_, row)| takes(row))
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

impl Kind {
    fn passes(&self, only: &Filter) -> bool {
        let is = |wanted: &Option<String>, has: &String| wanted.as_ref().is_none_or(|wanted| wanted == has);
        let is_for = |audience: &Vec<String>| self.audience.iter().any(|name| audience.contains(name));
        is(&only.category, &self.category)
            && self
                .language
                .as_ref()
                .is_none_or(|language| is(&only.language, language))
            && (self.audience.is_empty() || only.audience.as_ref().is_none_or(is_for))
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
            valid_from: (number == 4).then_some(50),
            expires_at: (number == 3).then_some(100),
        }
    }

    fn index<const N: usize>(vectors: &[[f32; N]]) -> VectorIndex {
        let mut index = VectorIndex::default();
        for (number, vector) in (1_i64..).zip(vectors) {
            let kind = Kind {
                category: if number % 2 == 0 { "even" } else { "odd" }.to_owned(),
                language: (number == 1).then(|| "de".to_owned()),
                audience: (number == 2).then(|| "premium".to_owned()).into_iter().collect(),
            };
            index.add(indexed(number, u128::from(number.unsigned_abs())), kind, vector);
        }
        index
    }

    #[test]
    fn the_nearest_come_out_of_those_that_may_be_found() {
        let index = index(&[[1.0, 0.0], [0.9, 0.1], [0.8, 0.2], [0.0, 1.0]]);
        let nearest = |count, only: &Filter, at| {
            let mut numbers = index.nearest(&[1.0, 0.0], count, only, at);
            numbers.sort_unstable();
            numbers
        };
        let all = Filter::default();
        assert_eq!(nearest(2, &all, 60), [1, 2]);
        assert_eq!(nearest(3, &all, 100), [1, 2, 4]);
        assert_eq!(nearest(4, &all, 49), [1, 2, 3]);
        let of = |name: &str| Filter {
            category: Some(name.to_owned()),
            ..Filter::default()
        };
        assert_eq!(nearest(9, &of("even"), 60), [2, 4]);
        assert!(nearest(9, &of("unheard"), 60).is_empty());
        let spanish = Filter {
            language: Some("es".to_owned()),
            ..Filter::default()
        };
        assert_eq!(nearest(9, &spanish, 60), [2, 3, 4]);
        let for_whom = |names: &[&str]| Filter {
            audience: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..Filter::default()
        };
        assert_eq!(nearest(9, &for_whom(&[]), 60), [1, 3, 4]);
        assert_eq!(nearest(9, &for_whom(&["basic", "premium"]), 60), [1, 2, 3, 4]);
    }

    #[test]
    fn a_vector_of_another_model_is_never_near() {
        let index = index(&[[1.0, 0.0]]);
        assert!(
            index
                .nearest(&[1.0, 0.0, 0.0], 5, &Filter::default(), 60)
                .is_empty()
        );
    }

    #[test]
    fn vectors_without_a_direction_are_no_trouble() {
        let index = index(&[[0.0, 0.0], [f32::NAN, 1.0], [f32::INFINITY, 1.0], [1.0, 0.0]]);
        assert_eq!(index.nearest(&[0.0, 0.0], 9, &Filter::default(), 60).len(), 4);
        assert_eq!(index.nearest(&[1.0, 0.0], 1, &Filter::default(), 60), [4]);
    }

    proptest! {
        #[test]
        fn what_is_left_after_removals_is_found_as_if_it_alone_had_been_added(
            vectors in proptest::collection::vec(proptest::array::uniform2(-1.0_f32..1.0), 1..40),
            removed in proptest::collection::hash_set(1_u128..40, 0..20),
        ) {
            let mut index = index(&vectors);
            index.remove(&removed.iter().map(|entry| Uuid::from_u128(*entry)).collect());
            let mut found = index.nearest(&[1.0, 0.5], 100, &Filter::default(), 60);
            found.sort_unstable();
            let left: Vec<i64> = (1..=i64::try_from(vectors.len()).unwrap())
                .filter(|number| !removed.contains(&u128::from(number.unsigned_abs())))
                .collect();
            prop_assert_eq!(&found, &left);
            // Each still lies where its own vector does.
            let along = |number: &i64| vectors[usize::try_from(number - 1).unwrap()][0];
            let nearest = index.nearest(&[1.0, 0.0], left.len() / 2, &Filter::default(), 60);
            for other in left.iter().filter(|number| !nearest.contains(number)) {
                prop_assert!(nearest.iter().all(|number| along(number) > along(other) - 0.01));
            }
        }
    }
}
