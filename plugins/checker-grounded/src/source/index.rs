//! The source's sentences by their words, so that a sentence of the reply finds what it may rest on.

use crate::source::scratch::Scratch;
use crate::text::lexicon::{ByHash, Lexicon, Roles};
use crate::text::sentences::each_sentence;
use crate::text::words::{Word, words};

/// A word that stands in more windows than this is no help in finding one.
const COMMONEST: usize = 256;

/// One sentence of the source.
pub(crate) struct Window {
    /// Its bytes in the source's text.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    /// Something in it is denied.
    pub(crate) denies: bool,
    /// It says how many in words.
    pub(crate) quantifies: bool,
}

/// Where a stem stands.
#[derive(Default)]
struct Places {
    windows: Vec<u32>,
}

/// An index of the source's text.
pub(crate) struct Index {
    text: String,
    windows: Vec<Window>,
    stems: ByHash<u32, Places>,
    prefixes: ByHash<u32, ()>,
    pairs: ByHash<u64, ()>,
    runs: ByHash<u64, ()>,
    numbers: ByHash<u64, Vec<u32>>,
}

/// The windows that hold most of a sentence's words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Near {
    /// The best window; `None` where no word of the sentence is in the source.
    pub(crate) window: Option<u32>,
    /// Weight of the sentence's words in the best window, 0 to 1.
    pub(crate) one: f32,
    /// The same for the best window and the better of its neighbours.
    pub(crate) two: f32,
    /// That neighbour.
    pub(crate) neighbour: Option<u32>,
    /// Weight of the words that the best window and any other one hold together.
    pub(crate) far: f32,
}

impl Index {
    /// Indexes a text: work and memory are linear in it.
    pub(crate) fn new(text: String, lexicon: &Lexicon) -> Self {
        let mut index = Self {
            text: String::new(),
            windows: Vec::new(),
            stems: ByHash::default(),
            prefixes: ByHash::default(),
            pairs: ByHash::default(),
            runs: ByHash::default(),
            numbers: ByHash::default(),
        };
        each_sentence(&text, &mut |sentence| {
            index.add(sentence.text, sentence.start, &words(sentence.text, lexicon));
        });
        index.text = text;
        index
    }

    fn add(&mut self, text: &str, start: u32, words: &[Word]) {
        let window = self.windows.len() as u32;
        let has = |role| words.iter().any(|word| word.roles.has(role));
        self.windows.push(Window {
            start,
            end: start + text.len() as u32,
            denies: has(Roles::NOT),
            quantifies: has(Roles::QUANTIFIER),
        });
        for word in words {
            let places = self.stems.entry(word.stem).or_default();
            if places.windows.last() != Some(&window) {
                places.windows.push(window);
            }
            if let Some(prefix) = word.prefix {
                self.prefixes.insert(prefix, ());
            }
            for key in word.number.iter().flat_map(|number| number.keys()) {
                let windows = self.numbers.entry(key).or_default();
                if windows.last() != Some(&window) {
                    windows.push(window);
                }
            }
        }
        for pair in words.windows(2) {
            self.runs.insert(join(pair[0].form, pair[1].form), ());
        }
        // Content words within three places of each other, in either order: active and passive voice should meet.
        let content: Vec<u32> = words.iter().filter(|it| it.is_content()).map(|it| it.stem).collect();
        for (at, first) in content.iter().enumerate() {
            for second in content.iter().skip(at + 1).take(3) {
                self.pairs.insert(unordered(*first, *second), ());
            }
        }
    }

    /// What a window says.
    pub(crate) fn quote(&self, window: u32) -> &str {
        self.windows
            .get(window as usize)
            .and_then(|it| self.text.get(it.start as usize..it.end as usize))
            .unwrap_or_default()
    }

    /// A window, by its number.
    pub(crate) fn window(&self, window: u32) -> Option<&Window> {
        self.windows.get(window as usize)
    }

