//! Names that clients ask for: a model of its own where there is one deployment, a route where there are several or where
//! others stand in.

use super::deployment::Deployment;
use super::report::Report;
use super::settings::Defaults;
use super::upstream::Upstream;

/// What is written.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Each with its name.
    pub(super) upstreams: Vec<(String, Upstream)>,
    /// Each with its name and its upstream's.
    pub(super) models: Vec<(String, String, Deployment)>,
    pub(super) routes: Vec<(String, Vec<String>)>,
}

/// Gives everything a name of its own.
pub(super) fn arrange(mut deployments: Vec<Deployment>, defaults: &Defaults, report: &mut Report) -> Groups {
    // Without an order they stay as they stand.
    deployments.sort_by_key(|deployment| deployment.order.unwrap_or(i64::MAX));
    let mut groups = Groups::default();
    let mut names: Vec<String> = Vec::new();
    for deployment in &deployments {
        if !names.contains(&deployment.group) {
            names.push(deployment.group.clone());
        }
    }
    let fallbacks = |name: &str| {
        let own = defaults
            .fallbacks
            .iter()
            .filter(|(from, _)| from == name || from == "*");
        let own = own.flat_map(|(_, to)| to);
        let all = own.chain(&defaults.default_fallbacks).filter(|to| *to != name);
        all.cloned().collect::<Vec<String>>()
    };
    for deployment in &deployments {
        let alone = deployments
            .iter()
            .filter(|other| other.group == deployment.group)
            .count()
            == 1;
        let upstream = groups.upstream(&deployment.upstream);
        let name = match alone && fallbacks(&deployment.group).is_empty() {
            true => deployment.group.clone(),
            false => groups.free(&format!("{}@{upstream}", deployment.group)),
        };
        groups.models.push((name, upstream, deployment.clone()));
    }
    for name in &names {
        let mut candidates = groups.members(name);
        for other in fallbacks(name) {
            let more = groups.members(&other);
            if more.is_empty() {
                report.not_supported(&format!("fallbacks: {name} → {other}"), "there is no such model");
            }
            candidates.extend(
                more.into_iter()
                    .filter(|more| !candidates.contains(more))
                    .collect::<Vec<_>>(),
            );
        }
        if candidates != [name.clone()] {
            groups.routes.push((name.clone(), candidates));
        }
    }
    for (alias, of) in &defaults.aliases {
        let candidates = groups.routes.iter().find(|(name, _)| name == of);
        let candidates = candidates.map_or_else(|| groups.members(of), |(_, candidates)| candidates.clone());
        if candidates.is_empty() || names.contains(alias) {
            let field = format!("router_settings.model_group_alias.{alias}");
            report.not_supported(&field, format!("`{of}` is no model, or the alias is the name of one"));
        } else {
            groups.routes.push((alias.clone(), candidates));
        }
    }
    groups
}

impl Groups {
    /// The name of an upstream; a new one, where none is reached in the same way.
    fn upstream(&mut self, upstream: &Upstream) -> String {
        if let Some((name, _)) = self.upstreams.iter().find(|(_, known)| known == upstream) {
            return name.clone();
        }
        let provider = upstream.provider.name;
        let taken = |name: &String| self.upstreams.iter().any(|(known, _)| known == name);
        let name = numbered(provider, taken);
        self.upstreams.push((name.clone(), upstream.clone()));
        name
    }

    fn free(&self, name: &str) -> String {
        numbered(name, |name| self.models.iter().any(|(known, _, _)| known == name))
    }

    /// The models that stand behind a name.
    fn members(&self, group: &str) -> Vec<String> {
        let members = self
            .models
            .iter()
            .filter(|(_, _, deployment)| deployment.group == group);
        members.map(|(name, _, _)| name.clone()).collect()
    }
}

fn numbered(name: &str, taken: impl Fn(&String) -> bool) -> String {
    let mut tried = name.to_owned();
    let mut number = 1;
    while taken(&tried) {
        number += 1;
        tried = format!("{name}-{number}");
    }
    tried
}
