//! What a Chinese sentence can lose.

use std::ops::Range;

/// Particles of tone. They go only where a clause ends: elsewhere their characters are parts of words (哈尔滨). Those that
/// ask or suggest (呢, 吧) are none of them.
const PARTICLES: &[char] = &['啊', '呀', '嘛', '啦', '哦'];
/// Before these they are parts of words all the same: 喇嘛.
const WORDS: &[&str] = &["喇嘛"];
/// Clauses that only take up time; they go with the comma behind them. 嗯 agrees, and 那个 points at something.
const FILLERS: &[&str] = &["哦", "啊", "其实", "就是说"];

/// The spans that may go, in order.
pub(super) fn particles(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        if !is_end(c) {
            continue;
        }
        let clause = &text[start..at];
        let (first, next) = (start + clause.len() - clause.trim_start().len(), at + c.len_utf8());
        if FILLERS.contains(&clause.trim()) && c == '，' {
            found.push(first..next);
        } else if let Some(particle) = clause.chars().next_back().filter(|c| PARTICLES.contains(c))
            && clause.chars().count() > 1
            && !WORDS.iter().any(|word| clause.ends_with(word))
        {
            found.push(at - particle.len_utf8()..at);
        }
        start = next;
    }
    found
}

/// Whether a clause ends here.
fn is_end(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '！' | '？' | '；' | '：' | '、' | '…' | '\n' | ',' | '.' | '!' | '?'
    )
}
