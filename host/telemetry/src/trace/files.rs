//! The names of trace files: the one that is written, and older ones with rising numbers.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Older files, the oldest first, with their numbers.
pub(super) fn older(path: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        if let Some(number) = number(path, &name) {
            found.push((number, folder.join(name)));
        }
    }
    found.sort();
    Ok(found)
}

/// All files, the oldest first.
pub(super) fn all(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all: Vec<PathBuf> = older(path)?.into_iter().map(|(_, path)| path).collect();
    if path.exists() {
        all.push(path.to_owned());
    }
    Ok(all)
}

/// The name of an older file.
pub(super) fn numbered(path: &Path, number: u64) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ext = path
        .extension()
        .map(|ext| format!(".{}", ext.to_string_lossy()))
        .unwrap_or_default();
    path.with_file_name(format!("{stem}-{number:06}{ext}"))
}

fn number(path: &Path, name: &OsStr) -> Option<u64> {
    let stem = path.file_stem()?.to_string_lossy();
    let ext = path
        .extension()
        .map(|ext| format!(".{}", ext.to_string_lossy()))
        .unwrap_or_default();
    let name = name.to_string_lossy();
    let digits = name.strip_prefix(&*stem)?.strip_prefix('-')?.strip_suffix(&ext)?;
    (digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_again_and_other_files_are_left_alone() {
        let path = Path::new("/x/turns.jsonl");
        let name = numbered(path, 42);
        assert_eq!(name, Path::new("/x/turns-000042.jsonl"));
        assert_eq!(number(path, name.file_name().unwrap()), Some(42));
        for other in [
            "turns.jsonl",
            "turns-42.jsonl",
            "turns-000042.txt",
            "my-turns-000042.jsonl",
            "turns-00004x.jsonl",
        ] {
            assert_eq!(number(path, OsStr::new(other)), None, "{other}");
        }
    }
}
