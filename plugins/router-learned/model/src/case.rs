//! What training learns from.

/// A prompt with what models made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The user's last message.
    pub prompt: String,
    /// By model: each once.
    pub outcomes: Vec<Outcome>,
}

/// How one model did on one prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The model's name.
    pub model: String,
    /// Quality of its answer, 0 to 1.
    pub quality: f64,
    /// Cost of its call in USD, where it is known.
    pub cost_usd: Option<f64>,
}
