//! From names and tags to candidates: which ones a route means, in which order, and on what ground.

use pointsman_policy::Candidate;

use crate::settings::Route;

/// The tag that is inferred from the lowest known price.
const CHEAP: &str = "cheap";
/// The tag that is inferred from the highest known price.
const STRONG: &str = "strong";

/// A candidate that a route means, and why it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferred<'c> {
    /// The candidate.
    pub candidate: &'c Candidate,
    /// On what ground.
    pub ground: Ground<'c>,
}

/// On what ground a candidate was meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ground<'c> {
    /// The route names it.
    Named,
    /// It has the tag.
    Tagged(&'c str),
    /// No candidate has the tag; this one stands out by its price for a million tokens of prompt and of reply, in USD.
    Priced(&'c str, f64),
    /// No candidate has the tag and prices do not tell them apart: the operator's order.
    Ordered(&'c str),
    /// Nothing is asked for: the operator's order.
    First,
}

impl Ground<'_> {
    /// As a reason says it.
    pub fn say(&self) -> String {
        match self {
            Self::Named => "named by the rule".into(),
            Self::Tagged(tag) => format!("tagged `{tag}`"),
            Self::Priced(tag, price) => {
                format!(
                    "no candidate is tagged `{tag}`, so by price: {price} USD for a million tokens of prompt and of reply"
                )
            }
            Self::Ordered(tag) => {
                format!("no candidate is tagged `{tag}` and prices do not tell, so by the operator's order")
            }
            Self::First => "by the operator's order".into(),
        }
    }
}

/// Candidates that the route means, most wanted first and each once; then the names among its wishes that mean nobody.
pub fn preferred<'c>(
    route: &'c Route,
    default: &'c Route,
    candidates: &'c [Candidate],
) -> (Vec<Preferred<'c>>, Vec<&'c str>) {
    let mut list: Vec<Preferred<'c>> = Vec::new();
    let mut missing = Vec::new();
    let mut take = |wish: &'c str, found: Vec<Preferred<'c>>| {
        if found.is_empty() {
            missing.push(wish);
        }
        for preferred in found {
            if !list
                .iter()
                .any(|other| other.candidate.name == preferred.candidate.name)
            {
                list.push(preferred);
            }
        }
    };
    match (&route.model, &route.tag) {
        (Some(model), _) => take(model, by_name(model, candidates)),
        (None, Some(tag)) => take(tag, by_tag(tag, candidates)),
        (None, None) => take("", in_order(candidates, Ground::First)),
    }
    let fallbacks = if route.fallbacks.is_empty() {
        &default.fallbacks
    } else {
        &route.fallbacks
    };
    for wish in fallbacks {
        let named = by_name(wish, candidates);
        take(
            wish,
            if named.is_empty() {
                by_tag(wish, candidates)
            } else {
                named
            },
        );
    }
    (list, missing)
}

fn by_name<'c>(name: &str, candidates: &'c [Candidate]) -> Vec<Preferred<'c>> {
    let found = candidates.iter().filter(|candidate| candidate.name == name);
    found
        .map(|candidate| Preferred {
            candidate,
            ground: Ground::Named,
        })
        .collect()
}

fn by_tag<'c>(tag: &'c str, candidates: &'c [Candidate]) -> Vec<Preferred<'c>> {
    let tagged = candidates.iter().filter(|candidate| has(candidate, tag));
    let tagged: Vec<_> = tagged
        .map(|candidate| Preferred {
            candidate,
            ground: Ground::Tagged(tag),
        })
        .collect();
    if !tagged.is_empty() {
        return tagged;
    }
    match tag {
        CHEAP => inferred(tag, STRONG, 1.0, candidates),
        STRONG => inferred(tag, CHEAP, -1.0, candidates),
        _ => Vec::new(),
    }
}

/// Those without the opposite tag, by rising price times `sign`, or where prices do not tell, in the operator's order.
fn inferred<'c>(tag: &'c str, opposite: &str, sign: f64, candidates: &'c [Candidate]) -> Vec<Preferred<'c>> {
    let open = || candidates.iter().filter(|candidate| !has(candidate, opposite));
    let mut priced: Vec<_> = open()
        .filter_map(|candidate| Some((candidate, price(candidate)?)))
        .collect();
    priced.sort_by(|(_, a), (_, b)| (a * sign).total_cmp(&(b * sign)));
    match (priced.first(), priced.last()) {
        // One known price says nothing of the others; equal prices say nothing either.
        (Some((_, first)), Some((_, last))) if first != last => {
            let ground = |price| Ground::Priced(tag, price);
            priced
                .into_iter()
                .map(|(candidate, price)| Preferred {
                    candidate,
                    ground: ground(price),
                })
                .collect()
        }
        _ => open()
            .map(|candidate| Preferred {
                candidate,
                ground: Ground::Ordered(tag),
            })
            .collect(),
    }
}

/// All of them as the operator wrote them down.
pub fn in_order<'c>(candidates: &'c [Candidate], ground: Ground<'c>) -> Vec<Preferred<'c>> {
    candidates
        .iter()
        .map(|candidate| Preferred { candidate, ground })
        .collect()
}

fn has(candidate: &Candidate, tag: &str) -> bool {
    candidate.tags.iter().any(|other| other == tag)
}

/// A million tokens of prompt and a million of reply, in USD; nothing unless both prices are known.
fn price(candidate: &Candidate) -> Option<f64> {
    Some(candidate.input_price? + candidate.output_price?)
}
