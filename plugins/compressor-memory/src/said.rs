//! When a message was said, where the request tells.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::language::dates::mentions;
use crate::language::when::When;

/// Fields under which requests and exports keep a message's time.
const FIELDS: [&str; 7] = ["time", "timestamp", "created_at", "created", "date", "datetime", "ts"];

/// The day on which a message was said, from its JSON: a date in words or digits, or seconds or milliseconds since the Unix
/// epoch.
pub(crate) fn day(raw: &str) -> Option<Date> {
    // Most messages have no such field: that is seen without parsing.
    let mut quoted = raw.match_indices('"').map(|(at, _)| &raw[at + 1..]);
    let is_field = |rest: &str| {
        FIELDS
            .iter()
            .any(|field| rest.starts_with(field) && rest[field.len()..].starts_with('"'))
    };
    if !quoted.any(is_field) {
        return None;
    }
    let message: Value = serde_json::from_str(raw).ok()?;
    let metadata = message.get("metadata");
    let value = FIELDS
        .iter()
        .find_map(|field| message.get(field).or_else(|| metadata?.get(field)))?;
    match value {
        Value::String(text) => written(text),
        Value::Number(number) => since_epoch(number.as_f64()?),
        _ => None,
    }
}

/// The first whole date of a text.
pub fn written(text: &str) -> Option<Date> {
    mentions(text, None).into_iter().find_map(|mention| match mention.when {
        When::Day(date) => Some(date),
        _ => None,
    })
}

fn since_epoch(number: f64) -> Option<Date> {
    let seconds = if number > 1e11 { number / 1000.0 } else { number };
    let moment = Timestamp::from_second(seconds as i64).ok()?;
    Some(TimeZone::UTC.to_datetime(moment).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_the_forms_that_requests_use() {
        let expected = "2023-05-08".parse().ok();
        for raw in [
            r#"{"time": "1:56 pm on 8 May, 2023"}"#,
            r#"{"timestamp": "2023-05-08T13:56:00Z"}"#,
            r#"{"metadata": {"created_at": 1683554160}}"#,
            r#"{"ts": 1683554160000}"#,
            r#"{"date": "2023年5月8日"}"#,
        ] {
            assert_eq!(day(raw), expected, "{raw}");
        }
        assert_eq!(day(r#"{"content": "at the time"}"#), None);
    }
}
