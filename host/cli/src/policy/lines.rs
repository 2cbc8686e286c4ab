//! What the subcommands print for people: a title, and labelled lines below it.

/// One labelled line; a value of several lines stays in its column.
pub(super) fn line(label: &str, value: impl ToString) -> String {
    let value = value.to_string();
    let indented = value.replace('\n', "\n             ");
    format!("  {label:<10} {indented}\n")
}

/// A list in one labelled line, or the word for none.
pub(super) fn list(label: &str, values: &[String]) -> String {
    if values.is_empty() {
        line(label, "none")
    } else {
        line(label, values.join("\n"))
    }
}

/// A size as people read it.
pub(super) fn size(bytes: usize) -> String {
    format!("{:.1} KiB ({bytes} bytes)", bytes as f64 / 1024.0)
}

/// `1 case`, `2 cases`.
pub(super) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_several_lines_stays_in_its_column() {
        let lines = line("imports", "a\nb");
        let columns: Vec<_> = lines.lines().map(|line| line.find(['a', 'b'])).collect();
        assert_eq!(lines.lines().count(), 2);
        assert_eq!(columns[1], Some(13));
        assert!(lines.starts_with("  imports    a"), "{lines}");
    }

    #[test]
    fn one_case_is_not_one_cases() {
        assert_eq!(
            (count(1, "case").as_str(), count(0, "case").as_str()),
            ("1 case", "0 cases")
        );
    }
}
