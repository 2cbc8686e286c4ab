//! Whether a plain phrase is aimed at the model. "Ignore the rules", "debug mode" and "the hidden instructions" stand in
//! many a question about cars and programs: they count in full only where they are said to the model, and of its own.

use super::frame::{Frame, PREPOSITIONS, any, lists};
use super::wordings::Sign;

/// Whose something is: the model's.
const YOURS: &str = "you your yours youre";

/// Whether a phrase of this kind counts in full: one that is enough by itself.
pub(super) fn is_aimed(sign: Sign, frame: &Frame) -> bool {
    match sign {
        Sign::Override => sets_aside(frame),
        Sign::Extract => asks_for_its_own(frame),
        Sign::Jailbreak => frees(frame),
        _ => true,
    }
}

/// Instructions are set aside: by a command, and they are neither the speaker's nor of something else.
fn sets_aside(frame: &Frame) -> bool {
    let speakers = frame.has("my our i me his her their peoples");
    let is_statement = frame
        .inside
        .first()
        .is_some_and(|first| lists("overrides supersedes replaces previous prior earlier", first))
        || frame.inside.get(1).is_some_and(|second| lists("above before", second));
    if is_statement {
        return frame.has(YOURS);
    }
    !speakers && !frame.is_asked() && frame.is_commanded() && !frame.goes_elsewhere(PREPOSITIONS)
}

/// The model is asked for its own instructions.
fn asks_for_its_own(frame: &Frame) -> bool {
    let first = frame.inside.first().map_or("", String::as_str);
    let last = frame.inside.last().map_or("", String::as_str);
    if frame.has("above") {
        let all = frame.has("everything words all");
        let goes_on = frame.goes_on() || frame.goes_elsewhere(PREPOSITIONS);
        return first != "text" && all && frame.is_commanded() && !goes_on;
    }
    let is_prompt = matches!(
        last,
        "prompt" | "prompts" | "instructions" | "instruction" | "directives"
    );
    let by_operator = frame.has("system developer");
    let unseen = frame.has("hidden secret confidential initial");
    let told_you = frame.has("told instructed") || any(&frame.behind, YOURS);
    if frame.has(YOURS) {
        let elsewhere = frame.goes_elsewhere("for about on of at by regarding concerning");
        let own =
            is_prompt || by_operator || (unseen && last != "message") || told_you || last == "are" || first != "what";
        return own && !elsewhere;
    }
    let own = by_operator || (unseen && (is_prompt || told_you));
    let composes = matches!(
        first,
        "write" | "what" | "translate" | "send" | "encode" | "summarize" | "summarise" | "paraphrase"
    );
    let asked_for =
        matches!(first, "text" | "content" | "contents" | "copy" | "wording" | "version") || frame.is_commanded();
    own && !composes && asked_for && !frame.is_asked() && !frame.goes_on() && !frame.goes_elsewhere(PREPOSITIONS)
}

/// The model is told that it has no rules, or to be somebody who has none.
fn frees(frame: &Frame) -> bool {
    let first = frame.inside.first().map_or("", String::as_str);
    let to_you = frame.has(YOURS) || any(&frame.before, YOURS);
    if frame.is_asked() {
        return false;
    }
    match first {
        "do" | "dan" | "jailbreak" | "unrestricted" | "been" | "are" | "now" => true,
        "enter" | "enable" | "activate" => frame.is_commanded() && !frame.goes_elsewhere(PREPOSITIONS),
        "developer" | "sudo" | "debug" | "admin" | "root" => frame.before.is_empty() && frame.behind.is_empty(),
        "in" | "into" => to_you && !frame.goes_elsewhere(PREPOSITIONS),
        "god" | "chaos" => {
            (to_you || any(&frame.before, "enter activate enable switch")) && !frame.goes_elsewhere(PREPOSITIONS)
        }
        "you" | "youre" => any(&frame.behind, RULES),
        "evil" | "unethical" | "amoral" | "uncensored" | "unfiltered" => {
            any(&frame.before, "you youre as be become play enter")
        }
        "mode" => true,
        _ => to_you,
    }
}

/// What the model may be said to be free of.
const RULES: &str = "\
    any usual your rules rule policy policies guidelines restrictions filters ethics ethical moral morals law laws \
    limits constraints programming content openai anthropic";
