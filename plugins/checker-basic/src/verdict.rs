//! What was found, and what that comes to: the most severe action wins, and the score is the highest.

use pointsman_policy::{Action, Finding, Place, Reason, Repair, Span, Verdict};

use crate::checks::{Hit, Then};
use crate::settings::{CutOff, Do, Settings};

/// What is said in the place of a blocked reply, where the settings say nothing.
const BLOCKED: &str = "The reply was held back because it did not pass a quality check.";

/// Everything that was found in a reply.
#[derive(Default)]
pub(crate) struct Findings {
    hits: Vec<(Place, Hit)>,
    notes: Vec<Reason>,
    /// How likely the choice declines that is likeliest to.
    refusal: Option<f32>,
    /// How likely the answer is wrong of the choice where it is likeliest to be.
    doubt: Option<f32>,
}

impl Findings {
    pub(crate) fn add(&mut self, choice: u32, hit: Hit) {
        self.hits.push((Place::Reply(choice), hit));
    }

    /// How likely one choice declines to help.
    pub(crate) fn refuses(&mut self, probability: Option<f32>) {
        self.refusal = self.refusal.into_iter().chain(probability).reduce(f32::max);
    }

    /// How likely the answer of one choice to a word problem is wrong.
    pub(crate) fn doubts(&mut self, probability: Option<f32>) {
        self.doubt = self.doubt.into_iter().chain(probability).reduce(f32::max);
    }

    /// Says what became of the choices from `first` on; with settings, that one of them was cut off.
    pub(crate) fn add_rest(&mut self, cut_off: Option<&CutOff>, first: u32) {
        let text =
            format!("choices from number {first} on were taken together, and only asked whether they were cut off");
        self.notes.push(Reason {
            code: "choices:merged".into(),
            text,
            weight: None,
        });
        if let Some(settings) = cut_off.filter(|settings| settings.enabled) {
            let text = format!("one of the choices from number {first} on reached its limit of tokens");
            let hit = Hit {
                code: "cut-off:length",
                text,
                span: None,
                score: 1.0,
                then: Then::Do(settings.action),
            };
            self.hits.push((Place::Whole, hit));
        }
    }

    /// What all of it comes to.
    pub(crate) fn verdict(mut self, settings: &Settings) -> Verdict {
        self.demote_repairs(settings);
        self.hits
            .sort_by(|(_, a), (_, b)| rank(&b.then).cmp(&rank(&a.then)).then(b.score.total_cmp(&a.score)));
        let action = self
            .hits
            .first()
            .map_or(Action::Accept, |(place, hit)| action(place, hit, settings));
        let silent = !self.hits.iter().any(|(_, hit)| hit.code == "refusal");
        let refusal = self.refusal.filter(|_| silent);
        let refusal = refusal.map(|weight| watched("refusal", "how likely the reply declines to help", weight));
        let doubt = self.doubt;
        let watched = doubt.map(|weight| {
            watched(
                "arithmetic",
                "how likely the answer to the word problem is wrong",
                weight,
            )
        });
        let reasons = self
            .hits
            .iter()
            .map(|(_, hit)| reason(hit))
            .chain(refusal)
            .chain(watched)
            .chain(self.notes);
        let reasons = reasons.collect();
        // With every check off nothing is known, and that is not the same as fine.
        let score = settings.any_enabled().then(|| {
            self.hits
                .iter()
                .filter(|(_, hit)| is_of_quality(hit, doubt))
                .map(|(_, hit)| hit.score)
                .chain(doubt)
                .fold(0.0, f32::max)
        });
        Verdict {
            action,
            score,
            findings: self.hits.into_iter().map(finding).collect(),
            reasons,
        }
    }

    /// A verdict mends one choice. Where several are broken, none of them is mended.
    fn demote_repairs(&mut self, settings: &Settings) {
        if self
            .hits
            .iter()
            .filter(|(_, hit)| hit.code.starts_with("json:"))
            .count()
            > 1
        {
            for (_, hit) in &mut self.hits {
                if let Then::Repair(_) = hit.then {
                    hit.then = Then::Do(settings.json.action);
                }
            }
        }
    }
}

/// Whether a hit says by itself how good an answer the reply is. Personal data does not; and where the answer to a word
/// problem was judged as a whole, each wrong statement is in that judgement.
fn is_of_quality(hit: &Hit, doubt: Option<f32>) -> bool {
    let family = hit.code.split(':').next().unwrap_or_default();
    !matches!(family, "pii" | "secret") && (family != "arithmetic" || doubt.is_none())
}

/// A probability that is said of every reply, reported or not: whoever watches replies wants it of all of them.
fn watched(code: &str, text: &str, probability: f32) -> Reason {
    Reason {
        code: code.to_owned(),
        text: text.to_owned(),
        weight: Some(probability),
    }
}

/// How severe an action is.
fn rank(then: &Then) -> u8 {
    match then {
        Then::Do(Do::Accept) => 0,
        Then::Do(Do::Flag) => 1,
        Then::Repair(_) => 2,
        Then::Do(Do::Retry) => 3,
        Then::Do(Do::Escalate) => 4,
        Then::Do(Do::Block) => 5,
    }
}

fn action(place: &Place, hit: &Hit, settings: &Settings) -> Action {
    match (&hit.then, place) {
        (Then::Repair(text), Place::Reply(choice)) => Action::Repair(Repair {
            choice: *choice,
            text: text.clone(),
        }),
        (Then::Repair(_), _) | (Then::Do(Do::Flag), _) => Action::Flag,
        (Then::Do(Do::Accept), _) => Action::Accept,
        (Then::Do(Do::Retry), _) => Action::Retry(hint(hit)),
        (Then::Do(Do::Escalate), _) => Action::Escalate,
        (Then::Do(Do::Block), _) => Action::Block(match settings.block_message.as_str() {
            "" => BLOCKED.to_owned(),
            message => message.to_owned(),
        }),
    }
}

/// What to tell the model when it is asked once more.
fn hint(hit: &Hit) -> Option<String> {
    let hint = match hit.code.split(':').next()? {
        "json" if hit.code == "json:schema" => {
            return Some(format!("Answer with JSON that fits its schema: {}.", hit.text));
        }
        "json" => "Answer with one JSON value as it was asked for, and with nothing before or after it.",
        "language" => "Answer in the language of the question.",
        "loop" => "Do not repeat yourself.",
        "cut-off" => "Answer more briefly, and to the end.",
        "arithmetic" => "Compute step by step, check each step, and say the answer at the end.",
        "courtesy" => "Answer the question itself.",
        _ => return None,
    };
    Some(hint.to_owned())
}

fn reason(hit: &Hit) -> Reason {
    Reason {
        code: hit.code.to_owned(),
        text: hit.text.clone(),
        weight: Some(hit.score),
    }
}

fn finding((place, hit): (Place, Hit)) -> Finding {
    Finding {
        code: hit.code.to_owned(),
        text: hit.text,
        place,
        span: hit.span.map(|bytes| Span {
            start: bytes.start,
            end: bytes.end,
        }),
        score: Some(hit.score),
    }
}
