//! `pointsman policy inspect`: everything that can be known of a component.

use std::path::PathBuf;

use pointsman::{About, CONTRACT, Image, Inspection};
use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::component;
use super::lines::{line, list, size};
use crate::output::print;

/// Show what a component is and what it says of itself.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy inspect my-router.wasm
  pointsman policy inspect router-rules --json")]
pub(crate) struct InspectArgs {
    /// The component, or the name of a standard policy.
    file: PathBuf,
    /// Settings to configure it with.
    #[arg(long, value_name = "JSON", default_value = "{}", value_parser = component::json)]
    settings: Value,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(args: &InspectArgs) -> anyhow::Result<()> {
    let bytes = component::read(&args.file)?;
    let inspection = pointsman::inspect(&bytes)?;
    let engine = component::engine().await?;
    // Compiling blocks, which the runtime wants to know.
    let said = block_in_place(|| engine.describe(bytes, &args.settings)).map_err(|error| error.to_string());
    let found = Found { inspection, said };
    if args.json {
        print(&format!("{:#}\n", found.json()))
    } else {
        print(&found.words())
    }
}

/// What is known of a component: from its bytes, and from running it.
struct Found {
    inspection: Inspection,
    /// What it says of itself and how its instances begin, or why it cannot be staged.
    said: Result<(About, Image), String>,
}

impl Found {
    fn words(&self) -> String {
        let inspection = &self.inspection;
        let title = match &self.said {
            Ok((about, _)) => format!("{} {}: {}\n", about.name, about.version, about.summary),
            Err(_) => "a policy that cannot be staged\n".to_owned(),
        };
        let bytes = [
            list("kind", &self.kinds()),
            line("size", size(inspection.bytes)),
            line("digest", &inspection.digest),
            line("contract", self.contracts().join(", ")),
            list("imports", &inspection.imports),
            list("exports", &inspection.exports),
            line("cases", component::own_cases(inspection)),
        ]
        .concat();
        let said = match &self.said {
            Err(why) => line("staging", why),
            Ok((about, image)) => [
                list("abilities", &abilities(about)),
                line("instances", image_words(image)),
                line("settings", schema_words(&about.settings_schema)),
            ]
            .concat(),
        };
        format!("{title}{bytes}{said}")
    }

    fn json(&self) -> Value {
        let inspection = &self.inspection;
        let about = self.said.as_ref().ok().map(|(about, _)| about);
        let image = self.said.as_ref().ok().map(|(_, image)| image);
        json!({
            "name": about.map(|about| &about.name),
            "version": about.map(|about| &about.version),
            "summary": about.map(|about| &about.summary),
            "kinds": inspection.kinds,
            "bytes": inspection.bytes,
            "digest": inspection.digest,
            "contracts": self.contracts(),
            "host_contract": CONTRACT,
            "imports": inspection.imports,
            "exports": inspection.exports,
            "cases": component::own_cases(inspection),
            "abilities": about.map(abilities),
            "snapshot": image.map(|image| *image == Image::Snapshot),
            "configured_each_time_because": image.and_then(obstacle),
            "settings_schema": about.map(|about| schema(&about.settings_schema)),
            "refused": self.said.as_ref().err(),
        })
    }

    fn kinds(&self) -> Vec<String> {
        self.inspection.kinds.iter().map(ToString::to_string).collect()
    }

    /// The versions of the contract that it was built against.
    fn contracts(&self) -> Vec<String> {
        let version = |export: &String| {
            let (package, rest) = export.split_once('/')?;
            let (_, version) = rest.split_once('@')?;
            Some(format!("{package}@{version}"))
        };
        let found: std::collections::BTreeSet<_> = self.inspection.exports.iter().filter_map(version).collect();
        found.into_iter().collect()
    }
}

fn abilities(about: &About) -> Vec<String> {
    let all = [("input-guard", about.guards), ("reply-review", about.reviews)];
    all.iter()
        .filter(|(_, has)| *has)
        .map(|(name, _)| (*name).to_owned())
        .collect()
}

fn obstacle(image: &Image) -> Option<&str> {
    if let Image::ConfiguredEachTime(why) = image {
        Some(why)
    } else {
        None
    }
}

fn image_words(image: &Image) -> String {
    match obstacle(image) {
        None => "begin from a snapshot of the configured component".to_owned(),
        Some(why) => format!("are configured each time, since the component cannot be snapshotted: {why}"),
    }
}

/// The schema as JSON; as the text it is, where it is none.
fn schema(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| if text.is_empty() { Value::Null } else { text.into() })
}

fn schema_words(text: &str) -> String {
    match schema(text) {
        Value::Null => "none".to_owned(),
        Value::String(text) => text,
        schema => format!("{schema:#}"),
    }
}
