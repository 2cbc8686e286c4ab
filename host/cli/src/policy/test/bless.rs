//! Writes what a policy decided into its file of cases. Every byte outside the blessed `expected` stays as it is.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use pointsman::Case;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Came, Ran, differences};

/// Blesses the cases of a file whose text is `text`, and says what became of each.
pub(super) fn write(file: &Path, text: &str, cases: &[Case], ran: &[Ran]) -> anyhow::Result<Vec<Came>> {
    let blessed: Vec<Came> = cases.iter().zip(ran).map(|(case, ran)| judge(case, ran)).collect();
    let fault = || format!("{} cannot be written", file.display());
    let new = rewrite(text, ran, &blessed).with_context(fault)?;
    if new != text {
        // Whole or not at all: the old file stays until the new one is complete.
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut beside = tempfile::NamedTempFile::new_in(folder).with_context(fault)?;
        beside.write_all(new.as_bytes()).with_context(fault)?;
        beside
            .as_file()
            .set_permissions(std::fs::metadata(file).with_context(fault)?.permissions())
            .with_context(fault)?;
        beside.persist(file).with_context(fault)?;
    }
    Ok(blessed)
}

fn judge(case: &Case, ran: &Ran) -> Came {
    let differences = differences(case, ran);
    match ran {
        Err(why) => Came::Failed(vec![why.clone()]),
        Ok(_) if differences.is_empty() && !case.expected.is_empty() => Came::Held,
        // A failure is a fault of the policy, unless the case is there to show one.
        Ok(got) if got.0.contains_key("failed") && !case.expected.contains_key("failed") => Came::Failed(differences),
        Ok(_) => Came::Written(differences),
    }
}

/// The text with a new `expected` in each line that was blessed.
fn rewrite(text: &str, ran: &[Ran], blessed: &[Came]) -> anyhow::Result<String> {
    let mut judged = ran.iter().zip(blessed);
    let mut new = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let case = if line.trim().is_empty() { None } else { judged.next() };
        match case {
            Some((Ok(got), Came::Written(_))) => new += &expecting(line, &got.0)?,
            _ => new += line,
        }
    }
    Ok(new)
}

/// A line with another `expected`, or with one where it had none.
fn expecting(line: &str, expected: &Map<String, Value>) -> anyhow::Result<String> {
    let value = spaced(expected)?;
    let fields: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(line)?;
    let (start, end, field) = match fields.get("expected") {
        Some(old) => {
            // The raw value is a part of the line: where it begins tells what to replace.
            let start = old.get().as_ptr() as usize - line.as_ptr() as usize;
            (start, start + old.get().len(), value)
        }
        None => {
            let end = line.rfind('}').context("a case ends with `}`")?;
            (end, end, format!(", \"expected\": {value}"))
        }
    };
    Ok(format!("{}{field}{}", &line[..start], &line[end..]))
}

/// JSON on one line with a space after each colon and comma, as people write cases.
fn spaced(value: &impl Serialize) -> anyhow::Result<String> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Spaced))?;
    Ok(String::from_utf8(out)?)
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use pointsman::{Got, parse_cases};
    use serde_json::json;

    use super::*;

    fn got(value: Value) -> Ran {
        Ok(Got(value.as_object().unwrap().clone()))
    }

    /// Blesses lines with what each case got, and gives the file afterwards.
    fn blessed(lines: &str, ran: &[Ran]) -> (String, Vec<Came>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cases.jsonl");
        std::fs::write(&file, lines).unwrap();
        let blessed = write(&file, lines, &parse_cases(lines).unwrap(), ran).unwrap();
        (std::fs::read_to_string(&file).unwrap(), blessed)
    }

    #[test]
    fn only_what_was_expected_is_rewritten_and_the_rest_keeps_its_bytes() {
        let lines = "{\"expected\":{\"model\":\"a\"},  \"given\": {\"top_p\":1.0}}\n\n{\"given\": {}} \n";
        let (new, _) = blessed(
            lines,
            &[
                got(json!({"model": "b", "reasons": ["r", "s"]})),
                got(json!({"model": "c"})),
            ],
        );
        assert_eq!(
            new,
            "{\"expected\":{\"model\": \"b\", \"reasons\": [\"r\", \"s\"]},  \"given\": {\"top_p\":1.0}}\n\n\
             {\"given\": {}, \"expected\": {\"model\": \"c\"}} \n"
        );
    }

    #[test]
    fn a_case_that_holds_is_left_as_it_is() {
        let lines = "{\"given\": {}, \"expected\": {\"reason\": \"r\"}}\n";
        let (new, blessed) = blessed(lines, &[got(json!({"model": "b", "reasons": ["r", "s"]}))]);
        assert_eq!((new.as_str(), &blessed[0]), (lines, &Came::Held));
    }

    #[test]
    fn a_failure_is_not_blessed_unless_the_case_shows_one() {
        let lines = "{\"given\": {}}\n{\"given\": {}, \"expected\": {\"failed\": \"deadline\"}}\n{\"given\": {}}";
        let trap = || got(json!({"failed": "trap", "message": "m"}));
        let (new, blessed) = blessed(lines, &[trap(), trap(), Err("given: no messages".to_owned())]);
        assert!(matches!(&blessed[0], Came::Failed(why) if why[0].contains("trap")));
        assert!(matches!(&blessed[1], Came::Written(_)));
        assert_eq!(blessed[2], Came::Failed(vec!["given: no messages".to_owned()]));
        assert_eq!(
            new,
            lines.replace(
                "{\"failed\": \"deadline\"}",
                "{\"failed\": \"trap\", \"message\": \"m\"}"
            )
        );
    }
}
