//! Traces of one person found and taken out again.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files;

/// Which turns are meant; what is left out is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// The attribute `tenant`; empty where there was none.
    pub tenant: Option<String>,
    /// Who asked; empty where the request named nobody.
    pub user: Option<String>,
    /// The conversation.
    pub conversation: Option<String>,
}

/// A turn in a trace, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// Names the turn.
    pub turn: String,
    /// When it arrived, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The tenant; empty where there was none.
    pub tenant: String,
    /// Who asked; empty where the request named nobody.
    pub user: String,
    /// The conversation; empty where it belonged to none.
    pub conversation: String,
    /// The model that answered.
    pub model: String,
    /// How it ended.
    pub state: String,
    /// In USD; `None` where it is not known.
    pub cost_usd: Option<f64>,
}

/// What is read of a line.
#[derive(Deserialize)]
struct Line {
    record: Short,
}

#[derive(Deserialize)]
struct Short {
    turn: String,
    at_ms: u64,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    conversation: Option<String>,
    #[serde(default)]
    attributes: Attributes,
    model: String,
    state: String,
    cost_usd: Option<f64>,
}

#[derive(Default, Deserialize)]
struct Attributes {
    #[serde(default)]
    tenant: Option<String>,
}

impl Which {
    /// The turn of a line, where it is one of these. A line that cannot be read is nobody's.
    fn find(&self, line: &[u8]) -> Option<Listed> {
        let Line { record } = serde_json::from_slice(line).ok()?;
        let listed = Listed {
            turn: record.turn,
            at_ms: record.at_ms,
            tenant: record.attributes.tenant.unwrap_or_default(),
            user: record.user.unwrap_or_default(),
            conversation: record.conversation.unwrap_or_default(),
            model: record.model,
            state: record.state,
            cost_usd: record.cost_usd,
        };
        let fits = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted == own);
        (fits(&self.tenant, &listed.tenant)
            && fits(&self.user, &listed.user)
            && fits(&self.conversation, &listed.conversation))
        .then_some(listed)
    }
}

pub(super) fn list(path: &Path, which: &Which, limit: usize) -> io::Result<Vec<Listed>> {
    let mut latest = VecDeque::new();
    for file in files::all(path)? {
        let mut lines = BufReader::new(File::open(file)?);
        let mut line = Vec::new();
        while next(&mut lines, &mut line)? {
            if let Some(listed) = which.find(&line) {
                latest.push_back(listed);
                if latest.len() > limit {
                    latest.pop_front();
                }
            }
        }
    }
    Ok(latest.into())
}

/// Rewrites the older files that hold such turns.
pub(super) fn erase(path: &Path, which: &Which) -> io::Result<u64> {
    let mut all = 0;
    for (_, file) in files::older(path)? {
        let kept = file.with_extension("rewritten");
        let gone = copy_without(&file, &kept, which);
        match gone {
            Ok(gone) if gone > 0 => {
                std::fs::rename(&kept, &file)?;
                all += gone;
            }
            Ok(_) => std::fs::remove_file(&kept)?,
            Err(error) => {
                // What was there stands as it was.
                let _ = std::fs::remove_file(&kept);
                return Err(error);
            }
        }
    }
    Ok(all)
}

fn copy_without(from: &Path, to: &Path, which: &Which) -> io::Result<u64> {
    let mut lines = BufReader::new(File::open(from)?);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(to)?);
    let (mut gone, mut line) = (0, Vec::new());
    while next(&mut lines, &mut line)? {
        if which.find(&line).is_some() {
            gone += 1;
        } else {
            out.write_all(&line)?;
        }
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(gone)
}

/// The next line with its end; `false` where there is none.
fn next(lines: &mut impl io::BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    Ok(lines.read_until(b'\n', line)? > 0)
}
