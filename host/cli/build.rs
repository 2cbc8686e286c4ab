//! Writes the table of the files that `pointsman policy new` brings into a project: the SDK, the contract, and the versions
//! of the crates that the SDK was tested with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where a folder or file of this repository goes in a project. The SDK finds the contract two folders above itself.
const BROUGHT: [(&str, &str); 3] = [
    ("plugins/sdk", "vendor/sdk"),
    ("wit", "wit"),
    ("Cargo.lock", "Cargo.lock"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let mut files = Vec::new();
    for (from, to) in BROUGHT {
        println!("cargo::rerun-if-changed={}", root.join(from).display());
        collect(&root.join(from), to, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for (name, file) in files {
        writeln!(table, "    ({name:?}, include_bytes!({:?})),", fs::canonicalize(file)?)?;
    }
    table += "]\n";
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("vendored.rs"), table)?;
    Ok(())
}

/// The files below `from`, each with its place in a project. What is hidden, and what cargo built, stays behind.
fn collect(from: &Path, to: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    if !from.is_dir() {
        files.push((to.to_owned(), from.to_owned()));
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "target" {
            collect(&entry.path(), &format!("{to}/{name}"), files)?;
        }
    }
    Ok(())
}
