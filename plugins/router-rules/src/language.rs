//! Which language a text is in: by its script, and for Latin letters by the commonest words.
//!
//! Compact on purpose. It knows the languages below and answers nothing where a text gives too little to go by.

/// Characters looked at: a language shows early.
const CHARACTERS: usize = 2_000;

/// Ranges of letters that belong to one language, or to a family named by its commonest member.
const SCRIPTS: &[(char, char, &str)] = &[
    ('\u{370}', '\u{3ff}', "el"),
    ('\u{400}', '\u{52f}', "ru"),
    ('\u{530}', '\u{58f}', "hy"),
    ('\u{590}', '\u{5ff}', "he"),
    ('\u{600}', '\u{6ff}', "ar"),
    ('\u{900}', '\u{97f}', "hi"),
    ('\u{980}', '\u{9ff}', "bn"),
    ('\u{b80}', '\u{bff}', "ta"),
    ('\u{e00}', '\u{e7f}', "th"),
    ('\u{10a0}', '\u{10ff}', "ka"),
    ('\u{3040}', '\u{30ff}', "ja"),
    ('\u{3400}', '\u{9fff}', "zh"),
    ('\u{ac00}', '\u{d7af}', "ko"),
];
/// Letters by which one language of a script is told from the script's first.
const TELLING: &[(&str, &str)] = &[("uk", "іїєґІЇЄҐ"), ("fa", "پچژگ"), ("ur", "ٹڈڑے")];

/// Latin languages: their commonest words, and letters that few others have.
#[rustfmt::skip]
const LATIN: &[(&str, &str, &str)] = &[
    ("en", "the and is of to that you what how for with are this it please do from my was by which", ""),
    ("de", "der die das und ist nicht ein eine wie was ich mit auf für den dem zu bitte kannst sie wird von im", "äöüß"),
    ("fr", "le la les et est un une des que qui pour dans pas vous je quel quelle comment du sur avec ce au", "çèêàùœ"),
    ("es", "el la los las y es un una que por para con cómo qué de en del se está como mi cuál su al", "ñ¿¡"),
    ("it", "il lo la gli e è un una che di per con come non del della sono cosa mi puoi nel questo", "ìò"),
    ("pt", "o os as e é um uma que de para com não como do da em no na você por qual está", "ãõ"),
    ("nl", "de het een en is van niet dat ik je met voor hoe wat zijn op aan kun deze naar", "ĳ"),
    ("sv", "och är det att en ett som på jag inte för med hur vad av den till kan du", "å"),
    ("da", "og er det at en et som på jeg ikke for med hvordan hvad af den til kan du", "æø"),
    ("fi", "ja on ei se että mikä miten kuinka minä sinä tämä mutta ovat voitko olen kanssa", ""),
    ("pl", "i jest nie to się na w z jak co że czy dla po mam proszę od są przez", "ąęłńśżź"),
    ("cs", "a je se na to že jak co pro s ne jsem jsou prosím ale do by který", "ěřů"),
    ("hu", "a az és hogy nem egy van mi is meg ez kérem hogyan milyen vagy", "őű"),
    ("ro", "și este nu un o de la cu pe care ce în pentru din cum sunt mai să", "țșă"),
    ("tr", "ve bir bu ne için nasıl mi ile de da çok var değil ben lütfen olan", "ğışİ"),
    ("vi", "là và của có không tôi bạn cho một những được trong này làm người", "đơưạảếộ"),
    ("id", "dan yang di ini itu untuk dengan apa bagaimana saya tidak dari ke adalah pada", ""),
];

/// The languages that can be told, as a settings error names them.
pub fn known() -> impl Iterator<Item = &'static str> {
    let scripts = SCRIPTS
        .iter()
        .map(|&(_, _, code)| code)
        .chain(TELLING.iter().map(|&(code, _)| code));
    LATIN.iter().map(|&(code, _, _)| code).chain(scripts)
}

