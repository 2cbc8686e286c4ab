//! The words that features count: those by which a question asks, compares, negates and calculates.

/// A set of word lists that a word is on.
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

    /// The lists that a lowered word is on.
    pub fn of(word: &str) -> Class {
        let found = LISTS.binary_search_by(|(listed, _)| listed.as_bytes().cmp(word.as_bytes()));
        found.map_or(Class::NONE, |at| LISTS[at].1)
    }

    /// Whether it is on any of these lists.
    pub fn any(self, lists: Class) -> bool {
        self.0 & lists.0 != 0
    }

    const fn and(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

/// Sorted by bytes.
const LISTS: &[(&str, Class)] = &[
    ("a", Class::FUNCTION),
    ("all", Class::ABSOLUTE),
    ("although", Class::CONNECTIVE),
    ("altogether", Class::QUANTITY),
    ("always", Class::ABSOLUTE),
    ("an", Class::FUNCTION),
    ("and", Class::FUNCTION),
    ("any", Class::ABSOLUTE),
    ("are", Class::FUNCTION),
    ("aren't", Class::NEGATION),
    ("as", Class::FUNCTION),
    ("at", Class::FUNCTION),
    ("average", Class::QUANTITY),
    ("be", Class::FUNCTION),
    ("because", Class::CONNECTIVE),
    ("been", Class::FUNCTION),
    ("best", Class::BEST),
    ("but", Class::FUNCTION),
    ("by", Class::FUNCTION),
    ("can't", Class::NEGATION),
    ("cannot", Class::NEGATION),
    ("cost", Class::QUANTITY),
    ("costs", Class::QUANTITY),
    ("could", Class::CONNECTIVE),
    ("def", Class::CODE),
    ("despite", Class::CONNECTIVE),
    ("didn't", Class::NEGATION),
    ("difference", Class::QUANTITY),
    ("doesn't", Class::NEGATION),
    ("don't", Class::NEGATION),
    ("double", Class::QUANTITY),
    ("dozen", Class::NUMERAL),
    ("each", Class::QUANTITY),
    ("eight", Class::NUMERAL),
    ("every", Class::ABSOLUTE.and(Class::QUANTITY)),
    ("except", Class::NEGATION),
    ("false", Class::NEGATION),
    ("fewer", Class::QUANTITY),
    ("five", Class::NUMERAL),
    ("for", Class::FUNCTION),
    ("four", Class::NUMERAL),
    ("from", Class::FUNCTION),
    ("had", Class::FUNCTION),
    ("half", Class::QUANTITY),
    ("has", Class::FUNCTION),
    ("have", Class::FUNCTION),
    ("he", Class::FUNCTION),
    ("her", Class::FUNCTION),
    ("his", Class::FUNCTION),
    ("however", Class::CONNECTIVE),
    ("hundred", Class::NUMERAL),
    ("if", Class::CONNECTIVE),
    ("import", Class::CODE),
    ("in", Class::FUNCTION),
    ("incorrect", Class::NEGATION),
    ("int", Class::CODE),
    ("is", Class::FUNCTION),
    ("isn't", Class::NEGATION),
    ("it", Class::FUNCTION),
    ("its", Class::FUNCTION),
    ("least", Class::NEGATION),
    ("left", Class::QUANTITY),
    ("less", Class::QUANTITY),
    ("likely", Class::BEST),
    ("main", Class::BEST),
    ("many", Class::QUANTITY),
    ("more", Class::QUANTITY),
    ("most", Class::BEST),
    ("much", Class::QUANTITY),
    ("must", Class::ABSOLUTE),
    ("neither", Class::NEGATION),
    ("never", Class::NEGATION.and(Class::ABSOLUTE)),
    ("nine", Class::NUMERAL),
    ("no", Class::NEGATION),
    ("none", Class::NEGATION),
    ("nor", Class::NEGATION),
    ("not", Class::NEGATION),
    ("of", Class::FUNCTION),
    ("on", Class::FUNCTION),
    ("one", Class::NUMERAL),
    ("only", Class::ABSOLUTE),
    ("or", Class::FUNCTION),
    ("per", Class::QUANTITY),
    ("percent", Class::QUANTITY),
    ("price", Class::QUANTITY),
    ("primarily", Class::BEST),
    ("print", Class::CODE),
    ("quarter", Class::QUANTITY),
    ("ratio", Class::QUANTITY),
    ("remaining", Class::QUANTITY),
    ("return", Class::CODE),
    ("seven", Class::NUMERAL),
    ("she", Class::FUNCTION),
    ("should", Class::CONNECTIVE),
    ("since", Class::CONNECTIVE),
    ("six", Class::NUMERAL),
    ("solely", Class::ABSOLUTE),
    ("sum", Class::QUANTITY),
    ("ten", Class::NUMERAL),
    ("that", Class::FUNCTION),
    ("the", Class::FUNCTION),
    ("their", Class::FUNCTION),
    ("there", Class::FUNCTION),
    ("therefore", Class::CONNECTIVE),
    ("they", Class::FUNCTION),
    ("third", Class::QUANTITY),
    ("this", Class::FUNCTION),
    ("thousand", Class::NUMERAL),
    ("three", Class::NUMERAL),
    ("times", Class::QUANTITY),
    ("to", Class::FUNCTION),
    ("total", Class::QUANTITY),
    ("triple", Class::QUANTITY),
    ("twice", Class::QUANTITY),
    ("two", Class::NUMERAL),
    ("unless", Class::CONNECTIVE),
    ("unlikely", Class::NEGATION),
    ("void", Class::CODE),
    ("was", Class::FUNCTION),
    ("were", Class::FUNCTION),
    ("whether", Class::CONNECTIVE),
    ("while", Class::CONNECTIVE),
    ("will", Class::FUNCTION),
    ("with", Class::FUNCTION),
    ("without", Class::NEGATION),
    ("won't", Class::NEGATION),
    ("would", Class::CONNECTIVE),
    ("wouldn't", Class::NEGATION),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_every_word_is_found() {
        assert!(LISTS.is_sorted_by(|a, b| a.0.as_bytes() < b.0.as_bytes()));
        assert!(Class::of("never").any(Class::NEGATION) && Class::of("never").any(Class::ABSOLUTE));
        assert_eq!(Class::of("zebra"), Class::NONE);
    }
}
