//! One probability for each intent, out of the heads' margins and the nearest phrases.
//!
//! Heads know better the more phrases they were trained on, the nearest phrases need few: how much each counts depends on
//! how many phrases an intent has. The sum of both is made a probability by a softmax; whether the text is in scope at all
//! is a logistic function of how sure the two are. What is fitted here is printed by
//!
//! `cargo run --release -p acs-ai --example evaluate -- --data DATA fit_scope`
//!
//! and was fitted on CLINC150 (Larson et al. 2019, CC BY 3.0): heads trained on 5 to 80 phrases of each of 40 intents of
//! `train` (`--intents 40`), those by words on 5 to 40 of all 150 (`--texts 50`), asked with others of `train`; out of scope
//! are the texts of `oos_train`, and those of intents that were left out.
//! The heads of that fit took the embedding as it is, whatever the number of phrases.

use crate::learn::{Platt, sigmoid, softmax};

/// What speaks for each intent.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The heads' margins; `None` for an intent that they do not know.
    pub margins: Vec<Option<f32>>,
    /// How near each is by its phrases; empty without a vector.
    pub near: Vec<f32>,
    /// The share of each by its phrases alone; empty without a vector.
    pub shares: Vec<f32>,
    /// How likely the text is in scope by phrases alone.
    pub in_scope_by_phrases: f32,
    /// How many phrases an intent had in the mean when the heads were trained.
    pub phrases_each: f32,
    /// What margins and nearness count where the heads were trained; `None` for what they count everywhere.
    pub counts: Option<Counts>,
}

/// What one unit of each counts, and what the confidence that comes of it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Of a margin.
    pub margin: f32,
    /// Of nearness.
    pub near: f32,
    /// The probability that the first is right, from the log odds of its confidence.
    pub sure: Platt,
}

/// The fitted numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blend {
    /// With a vector.
    pub with_meaning: Mix,
    /// By words alone.
    pub by_words: Mix,
}

/// What margins and nearness count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// What a margin counts: the constant, and what each factor of e in phrases adds.
    pub margin: [f32; 2],
    /// What nearness counts, likewise.
    pub near: [f32; 2],
    /// For being in scope: of [`Mix::scope_features`], and the constant.
    pub scope: [f32; 6],
    /// From this probability on a text is taken to be in scope: about one in twenty in scope is then turned away.
    pub threshold: f32,
}

impl Blend {
    /// What was fitted.
    pub const TRAINED: Self = Self {
        with_meaning: Mix {
            margin: [6.467, -0.702],
            near: [10.219, 0.444],
            scope: [2.069, 0.728, 8.827, 0.078, -0.569, -2.458],
            threshold: 0.495,
        },
        by_words: Mix {
            margin: [10.607, -1.060],
            near: [0.0, 0.0],
            scope: [5.007, -1.165, 0.0, -0.717, -0.116, 2.872],
            threshold: 0.385,
        },
    };

    /// The numbers for this evidence.
    #[must_use]
    pub fn mix(&self, evidence: &Evidence) -> &Mix {
        if evidence.near.is_empty() {
            &self.by_words
        } else {
            &self.with_meaning
        }
    }

    /// How likely the text is in scope, and how likely each intent is meant, in the order of the evidence.
    #[must_use]
    pub fn confidences(&self, evidence: &Evidence) -> (f32, Vec<f32>) {
        let mix = self.mix(evidence);
        let everywhere = mix.shares(evidence, None);
        let known_in_scope = mix.in_scope(evidence, &everywhere);
        let mut shares = match evidence.counts {
            Some(counts) => mix.shares(evidence, Some(counts)),
            None => everywhere,
        };
        // What the heads do not know is left to its phrases, and its share taken from the rest.
        let unknown = evidence.margins.iter().map(Option::is_none);
        let new: f32 = unknown
            .zip(&evidence.shares)
            .filter(|(unknown, _)| *unknown)
            .map(|(_, share)| share)
            .sum();
        let in_scope = new * evidence.in_scope_by_phrases + (1.0 - new) * known_in_scope;
        for (place, share) in shares.iter_mut().enumerate() {
            *share = match evidence.margins[place] {
                Some(_) => *share * (1.0 - new),
                None => evidence.shares.get(place).copied().unwrap_or(0.0),
            } * in_scope;
        }
        if let Some(counts) = evidence.counts {
            counts.sharpen(&mut shares);
        }
        (in_scope, shares)
    }
}

