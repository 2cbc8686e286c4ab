//! Hashes of words and of their sequences: the same everywhere, for they name rows of stored weights.

/// FNV-1a of a text's bytes, mixed so that its low bits serve as well as its high ones.
pub(crate) const fn bytes(bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    finish(hash)
}

/// One hash of two, in their order.
pub(crate) fn mix(first: u64, second: u64) -> u64 {
    finish(first.rotate_left(23) ^ second.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
pub(crate) const fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Sorts hashes. They are spread evenly, so that the place of each is all but known by its first bits; where a text that was made
/// for it spreads them otherwise, they are sorted as any numbers are.
pub(crate) fn sort(hashes: &mut Vec<u64>) {
    let bits = hashes.len().max(1).ilog2().min(MOST_BITS);
    if bits < FEWEST_BITS {
        hashes.sort_unstable();
        return;
    }
    let bucket = |hash: u64| (hash >> (64 - bits)) as usize;
    let mut ends = vec![0_u32; 1 << bits];
    for hash in hashes.iter() {
        ends[bucket(*hash)] += 1;
    }
    if ends.iter().any(|count| *count > CROWD) {
        hashes.sort_unstable();
        return;
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += std::mem::replace(end, sum);
    }
    let mut sorted = vec![0; hashes.len()];
    for hash in hashes.iter() {
        let next = &mut ends[bucket(*hash)];
        sorted[*next as usize] = *hash;
        *next += 1;
    }
    // Within a bucket they stand as they came: each moves a few places at most.
    for at in 1..sorted.len() {
        let hash = sorted[at];
        let mut to = at;
        while to > 0 && sorted[to - 1] > hash {
            sorted[to] = sorted[to - 1];
            to -= 1;
        }
        sorted[to] = hash;
    }
    *hashes = sorted;
}

/// Bits that hashes are dealt by: fewer than 32 hashes are sorted as quickly without, and more buckets than 4,096 fill the cache.
const FEWEST_BITS: u32 = 5;
const MOST_BITS: u32 = 12;
/// Hashes in one bucket from which on they are sorted as any numbers are.
const CROWD: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_sorted_whether_they_are_spread_or_crowded() {
        let spread = |n: u64| (0..n).map(finish).collect::<Vec<u64>>();
        let repeated = |n: u64| (0..n).map(|at| finish(at % 40)).collect();
        let crowded = |n: u64| (0..n).rev().collect();
        for n in [0, 1, 31, 32, 33, 700, 20_000] {
            let sets: [Vec<u64>; 3] = [spread(n), repeated(n), crowded(n)];
            for set in sets {
                let (mut ours, mut theirs) = (set.clone(), set);
                sort(&mut ours);
                theirs.sort_unstable();
                assert!(ours == theirs, "{n}");
            }
        }
    }
}
