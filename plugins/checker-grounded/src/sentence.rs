//! A sentence of the reply as numbers: how much of it the source says, and what it adds.

mod clauses;
mod contrasts;
mod measure;
mod names;

pub(crate) use contrasts::Contrast;
pub use names::FEATURES;
pub(crate) use names::{CLAIMS, CONTRASTS, NAMES, feature};

use crate::description::Description;
use crate::fields::{Claim, Claims, Fields};
use crate::sentence::clauses::{clauses, worst_clause};
use crate::sentence::contrasts::{Difference, contrasts};
use crate::sentence::measure::{context, longest, longest_of, share};
use crate::source::{Form, Index, Near, Scratch};
use crate::text::lexicon::{Lexicon, Roles};
use crate::text::words::{Word, words};

/// What a sentence is held against.
pub(crate) struct Ground<'a> {
    pub(crate) index: &'a Index,
    pub(crate) fields: &'a [Fields],
    pub(crate) form: Form,
    pub(crate) lexicon: &'a Lexicon,
}

/// A sentence that was held against its source.
pub(crate) struct Held {
    /// In numbers.
    pub(crate) description: Description,
    /// What it claims about fields, where the source says otherwise.
    pub(crate) claims: Vec<Claim>,
    /// Where it says what the source says, but for one thing.
    pub(crate) contrasts: Vec<Contrast>,
    /// Its words.
    pub(crate) words: Vec<Word>,
    /// The window that it rests on, or would rest on.
    pub(crate) near: Near,
}

