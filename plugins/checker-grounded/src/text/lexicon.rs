//! The words whose role in a sentence is known: what carries no content, denies, hedges, or speaks of the text itself.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// FNV-1a, 32 bits: the name of a word everywhere in this crate.
pub(crate) const fn hash(word: &str) -> u32 {
    let bytes = word.as_bytes();
    let mut sum = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < bytes.len() {
        sum = (sum ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    sum
}

/// A map by keys that are hashes already: they are spread once more, for tables take their low bits.
pub(crate) type ByHash<K, V> = HashMap<K, V, BuildHasherDefault<Spread>>;

/// Multiplies by the golden ratio.
#[derive(Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// What is known of a word: a set of the roles below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles(u16);

impl Roles {
    /// Carries no content of its own.
    pub(crate) const STOP: Self = Self(1);
    /// Denies what follows.
    pub(crate) const NOT: Self = Self(2);
    /// Takes certainty away.
    pub(crate) const HEDGE: Self = Self(4);
    /// Speaks of the source as a text.
    pub(crate) const META: Self = Self(8);
    /// Says how many, without a number.
    pub(crate) const QUANTIFIER: Self = Self(16);
    /// Gives advice.
    pub(crate) const ADVICE: Self = Self(32);
    /// Draws a conclusion.
    pub(crate) const CONCLUSION: Self = Self(64);
    /// Turns the sentence around, so that a denial before it ends.
    pub(crate) const TURN: Self = Self(128);
    /// Someone who wrote a review.
    pub(crate) const REVIEWER: Self = Self(256);
    /// Praises.
    pub(crate) const PRAISE: Self = Self(512);
    /// Complains.
    pub(crate) const COMPLAINT: Self = Self(1024);
    /// Begins a clause that adds something.
    pub(crate) const CLAUSE: Self = Self(2048);

    /// Whether the word has this role.
    pub(crate) fn has(self, role: Self) -> bool {
        self.0 & role.0 != 0
    }
}

const WORDS: [(Roles, &str); 12] = [
    (
        Roles::STOP,
        "a an the and or but if then else of in on at to for from by with about as into onto over under after before \
         between through during above below up down out off again further once here there when where why how what which \
         who whom whose this that these those i me my we our us you your he him his she her it its they them their is am \
         are was were be been being have has had having do does did doing will would shall should can could may might \
         must so than too very just also both each few more most other some such no nor not only own same s t don now \
         because until while any all it's i'm you're there's let's one's per via upon within without among",
    ),
    (
        Roles::NOT,
        "no not nor never none neither without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't \
         wouldn't shouldn't couldn't hasn't haven't hadn't lacks lack lacking unavailable nothing nobody unable fails \
         failed",
    ),
    (
        Roles::HEDGE,
        "may might could possibly perhaps likely probably seems seem appears appear potentially generally typically \
         usually often sometimes suggests suggest",
    ),
    (
        Roles::META,
        "passage passages article articles text source sources information provided context document data according \
         mentioned mention mentions based stated states specified details summary overview question answer json \
         structured given",
    ),
    (
        Roles::QUANTIFIER,
        "all every always never only most many several entire none both various numerous majority everyone everything \
         any each few",
    ),
    (
        Roles::ADVICE,
        "should must ensure recommend recommended important consider consult note remember essential crucial advisable \
         best",
    ),
    (
        Roles::CONCLUSION,
        "overall therefore thus conclusion hence consequently additionally furthermore moreover summary ultimately",
    ),
    (
        Roles::TURN,
        "but however while although though whereas yet despite instead except besides",
    ),
    (
        Roles::REVIEWER,
        "customer customers reviewer reviewers review reviews patron patrons guest guests visitor visitors diner diners",
    ),
    (
        Roles::PRAISE,
        "praise praised praising rave raved enjoyed enjoy appreciated appreciate delicious excellent great friendly \
         amazing fresh positive loved love recommend recommended attentive popular best",
    ),
    (
        Roles::COMPLAINT,
        "complaint complaints complained complain negative criticized slow rude poor bad disappointed disappointing \
         disappointment overpriced issues issue concerns expressed mixed worst long inconsistent lacking unfriendly \
         expensive pricey however",
    ),
    (
        Roles::CLAUSE,
        "which who including such where making leading allowing causing resulting ensuring providing due because since \
         like using",
    ),
];

/// The roles of words, by the word's hash.
pub struct Lexicon {
    roles: ByHash<u32, Roles>,
}

impl Default for Lexicon {
    fn default() -> Self {
        let mut roles: ByHash<u32, Roles> = ByHash::default();
        for (role, words) in WORDS {
            for word in words.split_whitespace() {
                roles.entry(hash(word)).or_default().0 |= role.0;
            }
        }
        Self { roles }
    }
}

impl Lexicon {
    /// The roles of a lowercase word, named by its hash.
    pub(crate) fn roles(&self, word: u32) -> Roles {
        self.roles.get(&word).copied().unwrap_or_default()
    }
}
