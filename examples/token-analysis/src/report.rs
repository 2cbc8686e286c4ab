//! What was found, as tables for a terminal and as panels for the plot.

use std::fmt::Write;

use crate::census::{Census, Sum};
use crate::pipeline::Pipeline;
use crate::plot::{Bar, Panel};

/// The tables.
pub(crate) fn tables(census: &Census, pipeline: &Pipeline) -> String {
    let mut out = String::new();
    let about = if census.exact { "counted" } else { "in part estimated" };
    let (tokens, messages) = (grouped(census.total.tokens), grouped(census.total.messages));
    line(
        &mut out,
        format_args!(
            "{} conversations, {messages} messages, {tokens} tokens ({about})",
            census.conversations
        ),
    );

    sums(
        &mut out,
        "BY ROLE",
        census,
        census.roles.iter().map(|(role, sum)| (*role, *sum)),
    );
    sums(
        &mut out,
        "BY SECTION",
        census,
        census.sections.iter().map(|(section, sum)| (section.name(), *sum)),
    );
    if census.deciles != [Sum::default(); 10] {
        let names: Vec<_> = (0..10).map(decile).collect();
        let tenths = names.iter().zip(census.deciles).map(|(name, sum)| (name.as_str(), sum));
        sums(&mut out, "BY POSITION *", census, tenths);
        line(
            &mut out,
            format_args!("* conversations of ten messages and more, the oldest tenth first"),
        );
    }

    line(
        &mut out,
        format_args!(
            "\n{:<22}{:>13}{:>12}{:>9}",
            "ROUTED TO", "CONVERSATIONS", "TOKENS", "SHARE"
        ),
    );
    for (model, share) in &pipeline.shares {
        let part = percent(share.tokens, census.total.tokens);
        line(
            &mut out,
            format_args!(
                "{model:<22}{:>13}{:>12}{part:>9}",
                share.conversations,
                grouped(share.tokens)
            ),
        );
    }
    line(
        &mut out,
        format_args!(
            "{:<22}{:>13}{:>12}{:>9}",
            "total", census.conversations, tokens, "100.0%"
        ),
    );
    plans(&mut out, pipeline);
    out
}

fn sums<'a>(out: &mut String, title: &str, census: &Census, rows: impl Iterator<Item = (&'a str, Sum)>) {
    line(
        out,
        format_args!("\n{title:<22}{:>13}{:>12}{:>9}", "MESSAGES", "TOKENS", "SHARE"),
    );
    let mut total = Sum::default();
    let mut row = |name: &str, sum: Sum| {
        let share = percent(sum.tokens, census.total.tokens);
        line(
            out,
            format_args!(
                "{name:<22}{:>13}{:>12}{share:>9}",
                grouped(sum.messages),
                grouped(sum.tokens)
            ),
        );
    };
    for (name, sum) in rows {
        row(name, sum);
        total = Sum {
            messages: total.messages + sum.messages,
            tokens: total.tokens + sum.tokens,
        };
    }
    row("total", total);
}

/// One line for each setting of the compressor: tokens that are sent, what is saved, and what the prompts cost.
fn plans(out: &mut String, pipeline: &Pipeline) {
    let dearest = format!("ALL TO {}", pipeline.dearest());
    line(
        out,
        format_args!(
            "\n{:<22}{:>13}{:>9}{dearest:>22}{:>14}",
            "COMPRESSOR", "TOKENS SENT", "SAVED", "ROUTED"
        ),
    );
    let whole = pipeline.plans.first().map_or(0, |plan| plan.tokens);
    for plan in &pipeline.plans {
        let (all, routed) = (usd(plan.cost_dearest), usd(plan.cost_routed));
        let saved = percent(whole.saturating_sub(plan.tokens), whole);
        let tokens = grouped(plan.tokens);
        line(
            out,
            format_args!("{:<22}{tokens:>13}{saved:>9}{all:>22}{routed:>14}", plan.name),
        );
        if plan.failed > 0 {
            line(
                out,
                format_args!("  it failed on {} conversations, which count as they are", plan.failed),
            );
        }
    }
    line(
        out,
        format_args!("Costs are of the prompts alone, without a prompt cache."),
    );
}

/// The panels of the plot.
pub(crate) fn panels(census: &Census, pipeline: &Pipeline) -> Vec<Panel> {
    let bar = |name: &str, sum: &Sum| {
        let text = format!("{} ({})", grouped(sum.tokens), percent(sum.tokens, census.total.tokens));
        Bar {
            label: name.to_owned(),
            value: sum.tokens as f64,
            text,
        }
    };
    let sections = census
        .sections
        .iter()
        .map(|(section, sum)| bar(section.name(), sum))
        .collect();
    let roles = census.roles.iter().map(|(role, sum)| bar(role, sum)).collect();
    let tenths = (0..10).map(|at| bar(&decile(at), &census.deciles[at])).collect();
    let cost = |name: String, usd_: Option<f64>| Bar {
        label: name,
        value: usd_.unwrap_or(0.0),
        text: usd(usd_),
    };
    let costs = pipeline.plans.iter().flat_map(|plan| {
        let short = plan.name.trim_start_matches("window, ");
        [
            cost(short.to_owned(), plan.cost_dearest),
            cost(format!("{short}, routed"), plan.cost_routed),
        ]
    });
    vec![
        Panel::new("Tokens by section", "", sections),
        Panel::new("Tokens by role", "", roles),
        Panel::new(
            "Tokens by position",
            "conversations of ten messages and more, the oldest tenth first",
            tenths,
        ),
        Panel::new(
            "Cost of the prompts",
            format!("to {}, or as the router chooses", pipeline.dearest()),
            costs.collect(),
        ),
    ]
}

fn decile(at: usize) -> String {
    format!("{} to {}%", at * 10, (at + 1) * 10)
}

fn usd(cost: Option<f64>) -> String {
    cost.map_or("unknown".to_owned(), |usd| format!("{usd:.4} USD"))
}

fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        "-".to_owned()
    } else {
        format!("{:.1}%", part as f64 * 100.0 / whole as f64)
    }
}

/// A number with its thousands set apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [7, 999, 1_000, 1_234_567].map(grouped),
            ["7", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn what_is_not_known_is_not_zero() {
        assert_eq!(usd(None), "unknown");
        assert_eq!(percent(0, 0), "-");
        assert_eq!(percent(1, 3), "33.3%");
    }
}
