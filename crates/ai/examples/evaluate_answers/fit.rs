//! Logistic regression by Newton's method, with a ridge.

use acs_ai::compose::Logistic;

/// One observation: its features, whether it came true, how much it counts.
#[derive(Debug, Clone)]
pub(crate) struct Sample<const N: usize> {
    pub(crate) features: [f32; N],
    pub(crate) is_right: bool,
    pub(crate) weight: f64,
}

/// Features are scaled to unit variance; the ridge holds them there and leaves the bias free.
const RIDGE: f64 = 10.0;
const STEPS: usize = 30;

/// The weights under which the samples are likeliest.
pub(crate) fn fit<const N: usize>(samples: &[Sample<N>]) -> Logistic<N> {
    let total: f64 = samples.iter().map(|sample| sample.weight).sum();
    let mean_of = |value: &dyn Fn(&Sample<N>) -> f64| {
        samples
            .iter()
            .map(|sample| sample.weight * value(sample))
            .sum::<f64>()
            / total
    };
    let means: [f64; N] = std::array::from_fn(|n| mean_of(&|sample| f64::from(sample.features[n])));
    let spreads: [f64; N] = std::array::from_fn(|n| {
        let variance = mean_of(&|sample| (f64::from(sample.features[n]) - means[n]).powi(2));
        if variance > 1e-12 {
            variance.sqrt()
        } else {
            f64::INFINITY
        }
    });
    // The last one is the bias.
    let row = |sample: &Sample<N>| -> Vec<f64> {
        let scaled = (0..N).map(|n| (f64::from(sample.features[n]) - means[n]) / spreads[n]);
        scaled.chain([1.0]).collect()
    };
    let rows: Vec<Vec<f64>> = samples.iter().map(row).collect();
    let mut weights = vec![0.0; N + 1];
    for _ in 0..STEPS {
        let mut gradient = vec![0.0; N + 1];
        let mut curvature = vec![vec![0.0; N + 1]; N + 1];
        for (sample, row) in samples.iter().zip(&rows) {
            let sum: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum();
            let expected = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(sample.is_right)) - expected;
            for (i, x) in row.iter().enumerate() {
                gradient[i] += sample.weight * error * x;
                for (j, y) in row.iter().enumerate() {
                    curvature[i][j] += sample.weight * expected * (1.0 - expected) * x * y;
                }
            }
        }
        for n in 0..N {
            gradient[n] -= RIDGE * weights[n];
            curvature[n][n] += RIDGE;
        }
        curvature[N][N] += 1e-9;
        for (weight, step) in weights.iter_mut().zip(solve(curvature, gradient)) {
            *weight += step;
        }
    }
    let unscaled = |n: usize| weights[n] / spreads[n];
    let bias = weights[N] - (0..N).map(|n| unscaled(n) * means[n]).sum::<f64>();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "weights need no more than single precision"
    )]
    Logistic {
        bias: bias as f32,
        weights: std::array::from_fn(|n| unscaled(n) as f32),
    }
}

/// Solves `matrix · x = vector` by elimination with pivoting.
fn solve(mut matrix: Vec<Vec<f64>>, mut vector: Vec<f64>) -> Vec<f64> {
    let size = vector.len();
    for column in 0..size {
        let largest =
            (column..size).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()));
        let pivot = largest.unwrap_or(column);
        matrix.swap(column, pivot);
        vector.swap(column, pivot);
        let (upper, lower) = matrix.split_at_mut(column + 1);
        let (pivot, known) = (&upper[column], vector[column]);
        for (row, value) in lower.iter_mut().zip(&mut vector[column + 1..]) {
            let factor = row[column] / pivot[column];
            for (entry, above) in row.iter_mut().zip(pivot) {
                *entry -= factor * above;
            }
            *value -= factor * known;
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|k| matrix[row][k] * vector[k]).sum();
        vector[row] = (vector[row] - known) / matrix[row][row];
    }
    vector
}
