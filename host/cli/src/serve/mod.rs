//! `pointsman serve`: the gateway.

mod signal;
pub(crate) mod token;

use std::net::SocketAddr;
use std::path::PathBuf;

use pointsman::Engine;
use pointsman_gateway::{AdminSettings, Applied, Config, ConfigError, Gateway, Kept};

use crate::allocator;
use crate::engine::engine_builder;
use crate::output::print;
use crate::print_config::print_config;

pub(crate) use signal::told_to_stop;

/// What the command serves where no file is given: simulated models, the standard policies.
pub(crate) const DEFAULT: &str = include_str!("default.toml");

/// Serve clients of OpenAI's and Anthropic's APIs, with policies in the path.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman serve                              simulated models and the standard policies: no key, no network
  pointsman serve --print-config > gateway.toml
  pointsman serve --config gateway.toml --check
  pointsman serve --config gateway.toml --listen 127.0.0.1:9000

Then, from another shell:
  curl http://127.0.0.1:8080/v1/models
  pointsman policy stage router router-rules --settings '{\"rules\": []}' --activate
  pointsman policy rollback

The file is watched: what changes in it is applied while requests go on, and what cannot be used changes nothing.
Ctrl-c or SIGTERM ends it once the requests in flight have ended.")]
pub(crate) struct ServeArgs {
    /// The configuration, as TOML; an embedded one with simulated models where it is not given (see --print-config).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Serve clients here, whatever the configuration says; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Serve operators here, whatever the configuration says.
    #[arg(long, value_name = "ADDRESS")]
    admin: Option<SocketAddr>,
    /// Print the configuration that is used, and serve nothing.
    #[arg(long)]
    print_config: bool,
    /// Check the configuration and stage its policies, and serve nothing.
    #[arg(long)]
    check: bool,
}

pub(crate) async fn execute(args: ServeArgs) -> anyhow::Result<()> {
    if args.print_config {
        return print_config(args.config.as_deref(), DEFAULT);
    }
    let mut config = match &args.config {
        Some(path) => Config::from_file(path)?,
        None => Config::from_toml(DEFAULT)?,
    };
    config.server.listen = args.listen.unwrap_or(config.server.listen);
    if args.config.is_none() {
        config.admin = Some(own_admin()?);
    }
    if let Some(address) = args.admin {
        let admin = match &mut config.admin {
            Some(admin) => admin,
            none => none.insert(own_admin()?),
        };
        admin.listen = address;
    }
    // A check opens nothing: a gateway that runs has the files.
    let kept = if args.check {
        None
    } else {
        Some(Kept::open(&config).await?)
    };
    eprintln!("staging the policies …");
    let builder = engine_builder(config.settings())?;
    let builder = match &kept {
        Some(kept) => kept.attach(builder),
        None => builder,
    };
    let engine = builder.build().await?;
    for warning in engine.warnings() {
        eprintln!("note: {warning}");
    }
    let Some(kept) = kept else {
        Gateway::check(&config)?;
        eprintln!("the configuration holds");
        return Ok(());
    };
    allocator::give_back();
    let gateway = Gateway::bind(&config, engine.clone(), &kept).await?;
    // Until the gateway has ended.
    let _watch = match &args.config {
        Some(path) => Some(gateway.watch(path, &config, reloaded)?),
        None => None,
    };
    // The gateway serves, whether or not anybody could be told.
    print(&welcome(&config, &gateway, &engine).await).unwrap_or_else(|error| eprintln!("note: {error:#}"));
    gateway.serve(told_to_stop()).await;
    eprintln!("every request has its answer; good bye");
    tokio::task::block_in_place(|| kept.close());
    if let Some(traces) = kept.traces() {
        eprintln!(
            "{} turns: {} recorded, {} shed",
            traces.turns(),
            traces.recorded(),
            traces.shed()
        );
    }
    Ok(())
}

/// Says what came of a change of the configuration's file.
fn reloaded(result: Result<Applied, ConfigError>) {
    match result {
        Ok(applied) => {
            eprintln!("the configuration was read anew: revision {}", applied.revision);
            if !applied.restart.is_empty() {
                eprintln!("note: start anew for {}", applied.restart.join(", "));
            }
            if !applied.kept.is_empty() {
                let slots = applied.kept.join(", ");
                eprintln!("note: {slots}: as operators set them, and not as the file says, which did not change there");
            }
            if !applied.overridden.is_empty() {
                let slots = applied.overridden.join(", ");
                eprintln!("note: {slots}: as the file says from now on, and no more as operators set them");
            }
        }
        Err(error) => eprintln!("the configuration was changed and cannot be used; the one before goes on: {error}"),
    }
}

/// The admin API of a gateway that has no configuration of its own: on its usual port, with this user's token.
pub(crate) fn own_admin() -> anyhow::Result<AdminSettings> {
    let file = token::own_file()?;
    Ok(AdminSettings::with_token_file(file))
}

/// What serves, and what to try.
pub(crate) async fn welcome(config: &Config, gateway: &Gateway, engine: &Engine) -> String {
    let mut out = format!(
        "serving http://{} on revision {}\n",
        gateway.address(),
        engine.revision()
    );
    for route in &config.routes {
        out += &format!("  route     {} → {}\n", route.name, route.candidates.join(", "));
    }
    for revision in engine.revisions().await.iter().filter(|revision| revision.active) {
        for slot in &revision.slots {
            let arms: Vec<_> = slot.arms.iter().map(|arm| &arm.policy).collect();
            let arms: Vec<_> = arms
                .iter()
                .map(|policy| format!("{} {}", policy.name, policy.version))
                .collect();
            let mode = serde_json::json!(slot.mode);
            let mode = mode.as_str().unwrap_or_default().to_owned();
            out += &format!("  slot      {}: {} ({mode})\n", slot.name, arms.join(", "));
        }
    }
    match (gateway.admin_address(), &config.admin) {
        (Some(address), Some(admin)) => {
            let from = match (&admin.token.file, &admin.token.env) {
                (Some(file), _) => format!("the token is in {}", file.display()),
                (None, Some(name)) => format!("the token is ${name}"),
                (None, None) => String::new(),
            };
            out += &format!("  operators http://{address}, {from}\n");
        }
        _ => out += "  operators nowhere: policies cannot be swapped without [admin] in the configuration\n",
    }
    let name = config.routes.first().map(|route| route.name.as_str());
    let name = name
        .or(config.models.first().map(|model| model.name.as_str()))
        .unwrap_or("auto");
    out += &format!(
        "\ntry:\n  curl -i http://{}/v1/chat/completions -H 'content-type: application/json' \\\n    -d '{{\"model\":\"{name}\",\"messages\":[{{\"role\":\"user\",\"content\":\"Translate to French: good morning\"}}]}}'\n",
        gateway.address()
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_configuration_holds_and_so_does_what_it_comments_out() {
        let config = Config::from_toml(DEFAULT).unwrap();
        assert!(config.server.listen.ip().is_loopback());
        let all: Vec<&str> = DEFAULT
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| rest.contains('=') || rest.starts_with('['))
                    .unwrap_or(line)
            })
            .collect();
        let config = Config::from_toml(&all.join("\n")).unwrap();
        assert!(config.admin.is_some() && config.traces.is_some() && config.upstreams.len() == 3);
    }
}
