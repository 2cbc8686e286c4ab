//! The allocator, and memory that goes back to the system.

use std::thread;
use std::time::Duration;

/// A turn makes some hundred small allocations, and its reply is often written on another thread than its request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often what is free goes back.
const PAUSE: Duration = Duration::from_secs(1);

/// From now on, what was free for a moment goes back to the system. The allocator does so by itself only while it is asked
/// for more: what a burst took would stay for as long as it is quiet.
#[allow(unsafe_code, reason = "the allocator is a library in C")]
pub(crate) fn give_back() {
    let run = || loop {
        thread::sleep(PAUSE);
        // SAFETY: it may be called from any thread at any time.
        unsafe { libmimalloc_sys::mi_collect(false) };
    };
    // Without it all works as well, in more memory.
    let _ = thread::Builder::new().name("pointsman-memory".to_owned()).spawn(run);
}
