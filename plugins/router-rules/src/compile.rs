//! Settings into a table: everything checked and prepared once, so that a call only looks things up.

use std::collections::{BTreeMap, BTreeSet};

use pointsman_policy::{SettingsError, together};

use crate::condition::{Condition, Range};
use crate::language::Detector;
use crate::patterns::Patterns;
use crate::settings::{Route, Rule, Settings, When};
use crate::words::Words;
use crate::{check, defaults};

/// The table that calls are decided by.
pub struct Table {
    /// The rules in their order.
    pub rules: Vec<CompiledRule>,
    /// What to choose where no rule fires.
    pub default: Route,
    /// What to choose for a tenant.
    pub tenants: BTreeMap<String, Route>,
    /// Patterns for the last user message.
    pub patterns: Patterns,
    /// Patterns for all messages.
    pub anywhere: Patterns,
    /// Present where a rule asks for a language.
    pub languages: Option<Detector>,
    /// Bytes of a message that patterns look at.
    pub scan_bytes: usize,
}

/// A rule, ready.
#[derive(Clone)]
pub struct CompiledRule {
    /// Its name.
    pub name: String,
    /// All must hold.
    pub when: Vec<Condition>,
    /// Not all may hold, unless there are none.
    pub unless: Vec<Condition>,
    /// What to choose.
    pub route: Route,
}

impl Table {
    /// Checks the settings and compiles them, or lists everything that is wrong with them.
    pub fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let mut compiler = Compiler {
            errors: check::faults(&settings),
            ..Compiler::default()
        };
        let standard = settings.standard.unwrap_or(settings.rules.is_empty());
        // A rule of the operator's takes the place of the standard one of its name.
        let names: BTreeSet<_> = settings.rules.iter().map(|rule| rule.name.clone()).collect();
        let own = settings
            .rules
            .into_iter()
            .zip(0..)
            .map(|(rule, at)| (format!("rules[{at}]"), rule));
        let missing = defaults::rules()
            .into_iter()
            .filter(|rule| standard && !names.contains(&rule.name));
        let missing = missing.map(|rule| (format!("standard.{}", rule.name), rule));
        let rules: Vec<_> = own
            .chain(missing)
            .map(|(path, rule)| compiler.rule(&path, rule))
            .collect();
        if !compiler.errors.is_empty() {
            return Err(compiler.errors);
        }
        compiler.patterns.build();
        compiler.anywhere.build();
        Ok(Self {
            // Every call reads all rules, and they were made between automata that it hardly reads.
            rules: together(|| rules.clone()),
            default: settings.default,
            tenants: settings.tenants,
            patterns: compiler.patterns,
            anywhere: compiler.anywhere,
            languages: compiler.languages.then(Detector::default),
            scan_bytes: settings.scan_bytes as usize,
        })
    }
}

/// What has been gathered on the way.
#[derive(Default)]
struct Compiler {
    patterns: Patterns,
    anywhere: Patterns,
    languages: bool,
    errors: Vec<SettingsError>,
}

impl Compiler {
    fn rule(&mut self, path: &str, rule: Rule) -> CompiledRule {
        let when = self.conditions(&format!("{path}.when"), rule.when);
        let unless = self.conditions(&format!("{path}.unless"), rule.unless);
        CompiledRule {
            name: rule.name,
            when,
            unless,
            route: rule.route,
        }
    }

    /// The conditions that are set, in the order of what must be read for them.
    fn conditions(&mut self, path: &str, when: When) -> Vec<Condition> {
        self.languages |= !when.languages.0.is_empty();
        let errors = &mut self.errors;
        let mut in_last = |name, words| patterns(&mut self.patterns, errors, &format!("{path}.{name}"), words);
        let matches = in_last("matches", when.matches);
        let matches_all = in_last("matches-all", when.matches_all);
        let anywhere = format!("{path}.any-message-matches");
        let anywhere = patterns(&mut self.anywhere, errors, &anywhere, when.any_message_matches);
        let attributes = when
            .attributes
            .into_iter()
            .map(|(name, allowed)| Condition::Attribute(name, allowed.0));
        let others = [
            some(when.tags.0).map(Condition::Tags),
            when.max_time_ms.map(Condition::Time),
            when.max_cost_usd.map(Condition::Cost),
            range(when.min_tokens, when.max_tokens).map(Condition::Tokens),
            when.tool_exchange.map(Condition::Exchange),
            when.response_format.map(Condition::Format),
            range(when.min_turns, when.max_turns).map(Condition::Turns),
            when.tools.map(Condition::Tools),
            some(when.tool_named.0).map(Condition::ToolNamed),
            matches.map(Condition::Matches),
            matches_all.map(Condition::MatchesAll),
            // Behind the patterns: to count the message takes longer than to search it.
            range(when.min_last_tokens, when.max_last_tokens).map(Condition::LastTokens),
            when.code.map(Condition::Code),
            some(when.languages.0).map(Condition::Languages),
            some(when.parts).map(Condition::Parts),
            anywhere.map(Condition::AnyMatches),
        ];
        attributes.chain(others.into_iter().flatten()).collect()
    }
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

fn range(min: Option<u32>, max: Option<u32>) -> Option<Range> {
    (min.is_some() || max.is_some()).then_some(Range(min.unwrap_or(0), max.unwrap_or(u32::MAX)))
}

/// The numbers of the patterns, or a fault for each that does not compile.
fn patterns(into: &mut Patterns, errors: &mut Vec<SettingsError>, path: &str, sources: Words) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for (source, at) in some(sources.0)?.iter().zip(0..) {
        match into.add(source) {
            Ok(number) => numbers.push(number),
            Err(message) => errors.push(SettingsError::new(format!("{path}[{at}]"), message)),
        }
    }
    Some(numbers)
}
