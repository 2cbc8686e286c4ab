//! Weights from some of the cases.

use std::collections::BTreeMap;

use super::ridge::{Sparse, ridge};
use super::sample::{Row, Sample};
use super::{Head, ModelHead, Options, Weights};
use crate::features::{DENSE, VERSION};
use crate::ngrams::{bucket, fingerprint};
use crate::predict::{deviation, standardize};
use crate::weights::{ALL, GRAMS, INDEX, Line, SCALE, STRUCTURE};

/// Fits weights to these rows. Their head has no calibration and no prices yet.
pub(super) fn fit(sample: &Sample, chosen: &[usize], options: &Options) -> Weights {
    let rows: Vec<&Row> = chosen.iter().map(|row| &sample.rows[*row]).collect();
    let vocabulary = Vocabulary::new(&rows, options);
    let mut head = Head {
        features: VERSION,
        buckets: vocabulary.buckets,
        models: sample.models.iter().map(model_head).collect(),
        words: options.words,
        deviation: [0.0; 2],
        keep: Vec::new(),
        cases: rows.len(),
    };
    let columns = head.columns();
    let mut table = Table {
        columns,
        values: vec![0.0; (GRAMS + vocabulary.buckets) as usize * columns],
    };
    scale(&rows, &mut table);
    let scale = &table.values[..DENSE * columns];
    let dense: Vec<Vec<f32>> = rows
        .iter()
        .map(|row| standardize(&row.features.dense, scale, columns))
        .collect();
    head.deviation = options
        .deviation
        .map(|share| share * highest_deviation(&rows, scale, columns));

    let dense_scale: Vec<f32> = (0..DENSE)
        .map(|at| if at + 1 == DENSE { options.index_scale } else { options.dense_scale } as f32)
        .collect();
    let mut structure = Sparse::new(DENSE);
    let mut all = Sparse::new(DENSE + vocabulary.grams.len());
    for (row, dense) in rows.iter().zip(&dense) {
        let scaled = || (0_u32..).zip(dense.iter().zip(&dense_scale).map(|(value, scale)| value * scale));
        structure.push(scaled());
        all.push(scaled().chain(vocabulary.of(row)));
    }
    let mut index = Sparse::new(1);
    dense
        .iter()
        .for_each(|dense| index.push([(0, dense[DENSE - 1])].into_iter()));

    let models = sample.models.len();
    for column in 0..models * 2 {
        let target = |row: &&Row| {
            if column < models {
                row.quality[column]
            } else {
                row.unbeaten(column - models)
            }
        };
        let targets: Vec<Option<f32>> = rows.iter().map(target).collect();
        let mut put = |block: u32, row: usize, value: f64| table.put(block as usize + row, column + 1, value as f32);
        for (block, matrix) in [(ALL, &all), (STRUCTURE, &structure)] {
            let (constant, coefficients) = ridge(matrix, &targets, options.penalty);
            put(block, 0, constant);
            for (at, scale) in dense_scale.iter().enumerate() {
                put(block, at + 1, coefficients[at] * f64::from(*scale));
            }
            if block == ALL {
                for (gram, coefficient) in vocabulary.grams.iter().zip(&coefficients[DENSE..]) {
                    put(
                        GRAMS,
                        bucket(gram.hash, vocabulary.buckets) as usize,
                        coefficient * f64::from(gram.rarity),
                    );
                }
            }
        }
        let (constant, coefficients) = ridge(&index, &targets, options.penalty / options.index_scale.powi(2));
        put(INDEX, 0, constant);
        put(INDEX, 1, coefficients[0]);
    }
    for gram in &vocabulary.grams {
        table.put(
            (GRAMS + bucket(gram.hash, vocabulary.buckets)) as usize,
            0,
            fingerprint(gram.hash),
        );
    }
    Weights {
        head,
        values: table.values,
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
fn scale(rows: &[&Row], table: &mut Table) {
    let count = rows.len() as f64;
    for at in 0..DENSE {
        let values = || rows.iter().map(|row| f64::from(row.features.dense[at]));
        let mean = values().sum::<f64>() / count;
        let spread = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        table.put(SCALE as usize + at, 0, mean as f32);
        table.put(SCALE as usize + at, 1, (1.0 / spread.max(LEAST_SPREAD)) as f32);
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
        let wanted = u32::try_from(common.len() * 2)
            .unwrap_or(u32::MAX)
            .clamp(64, options.max_buckets);
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

    /// Columns behind the dense ones, and values, of a row's known n-grams.
    fn of<'v>(&'v self, row: &'v Row) -> impl Iterator<Item = (u32, f32)> + 'v {
        row.features.grams.iter().filter_map(|(hash, weight)| {
            let at = self.grams.binary_search_by_key(hash, |gram| gram.hash).ok()?;
            Some(((DENSE + at) as u32, weight * self.grams[at].rarity))
        })
    }
}
