//! Randomness for crates that ask `getrandom`, from the turn's seed.
use std::num::NonZeroI32;

use crate::bindings::pointsman::policy::host;

/// Bytes that the host gives in one call.
const AT_MOST: usize = 4096;

/// The custom backend of `getrandom` 0.3 and 0.4, chosen by the build's `--cfg getrandom_backend="custom"`.
///
/// Their `Error` is a struct of one non-zero 32-bit number, and `Ok` is zero. Naming such a number instead of their
/// type leaves policies that need no randomness without the dependency.
///
/// # Safety
/// `destination` is valid for writing `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(destination: *mut u8, length: usize) -> Result<(), NonZeroI32> {
    // SAFETY: the caller vouches for it.
    unsafe { fill(destination, length) };
    Ok(())
}

/// The custom backend of `getrandom` 0.2, which its feature `custom` chooses. 0 is success.
///
/// # Safety
/// `destination` is valid for writing `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_custom(destination: *mut u8, length: usize) -> u32 {
    // SAFETY: the caller vouches for it.
    unsafe { fill(destination, length) };
    0
}

/// # Safety
/// `destination` is valid for writing `length` bytes.
unsafe fn fill(destination: *mut u8, length: usize) {
    let mut done = 0;
    while done < length {
        let wanted = AT_MOST.min(length - done);
        // Never longer than asked for by the contract; cut all the same, since what follows writes to memory.
        let bytes = host::random(wanted as u32);
        let count = bytes.len().min(wanted);
        // SAFETY: `done + count <= length`, and the host's bytes are a vector of our own.
        unsafe { destination.add(done).copy_from_nonoverlapping(bytes.as_ptr(), count) };
        done += count;
    }
}
