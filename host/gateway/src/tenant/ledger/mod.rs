//! What was spent of each budget, and what is reserved for calls under way. Both together never pass the budget: a call that
//! would is not made.

mod account;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pointsman_telemetry::{Store, StoreError};
use rusqlite::params;

pub(crate) use account::Balance;
use account::{Account, current};
pub(super) use account::{Purse, Short};

/// All accounts.
pub(super) struct Ledger {
    accounts: Mutex<HashMap<String, Account>>,
    store: Store,
    /// A write is on its way, which will see what comes until then.
    writing: AtomicBool,
}

impl Ledger {
    /// Goes on from what the store has. What was reserved when the process ended is taken for spent: nobody knows better.
    pub(super) async fn open(store: Store) -> Result<Arc<Self>, StoreError> {
        let read = store.run(|connection| {
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS spending (
                     account TEXT NOT NULL PRIMARY KEY, start_ms INTEGER NOT NULL, usd REAL NOT NULL
                 ) WITHOUT ROWID",
            )?;
            let mut all = connection.prepare("SELECT account, start_ms, usd FROM spending")?;
            let rows = all.query_map([], |row| {
                let account = Account {
                    start_ms: row.get::<_, i64>(1)? as u64,
                    spent: row.get(2)?,
                    ..Account::default()
                };
                Ok((row.get(0)?, account))
            })?;
            rows.collect::<rusqlite::Result<HashMap<String, Account>>>()
        });
        Ok(Arc::new(Ledger {
            accounts: Mutex::new(read.await?),
            store,
            writing: AtomicBool::new(false),
        }))
    }

    /// Reserves so many USD of all these budgets, or of none.
    ///
    /// # Errors
    /// The first that does not have it.
    pub(super) fn reserve(self: &Arc<Self>, purses: &[Purse], usd: f64, now_ms: u64) -> Result<(), Short> {
        let mut accounts = self.lock();
        for purse in purses {
            let account = current(&mut accounts, purse, now_ms);
            let left = purse.usd - account.spent - account.reserved;
            // Sums of fractions are worth a hair's breadth.
            if usd > left + 1e-12 {
                return Err(Short {
                    words: purse.words.clone(),
                    window: purse.window.words(),
                    left: left.max(0.0),
                    waits: usd <= purse.usd - account.spent,
                    anew_ms: purse.window.end(now_ms),
                });
            }
        }
        for purse in purses {
            let account = current(&mut accounts, purse, now_ms);
            account.reserved += usd;
            account.open += 1;
        }
        drop(accounts);
        self.keep();
        Ok(())
    }

    /// Ends a reservation: so much of it was spent.
    pub(super) fn settle(self: &Arc<Self>, purses: &[Purse], reserved: f64, spent: f64, now_ms: u64) {
        let mut accounts = self.lock();
        for purse in purses {
            let account = current(&mut accounts, purse, now_ms);
            account.open = account.open.saturating_sub(1);
            // What is left of many sums is nothing once no call is under way.
            account.reserved = if account.open == 0 {
                0.0
            } else {
                account.reserved - reserved
            };
            account.spent += spent;
        }
        drop(accounts);
        self.keep();
    }

    /// How a budget stands.
    pub(super) fn balance(&self, purse: &Purse, now_ms: u64) -> Balance {
        let account = *current(&mut self.lock(), purse, now_ms);
        Balance {
            account: purse.account.clone(),
            budget: purse.words.clone(),
            usd: purse.usd,
            window: purse.window,
            spent_usd: account.spent,
            reserved_usd: account.reserved,
            anew_at_ms: purse.window.end(now_ms),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes all accounts soon; many changes may come to one write.
    fn keep(self: &Arc<Self>) {
        if self.writing.swap(true, Ordering::AcqRel) {
            return;
        }
        let ledger = self.clone();
        let asked = self.store.soon(move |connection| {
            ledger.writing.store(false, Ordering::Release);
            let accounts = ledger.lock().clone();
            let mut write = connection.prepare_cached("INSERT OR REPLACE INTO spending VALUES (?1, ?2, ?3)")?;
            for (name, account) in accounts {
                write.execute(params![name, account.start_ms as i64, account.spent + account.reserved])?;
            }
            Ok(())
        });
        if !asked {
            // The next change asks again.
            self.writing.store(false, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Window;

    fn purse(account: &str, usd: f64) -> Purse {
        Purse {
            account: account.to_owned(),
            words: format!("the budget `{account}`"),
            usd,
            window: Window::Day,
            output_tokens: None,
        }
    }

    const DAY: u64 = 24 * 3_600_000;

    #[tokio::test]
    async fn two_at_once_cannot_take_what_is_there_for_one() {
        let ledger = Ledger::open(Store::in_process().unwrap()).await.unwrap();
        let purses = Arc::new([purse("a", 1.0)]);
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (ledger, purses) = (ledger.clone(), purses.clone());
                std::thread::spawn(move || {
                    let mut spent = 0;
                    for _ in 0..1_000 {
                        if ledger.reserve(&*purses, 0.001, DAY).is_ok() {
                            ledger.settle(&*purses, 0.001, 0.001, DAY);
                            spent += 1;
                        }
                    }
                    spent
                })
            })
            .collect();
        let spent: u32 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(spent, 1_000);
        let balance = ledger.balance(&purses[0], DAY);
        assert!(
            (balance.spent_usd - 1.0).abs() < 1e-9 && balance.reserved_usd == 0.0,
            "{balance:?}"
        );
    }

    #[tokio::test]
    async fn of_several_budgets_all_are_reserved_or_none() {
        let ledger = Ledger::open(Store::in_process().unwrap()).await.unwrap();
        let both = [purse("wide", 1.0), purse("narrow", 0.1)];
        let short = ledger.reserve(&both, 0.5, DAY).unwrap_err();
        assert_eq!(
            (short.words.as_str(), short.left, short.waits),
            ("the budget `narrow`", 0.1, false)
        );
        assert_eq!(short.anew_ms, Some(2 * DAY));
        assert_eq!(ledger.balance(&both[0], DAY).reserved_usd, 0.0);
    }

    #[tokio::test]
    async fn a_new_window_begins_with_nothing_spent_and_with_what_is_under_way() {
        let ledger = Ledger::open(Store::in_process().unwrap()).await.unwrap();
        let purses = [purse("a", 1.0)];
        ledger.reserve(&purses, 0.6, DAY).unwrap();
        ledger.settle(&purses, 0.6, 0.6, DAY);
        ledger.reserve(&purses, 0.3, DAY).unwrap();
        let next = ledger.balance(&purses[0], 2 * DAY);
        assert!(next.spent_usd == 0.0 && next.reserved_usd == 0.3, "{next:?}");
    }

    #[tokio::test]
    async fn spending_outlives_the_process_and_so_does_what_was_reserved() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept.db");
        let purses = [purse("a", 1.0)];
        {
            let store = Store::open(&file).unwrap();
            let ledger = Ledger::open(store.clone()).await.unwrap();
            ledger.reserve(&purses, 0.25, DAY).unwrap();
            ledger.settle(&purses, 0.25, 0.125, DAY);
            ledger.reserve(&purses, 0.5, DAY).unwrap();
            tokio::task::spawn_blocking(move || store.close()).await.unwrap();
        }
        let ledger = Ledger::open(Store::open(&file).unwrap()).await.unwrap();
        assert_eq!(ledger.balance(&purses[0], DAY).spent_usd, 0.625);
    }
}
