//! What fifty turns are billed, with a provider's prompt cache at 90% off: tokens of the longest beginning that the request
//! shares with the one before cost a tenth.

use std::error::Error;

use compressor_memory::MemoryCompressor;
use pointsman_policy::testing::{configure, turn};
use pointsman_policy::{Change, Compression, Compressor, Memory, RequestedLimits, Role};

use crate::cases::{Case, count};

const TURNS: usize = 50;
const CACHED: f64 = 0.1;
/// Messages of the set that make one message here, so that they are as long as those of a working session.
const JOINED: usize = 3;
/// Tokens that a request may have, as tests count them.
const BUDGET: u32 = 3000;
/// Messages that the plain window keeps: about as many as the budget holds.
const LAST: usize = 26;

type Sent = Vec<(Role, String)>;

pub(crate) fn run(locomo: &[Case]) -> Result<(), Box<dyn Error>> {
    let talks: Vec<Sent> = locomo.iter().map(talk).filter(|talk| talk.len() >= 2 * TURNS).collect();
    println!(
        "\nbilled over {TURNS} turns, mean of {} conversations, budget {BUDGET}",
        talks.len()
    );
    println!("                                     tokens sent  billed as   of no compression  prefix kept");
    let whole = bill(&talks, |_| Ok(Box::new(|history: &Sent| Ok(history.clone()))))?;
    let policy = |settings: &'static str| move |_: &Sent| remembering(settings);
    row("no compression", whole, whole);
    let window = bill(&talks, |_| {
        Ok(Box::new(|history: &Sent| {
            Ok(history[history.len().saturating_sub(LAST)..].to_vec())
        }))
    })?;
    row("keep the last 26 messages", window, whole);
    for (name, settings) in [
        ("compressor-memory", "{}"),
        ("  headroom 0.2", r#"{"headroom": 0.2}"#),
        ("  headroom 0.5", r#"{"headroom": 0.5}"#),
        ("  without notes", r#"{"restate": 0}"#),
        ("  hold = false", r#"{"hold": false}"#),
    ] {
        row(name, bill(&talks, policy(settings))?, whole);
    }
    Ok(())
}

fn talk(case: &Case) -> Sent {
    let joined = case.messages.chunks(JOINED).map(|some| {
        let texts: Vec<String> = some.iter().map(|message| message.content.clone()).collect();
        texts.join(" ")
    });
    let role = |place: usize| {
        if place.is_multiple_of(2) {
            Role::User
        } else {
            Role::Assistant
        }
    };
    joined
        .take(2 * TURNS)
        .enumerate()
        .map(|(place, text)| (role(place), text))
        .collect()
}

/// Tokens sent, tokens that they are billed as, and the share of a request that the one before began with.
#[derive(Clone, Copy)]
struct Bill {
    sent: f64,
    billed: f64,
    shared: f64,
}

type Shorten = Box<dyn FnMut(&Sent) -> Result<Sent, Box<dyn Error>>>;

fn bill(talks: &[Sent], make: impl Fn(&Sent) -> Result<Shorten, Box<dyn Error>>) -> Result<Bill, Box<dyn Error>> {
    let mut bill = Bill {
        sent: 0.0,
        billed: 0.0,
        shared: 0.0,
    };
    for talk in talks {
        let mut shorten = make(talk)?;
        let mut before: Sent = Vec::new();
        for turn in 0..TURNS {
            let sent = shorten(&talk[..2 * turn + 1].to_vec())?;
            let same = sent.iter().zip(&before).take_while(|(now, then)| now == then).count();
            let tokens = |some: &[(Role, String)]| some.iter().map(|(_, text)| f64::from(count(text) + 3)).sum::<f64>();
            let (cached, fresh) = (tokens(&sent[..same]), tokens(&sent[same..]));
            bill.sent += cached + fresh;
            bill.billed += cached * CACHED + fresh;
            bill.shared += cached;
            before = sent;
        }
    }
    let n = talks.len().max(1) as f64;
    Ok(Bill {
        sent: bill.sent / n,
        billed: bill.billed / n,
        shared: bill.shared / bill.sent,
    })
}

fn remembering(settings: &'static str) -> Result<Shorten, Box<dyn Error>> {
    let policy: MemoryCompressor = configure(settings).map_err(|errors| format!("{errors:?}"))?;
    let mut memory: Option<Memory> = None;
    Ok(Box::new(move |history: &Sent| {
        let mut builder = turn().limits(RequestedLimits {
            context_tokens: Some(BUDGET),
            ..RequestedLimits::default()
        });
        for (role, text) in history {
            builder = if *role == Role::User {
                builder.user(text)
            } else {
                builder.assistant(text)
            };
        }
        builder = memory
            .take()
            .into_iter()
            .fold(builder, |builder, memory| builder.memory(memory));
        let answer = policy
            .compress(&builder.build())
            .map_err(|problem| format!("{problem:?}"))?;
        memory.clone_from(&answer.remember);
        Ok(applied(history, &answer))
    }))
}

fn applied(history: &Sent, answer: &Compression) -> Sent {
    let mut sent = Vec::new();
    for (place, (role, text)) in history.iter().enumerate() {
        let mut kept = Some((role.clone(), text.clone()));
        for edit in answer.edits.iter().filter(|edit| edit.message as usize == place) {
            match &edit.change {
                Change::Drop => kept = None,
                Change::Insert(note) => sent.push((note.role.clone(), note.text.clone())),
                Change::ReplaceParts(parts) => kept = parts.first().map(|part| (role.clone(), part.text.clone())),
                _ => {}
            }
        }
        sent.extend(kept);
    }
    sent
}

fn row(name: &str, bill: Bill, whole: Bill) {
    let share = 100.0 * bill.billed / whole.billed;
    println!(
        "{name:<36} {:<12.0} {:<11.0} {share:<18.1} {:.1}%",
        bill.sent,
        bill.billed,
        100.0 * bill.shared
    );
}
