//! What a crate may be called.

use anyhow::bail;

/// Words of the language, crates of the standard library, and crates that the project depends on.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "pointsman_policy",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "schemars",
    "self",
    "serde",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Whether cargo and rustc take this for the name of a policy's crate.
pub(super) fn check(name: &str) -> anyhow::Result<()> {
    const RULE: &str = "name it with lower-case letters, digits, `-` and `_`, a letter first, such as `my-router`";
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        bail!("`{name}` cannot be a crate's name, for it does not begin with a lower-case letter: {RULE}");
    }
    let wrong = |letter: &char| !matches!(letter, 'a'..='z' | '0'..='9' | '-' | '_');
    if let Some(letter) = name.chars().find(wrong) {
        bail!("`{name}` cannot be a crate's name, for it has a `{letter}` in it: {RULE}; a folder is named by --dir");
    }
    if name.len() > 64 {
        bail!(
            "`{name}` has {} letters, more than 64: choose a shorter name",
            name.len()
        );
    }
    if TAKEN.contains(&name.replace('-', "_").as_str()) {
        bail!("`{name}` is taken, by the language or by a crate that the policy needs: choose another name");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn usual_names_are_taken_as_they_are() {
        for name in ["my-router", "r2", "keep_short", "a"] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_name_that_cargo_would_refuse_is_refused_with_the_rule() {
        for (name, why) in [
            ("", "does not begin"),
            ("2fast", "does not begin"),
            ("My", "does not begin"),
            ("my router", "a ` ` in it"),
            ("über", "does not begin"),
            ("rué", "a `é` in it"),
            ("dir/name", "--dir"),
            ("match", "is taken"),
            ("pointsman-policy", "is taken"),
            (&"x".repeat(65), "more than 64"),
        ] {
            let error = check(name).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
