//! Pieces of calls in a stream: of functions, and of tools that take a text.

use serde::{Deserialize, Serialize};

use super::lenient::{or_default, text};

/// A piece of a tool call.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct ToolDelta {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) index: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    pub(crate) kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) function: Option<FunctionDelta>,
    /// In the place of the function, where the tool takes a text of a grammar of the client's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) custom: Option<CustomDelta>,
}

/// A piece of a function call.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct FunctionDelta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub(crate) arguments: Option<String>,
}

/// A piece of a call of a custom tool.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct CustomDelta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<String>,
}

impl ToolDelta {
    /// The tool's name, where this piece says it.
    pub(crate) fn name(&self) -> Option<&str> {
        let function = self.function.as_ref().and_then(|function| function.name.as_deref());
        function.or_else(|| self.custom.as_ref()?.name.as_deref())
    }

    /// What this piece adds to the arguments of a function or to the input of a custom tool.
    pub(crate) fn arguments(&self) -> Option<&str> {
        let function = self
            .function
            .as_ref()
            .and_then(|function| function.arguments.as_deref());
        function.or_else(|| self.custom.as_ref()?.input.as_deref())
    }
}
