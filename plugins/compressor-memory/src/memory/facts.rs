//! Facts, preferences and decisions, with who said them; a later word on the same matter takes an earlier one's place.

use std::sync::LazyLock;

use pointsman_policy::memory::{Fact, FactKind};

use super::matter::Matter;
use super::reading::{Reading, Sentence};
use crate::conversation::Line;
use crate::language::phrase::Phrase;
use crate::language::sets::Sets;
use crate::language::tables::FIRST_PERSON;
use crate::language::terms::terms;
use crate::language::tokens::Tokens;

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

/// The sets of the words above, in the order of these places.
static SETS: LazyLock<Sets> = LazyLock::new(|| Sets::new(&[PREFERENCE, DECISION, STATE, ONESELF, SAYS_NOTHING]));
const PREFERS: u32 = 1;
const DECIDES: u32 = 1 << 1;
const IS: u32 = 1 << 2;
const SPEAKS_OF_ONESELF: u32 = 1 << 3;
const IS_EMPTY: u32 = 1 << 4;

/// What a sentence states, if it states something: its kind.
fn kind(sentence: Sentence) -> Option<FactKind> {
    let words = sentence.words;
    if sentence.asks || words.text.len() > LONGEST {
        return None;
    }
    let says = words.all_sets(&SETS);
    let is_ascii = words.text.is_ascii();
    let has = |list: &[&str]| !is_ascii && list.iter().any(|word| words.text.contains(word));
    let together = words.lower(0) == "let" && ["s", "us"].contains(&words.lower(1));
    if together && words.terms().len() >= 2 {
        return Some(FactKind::Decision);
    }
    if ASKS.contains(&words.lower(0)) {
        return None;
    }
    let of_oneself = (says & SPEAKS_OF_ONESELF != 0 && (0..words.len()).any(|place| tells(words, place)))
        || (!is_ascii && tells_han(words));
    if !of_oneself && words.terms().len() < LEAST_TERMS && !Matter::of(words).fills_slot() {
        return None;
    }
    let first_person = || (0..words.len()).any(|place| words.classes(place).has(FIRST_PERSON));
    if (says & PREFERS != 0 && first_person()) || has(PREFERENCE_HAN) {
        return Some(FactKind::Preference);
    }
    if says & DECIDES != 0 || has(DECISION_HAN) {
        return Some(FactKind::Decision);
    }
    (of_oneself || says & IS != 0 || has(STATE_HAN)).then_some(FactKind::Fact)
}

/// Whether a word tells something of a speaker who speaks of himself.
fn tells(words: Phrase, place: usize) -> bool {
    let means =
        words.term(place).is_some() || (words.is_unspaced(place) && words.spoken(place).chars().nth(1).is_some());
    means && words.sets(place, &SETS) & IS_EMPTY == 0
}

fn tells_han(words: Phrase) -> bool {
    let mut runs = (0..words.len()).filter(|place| words.is_unspaced(*place));
    words.text.contains(['我', '咱']) && runs.any(|place| !terms(words.spoken(place)).is_empty())
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
        let matter = |place: usize| Matter::of(Tokens::of(&facts[place].text).whole());
        let matters = standing.map(|place| (place, matter(place))).collect();
        Self { facts, matters }
    }

    /// Adds what a message states, and marks what it supersedes.
    pub fn learn(&mut self, reading: &Reading, message: u32, importance: f32) {
        let line = reading.line;
        for sentence in reading.sentences() {
            let Some(kind) = kind(sentence) else { continue };
            let matter = Matter::of(sentence.words);
            self.supersede(line, message, &matter);
            self.matters.push((self.facts.len(), matter));
            self.facts.push(Fact {
                text: sentence.words.text.to_owned(),
                kind,
                speaker: line.speaker.to_string(),
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
    // Not for each fact that is one too many.
    if facts.len() <= most + most / 8 {
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
    let all = std::mem::take(facts).into_iter().enumerate();
    let kept = all.filter(|(place, _)| order.binary_search(place).is_ok());
    *facts = kept
        .map(|(_, fact)| {
            let superseded_by = fact.superseded_by.and_then(place_of);
            Fact { superseded_by, ..fact }
        })
        .collect();
}
