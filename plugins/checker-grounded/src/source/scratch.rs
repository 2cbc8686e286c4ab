//! Weights of windows, while a sentence looks for the nearest.

/// Weights of windows while the nearest are looked for; made once, used for every sentence.
#[derive(Default)]
pub(crate) struct Scratch {
    weights: Vec<f32>,
    touched: Vec<u32>,
}

impl Scratch {
    pub(super) fn add(&mut self, window: u32, weight: f32) {
        let at = window as usize;
        if self.weights.len() <= at {
            self.weights.resize(at + 1, 0.0);
        }
        if self.weights[at] == 0.0 {
            self.touched.push(window);
        }
        self.weights[at] += weight;
    }

    /// The heaviest window, the first of equals.
    pub(super) fn best(&self) -> Option<(u32, f32)> {
        let of = |window: &u32| (*window, self.weights[*window as usize]);
        self.touched
            .iter()
            .map(of)
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// The eight heaviest windows beside the best one.
    pub(super) fn others(&mut self, best: u32) -> impl Iterator<Item = u32> {
        let weights = &self.weights;
        let heavier = |a: &u32, b: &u32| weights[*b as usize].total_cmp(&weights[*a as usize]).then(a.cmp(b));
        let mut others: Vec<u32> = self.touched.iter().copied().filter(|it| *it != best).collect();
        if others.len() > 8 {
            others.select_nth_unstable_by(7, heavier);
            others.truncate(8);
        }
        others.into_iter()
    }

    pub(super) fn clear(&mut self) {
        for window in self.touched.drain(..) {
            self.weights[window as usize] = 0.0;
        }
    }
}
