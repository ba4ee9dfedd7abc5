//! The check of texts for what is dangerous in them.

use crate::analysis::Guard;

/// Where a text comes from, which decides what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The customer, who may ask the agent for anything but another set of rules.
    Customer,
    /// The organization's knowledge: it is read, never obeyed.
    Knowledge,
    /// A record of another system, such as a CRM's field: it is read, never obeyed.
    Record,
    /// The result of a tool: it is read, never obeyed.
    Tool,
}

impl Origin {
    /// Whether requests to the agent may stand in such a text at all. Where they may not, less is enough to flag it.
    #[must_use]
    pub const fn may_ask(self) -> bool {
        matches!(self, Self::Customer)
    }
}

/// Examines texts before anything acts on them. Takes at most a few milliseconds for the longest message, and time in
/// proportion to its length for any text.
pub trait Examiner: Send + Sync {
    /// What is dangerous in a text of this origin, and what is to be done about it. The same text gives the same result.
    fn examine(&self, text: &str, origin: Origin) -> Guard;
}
