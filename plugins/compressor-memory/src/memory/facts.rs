//! Facts, preferences and decisions, with who said them; a later word on the same matter takes an earlier one's place.

use pointsman_policy::memory::{Fact, FactKind};

use crate::conversation::Line;
use crate::language::sentences::{is_question, sentences};
use crate::language::tables::{FIRST_PERSON, FUNCTION, classes};
use crate::language::words::{Term, hash, terms, words};

/// A sentence of fewer terms than this says nothing that could be remembered.
const LEAST_TERMS: usize = 3;
/// A sentence of more bytes than this is an account, not a fact.
const LONGEST: usize = 320;
/// Two statements of one speaker that share this much of their terms speak of the same matter.
const SAME_MATTER: f32 = 0.6;

const PREFERENCE: &[&str] = &[
    "like",
    "likes",
    "love",
    "loves",
    "prefer",
    "prefers",
    "favorite",
    "favourite",
    "hate",
    "hates",
    "enjoy",
    "enjoys",
    "want",
    "wants",
    "dislike",
    "rather",
    "allergic",
    "avoid",
    "wish",
    "hope",
    "dream",
];
const DECISION: &[&str] = &[
    "decided",
    "decide",
    "agreed",
    "agree",
    "settled",
    "chose",
    "choose",
    "let",
    "confirmed",
    "resolved",
];
const STATE: &[&str] = &[
    "is", "am", "are", "was", "were", "have", "has", "had", "live", "lives", "work", "works", "study", "moved",
    "bought", "got", "started", "joined", "named", "called", "costs", "went", "made", "won", "lost", "will", "s", "m",
    "ve", "been",
];
const CHANGE: &[&str] = &[
    "actually",
    "instead",
    "now",
    "anymore",
    "longer",
    "changed",
    "switched",
    "moved",
    "correction",
    "rather",
];
const PREFERENCE_HAN: &[&str] = &["喜欢", "讨厌", "想要", "偏好", "爱吃", "不吃", "希望", "宁愿", "过敏"];
const DECISION_HAN: &[&str] = &["决定", "同意", "确定", "定下", "说好", "就用"];
const STATE_HAN: &[&str] = &["是", "有", "在", "叫", "住", "买了", "去了", "搬", "开始"];
const CHANGE_HAN: &[&str] = &["改成", "换成", "其实", "不再", "现在", "改为"];

/// What a sentence states, if it states something: its kind.
fn kind(sentence: &str) -> Option<FactKind> {
    if is_question(sentence) || sentence.len() > LONGEST {
        return None;
    }
    let lower: Vec<String> = words(sentence).map(|word| word.text.to_lowercase()).collect();
    let says = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let has = |list: &[&str]| list.iter().any(|word| sentence.contains(word));
    if says(PREFERENCE) && lower.iter().any(|word| classes(word).has(FIRST_PERSON)) || has(PREFERENCE_HAN) {
        return Some(FactKind::Preference);
    }
    if says(DECISION) || has(DECISION_HAN) {
        return Some(FactKind::Decision);
    }
    (says(STATE) || has(STATE_HAN)).then_some(FactKind::Fact)
}

/// What a sentence is about, so that two of one speaker can be compared.
struct Matter {
    /// Sorted, without repeats.
    terms: Vec<Term>,
    head: Option<u32>,
    changes: bool,
}

