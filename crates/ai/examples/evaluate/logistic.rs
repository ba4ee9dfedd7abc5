//! Logistic regression of few features, by plain gradient descent: small, deterministic, good enough.

/// An example: its features, whether it is true, and how much it counts.
pub(crate) struct Example<const N: usize> {
    pub(crate) features: [f32; N],
    pub(crate) truth: bool,
    pub(crate) weight: f64,
}

/// The weights of the features, and the constant.
pub(crate) fn fit<const N: usize>(examples: &[Example<N>]) -> ([f64; N], f64) {
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    // Features are brought to mean 0 and deviation 1, so that one step suits all.
    let mean =
        |of: &dyn Fn(&Example<N>) -> f64| examples.iter().map(|e| e.weight * of(e)).sum::<f64>() / total;
    let means: [f64; N] = std::array::from_fn(|n| mean(&|e| f64::from(e.features[n])));
    let spreads: [f64; N] = std::array::from_fn(|n| {
        mean(&|e| (f64::from(e.features[n]) - means[n]).powi(2))
            .sqrt()
            .max(1e-9)
    });
    let (mut weights, mut constant) = ([0.0; N], 0.0);
    for _ in 0..3_000 {
        let (mut slopes, mut slope) = ([0.0; N], 0.0);
        for example in examples {
            let scaled: [f64; N] =
                std::array::from_fn(|n| (f64::from(example.features[n]) - means[n]) / spreads[n]);
            let sum: f64 = scaled.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + constant;
            let error =
                (1.0 / (1.0 + (-sum).exp()) - f64::from(u8::from(example.truth))) * example.weight / total;
            for (slope, x) in slopes.iter_mut().zip(scaled) {
                *slope += error * x;
            }
            slope += error;
        }
        for (weight, slope) in weights.iter_mut().zip(slopes) {
            // A trace of decay keeps weights finite where classes part cleanly.
            *weight -= 2.0 * (slope + 1e-4 * *weight);
        }
        constant -= 2.0 * slope;
    }
    let plain: [f64; N] = std::array::from_fn(|n| weights[n] / spreads[n]);
    let shift: f64 = plain.iter().zip(means).map(|(w, m)| w * m).sum();
    (plain, constant - shift)
}
