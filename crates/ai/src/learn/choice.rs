//! What speaks for one of several: weights under which the right ones are the least surprising (the conditional logit of
//! McFadden, "Conditional logit analysis of qualitative choice behavior", 1974).

/// Rounds of Newton's method; a handful is enough.
const ROUNDS: usize = 20;
/// A step that gains less ends the search.
const ENOUGH: f64 = 1e-6;

/// Options, each with what speaks for it, and the place of the right one.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice<const N: usize> {
    /// What speaks for each.
    pub options: Vec<[f32; N]>,
    /// The place of the right one.
    pub right: usize,
}

/// The weights, drawn towards `prior` with this `strength`: the larger, the more choices it takes to leave it.
#[must_use]
pub fn weigh<const N: usize>(choices: &[Choice<N>], prior: [f64; N], strength: f64) -> [f64; N] {
    let mut weights = prior;
    let mut at = Surprise::of(choices, &weights, &prior, strength);
    for _ in 0..ROUNDS {
        let step = solve(at.curve, at.slope);
        // Half the way again and again, until it is better there.
        let better = (0..10).find_map(|halvings| {
            let part = 0.5_f64.powi(halvings);
            let there: [f64; N] = std::array::from_fn(|place| weights[place] - part * step[place]);
            let found = Surprise::of(choices, &there, &prior, strength);
            (found.sum < at.sum).then_some((there, found))
        });
        let Some((there, found)) = better else { break };
        let gained = at.sum - found.sum;
        (weights, at) = (there, found);
        if gained < ENOUGH {
            break;
        }
    }
    weights
}

/// How surprising the right ones are, how that changes with the weights, and how the change changes.
struct Surprise<const N: usize> {
    sum: f64,
    slope: [f64; N],
    curve: [[f64; N]; N],
}

impl<const N: usize> Surprise<N> {
    fn of(choices: &[Choice<N>], weights: &[f64; N], prior: &[f64; N], strength: f64) -> Self {
        let (mut sum, mut slope, mut curve) = (0.0, [0.0; N], [[0.0; N]; N]);
        for place in 0..N {
            let away = weights[place] - prior[place];
            sum += 0.5 * strength * away * away;
            slope[place] = strength * away;
            // A trace, so that what says nothing has a curve too.
            curve[place][place] = strength + 1e-9;
        }
        for choice in choices
            .iter()
            .filter(|choice| choice.right < choice.options.len())
        {
            let logits: Vec<f64> = choice.options.iter().map(|x| dot(x, weights)).collect();
            let highest = logits.iter().copied().fold(f64::MIN, f64::max);
            let whole: f64 = logits.iter().map(|logit| (logit - highest).exp()).sum();
            sum += highest + whole.ln() - logits[choice.right];
            let mut mean = [0.0; N];
            for (x, logit) in choice.options.iter().zip(&logits) {
                let share = (logit - highest).exp() / whole;
                for a in 0..N {
                    mean[a] += share * f64::from(x[a]);
                    for b in 0..N {
                        curve[a][b] += share * f64::from(x[a]) * f64::from(x[b]);
                    }
                }
            }
            for a in 0..N {
                slope[a] += mean[a] - f64::from(choice.options[choice.right][a]);
                for b in 0..N {
                    curve[a][b] -= mean[a] * mean[b];
                }
            }
        }
        Self { sum, slope, curve }
    }
}

fn dot<const N: usize>(x: &[f32; N], weights: &[f64; N]) -> f64 {
    x.iter()
        .zip(weights)
        .map(|(x, weight)| f64::from(*x) * weight)
        .sum()
}

/// The x with matrix·x = side, of a positive definite matrix, by elimination.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut side: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            for (value, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *value -= factor * above;
            }
            side[row] -= factor * side[pivot];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N)
            .map(|column| matrix[row][column] * side[column])
            .sum();
        side[row] = (side[row] - known) / matrix[row][row];
    }
    side
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first option has one more of what speaks for it, and is right in so many of a hundred choices.
    fn choices(right_of_hundred: usize) -> Vec<Choice<1>> {
        let choice = |n| Choice {
            options: vec![[1.0], [0.0]],
            right: usize::from(n >= right_of_hundred),
        };
        (0..100).map(choice).collect()
    }

    #[test]
    fn the_weight_gives_the_shares_that_were_seen() {
        let [weight] = weigh(&choices(80), [0.0], 0.0);
        assert!((weight - (0.8_f64 / 0.2).ln()).abs() < 1e-3, "{weight}");
    }

    #[test]
    fn little_is_drawn_to_what_was_known_before_and_much_is_not() {
        let many: Vec<Choice<1>> = (0..50).flat_map(|_| choices(80)).collect();
        let few = &choices(80)[70..90];
        let [of_few] = weigh(few, [3.0], 10.0);
        let [of_many] = weigh(&many, [3.0], 10.0);
        assert!(of_few > 2.0, "{of_few}");
        assert!((of_many - (0.8_f64 / 0.2).ln()).abs() < 0.05, "{of_many}");
        assert_eq!(weigh::<2>(&[], [3.0, -1.0], 1.0), [3.0, -1.0]);
    }

    #[test]
    fn what_parts_cleanly_stays_finite() {
        let [weight] = weigh(&choices(100), [0.0], 0.1);
        assert!(weight.is_finite() && weight > 2.0, "{weight}");
    }

    #[test]
    fn each_weight_is_found_where_several_speak() {
        // The first speaks as often for the right as for the wrong, the second nine times in ten for the right.
        let choice = |n: usize| Choice {
            options: vec![
                [if (n / 10).is_multiple_of(2) { 1.0 } else { -1.0 }, 1.0],
                [0.0, 0.0],
            ],
            right: usize::from(n.is_multiple_of(10)),
        };
        let choices: Vec<Choice<2>> = (0..200).map(choice).collect();
        let [idle, telling] = weigh(&choices, [1.0, 0.0], 1e-6);
        assert!(idle.abs() < 1e-3, "{idle}");
        assert!((telling - 9.0_f64.ln()).abs() < 1e-3, "{telling}");
    }
}
