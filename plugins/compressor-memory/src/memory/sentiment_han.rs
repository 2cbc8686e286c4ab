//! The same for Chinese, where words are found within runs of characters.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const WORDS: &[(&str, f32)] = &[
    ("太棒", 3.0),
    ("完美", 3.0),
    ("热爱", 3.0),
    ("惊喜", 2.5),
    ("精彩", 2.5),
    ("优秀", 2.0),
    ("喜欢", 2.0),
    ("开心", 2.0),
    ("高兴", 2.0),
    ("快乐", 2.0),
    ("满意", 2.0),
    ("感谢", 2.0),
    ("谢谢", 1.5),
    ("幸福", 2.5),
    ("顺利", 2.0),
    ("成功", 2.0),
    ("恭喜", 2.0),
    ("放心", 1.5),
    ("期待", 1.5),
    ("有趣", 1.5),
    ("舒服", 1.5),
    ("漂亮", 2.0),
    ("不错", 2.0),
    ("棒", 2.0),
    ("好吃", 2.0),
    ("骄傲", 2.0),
    ("激动", 1.5),
    ("轻松", 1.5),
    ("方便", 1.0),
    ("很好", 2.0),
    ("爱", 1.5),
    ("赞", 1.5),
    ("糟糕", -3.0),
    ("讨厌", -2.5),
    ("恶心", -3.0),
    ("难过", -2.0),
    ("伤心", -2.5),
    ("生气", -2.5),
    ("愤怒", -3.0),
    ("失望", -2.5),
    ("担心", -1.5),
    ("害怕", -2.0),
    ("焦虑", -2.0),
    ("压力", -1.5),
    ("痛苦", -3.0),
    ("失败", -2.0),
    ("麻烦", -1.5),
    ("问题", -0.5),
    ("错误", -1.5),
    ("崩溃", -2.5),
    ("烦", -2.0),
    ("累", -1.5),
    ("难受", -2.0),
    ("可惜", -1.5),
    ("遗憾", -2.0),
    ("抱歉", -1.0),
    ("太慢", -2.0),
    ("太贵", -1.5),
    ("太差", -3.0),
    ("很差", -2.5),
    ("无聊", -1.5),
    ("孤独", -2.0),
    ("去世", -3.0),
    ("生病", -1.5),
    ("浪费", -2.0),
    ("后悔", -2.0),
    ("投诉", -2.0),
    ("坏了", -1.5),
    ("丢了", -1.5),
    ("哭", -1.5),
];
const NEGATION: &[&str] = &["不", "没", "别", "未", "无"];
const MORE: &[&str] = &["很", "非常", "太", "特别", "真", "超", "极", "十分", "好"];
const CONTRAST: &[&str] = &["但是", "可是", "不过", "但", "然而"];

/// The words that begin with a character, the longer first, so that `不错` is not taken for a negation of something.
static BY_FIRST: LazyLock<BTreeMap<char, Vec<(&str, f32)>>> = LazyLock::new(|| {
    let mut by_first: BTreeMap<char, Vec<(&str, f32)>> = BTreeMap::new();
    for (word, valence) in WORDS {
        let first = word.chars().next().unwrap_or_default();
        by_first.entry(first).or_default().push((word, *valence));
    }
    by_first
        .values_mut()
        .for_each(|words| words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len())));
    by_first
});

/// The sum of a sentence's valences.
pub(super) fn valence(sentence: &str) -> f32 {
    if sentence.is_ascii() {
        return 0.0;
    }
    let turn = CONTRAST.iter().filter_map(|word| sentence.rfind(word)).max();
    let mut sum = 0.0;
    let mut free = 0;
    for (at, c) in sentence.char_indices() {
        if at < free {
            continue;
        }
        let words = BY_FIRST.get(&c).map_or(&[][..], Vec::as_slice);
        if let Some((word, valence)) = words.iter().find(|(word, _)| sentence[at..].starts_with(word)) {
            free = at + word.len();
            sum += valence * around(&sentence[..at]) * turn.map_or(1.0, |turn| if at < turn { 0.4 } else { 1.3 });
        }
    }
    sum
}

/// What the few characters before a word make of it.
fn around(before: &str) -> f32 {
    let near: String = before
        .chars()
        .rev()
        .take_while(|c| c.is_alphanumeric())
        .take(4)
        .collect();
    let near: String = near.chars().rev().collect();
    let has = |list: &[&str]| list.iter().any(|word| near.contains(word));
    let degree = if has(MORE) { 1.3 } else { 1.0 };
    if has(NEGATION) && !near.contains("不错") {
        -0.7 * degree
    } else {
        degree
    }
}
