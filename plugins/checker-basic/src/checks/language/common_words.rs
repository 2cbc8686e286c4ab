//! Words by which languages of one script are told apart, and words by which a request chooses a language.

use wording::{Lexicon, each_word};

use crate::prompt::Prompt;

/// The languages that are told apart by their words, with the most common of these.
const LANGUAGES: [(&str, &str); 12] = [
    (
        "English",
        "the of and to in is that it for was with as on are this be at by have from or an which you not but can \
        they your will has what how their if there would when do i my we",
    ),
    (
        "German",
        "der die und das ist nicht ein eine zu den von mit sich auf für des im dem es auch als an werden aus er \
        sie wird bei einer wie oder ich du wir kann sind was haben",
    ),
    (
        "French",
        "le la les des et est en une un du que pour dans qui sur pas par plus au avec ce il sont vous je nous \
        cette être ou mais à comment quelle",
    ),
    (
        "Spanish",
        "el la los las de y en que es un una por con para del se su al lo como más pero no está son qué cómo \
        muy puede este esta ser tu",
    ),
    (
        "Portuguese",
        "o a os as de e que do da em um uma é para com não se na no por mais dos como mas ao você são está \
        pode seu sua isso ou",
    ),
    (
        "Italian",
        "il la di che e è un una per non con del in si sono come della dei le da nel gli al più anche ma questo \
        essere può cosa alla delle",
    ),
    (
        "Dutch",
        "de het een van en is dat niet op te zijn voor met die in er aan ook als bij naar maar om kan wordt je ik \
        hoe wat deze uit worden",
    ),
    (
        "Swedish",
        "och att det är en som på av för med den till inte ett har om jag du kan de vi från eller vad hur detta \
        så vara",
    ),
    (
        "Polish",
        "w i na z się nie to jest do że o jak po co za od są dla ale czy przez tak może ich jego który tym",
    ),
    (
        "Turkish",
        "ve bir bu için ile da de çok olarak daha ne gibi olan var en mi ben değil nasıl kadar sonra her olur",
    ),
    (
        "Russian",
        "и в не на что с по как это а к из у за от для но так же или то вы я мы он его быть может если при чтобы",
    ),
    (
        "Ukrainian",
        "і в не на що з та до як це за від для але або ви я ми він його бути може якщо при щоб є й у про",
    ),
];

/// The bit of words that name a language or ask for a translation.
const NAMING: u16 = 1 << 15;

/// Names of languages in several of them, and the verbs of translating.
const NAMES: &str = "english german french spanish portuguese italian dutch swedish polish turkish russian ukrainian \
    greek arabic hebrew hindi thai korean japanese chinese mandarin cantonese latin danish norwegian finnish czech \
    romanian hungarian vietnamese indonesian bilingual language languages \
    deutsch englisch französisch spanisch italienisch portugiesisch russisch chinesisch japanisch türkisch polnisch \
    deutschen englischen französischen sprache \
    anglais français allemand espagnol italien portugais russe chinois japonais arabe langue \
    inglés alemán francés español italiano portugués ruso chino japonés idioma \
    inglês alemão francês espanhol português inglese tedesco francese spagnolo engels duits frans spaans nederlands \
    английский английском немецкий немецком русский русском французский языке англійською українською \
    translate translates translated translation translating übersetze übersetzen übersetzung übersetz \
    traduis traduire traduction traduisez traduce traducir traducción traduza traduzir tradução traduci tradurre \
    traduzione vertaal vertalen vertaling översätt переведи переведите перевод перевести переклади tłumacz çevir";

/// The same in scripts without spaces between words.
const UNSPACED: [&str; 15] = [
    "翻译",
    "翻譯",
    "翻訳",
    "訳し",
    "英語",
    "英语",
    "英文",
    "中文",
    "日语",
    "日語",
    "日本語",
    "韩语",
    "영어",
    "번역",
    "แปล",
];

/// Teaches the lexicon all of them.
pub(crate) fn add_languages(lexicon: &mut Lexicon) {
    for (number, (_, words)) in LANGUAGES.iter().enumerate() {
        lexicon.add_language(words, 1 << number);
    }
    lexicon.add_language(NAMES, NAMING);
}

/// What some of the languages are called in themselves: who asks for an answer in the question's own language chooses no other.
const OWN: [(&str, &[&str]); 9] = [
    ("English", &["english"]),
    ("German", &["deutsch", "deutschen"]),
    ("French", &["français"]),
    ("Spanish", &["español"]),
    ("Portuguese", &["português"]),
    ("Italian", &["italiano"]),
    ("Dutch", &["nederlands"]),
    ("Russian", &["русский", "русском"]),
    ("Ukrainian", &["українською"]),
];

/// Whether a text names another language than that of `number`, or asks for a translation.
pub(super) fn names_another(prompt: &Prompt, lexicon: &Lexicon, number: Option<usize>) -> bool {
    let text = prompt.text();
    if !text.is_ascii() && UNSPACED.iter().any(|name| text.contains(name)) {
        return true;
    }
    if prompt
        .words(lexicon)
        .iter()
        .all(|heard| heard.known.languages & NAMING == 0)
    {
        return false;
    }
    let own = OWN
        .iter()
        .find(|(language, _)| number.is_some_and(|number| name(number) == *language));
    let own = own.map_or(&[][..], |(_, names)| names);
    let mut another = false;
    each_word(text, |word| {
        another |= lexicon.look_up(word.text).languages & NAMING != 0 && !own.contains(&word.text);
    });
    another
}

/// How many languages are told apart by their words.
pub(super) const COUNT: usize = LANGUAGES.len();

/// The English name of one.
pub(super) fn name(number: usize) -> &'static str {
    LANGUAGES[number].0
}
