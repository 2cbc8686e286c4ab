//! The allocator: it stays inside the memory that an instance begins with, as long as that lasts.
//!
//! Growing memory in a call costs every thread of the host, so the build gives a component more memory than its data
//! needs, and this allocator hands out the rest (from the linker's `__heap_base` to `__heap_end`) before it asks for a
//! single page. The standard library's allocator for this target knows only how to grow.
use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;
