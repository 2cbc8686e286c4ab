//! The words by which the standard table tells its scenarios, and the patterns that are made of them.
//!
//! All patterns are in `(?-u)`: classes and word ends are those of ASCII, which is enough for these words and keeps their
//! automata a tenth of the size. Letters beyond ASCII then have no other case, hence `(Ü|ü)`.

/// What stands before the verb that says what is wanted.
const OPENING: &str = "\
    please|kindly|now|hi|hello|hey|can you|could you|would you|i need you to|i want you to|help me|bitte|\
    por favor";

/// Greetings, thanks and small change, with what may follow them.
pub const SMALL_TALK: &str = "\
    hi|hello|hey|hiya|good (morning|afternoon|evening|night|day)|thanks|thank you|thx|bye|goodbye|welcome|\
    see you( later| soon| tomorrow)?|how are you( doing| today)?|how'?s it going|what'?s up|who are you|\
    nice to meet you|ok|okay|cool|great|awesome|perfect|nice|yes|no|lol|haha|got it|sounds good|there|all|\
    everyone|again|so much|very much|a lot|too|then|for (that|everything|(your|the) help)|\
    hallo|guten (morgen|tag|abend)|danke|bonjour|bonsoir|salut|merci|beaucoup|hola|buen[oa]s (tardes|noches)|\
    gracias|ciao|buongiorno|grazie|oi|bom dia|obrigad[oa]|hoi|dank je|hej|tack|merhaba";
/// The same in words with letters beyond ASCII.
pub const SMALL_TALK_ABROAD: &str = "\
    danke schön|tschüss|(Ç|ç)a va|buenos días|adiós|olá|cześć|dzień dobry|dzięki|teşekkürler|(П|п)ривет|\
    (З|з)дравствуйте|(С|с)пасибо|(П|п)ока|你好|谢谢|再见|こんにちは|ありがとう|안녕하세요|감사합니다|مرحبا|شكرا|\
    नमस्ते|धन्यवाद";

/// Verbs that ask for a program, and what a program is or is written in.
const WRITE: &str = "write|create|implement|fix|debug|refactor|optimi[sz]e|generate|code|show me|give me|build";
const PROGRAMS: &str = "\
    python|javascript|typescript|golang|c#|java|rust|kotlin|php|haskell|sql|bash|powershell|html|css|react|\
    node\\.?js|regex|regular expression|unit tests?|function that|script|algorithm|rest api|endpoint|\
    class diagram";
/// What people say when a program fails, and the tools that they name.
pub const FAILURES: &str = "\
    stack ?trace|segfault|segmentation fault|null ?pointer|compiler? errors?|syntax ?errors?|typeerror|\
    unhandled exception|traceback|merge conflict|pull request|git (rebase|merge|commit|push|bisect)|npm|\
    pip install|dockerfile|kubernetes|kubectl";

const TRANSLATE: &str = "\
    translat(e|ion)|(Ü|ü)bersetzen?|traduis|traduire|traduce|traducir|traduci|tradurre|traduz(a|ir)?|vertaal|\
    översätt|przetłumacz|(Ç|ç)evir";
const LANGUAGES: &str = "\
    english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|chinese|mandarin|japanese|\
    korean|arabic|hebrew|hindi|turkish|greek|latin|swedish|danish|norwegian|finnish|czech|hungarian|romanian|\
    vietnamese|thai|indonesian";

/// Verbs that ask to take something out of a text, or to sort it.
pub const EXTRACT: &str = "\
    extract|pull out|classify|categori[sz]e|label|tag|parse|list all|identify all|extrahiere|extrais|extrae|\
    estrai";
/// The same in the midst of a request.
pub const EXTRACTS: &str = "\
    extract (the|all|any|every|each|names?|dates?|e-?mails?|fields|entities|keywords?|numbers|values|data|information)";

/// Verbs that ask for the same in fewer or other words.
pub const SUMMARISE: &str = "\
    summari[sz]e|sum up|condense|shorten|tl;?dr|give (me )?a (short |brief |quick )?summary|rephrase|reword|\
    paraphrase|proofread|fasse|résume|resume|riassumi";
