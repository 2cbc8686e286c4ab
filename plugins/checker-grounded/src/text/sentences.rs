//! Where sentences end, decided in a stream as in the whole text.

/// A longer sentence is cut at a space, so that nothing grows without end.
const LONGEST: usize = 2_048;

/// A wider gap than this ends a sentence, whatever follows.
const WIDEST: usize = 64;

/// Cuts a text that comes in pieces into sentences.
#[derive(Default)]
pub(crate) struct Sentences {
    pending: String,
    /// Where `pending` begins in the whole text.
    at: u32,
}

/// A sentence: its text, and where that begins in the whole.
pub(crate) struct Sentence<'a> {
    /// Without the space around it.
    pub(crate) text: &'a str,
    /// Its first byte.
    pub(crate) start: u32,
}

impl Sentences {
    /// Takes a piece, and gives every sentence that ended. What follows an ending decides whether it is one, so a
    /// sentence comes when the next has begun.
    pub(crate) fn push(&mut self, piece: &str, each: &mut dyn FnMut(Sentence<'_>)) {
        self.pending.push_str(piece);
        self.take(false, each);
    }

    /// The text has ended: gives what is left.
    pub(crate) fn finish(&mut self, each: &mut dyn FnMut(Sentence<'_>)) {
        self.take(true, each);
    }

    fn take(&mut self, is_last: bool, each: &mut dyn FnMut(Sentence<'_>)) {
        let mut from = 0;
        while let Some(length) = ending(&self.pending[from..], is_last) {
            give(&self.pending[from..from + length], self.at + from as u32, each);
            from += length;
        }
        if is_last {
            give(&self.pending[from..], self.at + from as u32, each);
            from = self.pending.len();
        }
        self.at += from as u32;
        self.pending.drain(..from);
    }
}

/// All sentences of a whole text.
pub(crate) fn each_sentence(text: &str, each: &mut dyn FnMut(Sentence<'_>)) {
    let mut from = 0;
    while let Some(length) = ending(&text[from..], true) {
        give(&text[from..from + length], from as u32, each);
        from += length;
    }
    give(&text[from..], from as u32, each);
}

fn give(text: &str, start: u32, each: &mut dyn FnMut(Sentence<'_>)) {
    let trimmed = text.trim_start();
    if !trimmed.is_empty() {
        each(Sentence {
            text: trimmed.trim_end(),
            start: start + (text.len() - trimmed.len()) as u32,
        });
    }
}

/// Bytes up to the first ending, where it is known to be one.
fn ending(text: &str, is_last: bool) -> Option<usize> {
    let mut space = None;
    for (at, ch) in text.char_indices() {
        let after = at + ch.len_utf8();
        match ch {
            '\n' if !text[..at].trim().is_empty() => return Some(after),
            '。' | '！' | '？' => return Some(after),
            '.' | '!' | '?' => match is_ending(text, at, is_last) {
                Some(true) => return Some(after + closers(&text[after..])),
                Some(false) => {}
                // What comes next decides, unless the sentence is too long already.
                None if after < LONGEST => return None,
                None => {}
            },
            _ if ch.is_whitespace() => space = Some(after),
            _ => {}
        }
        if after >= LONGEST {
            return Some(space.unwrap_or(after));
        }
    }
    None
}

fn closers(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches(['"', '\'', '”', '’', ')', ']', '*']).len()
}

/// Whether the mark at `at` ends a sentence; `None` where the text so far does not tell.
fn is_ending(text: &str, at: usize, is_last: bool) -> Option<bool> {
    let rest = &text[at + 1..];
    let behind = &rest[closers(rest)..];
    let Some(next) = behind.chars().next() else {
        return is_last.then_some(true);
    };
    if !next.is_whitespace() {
        return Some(false);
    }
    if text.as_bytes()[at] == b'.' && (is_short(&text[..at])) {
        return Some(false);
    }
    let gap = behind.find(|ch: char| !ch.is_whitespace()).unwrap_or(behind.len());
    match behind[gap..].chars().next() {
        _ if gap > WIDEST || behind[..gap].contains('\n') => Some(true),
        Some(ch) => Some(!ch.is_lowercase()),
        None => is_last.then_some(true),
    }
}

/// Whether what stands before a full stop is an abbreviation, an initial, or the number of a list's item.
fn is_short(before: &str) -> bool {
    let word = before
        .rsplit(|ch: char| ch.is_whitespace() || ch == '(')
        .next()
        .unwrap_or_default();
    let is_item = before.trim_start().len() == word.len() && word.bytes().all(|b| b.is_ascii_digit() || b == b'*');
    // `J.`, and the last letter of `U.S.`
    let is_initial = word
        .split('.')
        .all(|it| it.chars().count() == 1 && it.chars().all(char::is_uppercase));
    is_item
        || is_initial
        || matches!(
            word,
            "Mr" | "Mrs"
                | "Ms"
                | "Dr"
                | "St"
                | "Gov"
                | "Sen"
                | "Rep"
                | "Gen"
                | "Lt"
                | "Sgt"
                | "Rev"
                | "vs"
                | "e.g"
                | "i.e"
                | "No"
                | "Jr"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Vec<(u32, String)> {
        let mut found = Vec::new();
        each_sentence(text, &mut |it| found.push((it.start, it.text.to_owned())));
        found
    }

    fn texts(text: &str) -> Vec<String> {
        whole(text).into_iter().map(|it| it.1).collect()
    }

    #[test]
    fn marks_end_sentences_and_abbreviations_do_not() {
        assert_eq!(
            texts("Dr. J. Doe paid $2.50 at 5 p.m. on Main St. \"Really?\" Yes! 好。对"),
            [
                "Dr. J. Doe paid $2.50 at 5 p.m. on Main St. \"Really?\"",
                "Yes!",
                "好。",
                "对"
            ]
        );
    }

    #[test]
    fn lines_and_items_of_lists_are_sentences() {
        assert_eq!(
            texts("Steps:\n\n1. Mix it\n2. Bake it.\n"),
            ["Steps:", "1. Mix it", "2. Bake it."]
        );
    }

    #[test]
    fn a_stream_is_cut_as_the_whole_is() {
        let long = format!("{} End. ", "word and word ".repeat(400));
        let text = format!("One. two? Three (it was). \"Four!\" 4. Five\n\n  six 🦀. Seven... eight. {long}Ü. End");
        let expected = whole(&text);
        for size in 1..9 {
            let (mut stream, mut found) = (Sentences::default(), Vec::new());
            let chars: Vec<char> = text.chars().collect();
            for piece in chars.chunks(size) {
                let piece: String = piece.iter().collect();
                stream.push(&piece, &mut |it| found.push((it.start, it.text.to_owned())));
            }
            stream.finish(&mut |it| found.push((it.start, it.text.to_owned())));
            assert_eq!(found, expected, "pieces of {size}");
        }
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut stream = Sentences::default();
        for _ in 0..10_000 {
            stream.push("x", &mut |_| {});
            assert!(stream.pending.len() <= LONGEST);
        }
    }
}
