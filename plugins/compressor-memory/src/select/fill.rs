//! Fills the budget.

/// Nothing that is worth keeping takes fewer tokens.
const LEAST: u32 = 5;

/// Takes what is worth most as long as it fits; of equals the earlier. What is smaller may still fit where something larger
/// does not. `tokens` is asked only of what is reached, given what is left, and says `None` where that cannot be enough.
pub fn fill(worth: &[f32], room: u32, mut tokens: impl FnMut(usize, u32) -> Option<u32>) -> Vec<bool> {
    let mut order: Vec<usize> = (0..worth.len()).collect();
    order.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
    let mut left = room;
    let mut taken = vec![false; worth.len()];
    for place in order {
        if left < LEAST {
            break;
        }
        if let Some(tokens) = tokens(place, left).filter(|tokens| *tokens <= left) {
            left -= tokens;
            taken[place] = true;
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worth_most_is_taken_and_smaller_things_fill_the_rest() {
        let tokens = [50, 60, 30, 10];
        let taken = fill(&[0.9, 0.8, 0.7, 0.1], 95, |place, _| Some(tokens[place]));
        assert_eq!(taken, [true, false, true, true]);
    }
}
