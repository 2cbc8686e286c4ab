//! What was found in a request, and what that comes to: the most severe action wins.

use pointsman_policy::{Change, Edit, Finding, GuardAction, GuardDecision, PartText, Place, Span, Turn};

use crate::injection::{Wordings, hidden, judge};
use crate::json;
use crate::message::{Body, Piece, pieces};
use crate::settings::{Do, Settings};

/// What is said to the one whose request is refused, where the settings say nothing.
const REFUSED: &str = "The request was not sent because it did not pass a security check.";

/// Findings of one request that are reported one by one.
const MOST: usize = 128;

/// Everything that was found.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    edits: Vec<Edit>,
    worst: Option<Do>,
    score: f32,
}

/// One text: its message, where it begins in that one's text if it stands there, and whether a tool returned it.
#[derive(Clone, Copy)]
struct Text<'a> {
    text: &'a str,
    message: u32,
    at: Option<u32>,
    from_tool: bool,
}

/// Something to do to one text: bytes, and what takes their place.
struct Cut {
    start: usize,
    end: usize,
    placeholder: String,
}

/// Decides on a request.
pub(crate) fn decide(turn: &Turn, settings: &Settings, wordings: &Wordings) -> GuardDecision {
    let mut found = Found::default();
    for piece in pieces(turn, settings) {
        if let Some(new) = found.piece(&piece, settings, wordings) {
            found.edit(&piece, new);
        }
    }
    let Found {
        findings,
        edits,
        worst,
        score,
    } = found;
    let action = match worst {
        Some(Do::Refuse) => GuardAction::Refuse(match settings.refusal_message.as_str() {
            "" => REFUSED.to_owned(),
            message => message.to_owned(),
        }),
        Some(Do::Mask) if !edits.is_empty() => GuardAction::Mask(edits),
        _ => GuardAction::Pass,
    };
    GuardDecision {
        action,
        findings,
        score: Some(score),
    }
}

impl Found {
    /// Notes what is in one part, and gives what is to take its place.
    fn piece(&mut self, piece: &Piece, settings: &Settings, wordings: &Wordings) -> Option<String> {
        let mut read = |text: &str, at: Option<u32>| {
            let (message, from_tool) = (piece.message, piece.from_tool);
            let text = Text {
                text,
                message,
                at,
                from_tool,
            };
            let cuts = self.read(text, settings, wordings);
            (!cuts.is_empty()).then(|| without(text.text, cuts))
        };
        match &piece.body {
            Body::Text { text, at } => read(text, Some(*at)),
            Body::Json(json) => {
                let mut new = json.clone();
                json::replace(&mut new, &mut |text| read(text, None)).then(|| new.to_string())
            }
        }
    }

    /// Notes what is in one text, and says what to take out of it.
    fn read(&mut self, text: Text<'_>, settings: &Settings, wordings: &Wordings) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let all = text.text;
        if settings.hidden.enabled {
            for place in hidden::find(all, settings.hidden.least) {
                let words = "characters that nobody sees";
                self.add(
                    text,
                    "injection:hidden",
                    words,
                    place.clone(),
                    0.9,
                    settings.hidden.action,
                    &mut cuts,
                    "",
                );
            }
        }
        if settings.injection.enabled {
            for (at, piece) in ends(all, settings.max_bytes as usize) {
                let Some(injection) = judge(piece, text.from_tool, wordings) else {
                    continue;
                };
                self.score = self.score.max(injection.probability);
                if injection.probability >= settings.injection.threshold {
                    let place = at + injection.place.start..at + injection.place.end;
                    let (code, words) = (injection.code, injection.words);
                    self.add(
                        text,
                        code,
                        words,
                        place,
                        injection.probability,
                        settings.injection.action,
                        &mut cuts,
                        "[removed]",
                    );
                }
            }
        }
        if settings.pii.enabled || settings.secrets.enabled {
            for one in pii::scan(all) {
                let Some(action) = settings.personal(one) else {
                    continue;
                };
                let place = one.start as usize..one.end as usize;
                let (words, placeholder) = (one.kind.words(), format!("[{}]", one.kind.name()));
                self.add(
                    text,
                    one.kind.code(),
                    words,
                    place,
                    one.score,
                    action,
                    &mut cuts,
                    &placeholder,
                );
            }
        }
        cuts
    }

    #[allow(clippy::too_many_arguments, reason = "one finding in all its parts, from one place")]
    fn add(
        &mut self,
        text: Text<'_>,
        code: &str,
        words: &str,
        place: std::ops::Range<usize>,
        score: f32,
        action: Do,
        cuts: &mut Vec<Cut>,
        placeholder: &str,
    ) {
        if code.starts_with("injection:") {
            self.score = self.score.max(score);
        }
        self.worst = self.worst.max(Some(action));
        if action == Do::Mask {
            cuts.push(Cut {
                start: place.start,
                end: place.end,
                placeholder: placeholder.to_owned(),
            });
        }
        if self.findings.len() < MOST {
            let mut finding = Finding::new(code, format!("the message holds {words}"));
            finding.place = Place::Message(text.message);
            finding.span = text.at.map(|at| Span {
                start: at + place.start as u32,
                end: at + place.end as u32,
            });
            finding.score = Some(score);
            self.findings.push(finding);
        }
    }

    /// Puts a new text in the place of one part.
    fn edit(&mut self, piece: &Piece, text: String) {
        let part = PartText { part: piece.part, text };
        match self.edits.last_mut() {
            Some(Edit {
                message,
                change: Change::ReplaceParts(parts),
                ..
            }) if *message == piece.message => parts.push(part),
            _ => self.edits.push(Edit {
                message: piece.message,
                change: Change::ReplaceParts(vec![part]),
                reason: "takes out what must not be sent".to_owned(),
            }),
        }
    }
}

/// One text without what was cut out of it.
fn without(text: &str, mut cuts: Vec<Cut>) -> String {
    cuts.sort_by_key(|cut| (cut.start, std::cmp::Reverse(cut.end)));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for cut in cuts {
        // What lies within something that was taken out is gone with it.
        if let Some(before) = text.get(done..cut.start) {
            result.push_str(before);
            result.push_str(&cut.placeholder);
            done = cut.end;
        }
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

/// The text, or where it is longer than may be read, its beginning and its end.
fn ends(text: &str, most: usize) -> Vec<(usize, &str)> {
    if text.len() <= most {
        return vec![(0, text)];
    }
    let first = text.floor_char_boundary(most / 2);
    let last = text.ceil_char_boundary(text.len() - most / 2);
    vec![(0, &text[..first]), (last, &text[last..])]
}
