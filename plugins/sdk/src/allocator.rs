//! The allocator: it stays inside the memory that an instance begins with, and touches as few pages of it as it can.
//!
//! Growing memory in a call costs every thread of the host, so the build gives a component more memory than its data
//! needs, and dlmalloc hands out the rest (from the linker's `__heap_base` to `__heap_end`) before it asks for a single
//! page. The standard library's allocator for this target knows only how to grow.
//!
//! A fresh instance pays for each page that it writes to first. A general allocator hands out what `configure` gave
//! back, all over the heap, and so touches dozens of pages for a few kilobytes. So once `configure` is done, an arena is
//! used as a stack; what does not fit into it goes to dlmalloc. A block that is returned before those above it is passed
//! over when they are: a stream's review, which lives for many calls, takes no more memory with each of them. The arena is
//! the heap's first block, right behind the statics, so that they share a page with a call's first blocks.
#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::null_mut;

/// Bytes of the arena. Ordinary calls take some kilobytes; a snapshot does not store the rest, since it is zero.
const ARENA: usize = 128 << 10;

/// Bytes before a block that say which block lies below it.
const HEADER: usize = size_of::<u32>();

/// In a header: its block was returned.
const RETURNED: u32 = 1 << 31;

/// Aligned for any block, but to no page: it is to begin in that of the statics.
const ARENA_LAYOUT: Layout = Layout::new::<[u128; ARENA / size_of::<u128>()]>();

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: Allocator<dlmalloc::GlobalDlmalloc> = Allocator::new(dlmalloc::GlobalDlmalloc);

/// From here on blocks come from the arena: what was taken before lasts as long as the policy.
#[cfg(target_arch = "wasm32")]
pub(crate) fn begin_calls() {
    ALLOCATOR.begin_calls();
}

/// What `make` takes comes from the arena, and lasts as long as the policy.
#[cfg(target_arch = "wasm32")]
pub(crate) fn together<T>(make: impl FnOnce() -> T) -> T {
    let before = ALLOCATOR.open.get();
    ALLOCATOR.open_arena();
    let made = make();
    ALLOCATOR.open.set(before);
    made
}

struct Allocator<G> {
    /// Where the arena begins; null until it is there.
    arena: Cell<*mut u8>,
    /// Whether the arena is in use yet; never without one.
    open: Cell<bool>,
    /// Where the next block may begin, in bytes from the arena's beginning.
    next: Cell<usize>,
    /// Where calls begin in the arena: what lies below belongs to the policy and is never given out again.
    floor: Cell<usize>,
    /// Where the last block above the floor begins; 0 for none.
    top: Cell<usize>,
    general: G,
}

// SAFETY: this target has no threads.
#[cfg(target_arch = "wasm32")]
unsafe impl<G> Sync for Allocator<G> {}

impl<G> Allocator<G> {
    const fn new(general: G) -> Self {
        Allocator {
            arena: Cell::new(null_mut()),
            open: Cell::new(false),
            next: Cell::new(0),
            floor: Cell::new(0),
            top: Cell::new(0),
            general,
        }
    }

    /// Where a block begins in the arena; `None` for a block from elsewhere.
    fn offset(&self, block: *mut u8) -> Option<usize> {
        let arena = self.arena.get();
        let offset = block.addr().wrapping_sub(arena.addr());
        (offset < ARENA && !arena.is_null()).then_some(offset)
    }

