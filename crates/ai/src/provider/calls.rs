//! Calls of tools, out of the pieces in which a model writes them.

use acs_domain::port::chat::{ModelError, Tool, ToolCall};
use serde_json::Map;

/// More calls than this in one reply are no plan but a fault.
const MAX_CALLS: usize = 16;
/// The longest arguments of all calls together, in bytes.
const MAX_ARGUMENTS: usize = 64 << 10;

/// Collects calls of the tools that the request offers.
#[derive(Debug, Default)]
pub(super) struct Calls {
    offered: Vec<String>,
    begun: Vec<Begun>,
    bytes: usize,
}

/// A call that is still written.
#[derive(Debug)]
struct Begun {
    index: u64,
    id: String,
    name: String,
    arguments: String,
}

impl Calls {
    pub(super) fn offered(tools: &[Tool]) -> Self {
        Self {
            offered: tools.iter().map(|tool| tool.name.clone()).collect(),
            ..Self::default()
        }
    }

    /// Begins the call with this number, unless it has begun.
    pub(super) fn begin(&mut self, index: u64, id: &str, name: &str) -> Result<(), ModelError> {
        if self.begun.iter().any(|call| call.index == index) {
            return Ok(());
        }
        if !self.offered.iter().any(|offered| offered == name) {
            return Err(broken("it calls a tool that it was not given"));
        }
        if self.begun.len() == MAX_CALLS {
            return Err(broken("it calls too many tools at once"));
        }
        self.begun.push(Begun {
            index,
            id: id.to_owned(),
            name: name.to_owned(),
            arguments: String::new(),
        });
        Ok(())
    }

    /// Adds to the arguments of a call that has begun.
    pub(super) fn more(&mut self, index: u64, arguments: &str) -> Result<(), ModelError> {
        self.bytes += arguments.len();
        if self.bytes > MAX_ARGUMENTS {
            return Err(broken("the arguments of its tool calls are too long"));
        }
        let call = self.begun.iter_mut().find(|call| call.index == index);
        let call = call.ok_or_else(|| broken("a tool call has no beginning"))?;
        call.arguments.push_str(arguments);
        Ok(())
    }

    /// The calls, now that they are written.
    pub(super) fn finish(&mut self) -> Result<Vec<ToolCall>, ModelError> {
        std::mem::take(&mut self.begun).into_iter().map(whole).collect()
    }
}

fn whole(call: Begun) -> Result<ToolCall, ModelError> {
    // Without arguments some models write nothing at all.
    let arguments = if call.arguments.trim().is_empty() {
        Map::new()
    } else {
        serde_json::from_str(&call.arguments)
            .map_err(|_| broken("the arguments of a tool call are no JSON object"))?
    };
    Ok(ToolCall {
        id: call.id,
        name: call.name,
        arguments,
    })
}

fn broken(reason: &str) -> ModelError {
    ModelError::Broken(reason.to_owned())
}
