//! Tells the host why a policy is about to stop: the panic's message, file and line.
use std::{panic, sync::Once};

use crate::bindings::pointsman::policy::host;

/// What std says where its clock is asked on a target that has none.
const NO_CLOCK: &str = "time not implemented on this platform";

/// Makes every later panic say what it was; called first in every export.
pub(crate) fn report() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            let payload = panic.payload();
            let said = payload.downcast_ref::<&str>().copied();
            let message = said
                .or(payload.downcast_ref::<String>().map(String::as_str))
                .unwrap_or("no message");
            let (file, line) = panic
                .location()
                .map_or(("", 0), |location| (location.file(), location.line()));
            if message == NO_CLOCK {
                host::panicked(
                    "std's clock does not exist in a policy: ask pointsman_policy::host::now instead",
                    file,
                    line,
                );
            } else {
                host::panicked(message, file, line);
            }
        }));
    });
}
