//! Training of linear heads by dual coordinate descent, one class against the rest at a time.
//!
//! An example's weight in the solution is moved to its best value while the others stand still, over and over in random
//! order. For the squared hinge loss (Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", 2008) most
//! examples soon need no weight and are left out of the rounds; for the logistic loss (Yu, Huang and Lin, "Dual coordinate
//! descent methods for logistic regression and maximum entropy models", 2011) the best value is found by Newton's method.

use super::features::Features;
use super::linear::LinearHead;

/// What is minimized besides the length of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Scores are margins: above 0 is yes. The quicker to train, mostly the more accurate.
    SquaredHinge,
    /// Scores are log odds.
    Logistic,
}

/// How a head is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// The loss.
    pub loss: Loss,
    /// What an error costs beside the length of the weights (`C`).
    pub cost: f32,
    /// What the examples of a class count when that class is told from the rest, in the order of the classes; those that
    /// are missing count 1.
    pub class_weights: Vec<f32>,
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
            loss: Loss::SquaredHinge,
            cost: 1.0,
            class_weights: Vec::new(),
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

/// Trains a head for classes `0..classes`. `stop` is asked between classes; `None` when it says so.
#[must_use]
pub fn train(
    examples: &[Example],
    classes: usize,
    options: &TrainOptions,
    stop: &dyn Fn() -> bool,
) -> Option<LinearHead> {
    let shape = Shape::of(examples);
    let counted: Vec<&Example> = examples.iter().filter(|example| example.weight > 0.0).collect();
    let squares: Vec<f32> = counted
        .iter()
        .map(|example| squared_length(&example.features))
        .collect();
    let mut columns = Vec::with_capacity(classes);
    for class in 0..classes {
        if stop() {
            return None;
        }
        let own = options.class_weights.get(class).copied().unwrap_or(1.0);
        let points = counted.iter().zip(&squares).map(|(example, squared)| {
            let positive = example.classes.iter().any(|of| usize::from(*of) == class);
            Point {
                features: &example.features,
                sign: if positive { 1.0 } else { -1.0 },
                cost: options.cost * example.weight * if positive { own } else { 1.0 },
                squared: *squared,
            }
        });
        let mut solver = Solver {
            points: points.collect(),
            weights: vec![0.0; shape.sparse + shape.dense + 1],
            shape,
            chance: options.seed,
        };
        match options.loss {
            Loss::SquaredHinge => solver.squared_hinge(options.rounds, options.tolerance),
            Loss::Logistic => solver.logistic(options.rounds, options.tolerance),
        }
        columns.push(solver.weights);
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

/// An example as one class sees it.
struct Point<'e> {
    features: &'e Features,
    sign: f32,
    cost: f32,
    /// The squared length of its features, the constant among them.
    squared: f32,
}

/// The search for the weights of one class.
struct Solver<'e> {
    points: Vec<Point<'e>>,
    /// Of the sparse features, the dense ones, and the constant.
    weights: Vec<f32>,
    shape: Shape,
    chance: u64,
}

impl Solver<'_> {
    fn squared_hinge(&mut self, rounds: usize, tolerance: f32) {
        let mut alphas = vec![0.0_f32; self.points.len()];
        let mut order: Vec<usize> = (0..self.points.len()).collect();
        let mut active = order.len();
        for _ in 0..rounds {
            let whole = active == order.len();
            let (mut most, mut least) = (f32::NEG_INFINITY, f32::INFINITY);
            self.shuffle(&mut order[..active]);
            let mut at = 0;
            while at < active {
                let n = order[at];
                let point = &self.points[n];
                let diagonal = 0.5 / point.cost;
                let slope = point.sign * self.score(n) - 1.0 + alphas[n] * diagonal;
                if alphas[n] == 0.0 && slope >= 0.0 {
                    // Right without a weight of its own: left out until the rest is solved.
                    active -= 1;
                    order.swap(at, active);
                    continue;
                }
                most = most.max(slope);
                least = least.min(slope);
                let alpha = (alphas[n] - slope / (point.squared + diagonal)).max(0.0);
                let step = (alpha - alphas[n]) * point.sign;
                alphas[n] = alpha;
                if step != 0.0 {
                    self.add(n, step);
                }
                at += 1;
            }
            if most - least <= tolerance || active == 0 {
                if whole {
                    break;
                }
                // What was left out is looked at once more.
                active = order.len();
            }
        }
    }

    fn logistic(&mut self, rounds: usize, tolerance: f32) {
        // An example's weight is cost × sigmoid(its log odds), so that it can neither leave its bounds nor be stuck there.
        let mut odds = vec![-7.0_f32; self.points.len()];
        for (n, odds) in odds.iter().enumerate() {
            let point = &self.points[n];
            self.add(n, point.sign * point.cost * super::sigmoid(*odds));
        }
        let mut order: Vec<usize> = (0..self.points.len()).collect();
        for _ in 0..rounds {
            self.shuffle(&mut order);
            let mut farthest = 0.0_f32;
            for &n in &order {
                let point = &self.points[n];
                let margin = point.sign * self.score(n);
                let curve = point.squared * point.cost;
                let before = super::sigmoid(odds[n]);
                farthest = farthest.max(point.cost.min(1.0) * (odds[n] + margin).abs().min(1.0));
                let found = balance(odds[n], curve, margin - curve * before);
                let step = point.sign * point.cost * (super::sigmoid(found) - before);
                odds[n] = found;
                self.add(n, step);
            }
            if farthest <= tolerance {
                break;
            }
        }
    }

    fn score(&self, n: usize) -> f32 {
        let (sparse, rest) = self.weights.split_at(self.shape.sparse);
        let (dense, constant) = rest.split_at(self.shape.dense);
        let features = self.points[n].features;
        let mut sum = constant[0];
        for (place, value) in &features.sparse {
            sum += sparse[*place as usize] * value;
        }
        sum + dot(&features.dense, dense)
    }

    fn add(&mut self, n: usize, step: f32) {
        let (sparse, rest) = self.weights.split_at_mut(self.shape.sparse);
        let (dense, constant) = rest.split_at_mut(self.shape.dense);
        let features = self.points[n].features;
        constant[0] += step;
        for (place, value) in &features.sparse {
            sparse[*place as usize] += step * value;
        }
        for (weight, value) in dense.iter_mut().zip(&features.dense) {
            *weight += step * value;
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

/// The t with t + curve·sigmoid(t) + rest = 0. The left side rises everywhere, so there is one, and the sigmoid's bounds
/// bound it.
fn balance(start: f32, curve: f32, rest: f32) -> f32 {
    let (mut low, mut high) = (-rest - curve, -rest);
    let mut at = start.clamp(low, high);
    for _ in 0..20 {
        let share = super::sigmoid(at);
        let value = at + curve * share + rest;
        if value.abs() < 1e-4 {
            break;
        }
        if value > 0.0 {
            high = at;
        } else {
            low = at;
        }
        let newton = at - value / (1.0 + curve * share * (1.0 - share));
        at = if newton > low && newton < high {
            newton
        } else {
            f32::midpoint(low, high)
        };
    }
    at
}

/// The sum of products, in eight lanes that the compiler adds up at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_lanes, a_rest) = a.as_chunks::<8>();
    let (b_lanes, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0_f32; 8];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

fn squared_length(features: &Features) -> f32 {
    let sparse: f32 = features.sparse.iter().map(|(_, value)| value * value).sum();
    1.0 + sparse + dot(&features.dense, &features.dense)
}

#[cfg(test)]
mod tests;
