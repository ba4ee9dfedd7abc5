//! Scores to probabilities: Platt scaling for a yes or no, shares of several, and how far confidence is from the truth.
//!
//! Fit on what training did not see: a head is surer of its own examples than it should be.

/// The logistic function.
#[must_use]
pub fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Shares that add up to 1, the larger the higher the score; nothing for no scores.
#[must_use]
pub fn softmax(scores: &[f32]) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut shares: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f32 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// The probability of a yes: sigmoid(slope·score + bias) (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Platt {
    /// What one unit of the score adds to the log odds.
    pub slope: f32,
    /// The log odds of score 0.
    pub bias: f32,
}

impl Platt {
    /// The fit of scores whose truth is known, by Newton's method on Platt's smoothed targets (Lin, Lin and Weng, "A note on
    /// Platt's probabilistic outputs for support vector machines", 2007).
    #[must_use]
    pub fn fit(outcomes: &[(f32, bool)]) -> Self {
        let positives = outcomes.iter().filter(|(_, truth)| *truth).count() as f64;
        let negatives = outcomes.len() as f64 - positives;
        let (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0));
        let target = |truth: bool| if truth { high } else { low };
        let loss = |slope: f64, bias: f64| -> f64 {
            let one = |(score, truth): &(f32, bool)| {
                let odds = slope * f64::from(*score) + bias;
                // ln(1 + e^odds) − target·odds, without overflow.
                odds.max(0.0) + (-odds.abs()).exp().ln_1p() - target(*truth) * odds
            };
            outcomes.iter().map(one).sum()
        };
        let (mut slope, mut bias) = (0.0, ((positives + 1.0) / (negatives + 1.0)).ln());
        for _ in 0..100 {
            let (mut by_slope, mut by_bias) = (0.0, 0.0);
            let (mut curve, mut cross, mut curve_bias) = (1e-12, 0.0, 1e-12);
            for (score, truth) in outcomes {
                let score = f64::from(*score);
                let share = 1.0 / (1.0 + (-(slope * score + bias)).exp());
                let (error, steep) = (share - target(*truth), share * (1.0 - share));
                by_slope += error * score;
                by_bias += error;
                curve += steep * score * score;
                cross += steep * score;
                curve_bias += steep;
            }
            if by_slope.abs() < 1e-6 && by_bias.abs() < 1e-6 {
                break;
            }
            let area = (curve * curve_bias - cross * cross).max(1e-18);
            let step = (
                (curve_bias * by_slope - cross * by_bias) / area,
                (curve * by_bias - cross * by_slope) / area,
            );
            let before = loss(slope, bias);
            // Half the way again and again, until it is better there.
            let better = (0..30)
                .map(|halvings| 0.5_f64.powi(halvings))
                .map(|part| (slope - part * step.0, bias - part * step.1))
                .find(|(slope, bias)| loss(*slope, *bias) < before);
            let Some(found) = better else { break };
            (slope, bias) = found;
        }
        Self {
            slope: slope as f32,
            bias: bias as f32,
        }
    }

    /// The probability that belongs to a score.
    #[must_use]
    pub fn probability(&self, score: f32) -> f32 {
        sigmoid(self.slope * score + self.bias)
    }
}

/// The mean gap between confidence and truth in ten equal steps of confidence, from 0 to 1 (Guo et al. 2017).
#[must_use]
pub fn expected_calibration_error(outcomes: &[(f32, bool)]) -> f64 {
    let mut gaps = [0.0_f64; 10];
    for (confidence, truth) in outcomes {
        let step = ((confidence * 10.0) as usize).min(9);
        gaps[step] += f64::from(*confidence) - f64::from(u8::from(*truth));
    }
    gaps.iter().map(|gap| gap.abs()).sum::<f64>() / outcomes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of 0 are true in half of the cases, of 1 in nine of ten, of -1 in one of ten.
    fn outcomes() -> Vec<(f32, bool)> {
        (0..300)
            .map(|n| {
                let (score, tenths) = [(0.0, 5), (1.0, 9), (-1.0, 1)][n % 3];
                (score, n / 3 % 10 < tenths)
            })
            .collect()
    }

    #[test]
    fn platt_gives_the_shares_that_were_seen() {
        let platt = Platt::fit(&outcomes());
        for (score, share) in [(0.0, 0.5), (1.0, 0.9), (-1.0, 0.1)] {
            assert!((platt.probability(score) - share).abs() < 0.02, "{platt:?}");
        }
    }

    #[test]
    fn platt_stays_finite_where_scores_part_cleanly_or_say_nothing() {
        let clean: Vec<(f32, bool)> = (0..50).map(|n| (n as f32 - 24.5, n > 24)).collect();
        let platt = Platt::fit(&clean);
        assert!(platt.slope.is_finite() && platt.probability(24.0) > 0.9 && platt.probability(-24.0) < 0.1);
        let nothing = Platt::fit(&[]);
        assert!((nothing.probability(3.0) - 0.5).abs() < 1e-6);
        let constant = Platt::fit(&[(2.0, true), (2.0, false), (2.0, true)]);
        assert!(constant.probability(2.0).is_finite());
    }

    #[test]
    fn shares_add_up_to_one_whatever_the_scores() {
        for scores in [vec![1_000.0, 0.0, -1_000.0], vec![0.0; 7], vec![-900.0]] {
            assert!((softmax(&scores).iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
        assert_eq!(softmax(&[]), Vec::<f32>::new());
    }

    #[test]
    fn the_calibration_error_is_the_mean_gap() {
        // Ten of 0.95 of which all are true, ten of 0.25 of which five are.
        let sure = (0..10).map(|_| (0.95, true));
        let unsure = (0..10).map(|n| (0.25, n % 2 == 0));
        let error = expected_calibration_error(&sure.chain(unsure).collect::<Vec<_>>());
        assert!((error - (0.05 + 0.25) / 2.0).abs() < 1e-6, "{error}");
        assert_eq!(expected_calibration_error(&[]), 0.0);
    }
}
