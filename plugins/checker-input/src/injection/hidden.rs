//! Characters that people do not see, and models read.

use std::ops::Range;

/// Where hidden characters stand: runs of tag characters, marks that turn the direction of writing, and characters
/// without width where there are at least `least` that neither a script nor an emoji needs.
pub(crate) fn find(text: &str, least: u32) -> Vec<Range<usize>> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    let mut before = ' ';
    let mut widthless = 0;
    for (at, ch) in text.char_indices() {
        let is_tag = matches!(ch, '\u{e0000}'..='\u{e007f}');
        let turns = matches!(ch, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let is_widthless = is_widthless(ch) && !is_needed(before);
        if is_tag || turns || is_widthless {
            widthless += u32::from(is_widthless);
            let end = at + ch.len_utf8();
            match runs.last_mut() {
                Some((run, plain)) if run.end == at => {
                    run.end = end;
                    *plain &= is_widthless;
                }
                _ => runs.push((at..end, is_widthless)),
            }
            continue;
        }
        before = ch;
    }
    // A flag of England is an emoji with tags behind it; a pair of marks is ordinary in right-to-left text.
    let flag = |run: &Range<usize>| text[..run.start].ends_with('\u{1f3f4}') && text[run.clone()].chars().count() <= 7;
    let is_mark = |run: &Range<usize>| {
        text[run.clone()]
            .chars()
            .all(|ch| matches!(ch, '\u{2066}'..='\u{2069}'))
    };
    runs.into_iter()
        .filter(|(run, plain)| {
            if *plain {
                widthless >= least
            } else {
                !flag(run) && !is_mark(run)
            }
        })
        .map(|(run, _)| run)
        .collect()
}

/// What hidden tag characters say: each stands for a character of ASCII.
pub(crate) fn spelt(text: &str) -> String {
    let plain = |ch: char| {
        char::from_u32((ch as u32).checked_sub(0xe0000)?).filter(|plain| plain.is_ascii_graphic() || *plain == ' ')
    };
    text.chars().filter_map(plain).collect()
}

fn is_widthless(ch: char) -> bool {
    matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}' | '\u{180e}')
}

/// Whether a joiner may stand behind this character: in emoji, and in scripts that join letters.
fn is_needed(before: char) -> bool {
    matches!(before as u32, 0x590..=0x109f | 0x1780..=0x18af
        | 0x2190..=0x2bff | 0x1f000..=0x1faff | 0xfe0f | 0xfb50..=0xfefc)
}
