//! Weights from some of the cases.

use std::collections::BTreeMap;

use super::ridge::{Sparse, ridge};
use super::sample::{Row, Sample};
use super::{Head, ModelHead, Options, Weights};
use crate::features::{DENSE, Form, VERSION};
use crate::ngrams::{bucket, fingerprint};
use crate::predict::{deviation, standardize};
use crate::weights::{Blocks, GRAMS, Line};

/// Cases of a form from which something is learned of it; with fewer, it borrows the structure of the other form.
const LEAST: usize = 200;

/// Fits weights to these rows. Their head has no calibration and no prices yet.
pub(super) fn fit(sample: &Sample, chosen: &[usize], options: &Options) -> Weights {
    let rows: Vec<&Row> = chosen.iter().map(|row| &sample.rows[*row]).collect();
    let vocabulary = Vocabulary::new(&rows, options);
    let head = Head {
        features: VERSION,
        buckets: vocabulary.buckets,
        models: sample.models.iter().map(model_head).collect(),
        words: options.words,
        deviation: [[0.0; 2]; 2],
        keep: Vec::new(),
        cases: rows.len(),
    };
    let columns = head.columns();
    let table = Table {
        columns,
        values: vec![0.0; (GRAMS + vocabulary.buckets) as usize * columns],
    };
    let mut fitting = Fitting {
        models: sample.models.len(),
        options,
        vocabulary,
        head,
        table,
    };
    let of = |form: Form| -> Vec<&Row> { rows.iter().copied().filter(|row| row.features.form == form).collect() };
    let [choice, open] = Form::ALL.map(of);
    let enough = [&choice, &open].map(|rows| rows.len() >= LEAST);
    match enough {
        [true, true] => {
            fitting.form(Form::Choice, &choice);
            fitting.form(Form::Open, &open);
        }
        _ => {
            // All cases together make the form that most of them have, and the other one borrows from it.
            let [most, other] = if choice.len() >= open.len() {
                Form::ALL
            } else {
                [Form::Open, Form::Choice]
            };
            fitting.form(most, &rows);
            fitting.borrow(other, most);
        }
    }
    fitting.mark();
    Weights {
        head: fitting.head,
        values: fitting.table.values,
    }
}

/// Weights on their way.
struct Fitting<'f> {
    models: usize,
    options: &'f Options,
    vocabulary: Vocabulary,
    head: Head,
    table: Table,
}

impl Fitting<'_> {
    /// Fits the blocks of a form to these rows.
    fn form(&mut self, form: Form, rows: &[&Row]) {
        let (blocks, columns, options) = (Blocks::of(form), self.table.columns, self.options);
        scale(rows, blocks.scale, &mut self.table);
        let scale = &self.table.values[blocks.scale as usize * columns..][..DENSE * columns];
        let dense: Vec<Vec<f32>> = { rows.iter() }
            .map(|row| standardize(&row.features.dense, scale, columns))
            .collect();
        let highest = highest_deviation(rows, scale, columns);
        self.head.deviation[form as usize] = options.deviation.map(|share| share * highest);

        let dense_scale: Vec<f32> = (0..DENSE)
            .map(|at| if at + 1 == DENSE { options.index_scale } else { options.dense_scale } as f32)
            .collect();
        let mut structure = Sparse::new(DENSE);
        let mut all = Sparse::new(DENSE + self.vocabulary.grams.len());
        let mut index = Sparse::new(1);
        for (row, dense) in rows.iter().zip(&dense) {
            let scaled = || (0_u32..).zip(dense.iter().zip(&dense_scale).map(|(value, scale)| value * scale));
            structure.push(scaled());
            all.push(scaled().chain(self.vocabulary.of(row)));
            index.push([(0, dense[DENSE - 1])].into_iter());
        }
        for column in 0..self.models * 2 {
            let target = |row: &&Row| match column.checked_sub(self.models) {
                None => row.quality[column],
                Some(model) => row.unbeaten(model),
            };
            let mut targets: Vec<Option<f32>> = rows.iter().map(target).collect();
            if column >= self.models && targets.iter().all(Option::is_none) {
                // No case tells of two models at once: each is as likely as the others to do best.
                targets.fill(Some(1.0 / self.models as f32));
            }
            let (constant, coefficients) = ridge(&structure, &targets, options.penalty);
            self.put(blocks.structure, column, constant, &coefficients, &dense_scale);
            let (constant, coefficients) = ridge(&all, &targets, options.penalty);
            let (of_dense, of_grams) = coefficients.split_at(DENSE);
            self.put(blocks.all, column, constant, of_dense, &dense_scale);
            self.put_grams(column, of_grams);
            let (constant, coefficients) = ridge(&index, &targets, options.penalty / options.index_scale.powi(2));
            self.put(blocks.index, column, constant, &coefficients, &[1.0]);
        }
    }

    /// Writes a constant, and coefficients of features that were scaled so.
    fn put(&mut self, block: u32, column: usize, constant: f64, coefficients: &[f64], scale: &[f32]) {
        self.table.put(block as usize, column + 1, constant as f32);
        for (at, (coefficient, scale)) in coefficients.iter().zip(scale).enumerate() {
            let value = coefficient * f64::from(*scale);
            self.table.put(block as usize + 1 + at, column + 1, value as f32);
        }
    }

    /// Writes the coefficients of n-grams; those of the other form were in no row, and are 0.
    fn put_grams(&mut self, column: usize, coefficients: &[f64]) {
        for (gram, coefficient) in self.vocabulary.grams.iter().zip(coefficients) {
            if *coefficient != 0.0 {
                let row = self.vocabulary.row(gram);
                self.table
                    .put(row, column + 1, (coefficient * f64::from(gram.rarity)) as f32);
            }
        }
    }

    /// Gives a form the blocks of another.
    fn borrow(&mut self, form: Form, from: Form) {
        let columns = self.table.columns;
        let place = |form: Form| {
            let rows = Blocks::of(form).rows();
            rows.start as usize * columns..rows.end as usize * columns
        };
        self.table.values.copy_within(place(from), place(form).start);
        self.head.deviation[form as usize] = self.head.deviation[from as usize];
    }

    /// Writes which n-gram each row belongs to.
    fn mark(&mut self) {
        for gram in &self.vocabulary.grams {
            self.table.put(self.vocabulary.row(gram), 0, fingerprint(gram.hash));
        }
    }
}

