//! A reply under review: its choices, apart from each other.

use std::rc::Rc;

use pointsman_policy::{Content, Delta, Problem, Review, Turn, Verdict};

use crate::BasicChecker;
use crate::checks::Ending;
use crate::checks::json::Form;
use crate::checks::language;
use crate::choice::{Choice, Reader};
use crate::request::{self, Asked};
use crate::verdict::Findings;

/// Choices that are reviewed apart.
const APART: u32 = 8;

/// One reply under review.
pub struct BasicReview {
    json: Option<Rc<Form>>,
    choices: Vec<Option<Box<Choice>>>,
    rest: Rest,
}

/// The choices beyond those that are reviewed apart: all that is seen of them is whether one was cut short.
#[derive(Default)]
struct Rest {
    is_there: bool,
    cut_off: bool,
}

impl BasicReview {
    pub(crate) fn new(turn: &Turn) -> Self {
        Self {
            json: request::json(turn).map(Rc::new),
            choices: Vec::new(),
            rest: Rest::default(),
        }
    }

    fn choice(&mut self, number: u32, reader: &Reader) -> &mut Choice {
        let at = number as usize;
        if self.choices.len() <= at {
            self.choices.resize_with(at + 1, || None);
        }
        self.choices[at].get_or_insert_with(|| Box::new(Choice::new(&reader.settings, self.json.as_ref())))
    }

    fn rest(&mut self, delta: &Delta) {
        self.rest.is_there = true;
        if let Content::Finish(word) = &delta.content {
            self.rest.cut_off |= Ending::of(word) == Ending::Length;
        }
    }
}

impl Review<BasicChecker> for BasicReview {
    fn feed(&mut self, policy: &BasicChecker, _: &Turn, deltas: &[Delta]) -> Result<Option<Verdict>, Problem> {
        let reader = &policy.reader;
        for delta in deltas {
            if delta.choice >= APART {
                self.rest(delta);
                continue;
            }
            let choice = self.choice(delta.choice, reader);
            match &delta.content {
                Content::Text(text) => {
                    if let Some(hit) = choice.text(text, reader) {
                        let mut findings = Findings::default();
                        findings.add(delta.choice, hit);
                        findings.refuses(choice.refusal(reader));
                        return Ok(Some(findings.verdict(&reader.settings)));
                    }
                }
                Content::Reasoning(text) => choice.reasoning(text),
                Content::Finish(word) => choice.ends(word),
                Content::ToolArguments(_) | Content::Other(_) => choice.other(),
            }
        }
        Ok(None)
    }

    fn finish(&mut self, policy: &BasicChecker, turn: &Turn) -> Result<Verdict, Problem> {
        let reader = &policy.reader;
        let settings = &reader.settings;
        if self.choices.is_empty() && !self.rest.is_there {
            self.choice(0, reader);
        }
        let mut findings = Findings::default();
        // The request is read once, and only where a reply has something to compare with it.
        let mut asked = None;
        for (number, choice) in self.choices.iter_mut().enumerate() {
            let Some(choice) = choice else { continue };
            let number = number as u32;
            let tally = choice.tally();
            let spoken = tally.and_then(|tally| language::spoken(tally, &settings.language));
            if spoken.is_some() || choice.wants_question() {
                asked.get_or_insert_with(|| Asked::read(turn));
            }
            let asked = asked.as_ref().and_then(Option::as_ref);
            let judged = choice.finish(asked.map(Asked::prompt), reader);
            judged.hits.into_iter().for_each(|hit| findings.add(number, hit));
            findings.refuses(judged.refusal);
            findings.doubts(judged.doubt);
            if let (Some(asked), Some(spoken)) = (asked, spoken)
                && let Some(tongue) = asked.differs(spoken.0, turn, &reader.lexicon)
            {
                findings.add(number, language::hit(spoken, tongue, &settings.language));
            }
        }
        if self.rest.is_there {
            findings.add_rest(self.rest.cut_off.then_some(&settings.cut_off), APART);
        }
        Ok(findings.verdict(settings))
    }
}
