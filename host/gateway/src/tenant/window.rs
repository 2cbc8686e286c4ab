//! Windows of UTC: where one began, and when the next does.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

use crate::config::Window;

impl Window {
    /// When the window began that this moment is in, in milliseconds since the Unix epoch.
    pub(super) fn start(self, at_ms: u64) -> u64 {
        self.begun(at_ms)
            .map_or(0, |start| start.timestamp().as_millisecond().max(0) as u64)
    }

    /// When the next one begins; `None` where none does.
    pub(super) fn end(self, at_ms: u64) -> Option<u64> {
        let start = self.begun(at_ms)?;
        let end = start.checked_add(match self {
            Window::Hour => 1.hour(),
            Window::Day => 1.day(),
            Window::Week => 1.week(),
            Window::Month => 1.month(),
            Window::Total => return None,
        });
        Some(end.ok()?.timestamp().as_millisecond() as u64)
    }

    /// `None` for all time, and for moments beyond the calendar.
    fn begun(self, at_ms: u64) -> Option<Zoned> {
        let at = Timestamp::from_millisecond(at_ms.try_into().ok()?)
            .ok()?
            .to_zoned(TimeZone::UTC);
        let today = at.start_of_day().ok()?;
        match self {
            Window::Hour => today.checked_add(i64::from(at.hour()).hours()).ok(),
            Window::Day => Some(today),
            Window::Week if today.weekday() == Weekday::Monday => Some(today),
            Window::Week => today.nth_weekday(-1, Weekday::Monday).ok(),
            Window::Month => today.first_of_month().ok(),
            Window::Total => None,
        }
    }

    /// The window in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Window::Hour => "this hour",
            Window::Day => "today",
            Window::Week => "this week",
            Window::Month => "this month",
            Window::Total => "in all",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-02-29T12:34:56Z, a Thursday.
    const LEAP_DAY: u64 = 1_709_210_096_000;
    /// 2026-12-31T23:59:59Z, a Thursday.
    const LAST: u64 = 1_798_761_599_000;

    #[test]
    fn windows_begin_and_end_where_the_calendar_does() {
        let both = |window: Window, at: u64| (window.start(at) / 1_000, window.end(at).unwrap() / 1_000);
        assert_eq!(both(Window::Hour, LEAP_DAY), (1_709_208_000, 1_709_211_600));
        assert_eq!(both(Window::Day, LEAP_DAY), (1_709_164_800, 1_709_251_200));
        assert_eq!(both(Window::Week, LEAP_DAY), (1_708_905_600, 1_709_510_400));
        assert_eq!(both(Window::Month, LEAP_DAY), (1_706_745_600, 1_709_251_200));
        assert_eq!(both(Window::Month, LAST), (1_796_083_200, 1_798_761_600));
        assert_eq!((Window::Total.start(LAST), Window::Total.end(LAST)), (0, None));
    }
}
