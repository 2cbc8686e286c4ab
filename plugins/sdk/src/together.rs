//! Where in memory a policy keeps what every call reads.

/// Makes something whose memory lies together, apart from all that was made before.
///
/// A fresh instance pays for each page that it reads first. What [`Policy::new`](crate::Policy::new) builds lies between
/// the leftovers of building it; a last copy of what every call reads, made in here, is read from a page or two. Worth it
/// for some kilobytes of small parts, such as a table of rules. Natively it only calls `make`.
///
/// ```
/// let rules: Vec<String> = ["a", "b"].map(str::to_owned).into();
/// let rules = pointsman_policy::together(|| rules.clone());
/// # assert_eq!(rules.len(), 2);
/// ```
pub fn together<T>(make: impl FnOnce() -> T) -> T {
    #[cfg(all(target_arch = "wasm32", target_os = "unknown", feature = "allocator"))]
    {
        crate::allocator::together(make)
    }
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown", feature = "allocator")))]
    {
        make()
    }
}