fn model_head(model: &super::sample::Model) -> ModelHead {
    ModelHead {
        name: model.name.clone(),
        quality: model.quality as f32,
        cost_usd: model.cost_usd,
        calibration: [Line::SAME; 2],
    }
}

struct Table {
    columns: usize,
    values: Vec<f32>,
}

impl Table {
    fn put(&mut self, row: usize, column: usize, value: f32) {
        self.values[row * self.columns + column] = value;
    }
}

/// Least deviation of a feature. One that never varies in training gets no weight, and says that a prompt is foreign.
const LEAST_SPREAD: f64 = 0.02;

/// Writes mean and inverse deviation of each dense feature.
fn scale(rows: &[&Row], first: u32, table: &mut Table) {
    let count = rows.len() as f64;
    for at in 0..DENSE {
        let values = || rows.iter().map(|row| f64::from(row.features.dense[at]));
        let mean = values().sum::<f64>() / count;
        let spread = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        table.put(first as usize + at, 0, mean as f32);
        table.put(first as usize + at, 1, (1.0 / spread.max(LEAST_SPREAD)) as f32);
    }
}

/// The deviation that one training case in a hundred exceeds.
fn highest_deviation(rows: &[&Row], scale: &[f32], columns: usize) -> f32 {
    let mut all: Vec<f32> = rows
        .iter()
        .map(|row| deviation(&row.features.dense, scale, columns))
        .collect();
    all.sort_unstable_by(f32::total_cmp);
    all[(all.len() - 1) * 99 / 100]
}

/// The n-grams that are known, one to a bucket.
struct Vocabulary {
    buckets: u32,
    /// By rising hash.
    grams: Vec<Gram>,
}

struct Gram {
    hash: u64,
    /// 1 for what stands in one case alone, falling with the number of cases.
    rarity: f32,
}

impl Vocabulary {
    fn new(rows: &[&Row], options: &Options) -> Self {
        let mut hashes: Vec<u64> = rows
            .iter()
            .flat_map(|row| row.features.grams.iter().map(|gram| gram.0))
            .collect();
        hashes.sort_unstable();
        let common: Vec<(u64, usize)> = { hashes.chunk_by(|a, b| a == b) }
            .filter(|same| same.len() >= options.min_cases as usize)
            .map(|same| (same[0], same.len()))
            .collect();
        let wanted = u32::try_from(common.len() * 4)
            .unwrap_or(u32::MAX)
            .clamp(1 << 10, options.max_buckets);
        let buckets = wanted.next_power_of_two().min(options.max_buckets);
        let mut owners: BTreeMap<u32, (u64, usize)> = BTreeMap::new();
        for (hash, cases) in common {
            let owner = owners.entry(bucket(hash, buckets)).or_insert((hash, cases));
            if cases > owner.1 {
                *owner = (hash, cases);
            }
        }
        let most = 1.0 + libm::log((rows.len() + 1) as f64);
        let rarity = |cases: usize| (1.0 + libm::log((rows.len() + 1) as f64 / (cases + 1) as f64)) / most;
        let mut grams: Vec<Gram> = { owners.into_values() }
            .map(|(hash, cases)| Gram {
                hash,
                rarity: rarity(cases) as f32,
            })
            .collect();
        grams.sort_unstable_by_key(|gram| gram.hash);
        Vocabulary { buckets, grams }
    }

    /// The row of the table in which an n-gram stands.
    fn row(&self, gram: &Gram) -> usize {
        (GRAMS + bucket(gram.hash, self.buckets)) as usize
    }

    /// Columns behind the dense ones, and values, of a row's known n-grams.
    fn of<'v>(&'v self, row: &'v Row) -> impl Iterator<Item = (u32, f32)> + 'v {
        row.features.grams.iter().filter_map(|(hash, weight)| {
            let at = self.grams.binary_search_by_key(hash, |gram| gram.hash).ok()?;
            Some(((DENSE + at) as u32, weight * self.grams[at].rarity))
        })
    }
}
