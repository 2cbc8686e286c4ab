//! The words that features count: those by which a question asks, compares, negates and calculates.

use crate::hash;

/// A set of lists that a word or a symbol is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class(u16);

impl Class {
    /// On no list.
    pub const NONE: Class = Class(0);
    /// Articles, prepositions, pronouns: what every English text is full of.
    pub const FUNCTION: Class = Class(1);
    /// Turns a statement round.
    pub const NEGATION: Class = Class(1 << 1);
    /// Allows no exception.
    pub const ABSOLUTE: Class = Class(1 << 2);
    /// Ties statements together: reasons, conditions, contrasts.
    pub const CONNECTIVE: Class = Class(1 << 3);
    /// Rates, shares, sums and comparisons of amounts.
    pub const QUANTITY: Class = Class(1 << 4);
    /// A number in letters.
    pub const NUMERAL: Class = Class(1 << 5);
    /// Asks for the best of several.
    pub const BEST: Class = Class(1 << 6);
    /// Program code.
    pub const CODE: Class = Class(1 << 7);
    /// A symbol of formulas.
    pub const FORMULA: Class = Class(1 << 8);
    /// A quotation mark.
    pub const QUOTE: Class = Class(1 << 9);
    /// A currency.
    pub const MONEY: Class = Class(1 << 10);
    /// Ends a sentence.
    pub const END: Class = Class(1 << 11);

    /// Whether it is on any of these lists.
    pub fn any(self, lists: Class) -> bool {
        self.0 & lists.0 != 0
    }

