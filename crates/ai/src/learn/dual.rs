//! Training of linear heads by dual coordinate descent, one class against the rest, squared hinge loss (Hsieh et al., "A dual
//! coordinate descent method for large-scale linear SVM", 2008).
//!
//! An example's weight in the solution is moved to its best value while the others stand still, over and over in random
//! order. [`LANES`] classes are trained side by side, so that an example is read once for all of them. Most examples are of
//! none of these and soon need no weight: the rounds begin with those that are of one and a sample of the others, and the
//! rest is looked at when these are solved.

use super::features::Features;
use super::linear::LinearHead;

/// How a head is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// What an error costs beside the length of the weights (`C`).
    pub cost: f32,
    /// As many rounds over all examples at the most.
    pub rounds: usize,
    /// The gap to the best solution at which the rounds end.
    pub tolerance: f32,
    /// Of the random order.
    pub seed: u64,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            cost: 1.0,
            rounds: 100,
            tolerance: 0.1,
            seed: 1,
        }
    }
}

/// A text to learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The text as numbers.
    pub features: Features,
    /// The classes that it is of: one, several or none.
    pub classes: Vec<u16>,
    /// How much it counts: 1 usually, 0 leaves it out.
    pub weight: f32,
}

/// Classes that are trained side by side.
const LANES: usize = 8;
/// One number for each of them.
type Lanes = [f32; LANES];

/// As many examples that are of none of the classes are looked at in the first rounds.
const SAMPLE: usize = 1_000;

/// Trains a head for classes `0..classes`. `stop` is asked in every round; `None` when it says so.
#[must_use]
pub fn train(
    examples: &[Example],
    classes: usize,
    options: &TrainOptions,
    stop: &dyn Fn() -> bool,
) -> Option<LinearHead> {
    let shape = Shape::of(examples);
    let counted = examples.iter().filter(|example| example.weight > 0.0);
    let points: Vec<Point<'_>> = counted
        .map(|example| Point {
            features: &example.features,
            classes: &example.classes,
            softness: 0.5 / (options.cost * example.weight),
            squared: squared_length(&example.features),
        })
        .collect();
    let mut columns = Vec::with_capacity(classes);
    for first in (0..classes).step_by(LANES) {
        let mut solver = Solver::new(&points, shape, first, options.seed);
        solver.solve(options, stop)?;
        for lane in 0..LANES.min(classes - first) {
            columns.push(solver.weights.iter().map(|weights| weights[lane]).collect());
        }
    }
    Some(LinearHead::from_columns(&columns, shape.sparse))
}

/// How many features of each kind there are.
#[derive(Debug, Clone, Copy)]
struct Shape {
    sparse: usize,
    dense: usize,
}

impl Shape {
    fn of(examples: &[Example]) -> Self {
        let places = examples
            .iter()
            .flat_map(|example| &example.features.sparse)
            .map(|(place, _)| *place as usize + 1);
        let dense = examples.iter().map(|example| example.features.dense.len());
        Self {
            sparse: places.max().unwrap_or(0),
            dense: dense.max().unwrap_or(0),
        }
    }
}

/// An example that counts.
struct Point<'e> {
    features: &'e Features,
    classes: &'e [u16],
    /// How little an error about it costs.
    softness: f32,
    /// The squared length of its features, the constant among them.
    squared: f32,
}

/// The search for the weights of some classes.
struct Solver<'p> {
    points: &'p [Point<'p>],
    shape: Shape,
    /// For each point 1 where it is of the class, -1 where it is not.
    signs: Vec<Lanes>,
    /// The weights of the points in the solution.
    alphas: Vec<Lanes>,
    /// Of the sparse features, the dense ones, and the constant.
    weights: Vec<Lanes>,
    chance: u64,
}

