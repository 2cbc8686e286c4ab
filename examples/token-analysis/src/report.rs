//! What was found, as tables for a terminal and as panels for the plot.

use std::fmt::Write;

use crate::census::{Census, Sum};
use crate::pipeline::Pipeline;
use crate::plot::{Bar, Panel};

/// The tables.
pub(crate) fn tables(census: &Census, pipeline: &Pipeline) -> String {
    let about = if census.exact { "counted" } else { "in part estimated" };
    let [conversations, messages, tokens] =
        [census.conversations, census.total.messages, census.total.tokens].map(grouped);
    let mut out = format!("Conversations: {conversations}, messages: {messages}, tokens: {tokens} ({about})\n");

    let roles = census.roles.iter().map(|(role, sum)| ((*role).to_owned(), *sum));
    sums(&mut out, "BY ROLE", census, roles);
    let sections = census
        .sections
        .iter()
        .map(|(section, sum)| (section.name().to_owned(), *sum));
    sums(&mut out, "BY SECTION", census, sections);
    if census.deciles != [Sum::default(); 10] {
        sums(
            &mut out,
            "BY POSITION *",
            census,
            (0..10).map(|at| (decile(at), census.deciles[at])),
        );
        out += "* conversations of ten messages and more, the oldest tenth first\n";
    }
    routed(&mut out, census, pipeline);
    plans(&mut out, pipeline);
    out += "Costs are of the prompts alone, without a prompt cache.\n";
    out
}

/// One line of a table: a name, and cells under one another.
fn row<const N: usize>(out: &mut String, name: &str, cells: [&str; N]) {
    let cells: String = cells.iter().map(|cell| format!("{cell:>17}")).collect();
    // Writing to a string does not fail.
    let _ = writeln!(out, "{name:<22}{cells}");
}

fn sums(out: &mut String, title: &str, census: &Census, rows: impl Iterator<Item = (String, Sum)>) {
    out.push('\n');
    row(out, title, ["MESSAGES", "TOKENS", "SHARE"]);
    let mut total = Sum::default();
    let mut sum_row = |name: &str, sum: Sum| {
        let share = percent(sum.tokens, census.total.tokens);
        row(out, name, [&grouped(sum.messages), &grouped(sum.tokens), &share]);
    };
    for (name, sum) in rows {
        sum_row(&name, sum);
        total = Sum {
            messages: total.messages + sum.messages,
            tokens: total.tokens + sum.tokens,
        };
    }
    sum_row("total", total);
}

fn routed(out: &mut String, census: &Census, pipeline: &Pipeline) {
    out.push('\n');
    row(out, "ROUTED TO", ["CONVERSATIONS", "TOKENS", "SHARE"]);
    for (model, share) in &pipeline.shares {
        let part = percent(share.tokens, census.total.tokens);
        row(
            out,
            model,
            [&grouped(share.conversations), &grouped(share.tokens), &part],
        );
    }
    row(
        out,
        "total",
        [&grouped(census.conversations), &grouped(census.total.tokens), "100.0%"],
    );
}

/// One line for each setting of the compressor: tokens that are sent, what is saved, and what the prompts cost.
fn plans(out: &mut String, pipeline: &Pipeline) {
    out.push('\n');
    let dearest = format!("ALL TO {}", pipeline.dearest());
    row(out, "COMPRESSOR", ["TOKENS SENT", "SAVED", &dearest, "ROUTED"]);
    let whole = pipeline.plans.first().map_or(0, |plan| plan.tokens);
    for plan in &pipeline.plans {
        let saved = percent(whole.saturating_sub(plan.tokens), whole);
        let costs = [usd(plan.cost_dearest), usd(plan.cost_routed)];
        row(out, &plan.name, [&grouped(plan.tokens), &saved, &costs[0], &costs[1]]);
        if plan.failed > 0 {
            *out += &format!(
                "  conversations on which it failed, which count as they are: {}\n",
                plan.failed
            );
        }
    }
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