    const fn and(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

/// A word or a symbol that features look for by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sought {
    /// Any other.
    No,
    /// `above`
    Above,
    /// `and`
    And,
    /// `both`
    Both,
    /// `except`
    Except,
    /// `false`
    False,
    /// `following`
    Following,
    /// `how`
    How,
    /// `ii`
    Two,
    /// `least`
    Least,
    /// `many`
    Many,
    /// `much`
    Much,
    /// `no`
    Negative,
    /// `not`
    Not,
    /// `of`
    Of,
    /// `only`
    Only,
    /// `percent` or `%`
    Percent,
    /// `scenario`
    Scenario,
    /// `statement`
    Statement,
    /// `the`
    The,
    /// `these`
    These,
    /// `true`
    True,
    /// `what`
    What,
    /// `when`
    When,
    /// `where`
    Where,
    /// `which`
    Which,
    /// `who`
    Who,
    /// `why`
    Why,
    /// `yes`
    Yes,
    /// `1`
    One,
    /// `_`
    Blank,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `(`
    Opening,
    /// `?`
    Question,
    /// `.`
    Stop,
}

/// The lists that a lowered word of letters is on, and what it is sought as, by its bytes and their hash.
pub(super) fn word(bytes: &[u8], hash: u64) -> (Class, Sought) {
    let mut at = hash as usize % PLACES.len();
    while PLACES[at] != EMPTY {
        let (listed, class, sought) = LISTS[usize::from(PLACES[at])];
        if listed.as_bytes() == bytes {
            return (class, sought);
        }
        at = (at + 1) % PLACES.len();
    }
    (Class::NONE, Sought::No)
}

/// The same of a symbol.
pub(super) fn symbol(symbol: char) -> (Class, Sought) {
    match symbol {
        '.' => (Class::END, Sought::Stop),
        '?' => (Class::END, Sought::Question),
        '!' => (Class::END, Sought::No),
        ',' => (Class::NONE, Sought::Comma),
        ':' => (Class::NONE, Sought::Colon),
        '(' => (Class::NONE, Sought::Opening),
        '%' => (Class::NONE, Sought::Percent),
        '_' => (Class::FORMULA, Sought::Blank),
        '$' => (Class::FORMULA.and(Class::MONEY), Sought::No),
        '€' | '£' | '¥' => (Class::MONEY, Sought::No),
        '"' | '“' | '”' | '\'' | '‘' | '’' => (Class::QUOTE, Sought::No),
        '+' | '=' | '*' | '/' | '^' | '<' | '>' | '~' | '\\' | '{' | '}' | '|' => (Class::FORMULA, Sought::No),
        '∧' | '∨' | '⊃' | '⊂' | '∀' | '∃' | '≡' | '·' => (Class::FORMULA, Sought::No),
        _ => (Class::NONE, Sought::No),
    }
}

/// A place that no word of the lists has.
const EMPTY: u8 = u8::MAX;

/// Where each word of the lists stands, at its hash or in the next free place behind it: most words of a prompt are on none,
/// which one look tells.
const PLACES: [u8; 1 << 10] = {
    let mut places = [EMPTY; 1 << 10];
    let mut number = 0;
    while number < LISTS.len() {
        let mut at = hash::bytes(LISTS[number].0.as_bytes()) as usize % places.len();
        while places[at] != EMPTY {
            at = (at + 1) % places.len();
        }
        places[at] = number as u8;
        number += 1;
    }
    places
};

/// All of them, no more than there are numbers below [`EMPTY`].
const LISTS: &[(&str, Class, Sought)] = &[
    ("a", Class::FUNCTION, Sought::No),
    ("above", Class::NONE, Sought::Above),
    ("all", Class::ABSOLUTE, Sought::No),
    ("although", Class::CONNECTIVE, Sought::No),
    ("altogether", Class::QUANTITY, Sought::No),
    ("always", Class::ABSOLUTE, Sought::No),
    ("an", Class::FUNCTION, Sought::No),
    ("and", Class::FUNCTION, Sought::And),
    ("any", Class::ABSOLUTE, Sought::No),
    ("are", Class::FUNCTION, Sought::No),
    ("aren't", Class::NEGATION, Sought::No),
    ("as", Class::FUNCTION, Sought::No),
    ("at", Class::FUNCTION, Sought::No),
    ("average", Class::QUANTITY, Sought::No),
    ("be", Class::FUNCTION, Sought::No),
    ("because", Class::CONNECTIVE, Sought::No),
    ("been", Class::FUNCTION, Sought::No),
    ("best", Class::BEST, Sought::No),
    ("both", Class::NONE, Sought::Both),
    ("but", Class::FUNCTION, Sought::No),
    ("by", Class::FUNCTION, Sought::No),
    ("can't", Class::NEGATION, Sought::No),
    ("cannot", Class::NEGATION, Sought::No),
    ("cost", Class::QUANTITY, Sought::No),
    ("costs", Class::QUANTITY, Sought::No),
    ("could", Class::CONNECTIVE, Sought::No),
    ("def", Class::CODE, Sought::No),
    ("despite", Class::CONNECTIVE, Sought::No),
    ("didn't", Class::NEGATION, Sought::No),
    ("difference", Class::QUANTITY, Sought::No),
    ("doesn't", Class::NEGATION, Sought::No),
    ("don't", Class::NEGATION, Sought::No),
    ("double", Class::QUANTITY, Sought::No),
    ("dozen", Class::NUMERAL, Sought::No),
    ("each", Class::QUANTITY, Sought::No),
    ("eight", Class::NUMERAL, Sought::No),
    ("every", Class::ABSOLUTE.and(Class::QUANTITY), Sought::No),
    ("except", Class::NEGATION, Sought::Except),
    ("false", Class::NEGATION, Sought::False),
    ("fewer", Class::QUANTITY, Sought::No),
    ("five", Class::NUMERAL, Sought::No),
    ("following", Class::NONE, Sought::Following),
    ("for", Class::FUNCTION, Sought::No),
    ("four", Class::NUMERAL, Sought::No),
    ("from", Class::FUNCTION, Sought::No),
    ("had", Class::FUNCTION, Sought::No),
    ("half", Class::QUANTITY, Sought::No),
    ("has", Class::FUNCTION, Sought::No),
    ("have", Class::FUNCTION, Sought::No),
    ("he", Class::FUNCTION, Sought::No),
    ("her", Class::FUNCTION, Sought::No),
    ("his", Class::FUNCTION, Sought::No),
    ("how", Class::NONE, Sought::How),
    ("however", Class::CONNECTIVE, Sought::No),
    ("hundred", Class::NUMERAL, Sought::No),
    ("if", Class::CONNECTIVE, Sought::No),
    ("ii", Class::NONE, Sought::Two),
    ("import", Class::CODE, Sought::No),
    ("in", Class::FUNCTION, Sought::No),
    ("incorrect", Class::NEGATION, Sought::No),
    ("int", Class::CODE, Sought::No),
    ("is", Class::FUNCTION, Sought::No),
    ("isn't", Class::NEGATION, Sought::No),
    ("it", Class::FUNCTION, Sought::No),
    ("its", Class::FUNCTION, Sought::No),
    ("least", Class::NEGATION, Sought::Least),
    ("left", Class::QUANTITY, Sought::No),
    ("less", Class::QUANTITY, Sought::No),
    ("likely", Class::BEST, Sought::No),
    ("main", Class::BEST, Sought::No),
    ("many", Class::QUANTITY, Sought::Many),
    ("more", Class::QUANTITY, Sought::No),
    ("most", Class::BEST, Sought::No),
    ("much", Class::QUANTITY, Sought::Much),
    ("must", Class::ABSOLUTE, Sought::No),
    ("neither", Class::NEGATION, Sought::No),
    ("never", Class::NEGATION.and(Class::ABSOLUTE), Sought::No),
    ("nine", Class::NUMERAL, Sought::No),
    ("no", Class::NEGATION, Sought::Negative),
    ("none", Class::NEGATION, Sought::No),
    ("nor", Class::NEGATION, Sought::No),
    ("not", Class::NEGATION, Sought::Not),
    ("of", Class::FUNCTION, Sought::Of),
    ("on", Class::FUNCTION, Sought::No),
    ("one", Class::NUMERAL, Sought::No),
    ("only", Class::ABSOLUTE, Sought::Only),
    ("or", Class::FUNCTION, Sought::No),
    ("per", Class::QUANTITY, Sought::No),
    ("percent", Class::QUANTITY, Sought::Percent),
    ("price", Class::QUANTITY, Sought::No),
    ("primarily", Class::BEST, Sought::No),
    ("print", Class::CODE, Sought::No),
    ("quarter", Class::QUANTITY, Sought::No),
    ("ratio", Class::QUANTITY, Sought::No),
    ("remaining", Class::QUANTITY, Sought::No),
    ("return", Class::CODE, Sought::No),
    ("scenario", Class::NONE, Sought::Scenario),
    ("seven", Class::NUMERAL, Sought::No),
    ("she", Class::FUNCTION, Sought::No),
    ("should", Class::CONNECTIVE, Sought::No),
    ("since", Class::CONNECTIVE, Sought::No),
    ("six", Class::NUMERAL, Sought::No),
    ("solely", Class::ABSOLUTE, Sought::No),
    ("statement", Class::NONE, Sought::Statement),
    ("sum", Class::QUANTITY, Sought::No),
    ("ten", Class::NUMERAL, Sought::No),
    ("that", Class::FUNCTION, Sought::No),
    ("the", Class::FUNCTION, Sought::The),
    ("their", Class::FUNCTION, Sought::No),
    ("there", Class::FUNCTION, Sought::No),
    ("therefore", Class::CONNECTIVE, Sought::No),
    ("these", Class::NONE, Sought::These),
    ("they", Class::FUNCTION, Sought::No),
    ("third", Class::QUANTITY, Sought::No),
    ("this", Class::FUNCTION, Sought::No),
    ("thousand", Class::NUMERAL, Sought::No),
    ("three", Class::NUMERAL, Sought::No),
    ("times", Class::QUANTITY, Sought::No),
    ("to", Class::FUNCTION, Sought::No),
    ("total", Class::QUANTITY, Sought::No),
    ("triple", Class::QUANTITY, Sought::No),
    ("true", Class::NONE, Sought::True),
    ("twice", Class::QUANTITY, Sought::No),
    ("two", Class::NUMERAL, Sought::No),
    ("unless", Class::CONNECTIVE, Sought::No),
    ("unlikely", Class::NEGATION, Sought::No),
    ("void", Class::CODE, Sought::No),
    ("was", Class::FUNCTION, Sought::No),
    ("were", Class::FUNCTION, Sought::No),
    ("what", Class::NONE, Sought::What),
    ("when", Class::NONE, Sought::When),
    ("where", Class::NONE, Sought::Where),
    ("whether", Class::CONNECTIVE, Sought::No),
    ("which", Class::NONE, Sought::Which),
    ("while", Class::CONNECTIVE, Sought::No),
    ("who", Class::NONE, Sought::Who),
    ("why", Class::NONE, Sought::Why),
    ("will", Class::FUNCTION, Sought::No),
    ("with", Class::FUNCTION, Sought::No),
    ("without", Class::NEGATION, Sought::No),
    ("won't", Class::NEGATION, Sought::No),
    ("would", Class::CONNECTIVE, Sought::No),
    ("wouldn't", Class::NEGATION, Sought::No),
    ("yes", Class::NONE, Sought::Yes),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lists_is_found_at_its_place_and_no_other_is() {
        assert!(LISTS.len() < usize::from(EMPTY));
        let of = |text: &str| word(text.as_bytes(), hash::bytes(text.as_bytes()));
        for (listed, class, sought) in LISTS {
            assert_eq!(of(listed), (*class, *sought), "{listed}");
        }
        let never = of("never").0;
        assert!(never.any(Class::NEGATION) && never.any(Class::ABSOLUTE));
        assert_eq!(of("zebra"), (Class::NONE, Sought::No));
    }
}