    /// How much a stem weighs: the rarer in the source, the more; most where it is not there at all.
    pub(crate) fn weight(&self, stem: u32) -> f32 {
        let count = self.stems.get(&stem).map_or(0, |places| places.windows.len());
        (1.0 + (self.windows.len() as f32 + 1.0) / (count as f32 + 1.0)).ln()
    }

    /// Whether the source has a word of this stem.
    pub(crate) fn has(&self, stem: u32) -> bool {
        self.stems.contains_key(&stem)
    }

    /// Whether a word of the source begins like this one.
    pub(crate) fn has_prefix(&self, prefix: Option<u32>) -> bool {
        prefix.is_some_and(|prefix| self.prefixes.contains_key(&prefix))
    }

    /// Whether two stems stand near each other somewhere.
    pub(crate) fn has_pair(&self, first: u32, second: u32) -> bool {
        self.pairs.contains_key(&unordered(first, second))
    }

    /// Whether two words follow each other somewhere, as they are.
    pub(crate) fn has_run(&self, first: &Word, second: &Word) -> bool {
        self.runs.contains_key(&join(first.form, second.form))
    }

    /// Whether a word stands in a window.
    pub(crate) fn stands_in(&self, stem: u32, window: u32) -> bool {
        self.stems
            .get(&stem)
            .is_some_and(|places| places.windows.binary_search(&window).is_ok())
    }

    /// Windows of the source.
    pub(crate) fn len(&self) -> usize {
        self.windows.len()
    }

    /// Whether two stems stand in one window, or in two that follow each other.
    pub(crate) fn meet(&self, first: u32, second: u32) -> bool {
        let (Some(first), Some(second)) = (self.stems.get(&first), self.stems.get(&second)) else {
            return false;
        };
        let (few, many) = if first.windows.len() < second.windows.len() {
            (first, second)
        } else {
            (second, first)
        };
        few.windows.iter().any(|window| {
            let at = many.windows.partition_point(|it| *it + 1 < *window);
            many.windows.get(at).is_some_and(|it| *it <= window + 1)
        })
    }

    /// The windows that hold one of these numbers.
    pub(crate) fn number(&self, keys: [u64; 2]) -> impl Iterator<Item = u32> {
        keys.into_iter()
            .filter_map(|key| self.numbers.get(&key))
            .flatten()
            .copied()
    }

    /// The windows that hold most of these stems, each with its weight.
    pub(crate) fn near(&self, stems: &[(u32, f32)], scratch: &mut Scratch) -> Near {
        let total: f32 = stems.iter().map(|it| it.1).sum();
        if total <= 0.0 {
            return Near::default();
        }
        for (stem, weight) in stems {
            let Some(places) = self.stems.get(stem).filter(|it| it.windows.len() <= COMMONEST) else {
                continue;
            };
            for window in &places.windows {
                scratch.add(*window, *weight);
            }
        }
        let Some((best, weight)) = scratch.best() else {
            return Near::default();
        };
        // What a second window adds to the first.
        let with = |other: u32| -> f32 {
            let more = stems
                .iter()
                .filter(|(stem, _)| self.stands_in(*stem, other) && !self.stands_in(*stem, best));
            more.map(|it| it.1).sum()
        };
        let beside = [best.checked_sub(1), Some(best + 1)];
        let neighbour = beside
            .into_iter()
            .flatten()
            .map(|it| (it, with(it)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|it| it.1 > 0.0);
        let far = scratch.others(best).map(with).fold(0.0, f32::max);
        scratch.clear();
        let added = neighbour.map_or(0.0, |it| it.1);
        Near {
            window: Some(best),
            one: weight / total,
            two: (weight + added) / total,
            neighbour: neighbour.map(|it| it.0),
            far: (weight + far.max(added)) / total,
        }
    }
}

fn join(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

fn unordered(first: u32, second: u32) -> u64 {
    join(first.min(second), first.max(second))
}
