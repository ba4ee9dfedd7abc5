//! What language models may cost an organization.

use acs_domain::budget::ModelBudget;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What language models may cost. What is null or left out has no bound; zero asks none. Once a bound is reached, answers are
/// composed from the knowledge alone. Money is in millionths of the currency of the models' prices.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Budget {
    /// Tokens in a calendar month (UTC).
    tokens_per_month: Option<i64>,
    cost_micros_per_month: Option<i64>,
    tokens_per_conversation: Option<i64>,
    cost_micros_per_conversation: Option<i64>,
}

impl From<ModelBudget> for Budget {
    fn from(from: ModelBudget) -> Self {
        Self {
            tokens_per_month: from.tokens_per_month,
            cost_micros_per_month: from.cost_micros_per_month,
            tokens_per_conversation: from.tokens_per_conversation,
            cost_micros_per_conversation: from.cost_micros_per_conversation,
        }
    }
}

impl From<Budget> for ModelBudget {
    fn from(from: Budget) -> Self {
        Self {
            tokens_per_month: from.tokens_per_month,
            cost_micros_per_month: from.cost_micros_per_month,
            tokens_per_conversation: from.tokens_per_conversation,
            cost_micros_per_conversation: from.cost_micros_per_conversation,
        }
    }
}
