//! A probability out of a few features.

/// A logistic regression with `N` features.
#[derive(Debug, Clone, Copy)]
pub struct Logistic<const N: usize> {
    /// What speaks for it when all features are 0, in log odds.
    pub bias: f32,
    /// What one unit of each feature adds, in log odds.
    pub weights: [f32; N],
}

impl<const N: usize> Logistic<N> {
    /// What speaks for it in all, in log odds.
    #[must_use]
    pub fn log_odds(&self, features: &[f32; N]) -> f32 {
        let sum: f32 = self
            .weights
            .iter()
            .zip(features)
            .map(|(weight, feature)| weight * feature)
            .sum();
        let log_odds = self.bias + sum;
        if log_odds.is_nan() {
            f32::NEG_INFINITY
        } else {
            log_odds
        }
    }

    /// From 0 to 1; 0 for features that are no numbers.
    #[must_use]
    pub fn probability(&self, features: &[f32; N]) -> f32 {
        probability(self.log_odds(features))
    }
}

/// The probability with these log odds.
pub(super) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_moves_the_probability_and_nonsense_is_nothing() {
        let one = Logistic {
            bias: 0.0,
            weights: [2.0],
        };
        assert!(one.probability(&[1.0]) > 0.8 && one.probability(&[-1.0]) < 0.2);
        assert_eq!(one.probability(&[f32::NAN]), 0.0);
    }
}
