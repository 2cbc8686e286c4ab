//! What the policies of the zoo do instead of their work, and the deeds that need no kind in particular.

use std::hint::black_box;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Instant;

use pointsman_policy::host::{self, Artifact};
use pointsman_policy::{SettingsError, Turn};
use serde::Deserialize;

/// Settings of every policy of the zoo.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// What to do.
    #[serde(rename = "do")]
    pub deed: Deed,
    /// Anything: it tells two policies apart that do the same.
    pub note: String,
}

/// A misdeed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// The policy's work, done well.
    #[default]
    Good,
    /// Says on purpose that it failed.
    Fail,

    // While it is configured.
    ConfigureLoop,
    ConfigurePanic,
    ConfigureGrow,
    ConfigureRefuse,
    ConfigureHeavy,
    ConfigureClock,

    // Time, memory, traps: in any call.
    Loop,
    LoopInHost,
    Recurse,
    Grow,
    Hoard,
    Panic,
    Trap,
    TrapAfterHost,
    BadAccess,
    Instant,
    UseSystem,
    PrintFlood,

    // The host's functions.
    LogFlood,
    LogHuge,
    LogGarbage,
    RandomHuge,
    CountHuge,
    LeakArtifacts,
    GetRandom,
    Count,
    Surroundings,

    // A router's answers.
    Stranger,
    StrangerFallback,
    SameFallbackTwice,
    ChoiceAsFallback,
    ManyFallbacks,
    NanConfidence,
    SureTwice,
    NanTemperature,
    EndlessCost,
    StrangerEstimate,
    GarbageModel,
    HugeReason,
    Alternate,

    // A compressor's edits.
    OutOfRange,
    OutOfOrder,
    SameMessageTwice,
    Locked,
    TornExchange,
    BetweenExchange,
    DropAll,
    UnknownChange,
    ForeignRole,
    MissingPart,
    MillionEdits,
    RememberTooMuch,
    RememberNan,
    GainNothing,

    // A checker's.
    OpenLoop,
    FeedLoop,
    FinishLoop,
    OpenPanic,
    FeedPanic,
    FinishPanic,
    DropLoop,
    DropPanic,
    BackwardsSpan,
    SpanBeyond,
    StrangeChoice,
    StrangeMessage,
    RepairStranger,
    NanScore,
    UnknownAction,
    MaskOutOfRange,
    UnknownGuardAction,
    Refuse,
}

/// Clock and randomness as they were while the policy was configured.
static CONFIGURED: OnceLock<String> = OnceLock::new();

/// Deeds that happen while the policy is configured.
pub fn configure(deed: Deed) -> Result<(), Vec<SettingsError>> {
    match deed {
        Deed::ConfigureLoop => forever(),
        Deed::ConfigurePanic => panic!("no settings please"),
        Deed::ConfigureGrow => grow(),
        Deed::ConfigureHeavy => {
            std::mem::forget(black_box(vec![1_u8; 64 << 20]));
            Ok(())
        }
        Deed::ConfigureClock => {
            CONFIGURED.get_or_init(|| format!("{} ms, {:?}", host::now(), host::random(4)));
            Ok(())
        }
        Deed::ConfigureRefuse => Err(vec![
            SettingsError::new("rules[2].pattern", "expected a pattern, found a shoe"),
            SettingsError::new("", "and the rest is no better"),
        ]),
        _ => Ok(()),
    }
}

/// Deeds that need no kind in particular. What is worth telling comes back.
pub fn commit(deed: Deed, turn: &Turn) -> String {
    match deed {
        Deed::Loop => forever(),
        Deed::LoopInHost => loop {
            black_box(turn.all_texts());
        },
        Deed::Recurse => recurse(black_box(1)).to_string(),
        Deed::Grow => grow(),
        Deed::Hoard => hoard(),
        Deed::Panic => panic!("the {} broke", "points lever"),
        Deed::Trap => trap(),
        Deed::TrapAfterHost => {
            host::info!("here I stood with {} messages", turn.length());
            trap()
        }
        // SAFETY: none; that is the deed.
        Deed::BadAccess => unsafe { black_box(0xffff_fff0_usize as *const u32).read_volatile() }.to_string(),
        Deed::ConfigureClock => CONFIGURED.get().cloned().unwrap_or_default(),
        Deed::UseSystem => system(),
        Deed::PrintFlood => {
            // About 27 KB.
            (0..400).for_each(|line| println!("{line}: {}", "x".repeat(64)));
            "all printed".to_owned()
        }
        Deed::Instant => format!("{:?}", Instant::now()),
        Deed::LogFlood => {
            (0..1_000).for_each(|line| host::info!("line {line}"));
            String::new()
        }
        Deed::LogHuge => {
            host::warn!("{}", "é".repeat(50_000));
            String::new()
        }
        Deed::LogGarbage => {
            host::log(host::Level::Info, &garbage());
            String::new()
        }
        Deed::RandomHuge => host::random(u32::MAX).len().to_string(),
        Deed::CountHuge => format!("{:?}", host::count_tokens(&"word ".repeat(20 << 20), None)),
        Deed::LeakArtifacts => {
            let open = || Artifact::open("weights").map(std::mem::forget);
            (0..10_000).filter_map(|_| open()).count().to_string()
        }
        Deed::GetRandom => {
            let mut bytes = [0; 24];
            getrandom::fill(&mut bytes).expect("randomness");
            format!("{bytes:?}")
        }
        Deed::Surroundings => {
            let memory = turn.memory().unwrap_or_else(|| panic!("no memory"));
            format!(
                "artifact {}, memory {} of {} bytes, tenant {}, reply {}",
                Artifact::open("weights").is_some(),
                memory.version,
                memory.state.len(),
                turn.tenant_settings().unwrap_or_default(),
                turn.limits().max_output_tokens.unwrap_or_default()
            )
        }
        Deed::Count | Deed::Alternate => {
            static CALLS: AtomicU32 = AtomicU32::new(0);
            CALLS.fetch_add(1, Relaxed).to_string()
        }
        _ => String::new(),
    }
}

/// Asks the system for what the standard library offers, and sleeps for an hour.
fn system() -> String {
    std::thread::sleep(std::time::Duration::from_secs(3_600));
    println!("written to standard output");
    let unix = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let names: std::collections::HashMap<_, _> = [("a", 1), ("b", 2)].into();
    format!(
        "{} variables, {} arguments, root {}, {} ms, {} names",
        std::env::vars().count(),
        std::env::args().count(),
        if std::fs::read_dir("/").is_ok() {
            "read"
        } else {
            "closed"
        },
        unix.map_or(0, |since| since.as_millis()),
        names.len()
    )
}

/// Never comes back.
pub fn forever() -> ! {
    let mut round = 0_u64;
    loop {
        round = black_box(round.wrapping_add(1));
    }
}

fn trap() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    std::process::abort();
}

#[inline(never)]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 32]);
    if depth == 0 {
        0
    } else {
        recurse(black_box(depth + 1)) + frame[(depth % 32) as usize]
    }
}

/// Takes memory until there is none.
fn grow() -> ! {
    loop {
        std::mem::forget(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Takes what memory there is, lives with the refusal, and goes on.
fn hoard() -> String {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        let mut more = Vec::new();
        if more.try_reserve_exact(1 << 20).is_err() {
            return hoard.len().to_string();
        }
        hoard.push(more);
    }
}

/// A string that is none.
pub fn garbage() -> String {
    // SAFETY: none; that is the deed. It is only ever handed to the host.
    unsafe { String::from_utf8_unchecked(vec![b'a', 0xff, 0xfe, b'z']) }
}