impl Mix {
    /// What margins and nearness count with so many phrases an intent.
    #[must_use]
    pub fn counts(&self, phrases_each: f32) -> Counts {
        let amount = phrases_each.max(1.0).ln();
        Counts {
            margin: (self.margin[0] + self.margin[1] * amount).max(0.0),
            near: (self.near[0] + self.near[1] * amount).max(0.0),
            sure: Platt {
                slope: 1.0,
                bias: 0.0,
            },
        }
    }

    /// The shares of the intents that the heads know, which add up to 1; 0 for others.
    #[must_use]
    pub fn shares(&self, evidence: &Evidence, counts: Option<Counts>) -> Vec<f32> {
        let logits = logits(
            evidence,
            counts.unwrap_or_else(|| self.counts(evidence.phrases_each)),
        );
        if logits.iter().all(|logit| *logit == f32::NEG_INFINITY) {
            return vec![0.0; logits.len()];
        }
        softmax(&logits)
    }

    /// What being in scope is told from: the best margin, its lead, the nearest phrases, the highest share, and how many
    /// phrases there were to learn from.
    #[must_use]
    pub fn scope_features(evidence: &Evidence, shares: &[f32]) -> [f32; 5] {
        let (mut best, mut second) = (-2.0_f32, -2.0_f32);
        for margin in evidence.margins.iter().flatten() {
            if *margin > best {
                (best, second) = (*margin, best);
            } else {
                second = second.max(*margin);
            }
        }
        let near = evidence.near.iter().copied().fold(0.0, f32::max);
        let share = shares.iter().copied().fold(0.0, f32::max);
        [
            best,
            best - second,
            near,
            share,
            evidence.phrases_each.max(1.0).ln(),
        ]
    }

    fn in_scope(&self, evidence: &Evidence, shares: &[f32]) -> f32 {
        let [weights @ .., constant] = &self.scope;
        let features = Self::scope_features(evidence, shares);
        let sum: f32 = features.iter().zip(weights).map(|(x, w)| x * w).sum();
        sigmoid(sum + constant)
    }
}

impl Counts {
    /// Makes the first as sure as it proved to be, and leaves the rest what it leaves.
    fn sharpen(&self, confidences: &mut [f32]) {
        let Some(first) = (0..confidences.len()).max_by(|a, b| confidences[*a].total_cmp(&confidences[*b]))
        else {
            return;
        };
        let before = confidences[first];
        let after = self.sure.probability(log_odds(before));
        let rest = (1.0 - after) / (1.0 - before).max(f32::EPSILON);
        for confidence in confidences.iter_mut() {
            *confidence = (*confidence * rest).min(after);
        }
        confidences[first] = after;
    }
}

/// What makes a probability of a sigmoid; finite for 0 and 1 too.
pub(super) fn log_odds(probability: f32) -> f32 {
    let within = probability.clamp(1e-6, 1.0 - 1e-6);
    (within / (1.0 - within)).ln()
}

fn logits(evidence: &Evidence, counts: Counts) -> Vec<f32> {
    let logit = |(place, margin): (usize, &Option<f32>)| {
        let near = evidence.near.get(place).copied().unwrap_or(0.0);
        margin.map_or(f32::NEG_INFINITY, |margin| {
            counts.margin * margin + counts.near * near
        })
    };
    evidence.margins.iter().enumerate().map(logit).collect()
}

#[cfg(test)]
mod tests;
