//! What one call may take, and the meter that holds it to that.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wasmtime::{ResourceLimiter, Result};

/// What one call of a policy may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Milliseconds for one call, making the instance included.
    pub deadline_ms: u32,
    /// MiB of all memories of an instance together.
    pub memory_mib: u32,
    /// KiB that a call may hand to the host at once: its answer, or the input of one host function.
    pub output_kib: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            deadline_ms: 20,
            memory_mib: 32,
            output_kib: 4096,
        }
    }
}

/// Table elements of one instance, in sum: enough for the function tables of large interpreters.
const TABLE_ELEMENTS: usize = 100_000;

/// Counts what an instance takes, over all its memories and tables.
#[derive(Debug)]
pub(crate) struct Meter {
    deadline: Duration,
    memory_limit: usize,
    memory: usize,
    tables: usize,
    refused: Option<String>,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Meter {
            deadline: Duration::from_millis(limits.deadline_ms.into()),
            memory_limit: (limits.memory_mib as usize) << 20,
            memory: 0,
            tables: 0,
            refused: None,
        }
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// What was refused, where something was.
    pub(crate) fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        let sum = self.memory.saturating_sub(current).saturating_add(desired);
        if sum > self.memory_limit {
            self.refused = Some(format!(
                "asked for {} KiB of memory, the limit is {} KiB: raise the slot's `memory-mib`",
                sum >> 10,
                self.memory_limit >> 10
            ));
            return Ok(false);
        }
        self.memory = sum;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> Result<()> {
        self.refused = Some(format!("memory could not be grown: {error}"));
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        let sum = self.tables.saturating_sub(current).saturating_add(desired);
        if sum > TABLE_ELEMENTS {
            self.refused = Some(format!("asked for {sum} table elements, the limit is {TABLE_ELEMENTS}"));
            return Ok(false);
        }
        self.tables = sum;
        Ok(true)
    }

    fn instances(&self) -> usize {
        // A component of one core module has a handful; toolchains with adapters have a dozen.
        100
    }

    fn tables(&self) -> usize {
        20
    }

    fn memories(&self) -> usize {
        20
    }
}
