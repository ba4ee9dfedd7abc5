//! What language models may cost, and what they have cost.

use std::iter::Sum;
use std::ops::Add;

use acs_core::error::FieldErrors;
use serde::{Deserialize, Serialize};

/// The highest budget that can be set: sums of it stay within 64 bits.
const MAX_BUDGET: i64 = 1_000_000_000_000_000;

/// Tokens and money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    /// Tokens, read and written.
    pub tokens: i64,
    /// Money, in millionths of whatever the models' prices are in.
    pub cost_micros: i64,
}

impl Spending {
    /// Whether nothing was spent.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl Add for Spending {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(other.tokens),
            cost_micros: self.cost_micros.saturating_add(other.cost_micros),
        }
    }
}

impl Sum for Spending {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

/// What language models may cost an organization. `None`: there is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelBudget {
    /// Tokens in a calendar month (UTC).
    pub tokens_per_month: Option<i64>,
    /// Money in a calendar month, in millionths.
    pub cost_micros_per_month: Option<i64>,
    /// Tokens in one conversation.
    pub tokens_per_conversation: Option<i64>,
    /// Money in one conversation, in millionths.
    pub cost_micros_per_conversation: Option<i64>,
}

impl ModelBudget {
    /// Whether the month is bounded, and so has to be counted.
    #[must_use]
    pub fn bounds_the_month(&self) -> bool {
        self.tokens_per_month.is_some() || self.cost_micros_per_month.is_some()
    }

    /// What is spent, if anything is.
    #[must_use]
    pub fn exhausted(&self, month: Spending, conversation: Spending) -> Option<&'static str> {
        self.bounds(month, conversation)
            .into_iter()
            .find(|(used, bound, _)| bound.is_some_and(|bound| *used >= bound))
            .map(|(_, _, what)| what)
    }

    /// How much is spent, from 0 to 1: of the bound that is nearest; 0 without any.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a share need not be exact"
    )]
    pub fn share(&self, month: Spending, conversation: Spending) -> f32 {
        let share = |(used, bound, _): (i64, Option<i64>, _)| match bound {
            None => 0.0,
            Some(bound) if used >= bound => 1.0,
            Some(bound) => used.max(0) as f64 / bound as f64,
        };
        let shares = self.bounds(month, conversation).map(share);
        shares.into_iter().fold(0.0, f64::max) as f32
    }

    /// What was used, of what, and what it means that all of it is.
    fn bounds(&self, month: Spending, conversation: Spending) -> [(i64, Option<i64>, &'static str); 4] {
        [
            (
                month.tokens,
                self.tokens_per_month,
                "the organization's tokens of this month are spent, or held by turns under way",
            ),
            (
                month.cost_micros,
                self.cost_micros_per_month,
                "the organization's money of this month is spent, or held by turns under way",
            ),
            (
                conversation.tokens,
                self.tokens_per_conversation,
                "the conversation's tokens are spent",
            ),
            (
                conversation.cost_micros,
                self.cost_micros_per_conversation,
                "the conversation's money is spent",
            ),
        ]
    }

    /// Each bound must be a number that can be counted to; zero asks no model at all.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for (name, bound) in [
            ("budget.tokens_per_month", self.tokens_per_month),
            ("budget.cost_micros_per_month", self.cost_micros_per_month),
            ("budget.tokens_per_conversation", self.tokens_per_conversation),
            (
                "budget.cost_micros_per_conversation",
                self.cost_micros_per_conversation,
            ),
        ] {
            if bound.is_some_and(|bound| !(0..=MAX_BUDGET).contains(&bound)) {
                errors.add(name, format!("must be between 0 and {MAX_BUDGET}"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(tokens: i64, cost_micros: i64) -> Spending {
        Spending { tokens, cost_micros }
    }

    #[test]
    fn a_budget_is_exhausted_once_one_of_its_bounds_is_reached() {
        let budget = ModelBudget {
            tokens_per_month: Some(100),
            cost_micros_per_conversation: Some(5),
            ..ModelBudget::default()
        };
        assert_eq!(budget.exhausted(spent(99, 1_000), spent(1_000, 4)), None);
        assert_eq!(
            budget.exhausted(spent(100, 0), spent(0, 0)),
            Some("the organization's tokens of this month are spent, or held by turns under way")
        );
        assert_eq!(
            budget.exhausted(spent(0, 0), spent(0, 5)),
            Some("the conversation's money is spent")
        );
    }

    #[test]
    fn the_share_that_is_spent_is_that_of_the_nearest_bound() {
        let budget = ModelBudget {
            tokens_per_month: Some(100),
            cost_micros_per_conversation: Some(8),
            ..ModelBudget::default()
        };
        let shares = [
            (spent(0, 9), spent(9, 0)),
            (spent(50, 0), spent(0, 0)),
            (spent(50, 0), spent(0, 6)),
            (spent(300, 0), spent(0, 0)),
        ]
        .map(|(month, conversation)| budget.share(month, conversation));
        assert_eq!(shares, [0.0, 0.5, 0.75, 1.0]);
        let nothing = ModelBudget {
            tokens_per_month: Some(0),
            ..ModelBudget::default()
        };
        assert_eq!(
            nothing.share(spent(0, 0), spent(0, 0)),
            1.0,
            "of nothing all is spent"
        );
        assert_eq!(ModelBudget::default().share(spent(9, 9), spent(9, 9)), 0.0);
    }

    #[test]
    fn without_bounds_nothing_is_ever_exhausted() {
        let all = spent(i64::MAX, i64::MAX);
        assert_eq!(ModelBudget::default().exhausted(all, all), None);
        assert_eq!(all + all, all, "sums stay where they are");
    }
}
