//! Fills the budget.

/// Something that stays or goes as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// What it is worth.
    pub worth: f32,
    /// What it takes, in tokens.
    pub tokens: u32,
}

/// Takes candidates by falling worth as long as they fit; of equal ones the earlier. Smaller ones may still fit where a
/// larger one does not.
pub fn fill(candidates: &[Candidate], budget: u32) -> Vec<bool> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|a, b| candidates[*b].worth.total_cmp(&candidates[*a].worth).then(a.cmp(b)));
    let mut left = budget;
    let mut taken = vec![false; candidates.len()];
    for place in order {
        if candidates[place].tokens <= left {
            left -= candidates[place].tokens;
            taken[place] = true;
        }
    }
    taken
}
