//! The standard policies of Pointsman, as component bytes: so that an embedder has them too, not only the command.
//!
//! `build.rs` builds them from `plugins/`, for every build of this crate.
//!
//! ```
//! let rules = pointsman_standard::find("router-rules").unwrap();
//! assert_eq!(rules.kind, "router");
//! assert!(rules.component.starts_with(b"\0asm"));
//! ```

/// A standard policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Such as `router-rules`.
    pub name: &'static str,
    /// `router`, `compressor` or `checker`.
    pub kind: &'static str,
    /// The component.
    pub component: &'static [u8],
    /// Its artifacts, for slots that give none of their name.
    pub artifacts: &'static [Artifact],
}

/// An artifact that a standard policy brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The name by which the policy opens it.
    pub name: &'static str,
    /// The file form of an artifact.
    pub bytes: &'static [u8],
}

/// Routes by an ordered table of rules.
pub const ROUTER_RULES: Standard = Standard {
    name: "router-rules",
    kind: "router",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/router-rules.wasm")),
    artifacts: &[],
};

/// Predicts each model's quality on the prompt and picks by a trade-off. Its weights were trained on the train splits of
/// RouteLLM's outcomes on MMLU and GSM8K.
pub const ROUTER_LEARNED: Standard = Standard {
    name: "router-learned",
    kind: "router",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/router-learned.wasm")),
    artifacts: &[Artifact {
        name: "weights",
        bytes: include_bytes!("../../../plugins/router-learned/weights.pma"),
    }],
};

/// Keeps the newest messages within a token budget.
pub const COMPRESSOR_WINDOW: Standard = Standard {
    name: "compressor-window",
    kind: "compressor",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/compressor-window.wasm")),
    artifacts: &[],
};

/// Remembers a conversation's old part, and keeps of it what the present question needs.
pub const COMPRESSOR_MEMORY: Standard = Standard {
    name: "compressor-memory",
    kind: "compressor",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/compressor-memory.wasm")),
    artifacts: &[],
};

/// Checks replies for what goes wrong most often.
pub const CHECKER_BASIC: Standard = Standard {
    name: "checker-basic",
    kind: "checker",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/checker-basic.wasm")),
    artifacts: &[],
};

/// Guards requests against prompt injection, and masks personal data and secrets in them.
pub const CHECKER_INPUT: Standard = Standard {
    name: "checker-input",
    kind: "checker",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/checker-input.wasm")),
    artifacts: &[],
};

/// Checks whether the source in a request says what the reply says.
pub const CHECKER_GROUNDED: Standard = Standard {
    name: "checker-grounded",
    kind: "checker",
    component: include_bytes!(concat!(env!("OUT_DIR"), "/checker-grounded.wasm")),
    artifacts: &[],
};

/// All of them.
pub const ALL: &[Standard] = &[
    ROUTER_RULES,
    ROUTER_LEARNED,
    COMPRESSOR_WINDOW,
    COMPRESSOR_MEMORY,
    CHECKER_BASIC,
    CHECKER_INPUT,
    CHECKER_GROUNDED,
];

/// The standard policy of this name.
pub fn find(name: &str) -> Option<&'static Standard> {
    ALL.iter().find(|standard| standard.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_is_of_the_kind_that_is_said_of_it() {
        for standard in ALL {
            let kind = pointsman_build::kind(standard.component).unwrap();
            assert_eq!(kind.name(), standard.kind, "{}", standard.name);
        }
    }

    #[test]
    fn a_policy_is_found_by_its_name_and_nothing_else_is() {
        assert_eq!(find("checker-basic"), Some(&CHECKER_BASIC));
        assert_eq!(find("checker"), None);
    }
}
