//! How likely the words of a segment come from one distribution.

/// Counts of a growing segment, and the likelihood of them under a Dirichlet compound multinomial.
pub(super) struct Segment<'a> {
    counts: Vec<u32>,
    total: usize,
    pub(super) likelihood: f64,
    logs: &'a Logs,
}

/// Logarithms that are needed again and again: of `count + prior`; and sums of all before a place of those of
/// `total + prior × vocabulary`, since a block adds to the total as a whole.
pub(super) struct Logs {
    count: Vec<f64>,
    total: Vec<f64>,
}

impl Logs {
    pub(super) fn new(prior: f64, vocabulary: usize, most: u32, longest: usize) -> Self {
        let base = prior * vocabulary as f64;
        let mut sum = 0.0;
        let total = (0..=longest).map(|total| {
            let before = sum;
            sum += (total as f64 + base).ln();
            before
        });
        Self {
            total: total.collect(),
            count: (0..=most).map(|count| (f64::from(count) + prior).ln()).collect(),
        }
    }
}

impl<'a> Segment<'a> {
    pub(super) fn new(different: usize, logs: &'a Logs) -> Self {
        Self {
            counts: vec![0; different],
            total: 0,
            likelihood: 0.0,
            logs,
        }
    }

    pub(super) fn clear(&mut self) {
        self.counts.fill(0);
        (self.total, self.likelihood) = (0, 0.0);
    }

    pub(super) fn add(&mut self, said: &[u32]) {
        // The ratio of two gamma functions, for counts that grow by one.
        let mut sum = 0.0;
        for term in said {
            let known = &mut self.counts[*term as usize];
            sum += self.logs.count[*known as usize];
            *known += 1;
        }
        let total = self.total + said.len();
        self.likelihood += sum - (self.logs.total[total] - self.logs.total[self.total]);
        self.total = total;
    }
}