impl Ground<'_> {
    /// Holds the `place`th sentence of a reply against the source.
    pub(crate) fn hold(&self, text: &str, place: u32, scratch: &mut Scratch) -> Held {
        let words = words(text, self.lexicon);
        let index = self.index;
        let content: Vec<&Word> = words.iter().filter(|word| word.is_content()).collect();
        let supported = |word: &Word| match word.number {
            Some(number) => index.number(number.keys()).next().is_some() || index.has(word.stem),
            None => index.has(word.stem),
        };
        let weight = |word: &Word| index.weight(word.stem);
        let stems: Vec<(u32, f32)> = {
            let mut stems: Vec<(u32, f32)> = content.iter().map(|word| (word.stem, weight(word))).collect();
            stems.sort_by_key(|it| it.0);
            stems.dedup_by_key(|it| it.0);
            stems
        };
        let near = index.near(&stems, scratch);
        let total: f32 = content.iter().map(|word| weight(word)).sum();
        let share_of = |keep: &dyn Fn(&Word) -> bool| {
            let kept: f32 = content.iter().filter(|word| keep(word)).map(|word| weight(word)).sum();
            if total > 0.0 { kept / total } else { 1.0 }
        };
        let is_near = |word: &Word| {
            [near.window, near.neighbour]
                .into_iter()
                .flatten()
                .any(|window| index.stands_in(word.stem, window))
        };
        let novel: Vec<&Word> = content.iter().copied().filter(|word| !supported(word)).collect();
        let count = |keep: &dyn Fn(&Word) -> bool| words.iter().filter(|word| keep(word)).count() as f32;
        let has = |role: Roles| words.iter().any(|word| word.roles.has(role));
        let of_window = |read: &dyn Fn(&crate::source::Window) -> bool| {
            near.window.and_then(|window| index.window(window)).is_some_and(read)
        };
        let number_near = |word: &Word| {
            word.number.is_some_and(|number| {
                index
                    .number(number.keys())
                    .any(|window| Some(window) == near.window || Some(window) == near.neighbour)
            })
        };
        let pairs = share(content.windows(2).map(|it| index.has_pair(it[0].stem, it[1].stem)));
        let runs = share(words.windows(2).map(|it| index.has_run(&it[0], &it[1])));
        let longest_run = longest(words.windows(2).map(|it| index.has_run(&it[0], &it[1])));
        let novel_run = longest_of(&content, &|word| !supported(word));
        let clause_novelty = worst_clause(&words, &supported);
        let claims = self.claims(text, &words);
        let clauses = clauses(&words, index, scratch);
        let flag = |it: bool| if it { 1.0 } else { 0.0 };
        let contrasts = contrasts(text, &words, &near, index, self.lexicon, scratch);
        let differs = |kind| flag(contrasts.iter().any(|it| it.difference == kind));
        let is_split =
            |pair: &[&Word]| supported(pair[0]) && supported(pair[1]) && !index.meet(pair[0].stem, pair[1].stem);
        let n = content.len() as f32;
        let tail = &content[content.len() - content.len() / 3..];

        let mut features = [0.0; FEATURES];
        let base = [
            flag(self.form == Form::Fields),
            flag(self.form == Form::Question),
            n.ln_1p(),
            share_of(&supported),
            near.one,
            near.two,
            near.far,
            share_of(&|word| supported(word) || index.has_prefix(word.prefix)),
            (novel.len() as f32).ln_1p(),
            novel.len() as f32 / n.max(1.0),
            pairs,
            runs,
            longest_run as f32 / (words.len() as f32).max(1.0),
            count(&|word| word.is_name() && word.start > 0 && !supported(word)),
            count(&|word| word.number.is_some()).ln_1p(),
            count(&|word| word.number.is_some() && !supported(word)),
            count(&|word| word.number.is_some() && supported(word) && !number_near(word)),
            flag(has(Roles::NOT)),
            flag(has(Roles::NOT) && !of_window(&|window| window.denies)),
            flag(!has(Roles::NOT) && of_window(&|window| window.denies)),
            flag(has(Roles::HEDGE)),
            count(&|word| word.roles.has(Roles::META)).ln_1p(),
            flag(has(Roles::META) && has(Roles::NOT)),
            (place.min(20) as f32) / 20.0,
            flag(is_item(text)),
            clause_novelty,
            novel_run as f32,
            flag(has(Roles::QUANTIFIER) && !of_window(&|window| window.quantifies)),
            count(&|word| word.is_name() && word.start > 0 && supported(word) && !is_near(word)).ln_1p(),
            share_of(&|word| supported(word) && !is_near(word)),
            count(&|word| word.roles.has(Roles::ADVICE)).ln_1p(),
            flag(has(Roles::CONCLUSION)),
            flag(has(Roles::REVIEWER)),
            count(&|word| word.roles.has(Roles::PRAISE)).ln_1p(),
            count(&|word| word.roles.has(Roles::COMPLAINT)).ln_1p(),
            share(tail.iter().map(|word| !supported(word))),
            clauses.one,
            clauses.two,
            (clauses.count as f32).ln_1p(),
            share(content.windows(2).map(&is_split)),
            longest(content.windows(2).map(&is_split)) as f32,
            context(&content, index, &|word| word.number.is_some() && supported(word)),
            context(&content, index, &|word| {
                word.is_name() && word.start > 0 && supported(word)
            }),
            near.window.map_or(-1.0, |window| window as f32 / index.len() as f32),
            count(&|word| {
                let text = &text[word.start as usize..word.end as usize];
                (text.ends_with("est") && text.len() > 5) || ["first", "most", "only", "last"].contains(&text)
            }),
            differs(Difference::Number),
            differs(Difference::Name),
            differs(Difference::Denial),
        ];
        features[..base.len()].copy_from_slice(&base);
        features[base.len()..].copy_from_slice(&claims.counts());
        let mut novel: Vec<u32> = novel
            .iter()
            .filter(|word| word.number.is_none())
            .map(|word| word.stem)
            .collect();
        novel.sort_unstable();
        novel.dedup();
        Held {
            description: Description { features, novel },
            claims: claims.0.into_iter().filter(|claim| claim.kind.is_wrong()).collect(),
            contrasts,
            words,
            near,
        }
    }

    fn claims(&self, text: &str, words: &[Word]) -> Claims {
        let knows = |stem| self.index.has(stem);
        let mut all = Claims::default();
        for fields in self.fields {
            all.0.extend(fields.claims(text, words, &knows).0);
        }
        all
    }
}

fn is_item(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    matches!(first, "-" | "*" | "•" | "+")
        || (first.ends_with('.') && first.bytes().next().is_some_and(|b| b.is_ascii_digit()))
}
