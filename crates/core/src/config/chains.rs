//! Chains of language models: which turns ask which, in which order.

use std::time::Duration;

use figment::value::Value;

use super::schema::rule::{between, seconds, when_set};
use super::schema::setting::{Setting, Unfit};
use super::schema::table::Table;

/// The models that a kind of turn asks, one after the other. What is left empty holds of every turn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelChain {
    /// Names of models.
    pub models: Vec<String>,
    /// Short names of organizations.
    pub organizations: Vec<String>,
    /// What the customer wants most.
    pub intents: Vec<String>,
    /// How the customer feels.
    pub emotions: Vec<String>,
    /// Codes of the reply's language.
    pub languages: Vec<String>,
    /// The fewest words of the message.
    pub min_words: Option<usize>,
    /// The most words of the message.
    pub max_words: Option<usize>,
    /// The fewest things that the customer wants at once.
    pub min_wishes: Option<usize>,
    /// The least share of the budget that is spent, from 0 to 1: of the bound that is nearest; without budgets none is.
    pub min_spent: Option<f64>,
    /// The largest.
    pub max_spent: Option<f64>,
    /// After how long without a word the next model is asked beside the first.
    pub hedge_after: Option<Duration>,
}

/// The tables `[[ai.chains]]`, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelChains(pub Vec<ModelChain>);

impl Setting for ModelChains {
    const SHOWN: bool = false;

    fn kind() -> String {
        "names of models, separated by commas; or in the file tables `[[ai.chains]]` with `models` and, to say which turns \
         are meant, `organizations`, `intents`, `emotions`, `languages`, `min_words`, `max_words`, `min_wishes`, \
         `min_spent`, `max_spent` (the share of the budget, from 0 to 1); `hedge_after_seconds` asks the next model beside one that is late"
            .to_owned()
    }

    fn read(value: &Value) -> Result<Self, Unfit> {
        let Some(tables) = value.as_array() else {
            let models = Vec::read(value).map_err(|_| Self::unfit())?;
            let chain = ModelChain {
                models,
                ..ModelChain::default()
            };
            return Ok(Self(if chain.models.is_empty() {
                Vec::new()
            } else {
                vec![chain]
            }));
        };
        let mut chains = Vec::new();
        let mut problems = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            let name = format!("ai.chains[{number}]");
            let values = table.as_dict().ok_or_else(Self::unfit)?;
            chains.push(read(Table::new(&name, values), &mut problems));
        }
        if problems.is_empty() {
            Ok(Self(chains))
        } else {
            Err(Unfit(problems.join("; ")))
        }
    }

    fn show(&self) -> Option<String> {
        None
    }
}

fn read(mut table: Table<'_>, problems: &mut Vec<String>) -> ModelChain {
    let chain = ModelChain {
        models: table.field("models", Vec::new(), &[]),
        organizations: table.field("organizations", Vec::new(), &[]),
        intents: table.field("intents", Vec::new(), &[]),
        emotions: table.field("emotions", Vec::new(), &[]),
        languages: table.field("languages", Vec::new(), &[]),
        min_words: table.field("min_words", None, &[]),
        max_words: table.field("max_words", None, &[]),
        min_wishes: table.field("min_wishes", None, &[]),
        min_spent: table.field("min_spent", None, &[when_set(between(0.0, 1.0))]),
        max_spent: table.field("max_spent", None, &[when_set(between(0.0, 1.0))]),
        hedge_after: table.field("hedge_after_seconds", None, &[when_set(seconds(0.01, 60.0))]),
    };
    problems.extend(table.finish());
    chain
}