/// The same in the midst of a request.
pub const SUMMARIES: &str = "\
    summari[sz]e (this|the following|it)|a summary of (this|the following)|tl;?dr|zusammenfassung";

/// Verbs and things of mathematics.
pub const MATHS: &str = "\
    prove that|show that|derive|differentiate|integrate|factori[sz]e|solve|calculate|compute the|\
    what is the probability|find the (value|sum|product|probability|area|volume|derivative|integral|limit|root)|\
    find the (maximum|minimum|degree|inverse|remainder|number of|smallest|largest)|\
    find all (zeros|roots|solutions)|integral|derivative|eigenvalues?|polynomial|logarithm|hypotenuse|quadratic|\
    (arithmetic|geometric) (series|sequence)|standard deviation|isomorphi(c|sm)|abelian";
/// What is asked for where numbers are to be reckoned with.
pub const QUANTITIES: &str = "\
    how (many|much|long|far|fast|old|often|tall)|what('s| is| was| are| were| will| percent| fraction)";
/// What asks for more than one step.
pub const REASONING: &str = "\
    step[- ]by[- ]step|think (carefully|hard|it through)|reason (about|through)|\
    logic(al)? (puzzle|argument|form)|riddle|deduce|trade-?offs?|pros and cons|root cause|analy[sz]e|critically|\
    compare and contrast|design (a|an|the) (system|architecture|experiment|study|schema)|if and only if|\
    statement 1|scenario 1";

/// The text begins with one of these, but for courtesies.
pub fn begins_with(words: &str) -> String {
    format!(r"(?-u)^[^a-z0-9]*(({})[^a-z0-9]+)*({})\b", OPENING, words)
}

/// One of these stands somewhere in the text.
pub fn mentions(words: &str) -> String {
    format!(r"(?-u)\b({})\b", words)
}

/// The text is made of these and of signs, or of signs alone.
pub fn is_only(words: &str) -> String {
    // Neither letter nor digit: in ASCII, and as far as a few bytes can say it, punctuation, symbols and emoji beyond it.
    let sign = r"([\x00-/:-@\[-`{-\x7f]|\xc2[\xa1\xbf]|\xe2[\x80-\xbf]{2}|\xe3\x80[\x80-\x9f]|\xef[\xb8\xbc][\x80-\xbf]|\xf0[\x80-\xbf]{3})";
    format!(r"(?-u)^{sign}*(({})({sign}+|$))+$|^{sign}+$", words)
}

/// A program is to be written, in one sentence or line.
pub fn programming() -> String {
    format!(r"(?-u)\b({})\b.*\b(({})\b|c\+\+)", WRITE, PROGRAMS)
}

/// Something is to be said in another language.
pub fn translation() -> [String; 4] {
    [
        begins_with(TRANSLATE),
        format!(r"(?-u)\btranslat(e|ed|ion|ing)( [a-z]+)* (in)?to ({})\b", LANGUAGES),
        mentions("how (do|would|can) (you|i|we) say"),
        "翻译|翻譯|翻訳|번역|переведи|переклади|ترجم|अनुवाद".into(),
    ]
}

/// LaTeX, or figures and letters with an operator between them.
pub fn formula() -> String {
    let latex = r"\\(frac|sqrt|int|sum|lim|cdot|begin|mathbb|alpha|pi)\b|\$\$";
    format!(r"(?-u){latex}|\d\s*([+*^=]|×|÷)\s*[-(]?\s*[\da-z]|[a-z]\s*\^\s*\d")
}

/// Two numbers at least.
pub fn numbers() -> String {
    r"(?s-u)\d.*\D\d".into()
}

/// Answers to choose among, on lines of their own: `A. …`, `B) …`.
pub fn choices() -> String {
    r"(?m-u)^[ \t]*\(?a[.):][^\n]*\n[ \t]*\(?b[.):]".into()
}
