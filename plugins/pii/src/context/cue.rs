//! Words that say what the number behind them is.

use super::Lower;

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

/// Cues of scripts that are not Latin, as they stand within a word: its grammar, or the words next to it where no
/// spaces part them, may follow.
const WITHIN: [(&str, Cue); 42] = [
    ("电话", Cue::Phone),
    ("電話", Cue::Phone),
    ("手机", Cue::Phone),
    ("手機", Cue::Phone),
    ("致电", Cue::Phone),
    ("致電", Cue::Phone),
    ("拨打", Cue::Phone),
    ("撥打", Cue::Phone),
    ("座机", Cue::Phone),
    ("传真", Cue::Phone),
    ("傳真", Cue::Phone),
    ("热线", Cue::Phone),
    ("熱線", Cue::Phone),
    ("携帯", Cue::Phone),
    ("전화", Cue::Phone),
    ("휴대폰", Cue::Phone),
    ("연락처", Cue::Phone),
    ("телефон", Cue::Phone),
    ("звоните", Cue::Phone),
    ("โทร", Cue::Phone),
    ("卡号", Cue::Card),
    ("卡號", Cue::Card),
    ("银行卡", Cue::Card),
    ("信用卡", Cue::Card),
    ("カード", Cue::Card),
    ("카드", Cue::Card),
    ("карта", Cue::Card),
    ("карты", Cue::Card),
    ("карте", Cue::Card),
    ("账号", Cue::Iban),
    ("帐号", Cue::Iban),
    ("賬號", Cue::Iban),
    ("账户", Cue::Iban),
    ("口座", Cue::Iban),
    ("계좌", Cue::Iban),
    ("订单", Cue::Other),
    ("訂單", Cue::Other),
    ("编号", Cue::Other),
    ("注文", Cue::Other),
    ("版本", Cue::Other),
    ("주문", Cue::Other),
    ("заказ", Cue::Other),
];

/// What a word says of the number behind it.
pub(super) fn cue(word: &str) -> Option<Cue> {
    let lower = Lower::new(word)?;
    of_latin(lower.text()).or_else(|| within(lower.text()).map(|(cue, _)| cue))
}

/// The last cue within a word of another script than Latin, and the characters behind it.
pub(super) fn within(word: &str) -> Option<(Cue, usize)> {
    if word.is_ascii() {
        return None;
    }
    let last = |(text, cue): &(&str, Cue)| word.rfind(text).map(|at| (at + text.len(), *cue));
    let (end, cue) = WITHIN.iter().filter_map(last).max_by_key(|(end, _)| *end)?;
    Some((cue, word[end..].chars().count()))
}

fn of_latin(word: &str) -> Option<Cue> {
    Some(match word {
        _ if is_telephone(word) => Cue::Phone,
        "card" | "cards" | "credit" | "debit" | "cc" | "visa" | "mastercard" | "amex" | "maestro" | "discover"
        | "diners" | "jcb" | "kreditkarte" | "karte" | "carte" | "tarjeta" | "cartão" | "carta" => Cue::Card,
        "iban" | "bank" | "account" | "konto" | "transfer" => Cue::Iban,
        "ssn" | "ssns" | "social" | "security" | "sozialversicherung" => Cue::Ssn,
        "order" | "invoice" | "id" | "zip" | "postcode" | "postal" | "license" | "licence" | "passport" | "serial"
        | "version" | "ticket" | "case" | "reference" | "ref" | "tracking" | "isbn" | "issn" | "doi" | "sku"
        | "model" | "address" | "box" | "suite" | "apt" | "apartment" | "building" | "street" | "population"
        | "total" | "price" | "cost" | "costs" | "sum" | "pin" | "code" => Cue::Other,
        _ => return None,
    })
}

/// Whether a word names a telephone or a line of one.
pub(super) fn is_telephone(word: &str) -> bool {
    matches!(
        word,
        "phone"
            | "phones"
            | "telephone"
            | "tel"
            | "tél"
            | "téléphone"
            | "telefon"
            | "telefono"
            | "teléfono"
            | "telefone"
            | "handy"
            | "móvil"
            | "mobil"
            | "mobile"
            | "portable"
            | "cell"
            | "cellphone"
            | "landline"
            | "fax"
            | "whatsapp"
            | "hotline"
            | "helpline"
            | "voicemail"
            | "pager"
            | "тел"
            | "моб"
    )
}
