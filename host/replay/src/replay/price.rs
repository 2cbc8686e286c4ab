//! What the calls to models cost, as recorded and as they would have.

use pointsman::{PolicyKind, Record, Usage};

use super::difference::Difference;

impl Difference {
    /// Predicts the call's cost with the usage that was billed: as if another model had answered as long, and as if tokens that are
    /// not sent were not billed.
    pub(super) fn price(&mut self, record: &Record, kind: PolicyKind) {
        let Some(usage) = record.usage else { return };
        let cost = |model: &str, usage: &Usage| record.candidates.iter().find(|known| known.name == model)?.cost(usage);
        match kind {
            PolicyKind::Router => {
                for told in [&mut self.recorded, &mut self.candidate] {
                    told.cost_usd = cost(&told.what, &usage);
                }
            }
            PolicyKind::Compressor => {
                let (Some(was), Some(is)) = (self.recorded.tokens, self.candidate.tokens) else {
                    return;
                };
                let input = i64::from(usage.input_tokens) + i64::from(is) - i64::from(was);
                let shorter = Usage {
                    input_tokens: input.clamp(0, i64::from(u32::MAX)) as u32,
                    ..usage
                };
                self.recorded.cost_usd = cost(&record.model, &usage);
                self.candidate.cost_usd = cost(&record.model, &shorter);
            }
            PolicyKind::Checker => {}
        }
    }
}
