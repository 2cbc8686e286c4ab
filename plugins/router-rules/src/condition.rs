//! One condition: whether it holds, and how to say so to a person.

use pointsman_policy::ResponseFormat;

use crate::compile::Table;
use crate::features::Features;
use crate::settings::{Format, PartKind};

/// Something that a rule asks of the turn. A rule's conditions stand in the order of their cost.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Tokens of the conversation.
    Tokens(Range),
    /// Tokens of the last user message.
    LastTokens(Range),
    /// User messages.
    Turns(Range),
    /// Milliseconds that are known to be left, at most.
    Time(u32),
    /// USD that are known to be left, at most.
    Cost(f64),
    /// An attribute and its allowed values.
    Attribute(String, Vec<String>),
    /// Allowed entries of the attribute `tag`.
    Tags(Vec<String>),
    /// The form of the reply.
    Format(Format),
    /// Whether a tool exchange is in progress.
    Exchange(bool),
    /// Whether tools are offered.
    Tools(bool),
    /// Names of tools, of which one is offered.
    ToolNamed(Vec<String>),
    /// Kinds of part, of which one is there.
    Parts(Vec<PartKind>),
    /// Whether the last user message has code.
    Code(bool),
    /// Patterns, by number, of which one is in the last user message.
    Matches(Vec<usize>),
    /// Patterns, by number, of which all are in the last user message.
    MatchesAll(Vec<usize>),
    /// Languages, of which the last user message is in one.
    Languages(Vec<String>),
    /// Patterns, by number, of which one is in some message.
    AnyMatches(Vec<usize>),
}

/// From, to: both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range(pub u32, pub u32);

impl Range {
    fn contains(self, value: u32) -> bool {
        (self.0..=self.1).contains(&value)
    }
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, turn: &Features<'_>) -> bool {
        match self {
            Self::Tokens(Range(least, most)) => {
                (*least == 0 || !turn.at_most(least - 1)) && (*most == u32::MAX || turn.at_most(*most))
            }
            Self::LastTokens(range) => turn.last_tokens().is_some_and(|tokens| range.contains(tokens)),
            Self::Turns(range) => range.contains(turn.turns()),
            Self::Time(most) => turn.limits().time_ms.is_some_and(|budget| budget <= *most),
            Self::Cost(most) => turn.limits().cost_usd.is_some_and(|budget| budget <= *most),
            Self::Attribute(name, allowed) => turn
                .attribute(name)
                .is_some_and(|value| allowed.iter().any(|one| one == value)),
            Self::Tags(allowed) => turn
                .attribute("tag")
                .is_some_and(|tags| shared(tags, allowed).is_some()),
            Self::Format(format) => is_of(turn.format(), *format),
            Self::Exchange(wanted) => turn.in_exchange() == *wanted,
            Self::Tools(wanted) => turn.tools().is_empty() != *wanted,
            Self::ToolNamed(names) => turn.tools().iter().any(|tool| names.contains(&tool.name)),
            Self::Parts(kinds) => kinds.iter().any(|&kind| turn.has_part(kind)),
            Self::Code(wanted) => turn.code() == *wanted,
            Self::Matches(patterns) => patterns.iter().any(|&pattern| turn.finds(pattern)),
            Self::MatchesAll(patterns) => patterns.iter().all(|&pattern| turn.finds(pattern)),
            Self::Languages(codes) => turn
                .language()
                .is_some_and(|found| codes.iter().any(|code| code == found)),
            Self::AnyMatches(patterns) => patterns.iter().any(|&pattern| turn.finds_anywhere(pattern)),
        }
    }

    /// What held, with the figures of this turn. Asked only of the rule that fired.
    pub fn because(&self, turn: &Features<'_>, table: &Table) -> String {
        match self {
            Self::Tokens(_) => format!("the conversation has {} tokens", turn.tokens()),
            Self::LastTokens(_) => format!(
                "the last user message has {} tokens",
                turn.last_tokens().unwrap_or_default()
            ),
            Self::Turns(_) => format!("there are {} user messages", turn.turns()),
            Self::Time(_) => format!("{} ms are left", turn.limits().time_ms.unwrap_or_default()),
            Self::Cost(_) => format!("{} USD are left", turn.limits().cost_usd.unwrap_or_default()),
            Self::Attribute(name, _) => format!("`{name}` is `{}`", turn.attribute(name).unwrap_or_default()),
            Self::Tags(allowed) => {
                let tags = turn.attribute("tag").unwrap_or_default();
                format!("the request is tagged `{}`", shared(tags, allowed).unwrap_or_default())
            }
            Self::Format(Format::Text) => "free text is asked for".into(),
            Self::Format(Format::Json) => "JSON is asked for".into(),
            Self::Format(Format::JsonSchema) => "JSON of a schema is asked for".into(),
            Self::Exchange(true) => "a tool exchange is in progress".into(),
            Self::Exchange(false) => "no tool exchange is in progress".into(),
            Self::Tools(true) => match turn.tools().len() {
                1 => "a tool is offered".into(),
                tools => format!("{tools} tools are offered"),
            },
            Self::Tools(false) => "no tools are offered".into(),
            Self::ToolNamed(names) => {
                let tool = turn.tools().iter().find(|tool| names.contains(&tool.name));
                format!("the tool `{}` is offered", tool.map_or("", |tool| &tool.name))
            }
            Self::Parts(kinds) => match kinds.iter().find(|&&kind| turn.has_part(kind)) {
                Some(PartKind::Image) => "a message has a picture".into(),
                Some(PartKind::Audio) => "a message has a recording".into(),
                _ => "a message has a document".into(),
            },
            Self::Code(true) => "the last user message has code".into(),
            Self::Code(false) => "the last user message has no code".into(),
            Self::Matches(patterns) => {
                let found = patterns.iter().find(|&&pattern| turn.finds(pattern));
                format!(
                    "the last user message matches {}",
                    found.map_or("", |&at| table.patterns.quoted(at))
                )
            }
            Self::MatchesAll(patterns) => {
                let all: Vec<_> = patterns.iter().map(|&at| table.patterns.quoted(at)).collect();
                format!("the last user message matches {}", all.join(" and "))
            }
            Self::Languages(_) => format!("the last user message is in `{}`", turn.language().unwrap_or_default()),
            Self::AnyMatches(patterns) => {
                let found = patterns.iter().find(|&&pattern| turn.finds_anywhere(pattern));
                format!(
                    "a message matches {}",
                    found.map_or("", |&at| table.anywhere.quoted(at))
                )
            }
        }
    }
}

/// The first entry of a list with commas that is allowed.
fn shared<'a>(tags: &'a str, allowed: &[String]) -> Option<&'a str> {
    tags.split(',')
        .map(str::trim)
        .find(|tag| allowed.iter().any(|other| other == tag))
}

fn is_of(format: &ResponseFormat, wanted: Format) -> bool {
    match format {
        ResponseFormat::Text => wanted == Format::Text,
        ResponseFormat::JsonObject => wanted == Format::Json,
        ResponseFormat::JsonSchema(_) => wanted != Format::Text,
        ResponseFormat::Other(_) => false,
    }
}