impl<'p> Solver<'p> {
    fn new(points: &'p [Point<'p>], shape: Shape, first: usize, seed: u64) -> Self {
        let signs = |point: &Point<'_>| {
            let mut signs = [-1.0; LANES];
            for class in point.classes {
                let lane = usize::from(*class).wrapping_sub(first);
                if let Some(sign) = signs.get_mut(lane) {
                    *sign = 1.0;
                }
            }
            signs
        };
        Self {
            points,
            shape,
            signs: points.iter().map(signs).collect(),
            alphas: vec![[0.0; LANES]; points.len()],
            weights: vec![[0.0; LANES]; shape.sparse + shape.dense + 1],
            chance: seed,
        }
    }

    fn solve(&mut self, options: &TrainOptions, stop: &dyn Fn() -> bool) -> Option<()> {
        let mut order: Vec<usize> = (0..self.points.len()).collect();
        self.shuffle(&mut order);
        // Stable: the order within the two parts is the random one.
        order.sort_by_key(|n| !self.signs[*n].contains(&1.0));
        let own = order.partition_point(|n| self.signs[*n].contains(&1.0));
        let mut active = (own + SAMPLE.max(own)).min(order.len());
        for _ in 0..options.rounds {
            if stop() {
                return None;
            }
            let whole = active == order.len();
            self.shuffle(&mut order[..active]);
            let (mut most, mut least) = ([f32::NEG_INFINITY; LANES], [f32::INFINITY; LANES]);
            let mut at = 0;
            while at < active {
                if self.step(order[at], &mut most, &mut least) {
                    at += 1;
                } else {
                    // Right without a weight of its own: left out until the rest is solved.
                    active -= 1;
                    order.swap(at, active);
                }
            }
            let gap = most.iter().zip(&least).map(|(most, least)| most - least);
            if gap.fold(0.0, f32::max) <= options.tolerance {
                if whole {
                    break;
                }
                // What was left out is looked at once more.
                active = order.len();
            }
        }
        Some(())
    }

    /// Moves a point's weights to their best values; whether it needs any.
    fn step(&mut self, n: usize, most: &mut Lanes, least: &mut Lanes) -> bool {
        let point = &self.points[n];
        let scores = self.scores(n);
        let (signs, alphas) = (&self.signs[n], &mut self.alphas[n]);
        let inverse = 1.0 / (point.squared + point.softness);
        let (mut steps, mut needs, mut moves) = ([0.0; LANES], false, false);
        for lane in 0..LANES {
            let slope = signs[lane] * scores[lane] - 1.0 + alphas[lane] * point.softness;
            if alphas[lane] == 0.0 && slope >= 0.0 {
                continue;
            }
            needs = true;
            most[lane] = most[lane].max(slope);
            least[lane] = least[lane].min(slope);
            let alpha = (alphas[lane] - slope * inverse).max(0.0);
            steps[lane] = (alpha - alphas[lane]) * signs[lane];
            moves |= steps[lane] != 0.0;
            alphas[lane] = alpha;
        }
        if moves {
            self.add(n, &steps);
        }
        needs
    }

    fn scores(&self, n: usize) -> Lanes {
        let (sparse, rest) = self.weights.split_at(self.shape.sparse);
        let (dense, constant) = rest.split_at(self.shape.dense);
        let features = self.points[n].features;
        let mut scores = constant[0];
        for (place, value) in &features.sparse {
            add(&mut scores, &sparse[*place as usize], *value);
        }
        for (weights, value) in dense.iter().zip(&features.dense) {
            add(&mut scores, weights, *value);
        }
        scores
    }

    fn add(&mut self, n: usize, steps: &Lanes) {
        let (sparse, rest) = self.weights.split_at_mut(self.shape.sparse);
        let (dense, constant) = rest.split_at_mut(self.shape.dense);
        let features = self.points[n].features;
        add(&mut constant[0], steps, 1.0);
        for (place, value) in &features.sparse {
            add(&mut sparse[*place as usize], steps, *value);
        }
        for (weights, value) in dense.iter_mut().zip(&features.dense) {
            add(weights, steps, *value);
        }
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            // Far below 2³², so that the remainder is as good as even.
            let other = (self.random() >> 32) as usize % (last + 1);
            order.swap(last, other);
        }
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    fn random(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Adds so many times the others.
fn add(lanes: &mut Lanes, others: &Lanes, times: f32) {
    for lane in 0..LANES {
        lanes[lane] += times * others[lane];
    }
}

fn squared_length(features: &Features) -> f32 {
    let square = |value: &f32| value * value;
    let sparse: f32 = features.sparse.iter().map(|(_, value)| value * value).sum();
    1.0 + sparse + features.dense.iter().map(square).sum::<f32>()
}

#[cfg(test)]
mod tests;
