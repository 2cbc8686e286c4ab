//! What the sentences of a reply come to, in words.

use pointsman_policy::{Action, Finding, Place, Reason, Span, Verdict};

use crate::choice::{Choice, Unsupported};
use crate::description::Source;
use crate::policy::GroundedChecker;
use crate::review::APART;
use crate::settings::Do;

/// The stable word for what this checker finds.
const UNGROUNDED: &str = "ungrounded";

/// What is said in the place of a blocked reply, where the settings say nothing.
const BLOCKED: &str = "The reply was held back because its source does not support it.";

/// Characters of the source that are quoted.
const QUOTED: usize = 160;

/// The verdict on these choices, of which there is at least one.
pub(crate) fn verdict(policy: &GroundedChecker, source: &Source, choices: &[(u32, &Choice)], more: bool) -> Verdict {
    let of = |choice: &Choice| policy.model.reply(source.form, choice.tally());
    let score = choices.iter().map(|(_, choice)| of(choice)).fold(0.0, f32::max);
    let findings: Vec<Finding> = choices
        .iter()
        .flat_map(|(number, choice)| choice.worst().iter().map(|it| finding(*number, it, source)))
        .collect();
    let is_bad = score >= policy.settings.threshold;
    let mut reasons = vec![Reason::new(UNGROUNDED, summary(score, findings.len(), is_bad)).weighing(score)];
    if source.is_cut {
        let text = format!(
            "only the first {} bytes of the source were read",
            policy.settings.max_source_bytes
        );
        reasons.push(Reason::new("source:cut", text));
    }
    if choices.iter().any(|(_, choice)| choice.is_cut()) {
        let text = format!(
            "only the first {} bytes of the reply were read",
            policy.settings.max_reply_bytes
        );
        reasons.push(Reason::new("reply:cut", text));
    }
    if more {
        reasons.push(Reason::new(
            "choices:cut",
            format!("choices from number {APART} on were not read"),
        ));
    }
    Verdict {
        action: if is_bad {
            action(policy, &findings)
        } else {
            Action::Accept
        },
        score: Some(score),
        findings,
        reasons,
    }
}

fn summary(score: f32, found: usize, is_bad: bool) -> String {
    let odds = format!("{:.0} in 100", score * 100.0);
    match (is_bad, found) {
        (false, 0) => format!("something in the reply is not in its source with a probability of {odds}"),
        (false, 1) => {
            format!("something in the reply is not in its source with a probability of {odds}; one sentence stands out")
        }
        (false, _) => {
            format!(
                "something in the reply is not in its source with a probability of {odds}; {found} sentences stand out"
            )
        }
        (true, 0) => {
            format!("the source does not support all of the reply, with odds of {odds}; no single sentence stands out")
        }
        (true, 1) => {
            format!("the source does not support all of the reply, with odds of {odds}; one sentence stands out")
        }
        (true, _) => {
            format!("the source does not support all of the reply, with odds of {odds}; {found} sentences stand out")
        }
    }
}

fn finding(choice: u32, it: &Unsupported, source: &Source) -> Finding {
    let nearest = it.window.map(|window| source.index.quote(window)).unwrap_or_default();
    let text = match (it.claims.as_slice(), nearest) {
        ([], "") => "nothing in the source speaks of this".to_owned(),
        ([], nearest) if it.contradicts => format!("the source says otherwise: “{}”", shortened(nearest)),
        ([], nearest) => format!("the source does not say this; nearest to it: “{}”", shortened(nearest)),
        (claims, _) => {
            let says: Vec<&str> = claims.iter().map(|claim| claim.says.as_str()).collect();
            format!("the source says {}", says.join("; "))
        }
    };
    let span = Span {
        start: it.start,
        end: it.end,
    };
    Finding {
        score: Some(it.probability),
        ..Finding::new(UNGROUNDED, text).at(Place::Reply(choice), span)
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn action(policy: &GroundedChecker, findings: &[Finding]) -> Action {
    match policy.settings.action {
        Do::Accept => Action::Accept,
        Do::Flag => Action::Flag,
        Do::Retry => Action::Retry(Some(hint(findings))),
        Do::Escalate => Action::Escalate,
        Do::Block => Action::Block(match policy.settings.block_message.as_str() {
            "" => BLOCKED.to_owned(),
            message => message.to_owned(),
        }),
    }
}

/// What to tell the model when it is asked once more.
fn hint(findings: &[Finding]) -> String {
    let mut hint = "Say only what the source says.".to_owned();
    let worst = findings
        .iter()
        .max_by(|a, b| a.score.unwrap_or_default().total_cmp(&b.score.unwrap_or_default()));
    if let Some(worst) = worst {
        hint.push_str(" For one sentence of the last answer, ");
        hint.push_str(&worst.text);
        hint.push('.');
    }
    hint
}
