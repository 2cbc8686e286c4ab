//! Words that mean something to arithmetic, by their numbers in the lexicon.

use wording::{Id, Lexicon};

/// What a word says, as bits.
pub(super) type Signs = u16;

/// Ties quantities to each other.
pub(super) const RELATION: Signs = 1;
pub(super) const FRACTION: Signs = 1 << 1;
pub(super) const AGE: Signs = 1 << 2;
pub(super) const DAY: Signs = 1 << 3;
/// Behind `how`, asks for a quantity.
pub(super) const QUANTITY: Signs = 1 << 4;
pub(super) const HOW: Signs = 1 << 5;
/// Asks for a quantity by itself.
pub(super) const COMPUTE: Signs = 1 << 6;
/// Asks for anything.
pub(super) const ASKS: Signs = 1 << 7;
/// In a reply, not sure of itself.
pub(super) const HEDGE: Signs = 1 << 8;
/// In a reply, gives a reason.
pub(super) const REASON: Signs = 1 << 9;

const SIGNS: [(Signs, &str); 10] = [
    (
        RELATION,
        "more fewer less than times twice half third quarter percent remaining left rest each every per first then \
         after before if but except average older younger same only another additional total altogether",
    ),
    (FRACTION, "half third quarter fifth thirds fourth"),
    (AGE, "age old older years ago"),
    (DAY, "day days week weeks month months year"),
    (QUANTITY, "many much long far old fast tall high"),
    (HOW, "how"),
    (COMPUTE, "calculate compute"),
    (ASKS, "how what whats determine find"),
    (HEDGE, "assume assuming however unclear but cannot impossible determine"),
    (REASON, "since because"),
];

const NUMBERS: [(f64, &str); 23] = [
    (1.0, "one"),
    (2.0, "two twice double thrice couple pair"),
    (3.0, "three triple"),
    (4.0, "four"),
    (5.0, "five"),
    (6.0, "six"),
    (7.0, "seven"),
    (8.0, "eight"),
    (9.0, "nine"),
    (10.0, "ten"),
    (11.0, "eleven"),
    (12.0, "twelve dozen"),
    (20.0, "twenty"),
    (30.0, "thirty"),
    (40.0, "forty"),
    (50.0, "fifty"),
    (100.0, "hundred"),
    (0.5, "half"),
    (0.25, "quarter fourth"),
    (1.0 / 3.0, "third"),
    (2.0 / 3.0, "thirds"),
    (0.2, "fifth"),
    (0.1, "tenth"),
];

/// What one word says.
#[derive(Clone, Copy, Default)]
pub(super) struct Term {
    pub(super) signs: Signs,
    /// The number that it is.
    pub(super) value: Option<f64>,
}

/// The table of them.
#[derive(Default)]
pub(crate) struct Terms(Vec<Term>);

impl Terms {
    /// Teaches the lexicon all of them.
    pub(crate) fn new(lexicon: &mut Lexicon) -> Self {
        let mut terms = Self::default();
        for (signs, words) in SIGNS {
            words
                .split(' ')
                .for_each(|word| terms.at(lexicon.add(word)).signs |= signs);
        }
        for (value, words) in NUMBERS {
            words
                .split(' ')
                .for_each(|word| terms.at(lexicon.add(word)).value = Some(value));
        }
        terms
    }

    pub(super) fn of(&self, word: Id) -> Term {
        self.0.get(usize::from(word)).copied().unwrap_or_default()
    }

    fn at(&mut self, word: Id) -> &mut Term {
        let at = usize::from(word);
        if self.0.len() <= at {
            self.0.resize(at + 1, Term::default());
        }
        &mut self.0[at]
    }
}
