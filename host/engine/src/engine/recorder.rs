//! Who is told of every turn that ends.

use crate::conversation::Request;
use crate::decision::{Delta, Record};

/// Takes the record of every turn, finished or not. Called on the path of the turn: hand it on, do not wait.
///
/// A closure is one:
/// ```
/// use pointsman::{Engine, Model, Record, Settings};
/// let (records, _taken) = std::sync::mpsc::channel();
/// let recorder = move |record: &Record| drop(records.send(record.clone()));
/// let builder = Engine::builder(Settings::new([Model::named("small")])).recorder(recorder);
/// ```
pub trait Recorder: Send + Sync + 'static {
    /// One turn has ended.
    fn record(&self, record: &Record);

    /// One turn has ended: its record, with what its decisions rested on.
    fn record_turn(&self, turn: Recorded<'_>) {
        self.record(turn.record);
    }

    /// Whether [`Recorded::reply`] is wanted. It is kept in memory until the turn ends.
    fn keeps_replies(&self) -> bool {
        false
    }
}

/// A turn that has ended: enough to decide it again.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// What was decided.
    pub record: &'a Record,
    /// The request as it came.
    pub request: &'a Request,
    /// The last reply as checkers were fed it; empty where none looked at it, or nobody asked for it.
    pub reply: &'a [Delta],
}

impl<F: Fn(&Record) + Send + Sync + 'static> Recorder for F {
    fn record(&self, record: &Record) {
        self(record);
    }
}
