//! A byte found among many.

/// Bytes that are looked at together.
const BLOCK: usize = 16;

/// Where the first byte stands that `is` holds for.
///
/// A block is looked at as a whole before it is told which byte of it is the one: a loop without a way out is unrolled, and a
/// guest is asked for its deadline once a block. So `is` had better be a comparison or two.
#[inline]
pub fn find_byte(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let block = blocks
        .iter()
        .position(|block| block.iter().fold(false, |any, byte| any | is(*byte)));
    let (start, among) = match block {
        Some(block) => (block * BLOCK, &blocks[block][..]),
        None => (blocks.len() * BLOCK, rest),
    };
    among.iter().position(|byte| is(*byte)).map(|at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_found_wherever_it_stands() {
        for length in 0..70 {
            let mut bytes = vec![b'a'; length];
            assert_eq!(find_byte(&bytes, |byte| byte == b'x'), None);
            for at in (0..length).rev() {
                bytes[at] = b'x';
                assert_eq!(find_byte(&bytes, |byte| byte == b'x'), Some(at));
            }
        }
    }
}
