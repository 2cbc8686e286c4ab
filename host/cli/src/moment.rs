//! Moments and names as they are shown and sent.

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A moment in milliseconds since the Unix epoch, as RFC 3339 in UTC.
pub(crate) fn utc(at_ms: u64) -> String {
    let at = i64::try_from(at_ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms - ms % 1_000).ok());
    at.map_or("?".to_owned(), |at| at.to_string())
}

/// A name as it stands in an address.
pub(crate) fn in_address(name: &str) -> String {
    utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_to_the_second_and_names_are_made_fit_for_addresses() {
        assert_eq!(utc(1_709_210_096_789), "2024-02-29T12:34:56Z");
        assert_eq!(in_address("a b/c"), "a%20b%2Fc");
    }
}
