//! The closed classes of words: the few hundred that carry grammar rather than meaning.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// The classes of a word, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(u8);

impl Classes {
    /// Whether the word belongs to this class.
    pub fn has(self, class: Self) -> bool {
        self.0 & class.0 != 0
    }
}

/// Says nothing of a text's subject.
pub const FUNCTION: Classes = Classes(1);
/// Speaks of the speaker.
pub const FIRST_PERSON: Classes = Classes(2);
/// Speaks of whom the speaker talks to.
pub const SECOND_PERSON: Classes = Classes(4);
/// An irregular past form that tells of something done; regular ones end in `ed`.
pub const PAST: Classes = Classes(8);
/// Names a time.
pub const TIME: Classes = Classes(16);
/// Names a number.
pub const NUMBER: Classes = Classes(32);
/// Denies or excludes. `don't` is cut into `don` and `t`.
pub const NEGATION: Classes = Classes(64);

/// The classes of an English word in lower case: one look for all of them, since every word of a conversation is looked up.
pub fn classes(lower: &str) -> Classes {
    static TABLE: LazyLock<HashMap<&str, Classes, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
        let mut table: HashMap<&str, Classes, _> = HashMap::default();
        let lists = [
            (FUNCTION, FUNCTION_WORDS),
            (FIRST_PERSON, FIRST_PERSON_WORDS),
            (SECOND_PERSON, SECOND_PERSON_WORDS),
            (PAST, PAST_WORDS),
            (TIME, TIME_WORDS),
            (NUMBER, NUMBER_WORDS),
            (NEGATION, NEGATION_WORDS),
        ];
        for (class, words) in lists {
            words
                .split_whitespace()
                .for_each(|word| table.entry(word).or_default().0 |= class.0);
        }
        table
    });
    TABLE.get(lower).copied().unwrap_or_default()
}

/// FNV-1a as a hasher: short keys of our own making need no defence.
#[derive(Clone, Copy, Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

const FUNCTION_WORDS: &str = "a an the and or but if of to in on at for with by from as is are was were be been being am do does did doing have \
         has had having i you he she it we they me him her us them my your his its our their this that these those there \
         here what which who whom whose when where why how not no nor so than too very can could will would shall should \
         may might must just about into over after before up down out off then once all any both each few more most other \
         some such only own same also get got im ive oh yeah ok okay uh um hmm mm ll re ve don didn doesn isn wasn aren \
         won wouldn couldn shouldn hasn haven hadn ain let really";

/// Chinese characters that say nothing of a text's subject; a pair of two of them is no term.
pub const FUNCTION_HAN: &str =
    "的了是在我你他她它们这那有和就不也都而及与着或一个没吗呢吧啊呀哦嗯什么怎谁哪很会要能可以到说对把被让给从为";

const FIRST_PERSON_WORDS: &str = "i my me we our us mine ours myself";

const SECOND_PERSON_WORDS: &str = "you your yours yourself";

const PAST_WORDS: &str = "went had was were did took made found saw met bought won came gave told lost left began became brought built \
         caught chose drew drove ate fell felt flew forgot got grew heard held kept knew led lent paid ran said sat sent \
         sold spent spoke stood swam taught thought threw understood woke wore wrote";

const TIME_WORDS: &str = "yesterday today tonight tomorrow last next ago week weeks weekend month months year years day days summer winter \
         spring fall autumn monday tuesday wednesday thursday friday saturday sunday january february march april june \
         july august september october november december since recently soon morning evening birthday anniversary";

const NUMBER_WORDS: &str = "one two three four five six seven eight nine ten eleven twelve twenty hundred thousand million few couple first \
         second third once twice dozen half";

const NEGATION_WORDS: &str =
    "no not nor never none nobody nothing neither cannot t without hardly barely unless except";

/// Chinese markers of the same: the first person, a time, something done.
pub const FIRST_PERSON_HAN: &[&str] = &["我", "咱"];
/// Chinese words that name a time.
pub const TIME_HAN: &[&str] = &[
    "昨天",
    "今天",
    "明天",
    "前天",
    "后天",
    "上周",
    "下周",
    "上个月",
    "下个月",
    "去年",
    "今年",
    "明年",
    "星期",
    "周末",
    "月",
    "年",
    "号",
    "点",
    "最近",
    "早上",
    "晚上",
    "生日",
];
/// Chinese markers of something done.
pub const PAST_HAN: &[&str] = &["了", "过"];
