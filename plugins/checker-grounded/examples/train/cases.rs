//! Labelled replies, each sentence described against its source.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use checker_grounded::{Description, Form, Lexicon, Settings, Source};
use flate2::read::GzDecoder;
use pointsman_policy::testing;
use serde::Deserialize;
use serde_json::Value;

/// A reply that people have marked.
pub(crate) struct Case {
    pub(crate) id: String,
    /// Replies to the same source share it.
    pub(crate) group: u64,
    pub(crate) task: String,
    pub(crate) form: Form,
    /// Whether something in it is unsupported.
    pub(crate) bad: bool,
    pub(crate) sentences: Vec<Sentence>,
    /// Marked spans, and how many sentences each touches.
    pub(crate) spans: Vec<Vec<usize>>,
}

/// A sentence of a reply.
pub(crate) struct Sentence {
    pub(crate) description: Description,
    /// Whether a marked span touches it.
    pub(crate) bad: bool,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    task: String,
    source: Value,
    response: String,
    grounded: bool,
    spans: Vec<Span>,
}

/// In characters.
#[derive(Deserialize)]
struct Span {
    start: usize,
    end: usize,
}

/// Characters of a sentence that a span must touch; a shorter span must lie in it.
const TOUCH: usize = 4;

/// Reads all cases of a gzipped file of JSON lines.
pub(crate) fn read(path: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("cannot open {}: {error}", path.display()))?;
    let (settings, lexicon) = (Settings::default(), Lexicon::default());
    let mut cases = Vec::new();
    for (number, line) in BufReader::new(GzDecoder::new(file)).lines().enumerate() {
        let line: Line = serde_json::from_str(&line?).map_err(|error| format!("line {}: {error}", number + 1))?;
        match case(&line, &settings, &lexicon) {
            Ok(case) => cases.push(case),
            Err(why) => println!("{} is left out: {why}", line.id),
        }
    }
    Ok(cases)
}

fn case(line: &Line, settings: &Settings, lexicon: &Lexicon) -> Result<Case, String> {
    let text = line
        .source
        .as_str()
        .map_or_else(|| line.source.to_string(), str::to_owned);
    let turn = testing::turn().user(text.clone()).build();
    let source = Source::of(&turn, settings, lexicon).map_err(|problem| format!("{problem:?}"))?;
    let characters = |byte: usize| line.response[..byte].chars().count();
    let mut spans = vec![Vec::new(); line.spans.len()];
    let mut sentences = Vec::new();
    for (bytes, description) in source.describe(&line.response, lexicon) {
        let (start, end) = (characters(bytes.start), characters(bytes.end));
        let mut bad = false;
        for (span, touched) in line.spans.iter().zip(&mut spans) {
            let shared = end.min(span.end).saturating_sub(start.max(span.start));
            if shared > 0 && shared >= TOUCH.min(span.end - span.start) {
                bad = true;
                touched.push(sentences.len());
            }
        }
        sentences.push(Sentence { description, bad });
    }
    Ok(Case {
        id: line.id.clone(),
        group: text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        }),
        task: line.task.clone(),
        form: source.form,
        bad: !line.grounded,
        sentences,
        spans,
    })
}
