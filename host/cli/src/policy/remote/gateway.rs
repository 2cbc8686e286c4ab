//! Which gateway, and by what right.

use std::path::PathBuf;

use anyhow::Context as _;
use pointsman_gateway::AdminClient;
use serde_json::Value;

use crate::serve::token;

/// The gateway that runs.
#[derive(clap::Args)]
pub(crate) struct GatewayArgs {
    /// Its admin API.
    #[arg(
        long,
        value_name = "URL",
        env = "POINTSMAN_ADMIN",
        default_value = "http://127.0.0.1:8081"
    )]
    admin: String,
    /// A file with its token; $POINTSMAN_ADMIN_TOKEN, or the token that `pointsman serve` made, where it is not given.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl GatewayArgs {
    pub(crate) fn client(&self) -> anyhow::Result<AdminClient> {
        let token = match &self.token_file {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("{} cannot be read", file.display()))?
                .trim()
                .to_owned(),
            None => match std::env::var("POINTSMAN_ADMIN_TOKEN") {
                Ok(token) => token,
                Err(_) => token::own()
                    .context("there is no token: set POINTSMAN_ADMIN_TOKEN, or name a file with --token-file")?,
            },
        };
        let client = AdminClient::new(&self.admin, &token)?;
        Ok(match std::env::var("USER").or_else(|_| std::env::var("LOGNAME")) {
            Ok(name) => client.by(&name),
            Err(_) => client,
        })
    }
}

/// A revision in words.
pub(super) fn words(revision: &Value) -> String {
    let mut out = headline(revision);
    for slot in revision["slots"].as_array().into_iter().flatten() {
        let arms = slot["arms"].as_array().into_iter().flatten();
        let arms: Vec<String> = arms.map(|arm| arm_words(&arm["policy"])).collect();
        out += &format!(
            "  {:<14} {:<8} {}\n",
            text(&slot["slot"]),
            text(&slot["mode"]),
            arms.join(" | ")
        );
    }
    out
}

/// One line of it.
pub(super) fn headline(revision: &Value) -> String {
    let active = if revision["active"] == true { "active" } else { "staged" };
    let change: Vec<&str> = text(&revision["change"]).split(' ').map(short).collect();
    format!("revision {}, {active} ({})\n", revision["revision"], change.join(" "))
}

/// A digest by its beginning; anything else as it is.
fn short(word: &str) -> &str {
    match word.strip_prefix("sha256:") {
        Some(_) => word.get(..19).unwrap_or(word),
        None => word,
    }
}

fn arm_words(policy: &Value) -> String {
    let (name, version) = (text(&policy["name"]), text(&policy["version"]));
    format!("{name} {version} {}", short(text(&policy["digest"])))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}
