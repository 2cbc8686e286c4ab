//! Who asks, what that one may ask for, how often, and for how much.
//!
//! A request comes with a key or without: [`Tenants::caller`] says whose it is. Its [`Tab`] says what the calls that are made
//! for it may cost: each is predicted and reserved before it is made (`price`, `ledger`), and settled by what was billed
//! (`reservation`).

mod caller;
mod key;
mod ledger;
mod price;
mod prompt;
mod rate;
mod reservation;
mod ring;
mod tab;
mod window;

use std::net::SocketAddr;
use std::sync::Arc;

use pointsman_telemetry::{Store, StoreError, now_ms};

use crate::config::{AssumedPrices, BudgetSettings, Config, KeyPlan};
use ledger::{Ledger, Purse};
use ring::{Live, Ring};

pub(crate) use caller::Caller;
pub(crate) use key::{Grant, Key, KeyBudget};
pub(crate) use ledger::Balance;
pub(crate) use prompt::Came;
pub(crate) use reservation::Reservation;
pub(crate) use ring::KeyError;
pub(crate) use tab::Tab;

/// Keys, their limits and all budgets.
pub(crate) struct Tenants {
    ring: Arc<Ring>,
    ledger: Arc<Ledger>,
    budgets: Vec<BudgetSettings>,
    assumed: Option<AssumedPrices>,
    /// Whether others than this machine reach the address that clients are served on.
    public: bool,
    required: bool,
}

impl Tenants {
    /// Opens what the store has of them, for clients that are served on this address: the one that is bound, whatever a
    /// configuration says of it.
    pub(crate) async fn open(config: &Config, bound: SocketAddr, store: Store) -> Result<Self, StoreError> {
        let public = !bound.ip().is_loopback();
        Ok(Tenants {
            ring: Arc::new(Ring::open(store.clone()).await?),
            ledger: Ledger::open(store).await?,
            budgets: config.budgets.clone(),
            assumed: config.tenants.assume_prices,
            required: required(config.tenants.keys, public),
            public,
        })
    }

    /// The same keys and the same spending, under another configuration.
    pub(crate) fn with(&self, config: &Config) -> Self {
        Tenants {
            ring: self.ring.clone(),
            ledger: self.ledger.clone(),
            budgets: config.budgets.clone(),
            assumed: config.tenants.assume_prices,
            required: required(config.tenants.keys, self.public),
            public: self.public,
        }
    }

    /// Makes a key; see [`Ring::add`].
    pub(crate) async fn add(&self, grant: Grant) -> Result<(Key, String), KeyError> {
        check(&grant)?;
        self.ring.add(grant, now_ms()).await
    }

    /// Revokes a key by its name or id.
    pub(crate) async fn revoke(&self, name: &str) -> Result<Key, KeyError> {
        self.ring.revoke(name).await
    }

    /// The keys that hold, by name.
    pub(crate) fn keys(&self) -> Vec<Key> {
        self.ring.all().iter().map(|live| live.key.clone()).collect()
    }

    /// How every budget stands.
    pub(crate) fn balances(&self) -> Vec<Balance> {
        let own = self.budgets.iter().map(purse);
        let keys = self.ring.all();
        let all = own.chain(keys.iter().filter_map(|live| purse_of_key(&live.key)));
        all.map(|purse| self.ledger.balance(&purse, now_ms())).collect()
    }

    /// The budgets that a call counts against.
    fn purses(&self, key: Option<&Live>, tags: &[String]) -> Vec<Purse> {
        if self.budgets.is_empty() && key.is_none_or(|live| live.key.grant.budget.is_none()) {
            return Vec::new();
        }
        let counts = |budget: &&BudgetSettings| match (&budget.key, &budget.tag) {
            (Some(name), _) => key.is_some_and(|live| live.key.grant.name == *name),
            (None, Some(tag)) => tags.contains(tag),
            (None, None) => true,
        };
        let of_key = key.and_then(|live| purse_of_key(&live.key));
        self.budgets.iter().filter(counts).map(purse).chain(of_key).collect()
    }
}

fn purse(budget: &BudgetSettings) -> Purse {
    Purse {
        account: format!("budget:{}", budget.name),
        words: format!("the budget `{}`", budget.name),
        usd: budget.usd,
        window: budget.window,
        output_tokens: budget.output_tokens,
    }
}

fn purse_of_key(key: &Key) -> Option<Purse> {
    let budget = key.grant.budget.as_ref()?;
    Some(Purse {
        account: format!("key:{}", key.id),
        words: format!("the budget of the key `{}`", key.grant.name),
        usd: budget.usd,
        window: budget.window,
        output_tokens: budget.output_tokens,
    })
}

/// Whether everybody needs a key: on an address that others can reach, unless the operator says otherwise.
fn required(plan: Option<KeyPlan>, public: bool) -> bool {
    plan.map_or(public, |plan| plan == KeyPlan::Required)
}

fn check(grant: &Grant) -> Result<(), KeyError> {
    let wrong = |words: &str| Err(KeyError::Wrong(words.to_owned()));
    let plain = |word: &String| !word.is_empty() && word.len() <= 128 && !word.contains([',', '\n', '\r', '\0']);
    if !plain(&grant.name) || !grant.tags.iter().chain(&grant.tenant).all(plain) {
        return wrong("`name`, `tenant` and `tags`: give 1 to 128 bytes each, without commas");
    }
    if grant.requests_per_minute == Some(0) || grant.tokens_per_minute == Some(0) {
        return wrong("a limit of 0 would let nothing through: give a positive number, or leave it out");
    }
    match &grant.budget {
        Some(budget) if !(budget.usd > 0.0 && budget.usd.is_finite()) || budget.output_tokens == Some(0) => {
            wrong("`budget`: give a positive number of USD, and of tokens where you reserve some")
        }
        _ => Ok(()),
    }
}
