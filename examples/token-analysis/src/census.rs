//! Counts tokens: who speaks them, which section of a request they are in, and how far back they stand.

use std::collections::BTreeMap;

use pointsman::{Counter, Encoding, Message, Part, Request, Role};

/// The sections of a request, in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// System and developer messages.
    System,
    /// What was said before, tools aside.
    History,
    /// Tool calls and their results.
    Tools,
    /// The user's last message.
    Question,
}

impl Section {
    /// The section in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Section::System => "system",
            Section::History => "history",
            Section::Tools => "tool exchanges",
            Section::Question => "last user message",
        }
    }
}

/// Messages and their tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) messages: u64,
    pub(crate) tokens: u64,
}

impl Sum {
    fn add(&mut self, tokens: u32) {
        self.messages += 1;
        self.tokens += u64::from(tokens);
    }
}

/// What was counted in all conversations.
#[derive(Debug)]
pub(crate) struct Census {
    encoding: Encoding,
    pub(crate) conversations: u64,
    pub(crate) total: Sum,
    pub(crate) roles: BTreeMap<&'static str, Sum>,
    pub(crate) sections: BTreeMap<Section, Sum>,
    /// By tenths of a conversation, the oldest first. Only conversations of ten messages and more have tenths.
    pub(crate) deciles: [Sum; 10],
    /// Whether every number was counted, none estimated.
    pub(crate) exact: bool,
}

impl Census {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Census {
            encoding,
            conversations: 0,
            total: Sum::default(),
            roles: BTreeMap::new(),
            sections: BTreeMap::new(),
            deciles: [Sum::default(); 10],
            exact: true,
        }
    }

    /// Counts one conversation.
    pub(crate) fn add(&mut self, request: &Request, counter: &Counter) {
        let messages = request.messages();
        let question = messages.iter().rposition(|message| message.role == Role::User);
        self.conversations += 1;
        for (index, message) in messages.iter().enumerate() {
            let count = counter.message(message, self.encoding);
            self.exact &= count.exact;
            self.total.add(count.tokens);
            self.roles.entry(message.role.as_str()).or_default().add(count.tokens);
            self.sections
                .entry(section(message, Some(index) == question))
                .or_default()
                .add(count.tokens);
            if messages.len() >= 10 {
                self.deciles[index * 10 / messages.len()].add(count.tokens);
            }
        }
    }
}

fn section(message: &Message, is_question: bool) -> Section {
    let of_tool = |part: &Part| matches!(part, Part::ToolCall(_) | Part::ToolResult(_));
    match message.role {
        Role::System | Role::Developer => Section::System,
        _ if is_question => Section::Question,
        Role::Tool => Section::Tools,
        _ if message.parts.iter().any(of_tool) => Section::Tools,
        _ => Section::History,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(json: &str) -> Census {
        let mut census = Census::new(Encoding::o200k());
        census.add(&Request::from_json(json).unwrap(), &Counter::default());
        census
    }

    #[test]
    fn every_message_is_in_one_section_and_the_sections_add_up() {
        let census = census(
            r#"{"messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "How warm is it in Bern?"},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": "1", "content": "12 degrees"},
                {"role": "assistant", "content": "12 degrees."},
                {"role": "user", "content": "And in Rome?"}]}"#,
        );
        let messages: Vec<_> = census
            .sections
            .iter()
            .map(|(section, sum)| (section.name(), sum.messages))
            .collect();
        assert_eq!(
            messages,
            [
                ("system", 1),
                ("history", 2),
                ("tool exchanges", 2),
                ("last user message", 1)
            ]
        );
        assert_eq!(
            census.sections.values().map(|sum| sum.tokens).sum::<u64>(),
            census.total.tokens
        );
        assert_eq!(
            census.roles.values().map(|sum| sum.tokens).sum::<u64>(),
            census.total.tokens
        );
        assert_eq!(census.roles["assistant"].messages, 2);
        assert!(census.exact);
    }

    #[test]
    fn tenths_are_counted_from_ten_messages_on() {
        let talk = |count: usize| {
            let messages: Vec<_> = (0..count).map(|_| r#"{"role": "user", "content": "hello"}"#).collect();
            census(&format!(r#"{{"messages": [{}]}}"#, messages.join(",")))
        };
        assert_eq!(talk(9).deciles, [Sum::default(); 10]);
        assert_eq!(talk(20).deciles.map(|sum| sum.messages), [2; 10]);
    }

    #[test]
    fn a_picture_makes_the_count_an_estimate() {
        let picture = r#"{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}"#;
        assert!(
            !census(&format!(
                r#"{{"messages": [{{"role": "user", "content": [{picture}]}}]}}"#
            ))
            .exact
        );
    }
}
