//! The closed classes of words: the few hundred that carry grammar rather than meaning.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A set of words that is made once.
pub type Words = LazyLock<HashSet<&'static str>>;

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// English words that say nothing of a text's subject.
pub static FUNCTION: Words = LazyLock::new(|| {
    set(
        "a an the and or but if of to in on at for with by from as is are was were be been being am do does did doing have \
         has had having i you he she it we they me him her us them my your his its our their this that these those there \
         here what which who whom whose when where why how not no nor so than too very can could will would shall should \
         may might must just about into over after before up down out off then once all any both each few more most other \
         some such only own same also get got im ive oh yeah ok okay uh um hmm mm ll re ve don didn doesn isn wasn aren \
         won wouldn couldn shouldn hasn haven hadn ain let really",
    )
});

/// Chinese characters that say nothing of a text's subject; a pair of two of them is no term.
pub const FUNCTION_HAN: &str =
    "的了是在我你他她它们这那有和就不也都而及与着或一个没吗呢吧啊呀哦嗯什么怎谁哪很会要能可以到说对把被让给从为";

/// Words by which people speak of themselves.
pub static FIRST_PERSON: Words =
    LazyLock::new(|| set("i my me we our us mine ours myself i'm i've i'd i'll we're we've"));

/// Words by which people speak of whom they talk to.
pub static SECOND_PERSON: Words = LazyLock::new(|| set("you your yours yourself"));

/// Irregular past forms that tell of something done; regular ones end in `ed`.
pub static PAST: Words = LazyLock::new(|| {
    set(
        "went had was were did took made found saw met bought won came gave told lost left began became brought built \
         caught chose drew drove ate fell felt flew forgot got grew heard held kept knew led lent paid ran said sat sent \
         sold spent spoke stood swam taught thought threw understood woke wore wrote",
    )
});

/// Words that name a time.
pub static TIME: Words = LazyLock::new(|| {
    set(
        "yesterday today tonight tomorrow last next ago week weeks weekend month months year years day days summer winter \
         spring fall autumn monday tuesday wednesday thursday friday saturday sunday january february march april june \
         july august september october november december since recently soon morning evening birthday anniversary",
    )
});

/// Words that name a number.
pub static NUMBER: Words = LazyLock::new(|| {
    set(
        "one two three four five six seven eight nine ten eleven twelve twenty hundred thousand million few couple first \
         second third once twice dozen half",
    )
});

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
