//! The progress bar of commands that go through files.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over so many bytes, on standard error.
pub(crate) fn bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {elapsed} (about {eta} left)");
    // The template is a constant; a plain bar would do as well.
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
