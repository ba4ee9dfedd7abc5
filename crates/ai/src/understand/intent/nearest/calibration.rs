//! Scores to probabilities.
//!
//! The probability that a text is in scope at all is a logistic function of the best score, of its lead over the second, and
//! of how many phrases the best intent has (of more phrases, some are always near); given that it is, the intents share it
//! by a softmax of their scores. Both were fitted on CLINC150 (Larson et al. 2019, CC BY 3.0): phrases of `train`, 5 to 100 an
//! intent, against texts of `val`; out of scope are the texts of `oos_train` and `oos_val`, and those of intents that were
//! left out. One text in four counts as out of scope.

use super::Near;
use crate::learn::softmax;

/// The fitted numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Of the best score, of its lead over the second, of the logarithm of its phrases, and the constant.
    pub scope: [f32; 4],
    /// How sharply the softmax tells scores apart.
    pub sharpness: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            scope: [8.68, 2.51, -0.53, -2.28],
            sharpness: 26.5,
        }
    }
}

impl Calibration {
    /// From this probability on a text is taken to be in scope: about one in twenty in scope is then turned away, and of
    /// those out of scope seven to nine in ten are found.
    pub const IN_SCOPE: f32 = 0.4;

    /// What the probability of being in scope is made of, for intents from the nearest down.
    #[must_use]
    pub fn features(near: &[Near<'_>]) -> [f32; 3] {
        let best = near.first().map_or(-1.0, |near| near.score);
        let second = near.get(1).map_or(0.0, |near| near.score);
        let phrases = near.first().map_or(1, |near| near.phrases.max(1));
        [best, (best - second).max(0.0), (phrases as f32).ln()]
    }

    /// How likely the text is in scope, and how likely each intent is meant, from the nearest down.
    #[must_use]
    pub fn confidences(&self, near: &[Near<'_>]) -> (f32, Vec<f32>) {
        let Some(best) = near.first() else {
            return (0.0, Vec::new());
        };
        let [rest @ .., constant] = &self.scope;
        let sum: f32 = Self::features(near)
            .iter()
            .zip(rest)
            .map(|(feature, weight)| feature * weight)
            .sum();
        let in_scope = 1.0 / (1.0 + (-sum - constant).exp());
        let shares: Vec<f32> = near
            .iter()
            .map(|near| ((near.score - best.score) * self.sharpness).exp())
            .collect();
        let sum: f32 = shares.iter().sum();
        (
            in_scope,
            shares.iter().map(|share| in_scope * share / sum).collect(),
        )
    }
}

impl Calibration {
    /// How likely the text is in scope, and the share of each intent given that it is, in any order of the intents.
    pub(in crate::understand::intent) fn by_phrases(&self, near: &[Near<'_>]) -> (f32, Vec<f32>) {
        let mut nearest = near.to_vec();
        nearest.sort_by(|a, b| b.score.total_cmp(&a.score));
        nearest.truncate(2);
        let sharp: Vec<f32> = near.iter().map(|near| near.score * self.sharpness).collect();
        (self.confidences(&nearest).0, softmax(&sharp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confidences(scores: &[f32]) -> (f32, Vec<f32>) {
        let near: Vec<Near<'_>> = scores
            .iter()
            .map(|&score| Near {
                intent: "x",
                score,
                center: score,
                phrases: 20,
            })
            .collect();
        Calibration::default().confidences(&near)
    }

    #[test]
    fn intents_share_the_probability_of_being_in_scope() {
        let (in_scope, confidences) = confidences(&[0.8, 0.7, 0.1]);
        assert!((confidences.iter().sum::<f32>() - in_scope).abs() < 1e-5);
        assert!(confidences[0] > confidences[1] && confidences[1] > confidences[2]);
    }

    #[test]
    fn a_higher_score_and_a_clearer_lead_are_surer() {
        let first = |scores: &[f32]| confidences(scores).1[0];
        assert!(first(&[0.8, 0.3]) > first(&[0.6, 0.1]));
        assert!(first(&[0.8, 0.3]) > first(&[0.8, 0.7]));
        assert!((0.0..=1.0).contains(&first(&[1.0])) && (0.0..=1.0).contains(&first(&[-1.0])));
    }

    #[test]
    fn without_intents_nothing_is_in_scope() {
        assert_eq!(confidences(&[]), (0.0, Vec::new()));
    }
}
