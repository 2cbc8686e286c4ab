//! What an operator can set.

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `compressor-memory`. The budget is the least of `max-tokens`, `share` and the turn's own limit; where none of
/// them is known, the policy declines.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// Most tokens of the messages that are sent.
    pub max_tokens: Option<u32>,
    /// Most tokens of the messages that are sent, as a share of what the conversation has, above 0 and up to 1.
    pub share: Option<f64>,
    /// The newest messages, this many, stay as they are where the budget has room for them.
    pub keep_last: u32,
    /// Most words of a message that are trimmed from it, as a share, 0 (none) to 0.5; the emptiest words go first. Code,
    /// data, tool exchanges and the newest messages are never trimmed.
    pub trim: f32,
    /// What was compacted stays so on later turns, so that the provider's prompt cache holds; what a question needs of it
    /// is then restated in a note before the question. `false` selects anew on every turn.
    pub hold: bool,
    /// Room that a compaction leaves below the budget for the turns that follow, as a share of it, 0 to 0.9: the larger, the
    /// fewer compactions. It takes the whole budget where nothing holds (`hold = false`), or nothing follows (the attribute
    /// `turns` = `one`).
    pub headroom: f64,
    /// Most of the budget, as a share of it, that a note may take in which messages that were left out are restated; 0 for
    /// no notes.
    pub restate: f64,
    /// Who speaks the note.
    pub note_role: NoteRole,
    /// Change nothing where fewer tokens than this would be saved.
    pub min_saving: u32,
    /// What a cached token costs, as a share of its price; where the chosen model's prices are known, they count instead.
    /// Under `share` alone nothing is compacted that would not pay within `horizon` turns.
    pub cached_price: f64,
    /// Turns that a conversation is expected to go on for.
    pub horizon: u32,
    /// KiB of text that one turn reads of what it does not know yet, 8 to 4096. A longer history that comes at once (an import,
    /// a slot that was just switched on) is read over several turns, the older part first; what was not read yet is kept by
    /// the question's words and by how new it is. The default takes about half of the usual deadline of 20 ms. Where no turn
    /// follows (the attribute `turns` = `one`), it reads eight times as much, which wants a longer deadline.
    pub read_kib: u32,
}

/// Who speaks the note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteRole {
    /// A system message.
    System,
    /// A user message, which every provider takes anywhere.
    #[default]
    User,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_tokens: None,
            share: None,
            keep_last: 4,
            trim: 0.2,
            hold: true,
            headroom: 0.35,
            restate: 0.1,
            note_role: NoteRole::User,
            min_saving: 0,
            cached_price: 0.1,
            horizon: 10,
            read_kib: 32,
        }
    }
}

impl Settings {
    /// Says what is out of range.
    pub(crate) fn problems(&self) -> Vec<SettingsError> {
        let mut found = Vec::new();
        let mut expect = |path: &str, fine: bool, expected: &str, value: String| {
            if !fine {
                found.push(SettingsError::new(path, format!("expected {expected}, found {value}")));
            }
        };
        let tokens = self.max_tokens;
        expect(
            "max-tokens",
            tokens != Some(0),
            "at least 1; leave it out for no limit",
            "0".to_owned(),
        );
        let share = self.share.unwrap_or(1.0);
        expect(
            "share",
            share > 0.0 && share <= 1.0,
            "a number above 0 and up to 1",
            share.to_string(),
        );
        let within = |value: f64, most: f64| (0.0..=most).contains(&value);
        expect(
            "trim",
            within(self.trim.into(), 0.5),
            "a number from 0 to 0.5",
            self.trim.to_string(),
        );
        expect(
            "headroom",
            within(self.headroom, 0.9),
            "a number from 0 to 0.9",
            self.headroom.to_string(),
        );
        expect(
            "restate",
            within(self.restate, 0.5),
            "a number from 0 to 0.5",
            self.restate.to_string(),
        );
        expect(
            "cached-price",
            within(self.cached_price, 1.0),
            "a number from 0 to 1",
            self.cached_price.to_string(),
        );
        let read = self.read_kib;
        expect(
            "read-kib",
            (8..=4096).contains(&read),
            "a number from 8 to 4096",
            read.to_string(),
        );
        expect("horizon", self.horizon > 0, "at least 1", "0".to_owned());
        found
    }
}
