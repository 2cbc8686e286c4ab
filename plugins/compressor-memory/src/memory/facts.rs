//! Facts, preferences and decisions, with who said them; a later word on the same matter takes an earlier one's place.

use pointsman_policy::memory::{Fact, FactKind};

use super::matter::Matter;
use crate::conversation::Line;
use crate::language::sentences::{is_question, sentences};
use crate::language::tables::{FIRST_PERSON, classes};
use crate::language::words::{term, terms, words};

/// A sentence of fewer terms than this says nothing that could be remembered, unless its speaker tells of himself,
/// or says what something is (`the deadline is Friday`).
const LEAST_TERMS: usize = 3;
/// A sentence of more bytes than this is an account, not a fact.
const LONGEST: usize = 320;

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
    "confirmed",
    "resolved",
];
const STATE: &[&str] = &[
    "is", "am", "are", "was", "were", "have", "has", "had", "live", "lives", "work", "works", "study", "moved",
    "bought", "got", "started", "joined", "named", "called", "costs", "went", "made", "won", "lost", "will", "s", "m",
    "ve", "been",
];
/// Words with which a speaker tells of himself.
const ONESELF: &[&str] = &["i", "we", "my", "our"];
/// What a speaker says of himself without telling anything.
const SAYS_NOTHING: &[&str] = &[
    "know",
    "think",
    "thought",
    "see",
    "guess",
    "mean",
    "sure",
    "sorry",
    "glad",
    "agree",
    "understand",
    "hear",
    "wonder",
    "appreciate",
    "bet",
    "say",
    "suppose",
    "believe",
    "feel",
    "thank",
    "thanks",
    "welcome",
    "ask",
];
/// Words with which a sentence asks something of the other or supposes it, rather than states it.
const ASKS: &[&str] = &["let", "please", "feel", "if", "unless", "suppose", "imagine"];
const PREFERENCE_HAN: &[&str] = &["喜欢", "讨厌", "想要", "偏好", "爱吃", "不吃", "希望", "宁愿", "过敏"];
const DECISION_HAN: &[&str] = &["决定", "同意", "确定", "定下", "说好", "就用"];
const STATE_HAN: &[&str] = &["是", "有", "在", "叫", "住", "买了", "去了", "搬", "开始"];

/// What a sentence states, if it states something: its kind.
fn kind(sentence: &str) -> Option<FactKind> {
    if is_question(sentence) || sentence.len() > LONGEST {
        return None;
    }
    let lower: Vec<String> = words(sentence).map(|word| word.text.to_lowercase()).collect();
    let says = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let has = |list: &[&str]| list.iter().any(|word| sentence.contains(word));
    let at = |place: usize| lower.get(place).map(String::as_str).unwrap_or_default();
    let together = at(0) == "let" && ["s", "us"].contains(&at(1));
    if together && terms(sentence).len() >= 2 {
        return Some(FactKind::Decision);
    }
    if ASKS.contains(&at(0)) {
        return None;
    }
    let of_oneself = (says(ONESELF) && lower.iter().any(|word| tells(word))) || tells_han(sentence);
    if !of_oneself && terms(sentence).len() < LEAST_TERMS && !Matter::of(sentence).fills_slot() {
        return None;
    }
    if says(PREFERENCE) && lower.iter().any(|word| classes(word).has(FIRST_PERSON)) || has(PREFERENCE_HAN) {
        return Some(FactKind::Preference);
    }
    if says(DECISION) || has(DECISION_HAN) {
        return Some(FactKind::Decision);
    }
    (of_oneself || says(STATE) || has(STATE_HAN)).then_some(FactKind::Fact)
}

/// Whether a word tells something of a speaker who speaks of himself.
fn tells(lower: &str) -> bool {
    !SAYS_NOTHING.contains(&lower) && term(lower).is_some()
}

fn tells_han(sentence: &str) -> bool {
    sentence.contains(['我', '咱']) && words(sentence).any(|word| word.unspaced && !terms(word.text).is_empty())
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
            let replaced = fact.speaker == line.speaker && fact.message < message && matter.replaces(known);
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
