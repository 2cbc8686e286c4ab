//! One budget: what it allows, what has gone of it, and how operators see it.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Window;

/// A budget, as far as the ledger is concerned.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tenant) struct Purse {
    /// Under what its spending is kept, such as `key:…` or `budget:…`.
    pub(in crate::tenant) account: String,
    /// What it is called in a sentence.
    pub(in crate::tenant) words: String,
    /// USD in a window.
    pub(in crate::tenant) usd: f64,
    pub(in crate::tenant) window: Window,
    /// Tokens that are reserved for a reply of which nothing is known.
    pub(in crate::tenant) output_tokens: Option<u32>,
}

/// What has gone of a budget in its window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Account {
    pub(super) start_ms: u64,
    pub(super) spent: f64,
    pub(super) reserved: f64,
    /// Calls under way.
    pub(super) open: u32,
}

/// A budget that does not have so much left.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tenant) struct Short {
    pub(in crate::tenant) words: String,
    /// For how long, in words.
    pub(in crate::tenant) window: &'static str,
    pub(in crate::tenant) left: f64,
    /// Whether calls under way may yet give something back.
    pub(in crate::tenant) waits: bool,
    /// When it begins anew, in milliseconds since the Unix epoch.
    pub(in crate::tenant) anew_ms: Option<u64>,
}

/// A budget as operators see it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Balance {
    /// Under what its spending is kept.
    pub(crate) account: String,
    /// What it is called in a sentence.
    pub(crate) budget: String,
    /// USD in a window.
    pub(crate) usd: f64,
    pub(crate) window: Window,
    pub(crate) spent_usd: f64,
    /// For calls under way.
    pub(crate) reserved_usd: f64,
    /// When it begins anew, in milliseconds since the Unix epoch.
    pub(crate) anew_at_ms: Option<u64>,
}

/// The account of a budget in the window of this moment.
pub(super) fn current<'a>(accounts: &'a mut HashMap<String, Account>, purse: &Purse, now_ms: u64) -> &'a mut Account {
    let start_ms = purse.window.start(now_ms);
    let account = accounts.entry(purse.account.clone()).or_default();
    if account.start_ms != start_ms {
        // Calls under way are paid for in the window in which they end.
        (account.start_ms, account.spent) = (start_ms, 0.0);
    }
    account
}
