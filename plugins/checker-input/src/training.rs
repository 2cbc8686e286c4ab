//! What the measures in `examples/` need of this checker. Policies need none of it.

use crate::InputChecker;
use crate::injection::judge;

impl InputChecker {
    /// How likely a text tries to take the model over, 0 to 1.
    pub fn injection(&self, text: &str, from_tool: bool) -> f32 {
        judge(text, from_tool, &self.wordings).map_or(0.0, |injection| injection.probability)
    }
}
