//! `pointsman key`: who may ask a gateway, for what, how often, and for how much.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::output::print;
use crate::policy::GatewayArgs;

/// Keys of a gateway that runs.
#[derive(clap::Subcommand)]
pub(crate) enum KeyCommand {
    Create(CreateArgs),
    List(ListArgs),
    Revoke(RevokeArgs),
    Budgets(BudgetsArgs),
}

/// Make a key. Its secret is shown once, and kept nowhere.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman key create alice
  pointsman key create ci --model auto --requests-per-minute 60 --tokens-per-minute 100000
  pointsman key create team-a --tag team-a --budget 20 --window month
  pointsman key create trial --budget 1 --window total --expires-days 30

Clients send it as `authorization: Bearer pm-…` or `x-api-key: pm-…`: as their SDK sends the provider's.")]
pub(crate) struct CreateArgs {
    /// What people call it; no two keys have the same.
    name: String,
    /// A model or route that may be asked for by name; again for more. All, where it is not given.
    #[arg(long = "model", value_name = "NAME")]
    models: Vec<String>,
    /// A tag of every request with it; again for more. Budgets in the configuration may be for a tag.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Keys of one tenant share their conversations; a tenant of its own, where it is not given.
    #[arg(long)]
    tenant: Option<String>,
    /// Most requests in a minute.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    requests_per_minute: Option<u32>,
    /// Most tokens of prompts and replies in a minute.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    tokens_per_minute: Option<u32>,
    /// Most USD in a window.
    #[arg(long, value_name = "USD", requires = "window", value_parser = usd)]
    budget: Option<f64>,
    /// The budget's window: hour, day, week, month (of UTC), or total.
    #[arg(long, requires = "budget", value_parser = ["hour", "day", "week", "month", "total"])]
    window: Option<String>,
    /// Tokens of the reply that are reserved where a request names no limit; as many as the model can give, where it is not
    /// given: then the budget is never overspent.
    #[arg(long, value_name = "N", requires = "budget", value_parser = clap::value_parser!(u32).range(1..))]
    output_tokens: Option<u32>,
    /// Days after which it holds no more.
    #[arg(long, value_name = "N")]
    expires_days: Option<u32>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

/// List the keys that hold.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman key list")]
pub(crate) struct ListArgs {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

/// Revoke a key: from here on it is refused.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman key revoke alice")]
pub(crate) struct RevokeArgs {
    /// Its name or its id.
    name: String,
    #[command(flatten)]
    gateway: GatewayArgs,
}

/// Show how every budget stands, of keys and of the configuration.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman key budgets")]
pub(crate) struct BudgetsArgs {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

fn usd(text: &str) -> Result<f64, String> {
    let usd: Option<f64> = text.parse().ok();
    usd.filter(|usd| *usd > 0.0 && usd.is_finite())
        .ok_or_else(|| "give a positive number of USD".to_owned())
}

/// Runs one of them.
pub(crate) async fn execute(command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Create(args) => create(args).await,
        KeyCommand::List(args) => list(args).await,
        KeyCommand::Revoke(args) => revoke(args).await,
        KeyCommand::Budgets(args) => budgets(args).await,
    }
}

async fn create(args: CreateArgs) -> anyhow::Result<()> {
    let mut grant = json!({ "name": args.name, "models": args.models, "tags": args.tags });
    let mut set = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            grant[field] = value;
        }
    };
    set("tenant", args.tenant.map(Value::from));
    set("requests_per_minute", args.requests_per_minute.map(Value::from));
    set("tokens_per_minute", args.tokens_per_minute.map(Value::from));
    set(
        "budget",
        args.budget
            .map(|usd| json!({ "usd": usd, "window": args.window, "output_tokens": args.output_tokens })),
    );
    let end = args
        .expires_days
        .map(|days| SystemTime::now() + Duration::from_secs(u64::from(days) * 24 * 3_600));
    let end = end.and_then(|end| end.duration_since(UNIX_EPOCH).ok());
    set("expires_at_ms", end.map(|end| (end.as_millis() as u64).into()));
    let made = args.gateway.client()?.post("/keys", &grant).await?;
    if args.json {
        return print(&format!("{made:#}\n"));
    }
    let mut out = format!("{}\n", made["secret"].as_str().unwrap_or_default());
    if made["outlives_this_process"] != true {
        eprintln!("note: this gateway keeps its keys within the process, until it ends: name a file in [store]");
    }
    eprintln!(
        "the secret of the key `{}`, which nobody can show again:",
        text(&made["name"])
    );
    // The secret alone goes to standard output, so that a script can take it.
    print(&std::mem::take(&mut out))
}

async fn list(args: ListArgs) -> anyhow::Result<()> {
    let all = args.gateway.client()?.get("/keys").await?;
    if args.json {
        return print(&format!("{all:#}\n"));
    }
    let keys = all["keys"].as_array().into_iter().flatten();
    let lines: String = keys.map(line).collect();
    print(if lines.is_empty() {
        "there is no key: `pointsman key create NAME` makes one\n"
    } else {
        &lines
    })
}

/// A key in one line.
fn line(key: &Value) -> String {
    let list = |field: &str| {
        let all = key[field].as_array().into_iter().flatten().filter_map(Value::as_str);
        all.collect::<Vec<_>>().join(", ")
    };
    let mut may = vec![match list("models") {
        all if all.is_empty() => "all models".to_owned(),
        some => some,
    }];
    let count = |field: &str| key[field].as_u64();
    may.extend(count("requests_per_minute").map(|n| format!("{n} requests a minute")));
    may.extend(count("tokens_per_minute").map(|n| format!("{n} tokens a minute")));
    if let Some(usd) = key["budget"]["usd"].as_f64() {
        may.push(format!("${usd} {}", text(&key["budget"]["window"])));
    }
    if !list("tags").is_empty() {
        may.push(format!("tags {}", list("tags")));
    }
    if let Some(end) = count("expires_at_ms") {
        may.push(format!("until {}", crate::moment::utc(end)));
    }
    format!(
        "{:<20} {} …{}  {}\n",
        text(&key["name"]),
        text(&key["id"]),
        text(&key["ends_with"]),
        may.join("; ")
    )
}

async fn revoke(args: RevokeArgs) -> anyhow::Result<()> {
    // A name may have characters that an address does not.
    let path = format!("/keys/{}", crate::moment::in_address(&args.name));
    let revoked = args.gateway.client()?.delete(&path).await?;
    print(&format!("revoked {}", line(&revoked["revoked"])))
}

async fn budgets(args: BudgetsArgs) -> anyhow::Result<()> {
    let all = args.gateway.client()?.get("/budgets").await?;
    if args.json {
        return print(&format!("{all:#}\n"));
    }
    let budgets = all["budgets"].as_array().into_iter().flatten();
    let lines: String = budgets
        .map(|budget| {
            let usd = |field: &str| budget[field].as_f64().unwrap_or(f64::NAN);
            let anew = budget["anew_at_ms"]
                .as_u64()
                .map(|at| format!(", anew at {}", crate::moment::utc(at)));
            format!(
                "{}: ${:.6} of ${} spent ({}), ${:.6} reserved{}\n",
                text(&budget["budget"]),
                usd("spent_usd"),
                usd("usd"),
                text(&budget["window"]),
                usd("reserved_usd"),
                anew.unwrap_or_default(),
            )
        })
        .collect();
    print(if lines.is_empty() {
        "there is no budget: [[budgets]] in the configuration, or `pointsman key create --budget`\n"
    } else {
        &lines
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}
