//! One choice of a reply: its sentences, held against the source as they end.

use crate::description::Source;
use crate::fields::Claim;
use crate::model::{Tally, at_least, probability};
use crate::policy::GroundedChecker;
use crate::sentence::Held;
use crate::source::Scratch;
use crate::text::sentences::{Sentence, Sentences};

/// Sentences that are reported, the worst of them.
const REPORTED: usize = 32;

/// Part of a sentence that is not supported.
pub(crate) struct Unsupported {
    /// Its bytes in the reply.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    /// The probability that something in the sentence is unsupported.
    pub(crate) probability: f32,
    /// What it claims about fields that say otherwise.
    pub(crate) claims: Vec<Claim>,
    /// The window of the source that comes nearest.
    pub(crate) window: Option<u32>,
    /// The source says otherwise, in a field or in that window.
    pub(crate) contradicts: bool,
}

/// The state of one choice.
pub(crate) struct Choice {
    sentences: Sentences,
    tally: Tally,
    place: u32,
    bytes: u32,
    is_cut: bool,
    worst: Vec<Unsupported>,
}

impl Choice {
    pub(crate) fn new() -> Self {
        Self {
            sentences: Sentences::default(),
            tally: Tally::default(),
            place: 0,
            bytes: 0,
            is_cut: false,
            worst: Vec::new(),
        }
    }

    /// Takes a piece of the text, and judges the sentences that it ends.
    pub(crate) fn text(&mut self, text: &str, policy: &GroundedChecker, source: &Source, scratch: &mut Scratch) {
        let room = policy.settings.max_reply_bytes.saturating_sub(self.bytes) as usize;
        // Once something was left out, what follows it does not belong to what was read.
        let end = if self.is_cut { 0 } else { text.floor_char_boundary(room) };
        self.is_cut |= end < text.len();
        self.bytes += end as u32;
        let mut sentences = std::mem::take(&mut self.sentences);
        sentences.push(&text[..end], &mut |sentence| {
            self.judge(&sentence, policy, source, scratch)
        });
        self.sentences = sentences;
    }

    /// The text has ended.
    pub(crate) fn finish(&mut self, policy: &GroundedChecker, source: &Source, scratch: &mut Scratch) {
        let mut sentences = std::mem::take(&mut self.sentences);
        sentences.finish(&mut |sentence| self.judge(&sentence, policy, source, scratch));
        self.worst.sort_by_key(|it| it.start);
    }

    fn judge(&mut self, sentence: &Sentence<'_>, policy: &GroundedChecker, source: &Source, scratch: &mut Scratch) {
        let held = source.hold(sentence.text, self.place, &policy.lexicon, scratch);
        if held.words.is_empty() {
            return;
        }
        self.place += 1;
        let log_odds = policy.model.sentence(&held.description);
        self.tally.add(&held.description, log_odds);
        // A source that says otherwise is evidence of its own, however much of the sentence it has.
        let contradicts = held.description.contradicts();
        let probability = at_least(probability(log_odds), contradicts);
        if contradicts || probability >= policy.settings.sentence_threshold {
            self.keep(unsupported(sentence, held, probability, contradicts));
        }
    }

    /// Keeps the worst sentences: the earlier of equals.
    fn keep(&mut self, new: Unsupported) {
        self.worst.push(new);
        if self.worst.len() > REPORTED {
            self.worst
                .sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.start.cmp(&b.start)));
            self.worst.truncate(REPORTED);
        }
    }

    /// Whether there was anything to judge.
    pub(crate) fn has_words(&self) -> bool {
        self.place > 0
    }

    /// Whether some of the reply was left out.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The reply's sentences taken together.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The sentences to report, in the reply's order.
    pub(crate) fn worst(&self) -> &[Unsupported] {
        &self.worst
    }
}

/// The words that claim what a field denies; else the whole sentence.
fn unsupported(sentence: &Sentence<'_>, held: Held, probability: f32, contradicts: bool) -> Unsupported {
    Unsupported {
        start: sentence.start,
        end: sentence.start + sentence.text.len() as u32,
        probability,
        claims: held.claims,
        window: held.contrasts.first().map(|it| it.window).or(held.near.window),
        contradicts,
    }
}
