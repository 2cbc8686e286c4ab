//! The words around a number, which tell what it is.

/// Bytes before a number that are looked at.
pub(crate) const BEFORE: usize = 96;

/// What a word says of the number that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    Phone,
    Card,
    Iban,
    Ssn,
    /// Another number: of an order, a house, a version.
    Other,
}

/// One line, with the end of the text before it.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) line: &'a str,
    pub(crate) before: &'a str,
}

impl<'a> Context<'a> {
    /// The words before a byte of the line, the nearest first.
    fn words_before(self, at: usize) -> impl Iterator<Item = &'a str> {
        let here = &self.line[..at];
        let near = &here[here.ceil_char_boundary(at.saturating_sub(BEFORE))..];
        let left = BEFORE.saturating_sub(at);
        let far = &self.before[self.before.ceil_char_boundary(self.before.len().saturating_sub(left))..];
        let words = |text: &'a str| {
            text.rsplit(|ch: char| !ch.is_alphabetic())
                .filter(|word| !word.is_empty())
        };
        words(near).chain(words(far))
    }

    /// The nearest cue before a byte of the line.
    pub(crate) fn cue_before(self, at: usize) -> Option<Cue> {
        self.words_before(at).find_map(cue)
    }

    /// Whether this cue stands anywhere before a byte of the line, not too far away.
    pub(crate) fn has_cue(self, at: usize, wanted: Cue) -> bool {
        self.words_before(at).any(|word| cue(word) == Some(wanted))
    }

    /// Whether the word right behind a number says that it is a telephone's.
    pub(crate) fn phone_behind(self, end: usize) -> bool {
        let rest = self.line[end..].trim_start_matches([' ', '-', '(', ',', '\\', '[', ':']);
        let near = self.line.len() - end - rest.len() <= 3;
        let word = rest.split(|ch: char| !ch.is_alphabetic()).next().unwrap_or_default();
        let kinds = [
            "office", "fax", "mobile", "cell", "home", "work", "tel", "phone", "desk", "direct", "landline",
        ];
        near && kinds.iter().any(|kind| word.eq_ignore_ascii_case(kind))
    }
}

/// What a word says of the number behind it.
fn cue(word: &str) -> Option<Cue> {
    const LONGEST: usize = 14;
    let mut lower = [0; LONGEST];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    Some(match std::str::from_utf8(lower).ok()? {
        "phone" | "phones" | "telephone" | "tel" | "tél" | "téléphone" | "telefon" | "telefono" | "teléfono"
        | "telefone" | "handy" | "móvil" | "mobil" | "mobile" | "cell" | "cellphone" | "landline" | "fax" | "desk"
        | "office" | "call" | "calls" | "calling" | "called" | "dial" | "ring" | "sms" | "text" | "texts"
        | "whatsapp" | "signal" | "message" | "messages" | "answering" | "reach" | "reached" | "contact"
        | "hotline" | "helpline" | "voicemail" | "pager" | "extension" => Cue::Phone,
        "card" | "cards" | "credit" | "debit" | "cc" | "visa" | "mastercard" | "amex" | "maestro" | "discover"
        | "diners" | "jcb" | "kreditkarte" | "karte" | "carte" | "tarjeta" | "cartão" | "carta" => Cue::Card,
        "iban" | "bank" | "account" | "konto" | "transfer" => Cue::Iban,
        "ssn" | "ssns" | "social" | "security" | "sozialversicherung" => Cue::Ssn,
        "order" | "invoice" | "id" | "zip" | "postcode" | "postal" | "license" | "licence" | "passport" | "serial"
        | "version" | "ticket" | "case" | "reference" | "ref" | "tracking" | "isbn" | "issn" | "doi" | "sku"
        | "model" | "address" | "box" | "suite" | "apt" | "apartment" | "building" | "street" | "population"
        | "total" | "price" | "cost" | "costs" | "sum" | "pin" | "code" | "lives" | "arrived" | "located" => Cue::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_cue_wins_and_the_line_before_counts() {
        let context = Context {
            line: "5551234",
            before: "order a card\nPhone:\n",
        };
        assert_eq!(context.cue_before(0), Some(Cue::Phone));
        assert!(context.has_cue(0, Cue::Card) && !context.has_cue(0, Cue::Ssn));
    }

    #[test]
    fn a_word_behind_counts_only_where_it_is_near() {
        let context = |line| Context { line, before: "" };
        assert!(context("123 office").phone_behind(3) && context("123 (fax)").phone_behind(3));
        assert!(!context("123 of the office").phone_behind(3));
    }
}
