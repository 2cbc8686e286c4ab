//! Words of feeling, with a valence from -3 to 3, and the words that change it.

use std::sync::LazyLock;

use crate::language::lexicon::hash;
use crate::language::sets::Sets;

/// Words that turn what follows.
pub(super) const NEGATION: u32 = 1 << 6;
/// Words after which the rest weighs more.
pub(super) const CONTRAST: u32 = 1 << 7;
/// Words that make a feeling uncertain.
pub(super) const DOUBT: u32 = 1 << 8;
/// Words that strengthen.
pub(super) const MORE: u32 = 1 << 9;
/// Words that weaken.
pub(super) const LESS: u32 = 1 << 10;

/// The sets of all these words: those of feeling first, in the order of [`VALENCES`].
pub(super) fn sets() -> &'static Sets {
    static SETS: LazyLock<Sets> = LazyLock::new(|| {
        let felt = [STRONG_GOOD, GOOD, MILD_GOOD, MILD_BAD, BAD, STRONG_BAD];
        let felt = felt.map(|words| words.split_whitespace().collect::<Vec<_>>());
        let mut lists: Vec<&[&str]> = felt.iter().map(Vec::as_slice).collect();
        lists.extend([NEGATION_WORDS, CONTRAST_WORDS, DOUBT_WORDS, MORE_WORDS, LESS_WORDS]);
        Sets::new(&lists)
    });
    &SETS
}

const VALENCES: [f32; 6] = [3.0, 2.0, 1.0, -1.0, -2.0, -3.0];

/// The valence of a word of these sets; of two the later.
pub(super) fn valence_of(sets: u32) -> Option<f32> {
    let felt = (0..VALENCES.len()).rev().find(|bit| sets >> bit & 1 == 1)?;
    Some(VALENCES[felt])
}

/// The valence of a word in lower case.
pub fn valence(word: &str) -> Option<f32> {
    valence_of(sets().of(word, hash(word.as_bytes())))
}

/// Short forms come without their apostrophe.
const NEGATION_WORDS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "neither", "nor", "without", "cannot", "hardly", "don", "doesn", "didn",
    "isn", "wasn", "aren", "weren", "won", "wouldn", "couldn", "shouldn", "can", "hasn", "haven", "hadn", "ain",
];
const CONTRAST_WORDS: &[&str] = &["but", "however", "although", "though", "yet", "except", "unfortunately"];
const DOUBT_WORDS: &[&str] = &["if", "would", "could", "might", "maybe", "perhaps", "whether", "unless"];
const MORE_WORDS: &[&str] = &[
    "very",
    "really",
    "so",
    "too",
    "extremely",
    "absolutely",
    "totally",
    "completely",
    "incredibly",
    "super",
    "such",
    "truly",
    "deeply",
    "highly",
    "much",
    "most",
];
const LESS_WORDS: &[&str] = &[
    "somewhat", "slightly", "little", "bit", "fairly", "kind", "sort", "barely", "almost", "quite",
];
/// The same in the letters of ASCII; all have a colon.
pub(super) const ASCII_EMOJI: &[(&str, f32)] = &[
    (":)", 1.5),
    (":-)", 1.5),
    (":D", 2.0),
    (":(", -1.5),
    (":-(", -1.5),
    (":'(", -2.0),
];
/// Marks of feeling.
pub(super) const EMOJI: &[(&str, f32)] = &[
    ("😀", 2.0),
    ("😃", 2.0),
    ("😄", 2.0),
    ("😊", 2.0),
    ("🙂", 1.0),
    ("😍", 3.0),
    ("🥰", 3.0),
    ("❤", 2.5),
    ("👍", 1.5),
    ("🎉", 2.5),
    ("😂", 1.5),
    ("😢", -2.0),
    ("😭", -2.0),
    ("😞", -2.0),
    ("😡", -3.0),
    ("😠", -2.5),
    ("💔", -2.5),
    ("👎", -2.0),
    ("😟", -1.5),
];

const STRONG_GOOD: &str = "amazing awesome excellent fantastic wonderful brilliant perfect delighted thrilled ecstatic love \
    loved loves adore incredible outstanding superb overjoyed phenomenal magnificent best";
const GOOD: &str = "good great happy glad nice enjoy enjoyed enjoying enjoys fun excited exciting proud beautiful lovely \
    pleased pleasant grateful thankful thanks thank helpful impressive impressed win won success successful succeed hope \
    hopeful relieved relief confident inspired inspiring inspiration cool sweet congrats congratulations celebrate best \
    blessed rewarding delicious charming cheerful comfortable appreciate appreciated smooth reliable smile satisfied easier \
    peaceful strong positive passionate supportive kind friendly gorgeous joy laugh laughed liked works worked";
const MILD_GOOD: &str = "like likes fine okay ok calm welcome interesting interested useful better well safe ready fresh \
    support agree improved improve improving easy clear fair yes yay relaxing relaxed worth fixed solved";
const MILD_BAD: &str = "tired busy hard difficult late slow odd strange confusing confused bored boring unsure miss missed \
    missing doubt worry nervous tough complicated unclear problem problems issue issues delay delayed concern concerned \
    concerns expensive mess lost weird risk risky wait waiting stuck";
const BAD: &str = "bad sad angry upset annoyed annoying frustrated frustrating frustration disappointed disappointing \
    worried scared afraid anxious stressed stressful stress hurt hurts pain painful wrong broken fail failed fails failure \
    fear ugly unhappy sorry poor lonely rude error errors crash crashed crashes complaint complain unfair trouble useless \
    struggle struggling ashamed embarrassed ill sick cry cried crying lose losing guilty regret waste wasted cancelled \
    rejected refused fired overwhelmed exhausted damage damaged unacceptable hopeless ruined ignored jealous bitter";
const STRONG_BAD: &str = "terrible horrible awful worst hate hated hates disgusting devastated devastating miserable \
    heartbroken furious nightmare tragic dreadful disaster died dead death appalling grief outrageous pathetic";
