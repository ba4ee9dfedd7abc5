//! Scores to probabilities.
//!
//! The probability that a text is in scope at all is a logistic function of the best score and of its lead over the second;
//! given that it is, the intents share it by a softmax of their scores. Both are fitted by
//!
//! `cargo run --release -p acs-ai --example evaluate_understanding -- --data ../shared/data intents`
//!
//! on CLINC150 (Larson et al. 2019, CC BY 3.0): phrases of `train`, 5 to 100 an intent, against texts of `val`; out of scope
//! are the texts of `oos_train` and `oos_val`, and those of intents that were left out. One text in four counts as out of
//! scope.

/// The fitted numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Of the best score, of its lead over the second, and the constant.
    pub scope: [f32; 3],
    /// How sharply the softmax tells scores apart.
    pub sharpness: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { scope: [12.0, 6.0, -7.0], sharpness: 20.0 }
    }
}

impl Calibration {
    /// From this probability on a text is taken to be in scope.
    pub const IN_SCOPE: f32 = 0.5;

    /// What the probability of being in scope is made of.
    #[must_use]
    pub fn features(scores: &[f32]) -> [f32; 2] {
        let best = scores.first().copied().unwrap_or(-1.0);
        [best, best - scores.get(1).copied().unwrap_or(0.0).min(best)]
    }

    /// How likely the text is in scope, and how likely each intent is meant, for scores from the best down.
    #[must_use]
    pub fn confidences(&self, scores: &[f32]) -> (f32, Vec<f32>) {
        if scores.is_empty() {
            return (0.0, Vec::new());
        }
        let [best, lead] = Self::features(scores);
        let [of_best, of_lead, constant] = self.scope;
        let in_scope = 1.0 / (1.0 + (-(of_best * best + of_lead * lead + constant)).exp());
        let shares: Vec<f32> = scores.iter().map(|score| ((score - best) * self.sharpness).exp()).collect();
        let sum: f32 = shares.iter().sum();
        (in_scope, shares.iter().map(|share| in_scope * share / sum).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intents_share_the_probability_of_being_in_scope() {
        let (in_scope, confidences) = Calibration::default().confidences(&[0.8, 0.7, 0.1]);
        assert!((confidences.iter().sum::<f32>() - in_scope).abs() < 1e-5);
        assert!(confidences[0] > confidences[1] && confidences[1] > confidences[2]);
    }

    #[test]
    fn a_higher_score_and_a_clearer_lead_are_surer() {
        let first = |scores: &[f32]| Calibration::default().confidences(scores).1[0];
        assert!(first(&[0.8, 0.3]) > first(&[0.6, 0.1]));
        assert!(first(&[0.8, 0.3]) > first(&[0.8, 0.7]));
        assert!((0.0..=1.0).contains(&first(&[1.0])) && (0.0..=1.0).contains(&first(&[-1.0])));
    }

    #[test]
    fn without_intents_nothing_is_in_scope() {
        assert_eq!(Calibration::default().confidences(&[]), (0.0, Vec::new()));
    }
}