    /// A block of the arena, where there is room.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        if !self.open.get() {
            return None;
        }
        let base = self.arena.get();
        let start = base
            .addr()
            .checked_add(self.next.get() + HEADER)?
            .checked_next_multiple_of(layout.align())?
            - base.addr();
        // A block of the last byte's successor would not be known as one of the arena's.
        let end = start
            .checked_add(layout.size())
            .filter(|end| *end <= ARENA && start < ARENA)?;
        self.set_header(start, self.top.get() as u32);
        self.next.set(end);
        self.top.set(start);
        // SAFETY: `start` is less than the arena's length.
        Some(unsafe { base.add(start) })
    }

    fn give_back(&self, start: usize) {
        if start < self.floor.get() {
            return;
        }
        if start != self.top.get() {
            self.set_header(start, self.header(start) | RETURNED);
            return;
        }
        let mut top = start;
        loop {
            self.next.set(top - HEADER);
            top = (self.header(top) & !RETURNED) as usize;
            if top == 0 || self.header(top) & RETURNED == 0 {
                break;
            }
        }
        self.top.set(top);
        if top == 0 {
            // With what lay between the floor and the first block for its alignment.
            self.next.set(self.floor.get());
        }
    }

    /// The block below this one, and whether this one was returned.
    fn header(&self, start: usize) -> u32 {
        // SAFETY: a block of the arena has its header right before it.
        unsafe { self.arena.get().add(start - HEADER).cast::<u32>().read_unaligned() }
    }

    fn set_header(&self, start: usize, header: u32) {
        // SAFETY: as above; `start` is at least a header's length.
        unsafe {
            self.arena
                .get()
                .add(start - HEADER)
                .cast::<u32>()
                .write_unaligned(header)
        }
    }
}

impl<G: GlobalAlloc> Allocator<G> {
    fn begin_calls(&self) {
        self.open_arena();
        self.floor.set(self.next.get());
        self.top.set(0);
    }

    /// Uses the arena, if there is memory for one.
    fn open_arena(&self) {
        self.make_arena();
        self.open.set(!self.arena.get().is_null());
    }

    fn make_arena(&self) {
        if self.arena.get().is_null() {
            // SAFETY: the arena has a size.
            self.arena.set(unsafe { self.general.alloc(ARENA_LAYOUT) });
        }
    }
}

