//! The allocator: it stays inside the memory that an instance begins with, and touches as few pages of it as it can.
//!
//! Growing memory in a call costs every thread of the host, so the build gives a component more memory than its data
//! needs, and dlmalloc hands out the rest (from the linker's `__heap_base` to `__heap_end`) before it asks for a single
//! page. The standard library's allocator for this target knows only how to grow.
//!
//! A fresh instance pays for each page that it writes to first. A general allocator hands out what `configure` gave
//! back, all over the heap, and so touches dozens of pages for a few kilobytes. So once `configure` is done, an arena is
//! used from front to back; what does not fit into it goes to dlmalloc. The arena is empty again when its last block is
//! returned, which a warm instance does at the end of every call that keeps nothing.
#![allow(unsafe_code, reason = "an allocator hands out raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};

/// Bytes of the arena. Ordinary calls take some kilobytes; a snapshot does not store the rest, since it is zero.
const ARENA: usize = 128 << 10;

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
    let before = ALLOCATOR.open.replace(true);
    let made = make();
    ALLOCATOR.open.set(before);
    made
}

struct Allocator<G> {
    arena: UnsafeCell<Arena>,
    /// Whether the arena is in use yet.
    open: Cell<bool>,
    /// Where the next block may begin, in bytes from the arena's beginning.
    next: Cell<usize>,
    /// Where calls begin in the arena: what lies below belongs to the policy and is never given out again.
    floor: Cell<usize>,
    /// Blocks above the floor that were not returned yet.
    live: Cell<usize>,
    general: G,
}

/// So aligned, a call's first blocks share as few pages as they can.
#[repr(align(4096))]
#[allow(dead_code, reason = "reached by its address")]
struct Arena([u8; ARENA]);

// SAFETY: this target has no threads.
#[cfg(target_arch = "wasm32")]
unsafe impl<G> Sync for Allocator<G> {}

impl<G> Allocator<G> {
    const fn new(general: G) -> Self {
        Allocator {
            arena: UnsafeCell::new(Arena([0; ARENA])),
            open: Cell::new(false),
            next: Cell::new(0),
            floor: Cell::new(0),
            live: Cell::new(0),
            general,
        }
    }

    fn begin_calls(&self) {
        self.floor.set(self.next.get());
        self.live.set(0);
        self.open.set(true);
    }

    /// Where a block begins in the arena; `None` for a block from elsewhere.
    fn offset(&self, block: *mut u8) -> Option<usize> {
        let offset = block.addr().wrapping_sub(self.arena.get().addr());
        (offset < ARENA).then_some(offset)
    }

    /// A block of the arena, where there is room.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let base = self.arena.get().cast::<u8>();
        let start = base
            .addr()
            .checked_add(self.next.get())?
            .checked_next_multiple_of(layout.align())?
            - base.addr();
        let end = start.checked_add(layout.size()).filter(|end| *end <= ARENA)?;
        // A block of the last byte's successor would not be known as one of the arena's.
        if !self.open.get() || start == ARENA {
            return None;
        }
        self.next.set(end);
        self.live.set(self.live.get() + 1);
        // SAFETY: `start` is less than the arena's length.
        Some(unsafe { base.add(start) })
    }

    fn give_back(&self, offset: usize, size: usize) {
        if offset < self.floor.get() {
            return;
        }
        let live = self.live.get() - 1;
        self.live.set(live);
        if live == 0 {
            self.next.set(self.floor.get());
        } else if offset + size == self.next.get() {
            self.next.set(offset);
        }
    }
}

// SAFETY: blocks of the arena do not overlap, since `next` never passes one that lives: it goes back only to the beginning
// of its last block when that is returned, or to the floor when none lives above it. All others are `general`'s.
unsafe impl<G: GlobalAlloc> GlobalAlloc for Allocator<G> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout)
            // SAFETY: as the caller promised.
            .unwrap_or_else(|| unsafe { self.general.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match self.offset(block) {
            Some(offset) => self.give_back(offset, layout.size()),
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
        if offset >= self.floor.get() && offset + layout.size() == self.next.get() && size <= ARENA - offset {
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
            let all = allocator.alloc(layout(ARENA));
            let more = allocator.alloc(layout(1));
            assert!(allocator.offset(all) == Some(0) && allocator.offset(more).is_none());
            allocator.dealloc(more, layout(1));
            allocator.dealloc(all, layout(ARENA));
        }
        assert_eq!((allocator.next.get(), allocator.live.get()), (0, 0));
    }

    #[test]
    fn what_belongs_to_the_policy_stays_when_a_call_ends() {
        let allocator = Box::new(Allocator::new(System));
        allocator.open.set(true);
        unsafe {
            let kept = allocator.alloc(layout(100));
            kept.write_bytes(7, 100);
            allocator.begin_calls();
            for _ in 0..3 {
                let (a, b) = (allocator.alloc(layout(50)), allocator.alloc(layout(60)));
                assert_eq!(allocator.offset(a), Some(104));
                a.write_bytes(1, 50);
                allocator.dealloc(a, layout(50));
                allocator.dealloc(b, layout(60));
                assert!(is_whole(&(kept, layout(100), 7)));
            }
            let moved = allocator.realloc(kept, layout(100), 200);
            assert!(moved != kept && is_whole(&(moved, layout(100), 7)));
            allocator.dealloc(moved, layout(200));
        }
        assert_eq!((allocator.next.get(), allocator.live.get()), (100, 0));
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
        assert_eq!((allocator.next.get(), allocator.live.get()), (0, 0));
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
        assert_eq!((allocator.next.get(), allocator.live.get()), (0, 0));
    }
}
