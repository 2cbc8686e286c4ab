//! How texts are read, the source's and the reply's alike: sentences, words, stems and numbers.

pub(crate) mod lexicon;
pub(crate) mod numbers;
pub(crate) mod sentences;
pub(crate) mod stem;
pub(crate) mod words;
