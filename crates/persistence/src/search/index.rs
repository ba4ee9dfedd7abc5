//! All vectors of one organization in memory, for SQLite: the nearest are found by looking at every one.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use uuid::Uuid;

/// A passage as the index holds it.
#[derive(Debug, Clone)]
pub(crate) struct Indexed {
    /// Its number in the table: what other statements join on.
    pub(crate) number: i64,
    pub(crate) id: Uuid,
    pub(crate) entry_id: Uuid,
    pub(crate) category: String,
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
    /// The length of every vector: the first one's. A vector of another model has no place here.
    dimensions: usize,
    rows: Vec<Indexed>,
    /// Row after row.
    components: Vec<f32>,
    places: HashMap<i64, usize>,
}

impl VectorIndex {
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
        const PLACE: usize = 24;
        self.components.capacity() * size_of::<f32>() + self.rows.capacity() * (size_of::<Indexed>() + PLACE)
    }

    /// Adds a passage. A vector of another length than the first one's is left out: it is found by its words alone.
    pub(crate) fn add(&mut self, row: Indexed, vector: impl ExactSizeIterator<Item = f32>) {
        if self.rows.is_empty() {
            self.dimensions = vector.len();
        }
        if vector.len() == self.dimensions {
            self.places.insert(row.number, self.rows.len());
            self.rows.push(row);
            self.components.extend(vector);
        }
    }

    /// Removes all passages of these entries.
    pub(crate) fn remove(&mut self, entries: &HashSet<Uuid>) {
        let mut place = 0;
        while place < self.rows.len() {
            if entries.contains(&self.rows[place].entry_id) {
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
        let removed = self.rows.swap_remove(place);
        self.places.remove(&removed.number);
        if let Some(moved) = self.rows.get(place) {
            self.places.insert(moved.number, place);
        }
    }

    /// The cosine of a passage and the question; 0 if it has no vector of this length.
    pub(crate) fn cosine(&self, number: i64, question: &[f32]) -> f32 {
        match self.places.get(&number) {
            Some(place) if question.len() == self.dimensions => dot(self.vector(*place), question),
            _ => 0.0,
        }
    }

    /// The numbers of the nearest passages that may be found; ties by id.
    pub(crate) fn nearest(&self, question: &[f32], count: usize, filter: &Filter) -> Vec<i64> {
        if question.len() != self.dimensions || count == 0 || self.dimensions == 0 {
            return Vec::new();
        }
        let vectors = self.components.chunks_exact(self.dimensions);
        let mut found: Vec<(f32, &Indexed)> = vectors
            .zip(&self.rows)
            .filter(|(_, row)| filter.admits(row))
            .map(|(vector, row)| (dot(vector, question), row))
            .collect();
        let nearer = |a: &(f32, &Indexed), b: &(f32, &Indexed)| -> Ordering {
            b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id))
        };
        if found.len() > count {
            found.select_nth_unstable_by(count, nearer);
            found.truncate(count);
        }
        found.into_iter().map(|(_, row)| row.number).collect()
    }

    fn vector(&self, place: usize) -> &[f32] {
        self.components
            .get(place * self.dimensions..(place + 1) * self.dimensions)
            .unwrap_or_default()
    }
}

impl Filter {
    fn admits(&self, row: &Indexed) -> bool {
        row.expires_at.is_none_or(|end| end > self.at)
            && self
                .category
                .as_ref()
                .is_none_or(|category| *category == row.category)
    }
}

/// The dot product, in sixteen sums side by side so that the compiler uses vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn indexed(number: i64, entry: u128) -> Indexed {
        Indexed {
            number,
            id: Uuid::from_u128(u128::from(number.unsigned_abs())),
            entry_id: Uuid::from_u128(entry),
            category: if number % 2 == 0 { "even" } else { "odd" }.to_owned(),
            expires_at: (number == 3).then_some(100),
        }
    }

    fn index(vectors: &[[f32; 2]]) -> VectorIndex {
        let mut index = VectorIndex::default();
        for (number, vector) in (1_i64..).zip(vectors) {
            index.add(
                indexed(number, u128::from(number.unsigned_abs())),
                vector.iter().copied(),
            );
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
    }

    #[test]
    fn a_vector_of_another_model_is_never_near() {
        let index = index(&[[1.0, 0.0]]);
        assert!(index.nearest(&[1.0, 0.0, 0.0], 5, &Filter::default()).is_empty());
        assert!(index.cosine(1, &[1.0, 0.0, 0.0]).abs() < f32::EPSILON);
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
            for number in left {
                let [x, y] = vectors[usize::try_from(number - 1).unwrap()];
                prop_assert!((index.cosine(number, &[1.0, 0.5]) - (x + 0.5 * y)).abs() < 1e-5);
            }
        }

        #[test]
        fn the_dot_product_is_that_of_the_textbook(vector in proptest::collection::vec(-1.0_f32..1.0, 0..100)) {
            let plain: f32 = vector.iter().map(|x| x * x).sum();
            prop_assert!((dot(&vector, &vector) - plain).abs() < 1e-3);
        }
    }
}
