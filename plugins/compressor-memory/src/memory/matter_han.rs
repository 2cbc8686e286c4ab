//! The same for Chinese.

use super::matter::{Slot, Value};

const CHANGE: &[&str] = &["改成", "换成", "其实", "不再", "现在", "改为", "改到"];
const DENIAL: &[&str] = &["不", "没"];
/// Of these there is one, whatever it is.
const ONLY_ONE: &[&str] = &[
    "名字",
    "预算",
    "地址",
    "邮箱",
    "电话",
    "密码",
    "生日",
    "年龄",
    "最喜欢",
    "目标",
    "目的地",
];
const TIMES: &[&str] = &["周", "月", "年", "号", "点", "天", "早", "晚", "平时"];
/// Characters of a thing that is owned, or of a place, at most.
const LONGEST: usize = 8;

pub(super) fn changes(text: &str) -> bool {
    CHANGE.iter().any(|word| text.contains(word))
}

pub(super) fn denies(text: &str) -> bool {
    DENIAL.iter().any(|word| text.contains(word))
}

/// The slot that a statement fills: `我住在…`, `我搬到…`, `我在…工作`, `我的…是…`.
pub(super) fn slot(text: &str) -> Option<Slot> {
    home(text).or_else(|| work(text)).or_else(|| thing(text))
}

fn home(text: &str) -> Option<Slot> {
    let rest = ["我现在住在", "我住在", "我搬到"]
        .iter()
        .find_map(|mark| Some(text.split_once(mark)?.1))?;
    let place = clause(rest).trim_end_matches(['了', '去']);
    Some(only("at live", place))
}

fn work(text: &str) -> Option<Slot> {
    let (_, rest) = text.split_once("我在").or_else(|| text.split_once("我现在在"))?;
    let rest = clause(rest);
    let place = rest.split_once("工作").or_else(|| rest.split_once("上班"))?.0;
    let is_place =
        !place.is_empty() && place.chars().count() <= LONGEST && !TIMES.iter().any(|time| place.contains(time));
    is_place.then(|| only("at work", place))
}

fn thing(text: &str) -> Option<Slot> {
    let (_, rest) = text.split_once("我的")?;
    let rest = clause(rest);
    let verbs = ["改成", "换成", "改为", "现在是", "是", "叫", "在"];
    let (at, verb) = verbs.iter().filter_map(|verb| Some((rest.find(verb)?, *verb))).min()?;
    let (thing, value) = (&rest[..at], rest[at + verb.len()..].trim_end_matches('了'));
    let counted = value.starts_with(|c: char| c.is_ascii_digit() || "一二两三四五六七八九十百千万".contains(c));
    let single = ONLY_ONE.iter().any(|word| thing.contains(word));
    let place = if verb == "在" { " at" } else { "" };
    let fits = !thing.is_empty() && thing.chars().count() <= LONGEST && !value.is_empty();
    fits.then(|| Slot {
        name: format!("my {thing}{place}"),
        value: value.to_owned(),
        excludes: (single || counted || verb == "在").then_some(Value::Only),
    })
}

fn only(name: &str, value: &str) -> Slot {
    Slot {
        name: name.to_owned(),
        value: value.to_owned(),
        excludes: Some(Value::Only),
    }
}

/// As far as the clause goes.
fn clause(text: &str) -> &str {
    let ends = |c: char| "，。！？；：、,.!?".contains(c) || c.is_whitespace();
    text.split(ends).next().unwrap_or(text)
}
