//! What training and checking share: the sentences of a reply, each described against its source.

use pointsman_policy::{Problem, Turn};

use crate::fields::{Fields, Kind};
use crate::sentence::{CLAIMS, CONTRASTS, FEATURES, Ground, Held, NAMES};
use crate::settings::Settings;
use crate::source::{Form, Index, Scratch, gather};
use crate::text::lexicon::Lexicon;
use crate::text::sentences::each_sentence;

/// A sentence in numbers.
#[derive(Clone, Debug)]
pub struct Description {
    /// By [`feature_names`].
    pub features: [f32; FEATURES],
    /// Hashes of the stems that the source lacks.
    pub novel: Vec<u32>,
}

impl Description {
    /// Whether the source says otherwise, in a field or in words.
    pub(crate) fn contradicts(&self) -> bool {
        let kinds = [
            Kind::AssertedFalse,
            Kind::HoursDiffer,
            Kind::DaysDiffer,
            Kind::RatingDiffers,
        ];
        let claims = kinds.map(|kind| CLAIMS + kind as usize);
        CONTRASTS.chain(claims).any(|at| self.features[at] > 0.0)
    }
}

/// What each feature of a description is.
pub fn feature_names() -> &'static [&'static str] {
    &NAMES
}

/// A source that replies can be held against.
pub struct Source {
    pub(crate) index: Index,
    pub(crate) fields: Vec<Fields>,
    /// Its form.
    pub form: Form,
    /// Whether some of it was left out.
    pub is_cut: bool,
}

impl Source {
    /// Reads the source of a turn.
    ///
    /// # Errors
    /// Declines where the turn has none.
    pub fn of(turn: &Turn, settings: &Settings, lexicon: &Lexicon) -> Result<Self, Problem> {
        let gathered = gather(turn, settings, lexicon)?;
        Ok(Self {
            index: Index::new(gathered.text, lexicon),
            fields: gathered.fields,
            form: gathered.form,
            is_cut: gathered.is_cut,
        })
    }

    /// Holds the `place`th sentence of a reply against it.
    pub(crate) fn hold(&self, text: &str, place: u32, lexicon: &Lexicon, scratch: &mut Scratch) -> Held {
        let ground = Ground {
            index: &self.index,
            fields: &self.fields,
            form: self.form,
            lexicon,
        };
        ground.hold(text, place, scratch)
    }

    /// Describes each sentence of a reply, with its bytes.
    pub fn describe(&self, reply: &str, lexicon: &Lexicon) -> Vec<(std::ops::Range<usize>, Description)> {
        let mut all = Vec::new();
        let mut scratch = Scratch::default();
        each_sentence(reply, &mut |sentence| {
            let start = sentence.start as usize;
            let held = self.hold(sentence.text, all.len() as u32, lexicon, &mut scratch);
            all.push((start..start + sentence.text.len(), held.description));
        });
        all
    }
}