// SAFETY: blocks of the arena do not overlap, since `next` never passes one that lives: it goes back only over its last
// blocks, as far as all of them were returned. All others are `general`'s.
unsafe impl<G: GlobalAlloc> GlobalAlloc for Allocator<G> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).unwrap_or_else(|| {
            // Before all other blocks, so that it comes to lie where the heap begins.
            self.make_arena();
            // SAFETY: as the caller promised.
            unsafe { self.general.alloc(layout) }
        })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset(block) {
            Some(offset) => self.give_back(offset),
            // SAFETY: the block is not the arena's, so `general` made it.
            None => unsafe { self.general.dealloc(block, layout) },
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(offset) = self.offset(block) else {
            // SAFETY: the block is not the arena's, so `general` made it.
            return unsafe { self.general.realloc(block, layout, size) };
        };
        // The last block grows and shrinks where it is.
        if offset == self.top.get() && size <= ARENA - offset {
            self.next.set(offset + size);
            return block;
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: the caller promised a size that does not overflow with this alignment; the new block is another one, and
        // both are as long as what is copied.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                core::ptr::copy_nonoverlapping(block, new, layout.size());
                self.dealloc(block, layout);
            }
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;

    /// A block, its layout, and the byte it was filled with.
    type Held = (*mut u8, Layout, u8);

    fn open() -> Box<Allocator<System>> {
        let allocator = Box::new(Allocator::new(System));
        allocator.begin_calls();
        allocator
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    fn is_whole((block, layout, mark): &Held) -> bool {
        // SAFETY: the block is as long as its layout says, and was filled.
        unsafe { std::slice::from_raw_parts(*block, layout.size()) }
            .iter()
            .all(|byte| byte == mark)
    }

    #[test]
    fn before_calls_begin_nothing_comes_from_the_arena() {
        let allocator = Allocator::new(System);
        unsafe {
            let block = allocator.alloc(layout(64));
            assert_eq!(allocator.offset(block), None);
            allocator.dealloc(block, layout(64));
        }
    }

    #[test]
    fn a_block_that_does_not_fit_comes_from_elsewhere_and_goes_back_there() {
        let allocator = open();
        unsafe {
            let large = allocator.alloc(layout(ARENA + 1));
            assert!(!large.is_null() && allocator.offset(large).is_none());
            allocator.dealloc(large, layout(ARENA + 1));
            let rest = layout(ARENA - 8);
            let all = allocator.alloc(rest);
            let more = allocator.alloc(layout(1));
            assert!(allocator.offset(all) == Some(8) && allocator.offset(more).is_none());
            allocator.dealloc(more, layout(1));
            allocator.dealloc(all, rest);
        }
        assert_eq!((allocator.next.get(), allocator.top.get()), (0, 0));
    }

    #[test]
    fn what_belongs_to_the_policy_stays_when_a_call_ends() {
        let allocator = Box::new(Allocator::new(System));
        allocator.open_arena();
        unsafe {
            let kept = allocator.alloc(layout(100));
            kept.write_bytes(7, 100);
            allocator.begin_calls();
            for _ in 0..3 {
                let (a, b) = (allocator.alloc(layout(50)), allocator.alloc(layout(60)));
                assert_eq!(allocator.offset(a), Some(112));
                a.write_bytes(1, 50);
                allocator.dealloc(a, layout(50));
                allocator.dealloc(b, layout(60));
                assert!(is_whole(&(kept, layout(100), 7)));
            }
            let moved = allocator.realloc(kept, layout(100), 200);
            assert!(moved != kept && is_whole(&(moved, layout(100), 7)));
            allocator.dealloc(moved, layout(200));
        }
        assert_eq!((allocator.next.get(), allocator.top.get()), (108, 0));
    }

    #[test]
    fn the_last_block_grows_where_it_is() {
        let allocator = open();
        unsafe {
            let block = allocator.alloc(layout(10));
            assert_eq!(allocator.realloc(block, layout(10), 5_000), block);
            let after = allocator.alloc(layout(8));
            let moved = allocator.realloc(block, layout(5_000), 6_000);
            assert!(moved != block && moved != after);
            allocator.dealloc(moved, layout(6_000));
            allocator.dealloc(after, layout(8));
        }
        assert_eq!((allocator.next.get(), allocator.top.get()), (0, 0));
    }

    #[test]
    fn a_block_that_was_returned_too_early_goes_with_those_above_it() {
        let allocator = open();
        unsafe {
            let kept = allocator.alloc(layout(100));
            let after_kept = allocator.next.get();
            for _ in 0..10_000 {
                // As a list of texts is dropped: its texts from first to last, then the list.
                let blocks = [40, 3, 7, 900].map(|size| (allocator.alloc(layout(size)), layout(size)));
                let [list, texts @ ..] = blocks;
                for (block, layout) in texts.into_iter().chain([list]) {
                    allocator.dealloc(block, layout);
                }
            }
            assert_eq!(allocator.next.get(), after_kept);
            allocator.dealloc(kept, layout(100));
        }
    }

    #[test]
    fn no_block_overlaps_another_over_many_of_all_sizes() {
        let allocator = open();
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % below as u64) as usize
        };
        let mut held: Vec<Held> = Vec::new();
        for step in 0..20_000 {
            let mark = step as u8;
            match (next(3), held.len()) {
                (0, 1..) => {
                    let block = held.swap_remove(next(held.len()));
                    assert!(is_whole(&block), "step {step}");
                    unsafe { allocator.dealloc(block.0, block.1) };
                }
                (1, 1..) => {
                    let index = next(held.len());
                    let (old, of, kept) = held[index];
                    let size = 1 + next(9_000);
                    let new = unsafe { allocator.realloc(old, of, size) };
                    let held = &mut held[index];
                    *held = (
                        new,
                        Layout::from_size_align(of.size().min(size), of.align()).unwrap(),
                        kept,
                    );
                    assert!(is_whole(held), "step {step}");
                    held.1 = Layout::from_size_align(size, of.align()).unwrap();
                    unsafe { new.write_bytes(kept, size) };
                }
                _ => {
                    let layout = Layout::from_size_align(1 + next(6_000), 1 << next(8)).unwrap();
                    let block = unsafe { allocator.alloc(layout) };
                    assert_eq!(block.addr() % layout.align(), 0, "step {step}");
                    unsafe { block.write_bytes(mark, layout.size()) };
                    held.push((block, layout, mark));
                }
            }
        }
        for block in held {
            assert!(is_whole(&block));
            unsafe { allocator.dealloc(block.0, block.1) };
        }
        assert_eq!((allocator.next.get(), allocator.top.get()), (0, 0));
    }
}
