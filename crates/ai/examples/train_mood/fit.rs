//! What makes probabilities and answers of a head's scores, from texts that it was not trained on.

use acs_ai::learn::Platt;

/// For one class: the fit, the probability from which saying it gives the best F1, and that F1.
pub(crate) fn class(outcomes: &[(f32, bool)]) -> (Platt, f32, f64) {
    let fit = Platt::fit(outcomes);
    let mut outcomes: Vec<(f32, bool)> = outcomes
        .iter()
        .map(|(score, truth)| (fit.probability(*score), *truth))
        .collect();
    outcomes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let truths = outcomes.iter().filter(|(_, truth)| *truth).count() as f64;
    let (mut right, mut best, mut threshold) = (0.0, 0.0, 1.0);
    for (place, (probability, truth)) in outcomes.iter().enumerate() {
        right += f64::from(u8::from(*truth));
        let f1 = 2.0 * right / (place as f64 + 1.0 + truths);
        if f1 > best {
            let next = outcomes.get(place + 1).map_or(0.0, |(next, _)| *next);
            (best, threshold) = (f1, f32::midpoint(*probability, next));
        }
    }
    (fit, threshold, best)
}
