//! How much text one turn works on.

use crate::settings::Settings;

/// How much text one turn works on, in bytes. All work of a turn that grows with the text is bounded by one of these, and by
/// text alone: the same turn reaches as far on a slow machine and when it is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// New text that is indexed.
    pub index: usize,
    /// Text that is read for people, once all is indexed.
    pub read: usize,
    /// Text of unread messages that is looked over for the question's words, the newest first.
    pub look: usize,
    /// Text that is trimmed for the first time.
    pub trim: usize,
}

impl Reach {
    /// Reading a text for people takes about so many times what indexing it does.
    pub(crate) const READING: usize = 4;
}

impl Settings {
    /// How far a turn reaches: each kind of work by what it costs beside indexing. Where no turn follows on which the rest
    /// could be read, it reaches eight times as far.
    pub(crate) fn reach(&self, goes_on: bool) -> Reach {
        let index = (self.read_kib as usize) << if goes_on { 10 } else { 13 };
        Reach {
            index,
            read: index / Reach::READING,
            look: index * 8,
            trim: index,
        }
    }
}
