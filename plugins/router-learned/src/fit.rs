//! Whether a candidate can serve the turn at all, and what that would cost.

use pointsman_policy::{Candidate, HealthState, Reason, Turn};

/// Tokens that a reply is expected to have where nobody says.
const REPLY: u32 = 500;

/// The size of a turn.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Tokens of the conversation.
    pub prompt: u32,
    /// Tokens of the reply: expected.
    pub reply: u32,
    /// Tokens of the reply: allowed, where the request says so.
    pub allowed: Option<u32>,
}

impl Size {
    /// Of a turn, with the operator's expectation of a reply.
    pub fn of(turn: &Turn, reply: Option<u32>) -> Self {
        let allowed = turn.limits().max_output_tokens;
        let reply = reply.unwrap_or(REPLY);
        Size {
            prompt: turn.tokens().tokens,
            reply: allowed.map_or(reply, |allowed| allowed.min(reply)),
            allowed,
        }
    }

    /// What the call would cost, in USD; nothing unless both prices are known.
    pub fn cost(&self, candidate: &Candidate) -> Option<f64> {
        let (prompt, reply) = (f64::from(self.prompt), f64::from(self.reply));
        Some((prompt * candidate.input_price? + reply * candidate.output_price?) / 1e6)
    }

    /// Why a candidate cannot serve, where something is known against it.
    pub fn misfit(&self, candidate: &Candidate) -> Option<Reason> {
        let name = &candidate.name;
        let asked = self.allowed.unwrap_or(0);
        if matches!(candidate.health.state, HealthState::Down) {
            return Some(Reason::new("skip:down", format!("{name} is down")));
        }
        if let Some(most) = candidate.max_output_tokens.filter(|most| asked > *most) {
            let text = format!("{name} writes at most {most} tokens, {asked} are asked for");
            return Some(Reason::new("skip:output", text));
        }
        let needed = u64::from(self.prompt) + u64::from(asked);
        let window = candidate.window.filter(|window| needed > u64::from(*window))?;
        let text = format!("{name} has a window of {window} tokens, {needed} are needed");
        Some(Reason::new("skip:window", text))
    }
}
