//! The files of a new project: a template of its kind, and what is brought along from this repository.

/// The SDK, the contract and the lock file, each with its place in a project. Written by `build.rs`.
const BROUGHT: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/vendored.rs"));

/// What stands for the crate's name in a template.
const NAME: &str = "@name@";
/// What stands for the kind.
const KIND: &str = "@kind@";

/// The kinds that there is a template of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Router,
    Compressor,
    Checker,
}

impl Kind {
    #[cfg(test)]
    pub(super) const ALL: [Self; 3] = [Self::Router, Self::Compressor, Self::Checker];

    fn name(self) -> &'static str {
        match self {
            Kind::Router => "router",
            Kind::Compressor => "compressor",
            Kind::Checker => "checker",
        }
    }

    /// The library and its cases.
    fn template(self) -> (&'static str, &'static str) {
        macro_rules! template {
            ($kind:literal) => {
                (
                    include_str!(concat!("templates/", $kind, "/lib.rs")),
                    include_str!(concat!("templates/", $kind, "/cases.jsonl")),
                )
            };
        }
        match self {
            Kind::Router => template!("router"),
            Kind::Compressor => template!("compressor"),
            Kind::Checker => template!("checker"),
        }
    }
}

/// Every file of a project, by its path.
pub(super) fn files(name: &str, kind: Kind) -> Vec<(&'static str, Vec<u8>)> {
    let (library, cases) = kind.template();
    let of_a_template = [
        // Under another name here, so that cargo does not take the template for a package.
        ("Cargo.toml", include_str!("templates/manifest.toml")),
        ("README.md", include_str!("templates/README.md")),
        (".gitignore", "/target\n"),
        ("src/lib.rs", library),
        ("cases.jsonl", cases),
    ];
    let fill = |text: &str| text.replace(NAME, name).replace(KIND, kind.name()).into_bytes();
    let brought = BROUGHT.iter().map(|(path, bytes)| (*path, bytes.to_vec()));
    of_a_template
        .into_iter()
        .map(|(path, text)| (path, fill(text)))
        .chain(brought)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_template_s_marks_is_left() {
        for kind in Kind::ALL {
            for (path, bytes) in files("mine", kind) {
                let text = String::from_utf8(bytes).unwrap();
                assert!(!text.contains(NAME) && !text.contains(KIND), "{kind:?}: {path}");
            }
        }
    }
}