/// The words of the Latin languages in one sorted list, built when a table is compiled that asks for a language.
pub struct Detector {
    words: Vec<(&'static str, usize)>,
}

impl Default for Detector {
    fn default() -> Self {
        let words = LATIN
            .iter()
            .enumerate()
            .flat_map(|(at, (_, words, _))| words.split(' ').map(move |word| (word, at)));
        let mut words: Vec<_> = words.collect();
        words.sort_unstable();
        Self { words }
    }
}

impl Detector {
    /// The language of the text, where it can be told.
    pub fn detect(&self, text: &str) -> Option<&'static str> {
        let head = text
            .char_indices()
            .nth(CHARACTERS)
            .map_or(text, |(end, _)| &text[..end]);
        by_script(head).or_else(|| self.by_words(head))
    }

    fn by_words(&self, text: &str) -> Option<&'static str> {
        let mut hits = [0u32; LATIN.len()];
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            let from = self.words.partition_point(|&(known, _)| known < word.as_str());
            for &(_, language) in self.words[from..].iter().take_while(|&&(known, _)| known == word) {
                hits[language] += 2;
            }
        }
        for letter in text.chars().filter(|c| !c.is_ascii()) {
            for (language, (_, _, letters)) in LATIN.iter().enumerate() {
                hits[language] += u32::from(letters.contains(letter));
            }
        }
        let best = (0..LATIN.len()).max_by_key(|&language| hits[language])?;
        let ties = hits.iter().filter(|&&other| other == hits[best]).count();
        (hits[best] >= 3 && ties == 1).then_some(LATIN[best].0)
    }
}

/// The language of the script that most letters are of, unless those are Latin.
fn by_script(text: &str) -> Option<&'static str> {
    let mut counts = [0usize; SCRIPTS.len()];
    let mut latin = 0;
    for letter in text.chars().filter(|c| c.is_alphabetic()) {
        match SCRIPTS.iter().position(|(from, to, _)| (*from..=*to).contains(&letter)) {
            Some(script) => counts[script] += 1,
            None => latin += 1,
        }
    }
    let best = (0..SCRIPTS.len()).max_by_key(|&script| counts[script])?;
    let code = SCRIPTS[best].2;
    // A Chinese character says as much as a word, hence the factor; Japanese is written with Chinese characters too.
    if counts[best] * 3 <= latin {
        return None;
    }
    let count = |wanted| {
        SCRIPTS
            .iter()
            .position(|&(_, _, code)| code == wanted)
            .map_or(0, |at| counts[at])
    };
    if code == "zh" && count("ja") * 8 > count("zh") {
        return Some("ja");
    }
    let family = |code: &str, member: &str| matches!((code, member), ("ru", "uk") | ("ar", "fa") | ("ar", "ur"));
    let told = TELLING
        .iter()
        .rev()
        .find(|&&(member, letters)| family(code, member) && text.contains(|c| letters.contains(c)));
    Some(told.map_or(code, |&(member, _)| member))
}

#[cfg(test)]
mod tests {
    use super::Detector;

    #[test]
    fn languages_are_told_by_script_and_by_words() {
        let detector = Detector::default();
        for (text, language) in [
            ("What is the capital of France?", "en"),
            ("Wie heißt die Hauptstadt von Frankreich?", "de"),
            ("Quelle est la capitale de la France ?", "fr"),
            ("¿Cuál es la capital de Francia?", "es"),
            ("Qual é a capital da França? Não sei.", "pt"),
            ("Qual è la capitale della Francia? Non lo so.", "it"),
            ("Jaka jest stolica Francji? Proszę o odpowiedź.", "pl"),
            ("Fransa'nın başkenti neresi, nasıl gidilir?", "tr"),
            ("法国的首都是哪里？", "zh"),
            ("フランスの首都はどこですか？", "ja"),
            ("프랑스의 수도는 어디입니까?", "ko"),
            ("Какая столица Франции?", "ru"),
            ("Яка столиця Франції?", "uk"),
            ("ما هي عاصمة فرنسا؟", "ar"),
            ("פריז היא בירת צרפת", "he"),
        ] {
            assert_eq!(detector.detect(text), Some(language), "{text}");
        }
    }

    #[test]
    fn too_little_to_go_by_is_no_language() {
        let detector = Detector::default();
        for text in ["", "42", "🙂🙂", "ok", "Paris", "{\"a\": 1}"] {
            assert_eq!(detector.detect(text), None, "{text}");
        }
    }

    #[test]
    fn a_foreign_word_does_not_change_the_language() {
        let text = "Please explain what the word Привет means to a child of five years, and how it is used.";
        assert_eq!(Detector::default().detect(text), Some("en"));
    }
}
