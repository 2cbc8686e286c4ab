//! Cargo's settings for a policy: memory, flags and profile, each with its reason.
use std::path::PathBuf;

use crate::Target;

/// Bytes of the heap that an instance begins with. Growing memory in a call costs every thread of the host; 3 MiB
/// hold 200 messages of 2 KiB four times over. Pages that are never touched cost nothing.
const INITIAL_HEAP: u32 = 3 << 20;

/// Bytes of the stack. rustc's own megabyte is meant for whole programs; half of it still holds the deepest JSON that
/// serde_json reads (128 levels) in an unoptimised build. The stack lies below the data, so that an overflow traps.
const STACK: u32 = 512 << 10;

/// Cargo's settings for a policy. `--config` adds to the flags in an author's own configuration, where a variable
/// would take their place.
pub(crate) fn of(target: Target) -> Vec<String> {
    // No `simd128`: a loop keeps its vectors in memory across each look at the deadline, and takes longer than by single bytes.
    let mut flags = vec![format!("-Clink-arg=-zstack-size={STACK}")];
    // Panics name their file. Without the folder of this machine, the same sources make the same digest on another.
    if let Some(cargo_home) = cargo_home() {
        flags.push(format!(
            "--remap-path-prefix={}=",
            cargo_home.join("registry/src").join("").display()
        ));
    }
    if target == Target::Unknown {
        flags.push(format!("-Clink-arg=--initial-heap={INITIAL_HEAP}"));
        // Randomness comes from the turn, through the SDK.
        flags.push("--cfg=getrandom_backend=\"custom\"".to_owned());
    }
    vec![
        format!("target.{target}.rustflags={flags:?}"),
        // Calls are short and many: what is spent here once is saved in every one of them.
        "profile.release.opt-level=3".to_owned(),
        "profile.release.lto=\"fat\"".to_owned(),
        "profile.release.codegen-units=1".to_owned(),
        // A panic is reported by the SDK's hook and then traps; there is nobody to unwind to.
        "profile.release.panic=\"abort\"".to_owned(),
        "profile.release.debug=false".to_owned(),
        "profile.release.strip=\"debuginfo\"".to_owned(),
    ]
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_component_begins_with_its_heap_on_the_usual_target_only() {
        let flags = |target| of(target).remove(0);
        assert!(flags(Target::Unknown).contains("--initial-heap="));
        assert!(!flags(Target::Wasip2).contains("--initial-heap="));
    }
}
