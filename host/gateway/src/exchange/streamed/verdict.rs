//! What a verdict means for a stream: what has left cannot be taken back, but its end can still say so.

use pointsman::{Action, Verdict};

use super::tell::End;

/// What the verdict on a whole stream means: what has left cannot be taken back, but its end can still say so.
pub(super) fn judge(so_far: &mut Option<Verdict>, last: Verdict) -> End {
    let end = match &last.action {
        Action::Block(words) => End::Stopped(words.clone()),
        _ => End::Done,
    };
    if so_far
        .as_ref()
        .is_none_or(|old| old.action.severity() < last.action.severity())
    {
        *so_far = Some(last);
    }
    end
}

/// A verdict in the middle ends the review, and with it the stream: what nobody reviews is not sent. A stream cannot be
/// sent round again, so the client is told why it ends here.
pub(super) fn stop(verdict: &mut Option<Verdict>, new: Verdict) -> End {
    let words = match &new.action {
        Action::Block(words) => words.clone(),
        _ => {
            let found = new.findings.iter().map(|finding| finding.text.as_str());
            let mut reasons = found.chain(new.reasons.iter().map(|reason| reason.text.as_str()));
            let why = reasons.next().unwrap_or("it is not to be used");
            format!("The reply was stopped by a checker: {why}")
        }
    };
    *verdict = Some(new);
    End::Stopped(words)
}
