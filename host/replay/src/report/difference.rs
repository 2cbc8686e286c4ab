//! One difference with its conversation before and after.

use super::page::escape;
use crate::replay::{Conversation, Difference, Told};

/// A difference that opens when it is asked for.
pub(super) fn shown(difference: &Difference) -> String {
    let Difference {
        recorded, candidate, ..
    } = difference;
    let head = format!(
        "<b>{}</b> → <b>{}</b> {}",
        escape(&recorded.what),
        escape(&candidate.what),
        escape(&size(difference))
    );
    let place = format!(
        "<span class=\"soft\">{} · {}</span>",
        escape(&difference.id),
        escape(&difference.place)
    );
    let why = |title: &str, told: &Told| {
        let reasons: String = told.why.iter().map(|why| format!("<p>{}</p>", escape(why))).collect();
        format!("<div><b>{title}: {}</b>{reasons}</div>", escape(&told.what))
    };
    let sides = [why("Recorded", recorded), why("Candidate", candidate)].concat();
    let conversation = difference.conversation.as_ref().map_or(String::new(), conversation);
    format!(
        "<details><summary>{head} {place}</summary>\n<div class=\"sides\">{sides}</div>\n{conversation}</details>\n"
    )
}

fn size(difference: &Difference) -> String {
    let Difference {
        recorded, candidate, ..
    } = difference;
    if let (Some(was), Some(is)) = (recorded.cost_usd, candidate.cost_usd) {
        return format!("{:+.6} USD", is - was);
    }
    if let (Some(was), Some(is)) = (recorded.tokens, candidate.tokens) {
        return format!("{:+} tokens", i64::from(is) - i64::from(was));
    }
    match (recorded.score, candidate.score) {
        (Some(was), Some(is)) => format!("score {was:.2} → {is:.2}"),
        _ => String::new(),
    }
}

/// Messages of a conversation that are shown, and characters of each.
const SHOWN: (usize, usize) = (60, 600);

/// Before and after side by side; what is left out is pale before, what was written is marked after. What was sent then stands
/// between them, and the reply that checkers judged below.
fn conversation(conversation: &Conversation) -> String {
    let Conversation {
        before,
        recorded,
        after,
        reply,
    } = conversation;
    let column = |title: &str, messages: &[(String, String)], others: Option<&[(String, String)]>, class: &str| {
        let message = |message: &(String, String)| {
            let changed = others.is_some_and(|others| !others.contains(message));
            let class = if changed { class } else { "" };
            let (role, text) = (escape(&message.0), escape(&cut(&message.1)));
            format!("<div class=\"message {class}\"><span>{role}</span>{text}</div>\n")
        };
        // Of a long conversation its beginning and its end.
        let half = SHOWN.0 / 2;
        let (head, left_out, tail) = if messages.len() > SHOWN.0 {
            let tail = messages.len() - half;
            (&messages[..half], tail - half, &messages[tail..])
        } else {
            (messages, 0, &[][..])
        };
        let between = if left_out > 0 {
            format!("<p class=\"soft\">… {left_out} messages …</p>\n")
        } else {
            String::new()
        };
        let shown = |messages: &[(String, String)]| messages.iter().map(message).collect::<String>();
        format!("<div><b>{title}</b>{}{between}{}</div>", shown(head), shown(tail))
    };
    let left = column("Before", before, after.as_deref().or(recorded.as_deref()), "gone");
    let changed = |title: &str, messages: &Option<Vec<(String, String)>>| {
        let messages = messages.as_deref();
        messages.map_or(String::new(), |messages| column(title, messages, Some(before), "new"))
    };
    let then = changed("After, as it was sent", recorded);
    let right = changed("After, as the candidate would have it sent", after);
    let reply = if reply.is_empty() {
        String::new()
    } else {
        column("The reply that was judged", reply, None, "")
    };
    format!("<div class=\"sides\">{left}{then}{right}{reply}</div>\n")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN.1) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
