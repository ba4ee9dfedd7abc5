//! How good an order of entries is.

use crate::memory::Asked;

/// How many results count.
const DEPTH: usize = 10;

/// The means over some questions.
#[derive(Default)]
pub(crate) struct Measured {
    /// Normalized discounted cumulative gain over the first ten entries.
    pub(crate) ndcg: f32,
    /// The share of the right entries that is among the first ten.
    pub(crate) recall: f32,
    /// How often a right entry is the first.
    pub(crate) first: f32,
}

/// Measures the order that `order` gives to each question.
pub(crate) fn measure(asked: &[Asked], order: impl Fn(&Asked) -> Vec<usize>) -> Measured {
    let mut all = Measured::default();
    for one in asked {
        let order = order(one);
        let is_right = |entry: &usize| one.right.contains(entry);
        let gain = |place: usize| 1.0 / (place as f32 + 2.0).log2();
        let found = || (0..DEPTH).zip(&order).filter(|(_, entry)| is_right(entry));
        let ideal: f32 = (0..one.right.len().min(DEPTH)).map(gain).sum();
        all.ndcg += found().map(|(place, _)| gain(place)).sum::<f32>() / ideal;
        all.recall += found().count() as f32 / one.right.len() as f32;
        all.first += f32::from(u8::from(order.first().is_some_and(is_right)));
    }
    let count = asked.len() as f32;
    Measured {
        ndcg: all.ndcg / count,
        recall: all.recall / count,
        first: all.first / count,
    }
}
