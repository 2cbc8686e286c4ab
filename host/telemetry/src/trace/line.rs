//! One line: a turn's record, with the request and the reply that it rests on.

use pointsman::Delta;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Seen;
use super::mask::Mask;

/// The version of this form.
const FORM: u32 = 1;

/// A line. Where `masked` is empty, it is enough to decide the turn again.
#[derive(Serialize)]
struct Line<'a> {
    trace: u32,
    /// What was left out: `messages`, `request`, `field:…`.
    masked: Vec<String>,
    /// The chat form, as it came but for the mask.
    request: Request,
    /// As checkers were fed it.
    #[serde(skip_serializing_if = "<[Delta]>::is_empty")]
    reply: &'a [Delta],
    /// What policies saved of the bill; `null` where it is not known.
    saved_usd: Option<f64>,
    record: Value,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Request {
    Whole(Box<RawValue>),
    Masked(Value),
}

/// Writes a turn to the end of `out`, with the end of the line.
pub(super) fn write(seen: &Seen, mask: &Mask, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let request = match (&seen.request, mask) {
        (None, _) | (_, Mask::Request) => Request::Masked(Value::Null),
        (Some(request), Mask::None) => Request::Whole(one_line(request.to_json())?),
        (Some(request), mask) => Request::Masked(mask.request(serde_json::from_str(&request.to_json())?)),
    };
    let line = Line {
        trace: FORM,
        masked: mask.words(),
        request,
        reply: if mask.shows_texts() { &seen.reply } else { &[] },
        saved_usd: seen.record.saved_usd(),
        record: mask.record(serde_json::to_value(&seen.record)?),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.push(b'\n');
    Ok(())
}

/// JSON as it came, but for line breaks between its words: a line is to stay one.
fn one_line(json: String) -> serde_json::Result<Box<RawValue>> {
    // Within a string a line break cannot stand as it is, so that these are all between words.
    let json = if json.contains(['\n', '\r']) {
        json.replace(['\n', '\r'], " ")
    } else {
        json
    };
    RawValue::from_string(json)
}
