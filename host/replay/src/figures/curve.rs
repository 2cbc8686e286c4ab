//! Quality against the share of calls that go to the strong model (RouteLLM, Ong et al. 2024).

/// One case: what a router says of it, and what each of the two models made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoutingRow {
    /// A higher score asks more for the strong model.
    pub score: f64,
    /// 0 to 1.
    pub weak_quality: f64,
    /// 0 to 1.
    pub strong_quality: f64,
    /// USD.
    pub weak_cost: f64,
    /// USD.
    pub strong_cost: f64,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Share of calls that go to the strong model.
    pub(super) share: f64,
    /// Mean quality.
    pub(super) quality: f64,
    /// The score from which the strong model is asked.
    pub(super) score: f64,
}

/// Rows with the order of their scores, so that resamples need not sort again.
#[derive(Debug)]
pub struct Curve<'a> {
    rows: &'a [RoutingRow],
    /// Indexes of rows, the highest score first; those of one score in their own order.
    order: Vec<u32>,
}

/// The curve of all rows, or of a resample.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub(super) points: Vec<Point>,
    /// Mean quality of the weak and of the strong model.
    pub(super) weak: f64,
    pub(super) strong: f64,
}

impl<'a> Curve<'a> {
    /// Orders the rows.
    pub fn new(rows: &'a [RoutingRow]) -> Self {
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        let score = |row: &u32| rows[*row as usize].score + 0.0;
        order.sort_by(|a, b| score(b).total_cmp(&score(a)));
        Curve { rows, order }
    }

    /// The curve, each row taken as often as `counts` says, or once. Rows of one score are shared out evenly, so that
    /// their order is no help.
    pub fn draw(&self, counts: Option<&[u32]>) -> Drawn {
        let times = |row: usize| counts.map_or(1.0, |counts| f64::from(counts[row]));
        let (mut n, mut weak, mut strong) = (0.0, 0.0, 0.0);
        for (at, row) in self.rows.iter().enumerate() {
            n += times(at);
            weak += times(at) * row.weak_quality;
            strong += times(at) * row.strong_quality;
        }
        let mut points = vec![Point {
            share: 0.0,
            quality: weak / n,
            score: f64::INFINITY,
        }];
        let (mut taken, mut quality, mut at) = (0.0, weak, 0);
        while at < self.order.len() {
            let score = self.rows[self.order[at] as usize].score;
            let mut gain = 0.0;
            while let Some(row) = self.order.get(at).map(|row| *row as usize)
                && self.rows[row].score == score
            {
                taken += times(row);
                gain += times(row) * (self.rows[row].strong_quality - self.rows[row].weak_quality);
                at += 1;
            }
            quality += gain;
            points.push(Point {
                share: taken / n,
                quality: quality / n,
                score,
            });
        }
        Drawn {
            points,
            weak: weak / n,
            strong: strong / n,
        }
    }
}

impl Drawn {
    /// Quality at the shares given, which must rise: along the line between two points.
    fn at(&self, shares: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
        let last = self.points.last().map_or(f64::NAN, |point| point.quality);
        let mut segment = 0;
        shares.map(move |share| {
            while let Some([from, to]) = self.points.get(segment..segment + 2) {
                if share <= to.share && from.share <= share {
                    let along = (share - from.share) / (to.share - from.share);
                    let along = if to.share > from.share { along } else { 0.0 };
                    return from.quality + (to.quality - from.quality) * along;
                }
                segment += 1;
            }
            last
        })
    }

    /// Share of the gap between the models that is closed, at `steps` + 1 even shares of strong calls.
    fn gap_closed(&self, steps: u32) -> impl Iterator<Item = f64> {
        let shares = (0..=steps).map(move |step| f64::from(step) / f64::from(steps));
        self.at(shares)
            .map(|quality| (quality - self.weak) / (self.strong - self.weak))
    }

    /// The mean share of the gap that is closed, over all shares of strong calls: 0.5 is chance.
    pub fn apgr(&self) -> f64 {
        let closed: Vec<f64> = self.gap_closed(10).collect();
        closed.windows(2).map(|pair| (pair[0] + pair[1]) / 20.0).sum()
    }

    /// The least share of strong calls that closes so much of the gap.
    pub fn cpt(&self, closed: f64) -> f64 {
        let step = self.gap_closed(1_000).position(|share| share >= closed);
        step.map_or(1.0, |step| step as f64 / 1_000.0)
    }

    /// The score from which the strong model is to be asked, so that the mean quality is this share of its own.
    pub fn threshold(&self, share_of_strong: f64) -> f64 {
        let enough = |point: &&Point| point.quality >= share_of_strong * self.strong;
        let last = self.points.last();
        self.points
            .iter()
            .find(enough)
            .or(last)
            .map_or(f64::INFINITY, |point| point.score)
    }
}
