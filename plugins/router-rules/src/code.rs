//! Whether a text has program code in it, judged line by line from how the lines begin and end.

/// Lines that only code has: one is enough.
#[rustfmt::skip]
const SURE_STARTS: &[&str] = &[
    "```", "~~~", "#!/", "#include", "#define ", "<?php", "<!DOCTYPE", "<!doctype", "<html", "diff --git", "@@ -",
    "Traceback (most recent call last)", "public class ", "public static ", "private static ", "package main",
    "using namespace ", "fn main", "pub fn ", "impl ", "async def ", "CREATE TABLE ", "INSERT INTO ", "console.log(",
    "System.out.", "import java.", "from __future__", "@Override",
];
/// Words that begin a line of code, and of some sentences too.
#[rustfmt::skip]
const LIKELY_STARTS: &[&str] = &[
    "import ", "from ", "return ", "return;", "const ", "let ", "var ", "if (", "for (", "while (", "else", "elif ",
    "try", "catch", "except", "class ", "def ", "fn ", "func ", "function ", "struct ", "enum ", "use ", "int ",
    "void ", "print(", "printf(", "SELECT ", "FROM ", "WHERE ", "//", "/*", "* @", "<div", "</", "self.", "this.",
    "@", "$ ",
];
/// Lines of code without which prose can still be told from code.
const ENOUGH: u32 = 3;

/// Whether there is a fence, a line that only code has, or at least three lines that look like code.
pub fn has_code(text: &str) -> bool {
    let mut likely = 0;
    for line in text.lines().map(str::trim) {
        if SURE_STARTS.iter().any(|start| line.starts_with(start)) || defines(line) {
            return true;
        }
        likely += u32::from(looks_like_code(line));
        if likely >= ENOUGH {
            return true;
        }
    }
    false
}

/// A definition with its parameters, such as `def area(r):` or `function area(r) {`.
fn defines(line: &str) -> bool {
    let Some((head, rest)) = line.split_once('(') else {
        return false;
    };
    let mut words = head.split_ascii_whitespace().rev();
    let (Some(name), Some(keyword)) = (words.next(), words.next()) else {
        return false;
    };
    let opens = rest.ends_with('{') || rest.ends_with(':') || rest.ends_with('}');
    let names = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    opens
        && names
        && rest.contains(')')
        && matches!(keyword, "def" | "fn" | "func" | "function" | "fun" | "void" | "int")
}

fn looks_like_code(line: &str) -> bool {
    match line.as_bytes() {
        [.., b'{' | b';'] | [b'}', ..] => true,
        [.., b')' | b':' | b'>' | b','] => LIKELY_STARTS.iter().any(|start| line.starts_with(start)),
        [_, ..] => assigns(line),
        [] => false,
    }
}

/// `name = value`, with a name of one word.
fn assigns(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else {
        return false;
    };
    let (Some(name), Some(value)) = (name.strip_suffix(' '), value.strip_prefix(' ')) else {
        return false;
    };
    let word = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'[' | b']'));
    word && name.len() > 1 && value.contains(['(', '[', '{', '"', '\''])
}

#[cfg(test)]
mod tests {
    use super::has_code;

    #[test]
    fn a_fence_a_shebang_and_a_definition_are_code() {
        assert!(has_code("What does this do?\n```\nx\n```"));
        assert!(has_code("#!/bin/sh\necho"));
        assert!(has_code("why does it fail?\ndef area(r):\n    return 3 * r"));
        assert!(has_code("  function area(r) { return r }"));
    }

    #[test]
    fn lines_that_end_as_code_does_are_code_when_there_are_three() {
        assert!(!has_code("x = f(1);"));
        assert!(has_code("a = f(1);\nb = g(2);\nprintf(\"%d\", a);"));
    }

    #[test]
    fn prose_lists_and_exam_questions_are_not_code() {
        assert!(!has_code(
            "Let me know; I like it.\nFrom here on, all is well:\n- one\n- two;\n"
        ));
        assert!(!has_code("Which is prime?\nA. 4\nB. 7\nC. 9\nD. 15\nAnswer:"));
        assert!(!has_code("The function (of a court) is to judge: that is all."));
        assert!(!has_code(""));
        assert!(!has_code("🦀🦀🦀"));
    }
}