impl Matter {
    fn of(text: &str) -> Self {
        let lower: Vec<String> = words(text).map(|word| word.text.to_lowercase()).collect();
        let changes = lower.iter().any(|word| CHANGE.contains(&word.as_str()))
            || CHANGE_HAN.iter().any(|word| text.contains(word));
        let mut terms = terms(text);
        terms.sort_unstable();
        terms.dedup();
        Self {
            terms,
            head: head(&lower).or_else(|| head_han(text)),
            changes,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        if self.head.is_some() && self.head == other.head {
            return true;
        }
        let shared = self
            .terms
            .iter()
            .filter(|term| other.terms.binary_search(term).is_ok())
            .count() as f32;
        let smaller = self.terms.len().min(other.terms.len()) as f32;
        let close = shared >= SAME_MATTER * smaller && shared >= 3.0;
        close || (self.changes && shared >= 2.0 && shared >= 0.5 * smaller)
    }
}

/// What a statement fills in: `my car is …`, `the deadline is …`, `I live in …` can each hold one thing at a time.
fn head(lower: &[String]) -> Option<u32> {
    const PLACES: &[&str] = &["live", "work", "study", "moved", "based", "staying"];
    let at = |place: usize| lower.get(place).map(String::as_str).unwrap_or_default();
    for place in 0..lower.len() {
        let owner = match at(place) {
            "my" => "my",
            "our" | "the" => "our",
            "i" | "we" => {
                let verb = (place + 1..place + 4).map(at).find(|word| PLACES.contains(word));
                if let Some(verb) = verb {
                    let verb = if ["moved", "based", "staying"].contains(&verb) {
                        "live"
                    } else {
                        verb
                    };
                    return Some(hash(&format!("at {verb}")));
                }
                continue;
            }
            _ => continue,
        };
        // Up to three words of what is owned, then the verb.
        for length in 1..=3 {
            let verb = at(place + length + 1);
            if ["is", "are", "was", "will", "changed"].contains(&verb) {
                let thing = &lower[place + 1..=place + length];
                let content = thing.iter().any(|word| !classes(word).has(FUNCTION));
                return content.then(|| hash(&format!("{owner} {}", thing.join(" "))));
            }
        }
    }
    None
}

fn head_han(text: &str) -> Option<u32> {
    for (mark, name) in [
        ("我住在", "at live"),
        ("我搬到", "at live"),
        ("我在", "at work"),
        ("我叫", "my name"),
    ] {
        if text.contains(mark) {
            return Some(hash(name));
        }
    }
    let from = text.find("我的")? + "我的".len();
    let thing = text[from..]
        .split(['是', '改', '换', '在'])
        .next()
        .filter(|thing| thing.len() < text.len() - from)?;
    (thing.chars().count() <= 6).then(|| hash(&format!("my {thing}")))
}

/// The facts of a conversation while messages are read: what each is about is worked out once.
pub struct Ledger<'a> {
    facts: &'a mut Vec<Fact>,
    /// What the newest facts are about, and which fact that is; superseded ones are left out.
    matters: Vec<(usize, Matter)>,
}

impl<'a> Ledger<'a> {
    /// Opens the list.
    pub fn open(facts: &'a mut Vec<Fact>) -> Self {
        let from = facts.len().saturating_sub(WITHIN);
        let standing = (from..facts.len()).filter(|place| facts[*place].superseded_by.is_none());
        let matters = standing.map(|place| (place, Matter::of(&facts[place].text))).collect();
        Self { facts, matters }
    }

    /// Adds what a message states, and marks what it supersedes.
    pub fn learn(&mut self, line: &Line, message: u32, importance: f32) {
        for span in sentences(line.gist()) {
            let sentence = &line.gist()[span];
            let Some(kind) = kind(sentence) else { continue };
            let matter = Matter::of(sentence);
            if matter.terms.len() < LEAST_TERMS && matter.head.is_none() {
                continue;
            }
            self.supersede(line, message, &matter);
            self.matters.push((self.facts.len(), matter));
            self.facts.push(Fact {
                text: sentence.to_owned(),
                kind,
                speaker: line.speaker.clone(),
                message,
                superseded_by: None,
                importance,
            });
        }
    }

    fn supersede(&mut self, line: &Line, message: u32, matter: &Matter) {
        let facts = &mut *self.facts;
        let (next, oldest) = (facts.len(), facts.len().saturating_sub(WITHIN));
        self.matters.retain(|(place, known)| {
            let fact = &mut facts[*place];
            let replaced = fact.speaker == line.speaker && fact.message < message && known.is_same(matter);
            if replaced {
                fact.superseded_by = Some(next as u32);
            }
            !replaced && *place >= oldest
        });
    }
}

/// A statement is compared with this many before it.
const WITHIN: usize = 200;

/// Leaves out the least important facts beyond `most`, superseded ones first.
pub fn shed(facts: &mut Vec<Fact>, most: usize) {
    if facts.len() <= most {
        return;
    }
    let mut order: Vec<usize> = (0..facts.len()).collect();
    let worth = |place: usize| (facts[place].superseded_by.is_none(), facts[place].importance);
    order.sort_by(|a, b| {
        worth(*b)
            .0
            .cmp(&worth(*a).0)
            .then(worth(*b).1.total_cmp(&worth(*a).1))
            .then(a.cmp(b))
    });
    order.truncate(most);
    order.sort_unstable();
    let place_of = |old: u32| order.binary_search(&(old as usize)).ok().map(|new| new as u32);
    let kept = order.iter().map(|place| {
        let fact = facts[*place].clone();
        let superseded_by = fact.superseded_by.and_then(place_of);
        Fact { superseded_by, ..fact }
    });
    *facts = kept.collect();
}
