//! How people write of a telephone's number: a label ("Phone: "), a verb with its object ("call me at "), or a word
//! behind it ("(fax)"). A word that merely stands somewhere before a number says little of it.

mod behind;

use super::cue::{Cue, is_telephone, within};
use super::{Lower, words};
pub(super) use behind::counts;

/// How plainly the words around a number say that it is a telephone's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Telephone {
    /// Not at all.
    Unsaid,
    /// By the place that telephones have in a sentence: "at", "on".
    Hinted,
    /// A telephone is spoken of shortly before.
    Spoken,
    /// By a label, a verb that takes such a number, or a word behind.
    Said,
}

/// What a word does in front of a telephone's number.
#[derive(PartialEq)]
enum Role {
    /// Names a telephone.
    Names,
    /// Says whose line it is, if a colon or "number" follows.
    Label,
    /// Takes a number as its object, or behind a person and "at".
    Calls,
    /// Takes a number behind "at" alone.
    Reaches,
    Number,
    At,
    Person,
    Link,
}

/// Words before a number that are looked at.
pub(super) const MOST: usize = 6;

/// Words between a label and its colon.
const TO_COLON: usize = 3;

/// What may stand between a word and a number that begins with a bracket or plus sign.
const OPENS: [char; 6] = [' ', '\t', '\n', '(', '+', '"'];

/// Reads what stands before a number, and what stands behind it.
pub(super) fn around(before: &str, behind: &str) -> Telephone {
    if behind::is_label(behind) {
        Telephone::Said
    } else {
        self::before(before)
    }
}

fn before(text: &str) -> Telephone {
    let direct = text.trim_end_matches(OPENS);
    let plain = direct.trim_end_matches([':', '：', ' ']);
    let colon = plain.len() < direct.len();
    let (mut number, mut at, mut person, mut hinted) = (false, false, false, false);
    for (place, word) in words(direct).take(MOST).enumerate() {
        let known = role(word);
        match known {
            Some(Role::Names) => return Telephone::Said,
            Some(Role::Label) if colon || number => return Telephone::Said,
            Some(Role::Calls) if at || person || is_asked(plain, word) => return Telephone::Said,
            Some(Role::Reaches) if at => return Telephone::Said,
            Some(Role::Number) => number = true,
            Some(Role::Person) => person = true,
            Some(Role::At) => {
                at = true;
                hinted |= place == 0 && direct.ends_with(word);
            }
            Some(Role::Link) => {}
            // Whose line it is: "reach the office at".
            Some(Role::Label) if at => {}
            _ if colon && place < TO_COLON => {}
            _ => break,
        }
    }
    if words(direct).take(MOST).any(|word| role(word) == Some(Role::Names)) || (number && person) {
        return Telephone::Spoken;
    }
    let spoken = words(direct).next().and_then(|word| within(Lower::new(word)?.text()));
    match spoken {
        Some((Cue::Phone, _)) => Telephone::Spoken,
        _ if hinted => Telephone::Hinted,
        _ => Telephone::Unsaid,
    }
}

fn role(word: &str) -> Option<Role> {
    let lower = Lower::new(word)?;
    Some(match lower.text() {
        word if is_telephone(word) => Role::Names,
        "office" | "desk" | "home" | "work" | "direct" | "line" | "extension" | "contact" | "emergency" | "support"
        | "reception" => Role::Label,
        "call" | "dial" | "ring" | "text" | "sms" | "llame" | "llama" | "appelez" | "anrufen" | "rufen" => Role::Calls,
        "calls" | "calling" | "called" | "dialing" | "dialling" | "ringing" | "texting" | "reach" | "reached"
        | "reachable" | "joignable" | "erreichbar" | "erreichen" => Role::Reaches,
        "number" | "numbers" | "no" | "nr" | "num" | "numéro" | "nummer" | "número" | "numero" | "номер" | "номеру" => {
            Role::Number
        }
        "at" | "on" | "under" | "unter" | "au" | "al" | "по" => Role::At,
        "me" | "my" | "him" | "his" | "her" | "us" | "our" | "them" | "their" | "you" | "your" | "it" | "mich"
        | "uns" | "sie" | "nous" | "moi" => Role::Person,
        "is" | "are" | "was" | "s" | "the" | "a" | "this" | "new" | "old" | "private" | "personal" | "via" | "to"
        | "or" | "and" | "ist" | "est" | "es" | "le" | "der" | "die" => Role::Link,
        // A word or two of grammar may follow where no spaces part words.
        word => match within(word) {
            Some((Cue::Phone, 0..=3)) => Role::Names,
            _ => return None,
        },
    })
}

/// Whether the last of this verb asks somebody to do it, or says that somebody does: "API call 12" does neither.
fn is_asked(text: &str, verb: &str) -> bool {
    let Some(at) = text.rfind(verb).filter(|at| at + verb.len() == text.len()) else {
        return false;
    };
    let before = text[..at].trim_end_matches([' ', '(', '"']);
    let asks = [
        "please", "to", "or", "and", "can", "could", "then", "just", "will", "should", "must", "may", "you", "i", "we",
        "ll", "also", "simply", "always",
    ];
    let word = words(before).next().unwrap_or_default();
    let begins = before.is_empty() || before.ends_with(['\n', '.', '!', '?', ',', ';', ':', '-', '–', '—']);
    begins || asks.iter().any(|ask| word.eq_ignore_ascii_case(ask))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Telephone {
        let (before, behind) = text.split_once('#').unwrap();
        around(before, behind)
    }

    #[test]
    fn labels_and_verbs_with_their_objects_say_it() {
        for text in [
            "Phone: #",
            "phone number is #",
            "Office number: #",
            "Tel. #",
            "Desk:\n#",
            "call me at #",
            "Please call #",
            "can be reached on #",
            "手机：#",
            "我的电话号码是#",
            "мой телефон: #",
            "# (fax)",
            "#-Mobile, 12",
            "# office",
        ] {
            assert_eq!(told(text), Telephone::Said, "{text}");
        }
    }

    #[test]
    fn a_word_that_stands_somewhere_before_does_not() {
        for text in [
            "The video reached # views",
            "The function is called # times",
            "The text has # characters",
            "Office 365 build #",
            "API call # failed",
            "the office # of them",
            "They sold # phones",
            "A signal of #",
            "we contact # homes",
        ] {
            assert_eq!(told(text), Telephone::Unsaid, "{text}");
        }
        assert_eq!(told("They wait at #."), Telephone::Hinted);
        assert_eq!(told("My phone shows pictures of #"), Telephone::Spoken);
    }
}
