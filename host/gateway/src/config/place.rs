//! From the path of a setting, such as `routes[0].candidates`, to the line of the file on which it stands.

use toml::de::{DeTable, DeValue};

/// The line of the setting, from 1; of what it stands in, where it is not there itself.
pub(super) fn line(text: &str, place: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut at = None;
    let mut table: Option<&DeTable<'_>> = Some(document.get_ref());
    let mut list = None;
    for step in place.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        let found = match (table, list, step.parse::<usize>()) {
            (_, Some(list), Ok(index)) => {
                let list: &toml::de::DeArray<'_> = list;
                list.get(index)
            }
            (Some(table), _, _) => table.iter().find(|(key, _)| key.get_ref() == step).map(|(key, value)| {
                at = Some(key.span().start);
                value
            }),
            _ => None,
        };
        let Some(found) = found else { break };
        if list.is_some() {
            at = Some(found.span().start);
        }
        (table, list) = match found.get_ref() {
            DeValue::Table(inner) => (Some(inner), None),
            DeValue::Array(inner) => (None, Some(inner)),
            _ => (None, None),
        };
    }
    at.map(|at| line_at(text.as_bytes(), at))
}

/// The line of a byte, from 1.
pub(super) fn line_at(text: &[u8], byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or(text);
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "[server]\nlisten = 1\n\n[[routes]]\nname = \"a\"\n\n[[routes]]\nname = \"b\"\ncandidates = [\n \"m\"]\n";

    #[test]
    fn a_setting_is_found_on_its_line() {
        assert_eq!(line(TEXT, "server.listen"), Some(2));
        assert_eq!(line(TEXT, "routes[1].candidates"), Some(9));
        assert_eq!(line(TEXT, "routes[0].name"), Some(5));
    }

    #[test]
    fn one_that_is_missing_is_told_by_what_it_belongs_to() {
        assert_eq!(line(TEXT, "routes[0].candidates"), Some(4));
        assert_eq!(line(TEXT, "models"), None);
    }
}
