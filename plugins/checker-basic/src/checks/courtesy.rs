//! A reply of kind words alone: nothing in it answers anything.

use wording::{Bytes, Id, Lexicon, Phrases};

use super::{Hit, Then};
use crate::prompt::Prompt;
use crate::settings;

/// Words of the longest reply that may be nothing but courtesy.
const LONGEST: usize = 72;

/// Words of a sentence that may stand around a courtesy.
const AROUND: usize = 9;

/// Courtesies. A sentence with one of them, and with few words beside it, says nothing.
const COURTESIES: &str = "
sure/certainly/absolutely/okay/ok/understood/alright/great
of course/no problem
happy/glad/delighted/pleased to help/assist/hear/answer
let me know
feel free to ask/reach/contact/share
if you have any/further/more/other
is there anything/something else
how can/may i help/assist
great/good/excellent/interesting/wonderful/fantastic question
thank you/thanks for/so
hope this/that/it helps
have a great/nice/good/wonderful/lovely
youre/you are welcome
here to help/assist/support
dont/not hesitate
look/looking forward
ill/will get/look/work/be .. back/on/right/into
let me think/look/check
thats a/an great/good/excellent/interesting/wonderful
here you go
here is/are the/your/a/some/my
heres the/your/a/my
gern/gerne/natürlich/selbstverständlich
lass/lassen sie mich wissen
bien sûr/avec plaisir/nhésitez pas
claro/por supuesto/con gusto
";

/// What people write who want a courtesy in return.
const GREETINGS: &str = "
hi/hello/hey/thanks/thank/bye/goodbye/welcome/hallo/danke/merci/bonjour/hola/gracias/ciao
good morning/evening/afternoon/night
";

/// The courtesies, compiled once.
pub(crate) struct Courtesies {
    kind: Phrases<()>,
    greetings: Phrases<()>,
    stop: Id,
}

impl Courtesies {
    pub(crate) fn new(lexicon: &mut Lexicon) -> Self {
        let (mut kind, mut greetings) = (Phrases::default(), Phrases::default());
        kind.add(lexicon, (), COURTESIES);
        greetings.add(lexicon, (), GREETINGS);
        Self {
            kind,
            greetings,
            stop: lexicon.add(wording::STOP),
        }
    }

    /// Whether a message wants nothing but a courtesy: a greeting or thanks, and little else.
    fn is_greeting(&self, question: &Prompt, lexicon: &Lexicon) -> bool {
        let words = question.words(lexicon);
        let ids = || words.iter().map(|heard| heard.known.id).collect::<Vec<_>>();
        words.len() <= LONGEST / 4 && !self.greetings.find(&ids()).is_empty()
    }
}

/// The words of a short reply.
#[derive(Default)]
pub(crate) struct Courtesy {
    words: Vec<Id>,
    end: u32,
    is_long: bool,
}

impl Courtesy {
    /// Takes the next word.
    pub(crate) fn word(&mut self, id: Id, place: Bytes) {
        if self.words.len() == LONGEST {
            self.is_long = true;
        } else {
            self.words.push(id);
            self.end = place.end;
        }
    }

    /// Code, numbers, or anything else that is no courtesy.
    pub(crate) fn other(&mut self) {
        self.is_long = true;
    }

    /// Judges the reply; without a question nobody wanted more.
    pub(crate) fn finish(
        &self,
        courtesies: &Courtesies,
        lexicon: &Lexicon,
        question: Option<&Prompt>,
        settings: &settings::Courtesy,
    ) -> Option<Hit> {
        let says_nothing = |sentence: &[Id]| {
            let found = courtesies.kind.find(sentence);
            let kind: usize = found.iter().map(|found| found.end - found.start).max().unwrap_or(0);
            kind > 0 && sentence.len() - kind <= AROUND
        };
        let mut sentences = self
            .words
            .split(|id| *id == courtesies.stop)
            .filter(|sentence| !sentence.is_empty());
        let any = self.words.iter().any(|id| *id != courtesies.stop);
        if self.is_long || !any || !sentences.all(says_nothing) || courtesies.is_greeting(question?, lexicon) {
            return None;
        }
        let score = 0.8;
        (score >= settings.threshold).then(|| Hit {
            code: "courtesy",
            text: "the reply is kind words and no answer".to_owned(),
            span: Some(Bytes {
                start: 0,
                end: self.end,
            }),
            score,
            then: Then::Do(settings.action),
        })
    }
}
