//! The closed classes of words: the few hundred that carry grammar rather than meaning.

use std::sync::LazyLock;

use super::sets::Sets;

/// The classes of a word, as bits; each is the place of its list in `classes`.
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

/// The lists of the classes, in the order of their bits.
const LISTS: [&str; 7] = [
    FUNCTION_WORDS,
    FIRST_PERSON_WORDS,
    SECOND_PERSON_WORDS,
    PAST_WORDS,
    TIME_WORDS,
    NUMBER_WORDS,
    NEGATION_WORDS,
];

/// All words of the lists: those that any text of English has most often.
pub(super) fn common_words() -> impl Iterator<Item = &'static str> {
    LISTS.into_iter().flat_map(str::split_whitespace)
}

/// The classes of an English word in lower case whose hash is known: one look for all of them, since every word of a
/// conversation is looked up.
pub(super) fn classes(lower: &str, hash: u32) -> Classes {
    static TABLE: LazyLock<Sets> = LazyLock::new(|| {
        let lists = LISTS.map(|words| words.split_whitespace().collect::<Vec<_>>());
        Sets::new(&lists.each_ref().map(Vec::as_slice))
    });
    Classes(TABLE.of(lower, hash) as u8)
}

const FUNCTION_WORDS: &str = "a an the and or but if of to in on at for with by from as is are was were be been being am do does did doing have \
         has had having i you he she it we they me him her us them my your his its our their this that these those there \
         here what which who whom whose when where why how not no nor so than too very can could will would shall should \
         may might must just about into over after before up down out off then once all any both each few more most other \
         some such only own same also get got im ive oh yeah ok okay uh um hmm mm ll re ve don didn doesn isn wasn aren \
         won wouldn couldn shouldn hasn haven hadn ain let really";

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
