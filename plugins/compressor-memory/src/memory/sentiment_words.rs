//! Words of feeling, with a valence from -3 to 3.

/// Words that turn what follows; short forms come without their apostrophe.
pub(super) const NEGATION: &[&str] = &[
    "not", "no", "never", "none", "nothing", "neither", "nor", "without", "cannot", "hardly", "don", "doesn", "didn",
    "isn", "wasn", "aren", "weren", "won", "wouldn", "couldn", "shouldn", "can", "hasn", "haven", "hadn", "ain",
];
/// Words after which the rest weighs more.
pub(super) const CONTRAST: &[&str] = &["but", "however", "although", "though", "yet", "except", "unfortunately"];
/// Words that make a feeling uncertain.
pub(super) const DOUBT: &[&str] = &["if", "would", "could", "might", "maybe", "perhaps", "whether", "unless"];
/// Words that strengthen.
pub(super) const MORE: &[&str] = &[
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
/// Words that weaken.
pub(super) const LESS: &[&str] = &[
    "somewhat", "slightly", "little", "bit", "fairly", "kind", "sort", "barely", "almost", "quite",
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
    (":)", 1.5),
    (":-)", 1.5),
    (":D", 2.0),
    (":(", -1.5),
    (":-(", -1.5),
    (":'(", -2.0),
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

/// The valence of a word in lower case; a form that is not listed is looked up without its ending.
pub fn valence(word: &str) -> Option<f32> {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static VALENCES: LazyLock<HashMap<&'static str, f32>> = LazyLock::new(|| {
        let classes = [
            (STRONG_GOOD, 3.0),
            (GOOD, 2.0),
            (MILD_GOOD, 1.0),
            (MILD_BAD, -1.0),
            (BAD, -2.0),
            (STRONG_BAD, -3.0),
        ];
        let each = classes
            .into_iter()
            .flat_map(|(list, valence)| list.split_whitespace().map(move |word| (word, valence)));
        each.collect()
    });
    VALENCES.get(word).copied()
}
