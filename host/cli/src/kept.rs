//! `pointsman memory`, and `list` and `delete` of `pointsman traces`: what a gateway keeps of people, shown and taken away.

use anyhow::ensure;
use serde_json::Value;

use crate::moment::{in_address, utc};
use crate::output::print;
use crate::policy::GatewayArgs;

/// What a gateway that runs remembers of conversations.
#[derive(clap::Subcommand)]
pub(crate) enum MemoryCommand {
    /// List conversations, the latest first, and what each slot remembers of them.
    #[command(
        after_help = "Examples:\n  pointsman memory list --user ann\n  pointsman memory list --conversation c-17 --json"
    )]
    List(ListArgs),
    /// Forget conversations.
    #[command(after_help = "Examples:\n  pointsman memory delete --user ann\n  pointsman memory delete --all")]
    Delete(DeleteArgs),
}

/// Whose. What is not given is not looked at.
#[derive(clap::Args)]
pub(crate) struct Whose {
    /// The user, as requests named it; empty: of requests that named none.
    #[arg(long)]
    user: Option<String>,
    /// The tenant of a key, or the key's id where it is a tenant of its own; empty: of requests without a key.
    #[arg(long)]
    tenant: Option<String>,
    /// The conversation.
    #[arg(long)]
    conversation: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    whose: Whose,
    /// Most that are listed; at most 1000.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// Print one JSON object, with all that is kept.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

#[derive(clap::Args)]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    whose: Whose,
    /// Everything, where nothing else is given.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

/// Runs one of them.
pub(crate) async fn memory(command: MemoryCommand) -> anyhow::Result<()> {
    match command {
        MemoryCommand::List(args) => list(args, "/memory", "conversations", conversation).await,
        MemoryCommand::Delete(args) => {
            let gone = delete(args, "/memory").await?;
            print(&format!("{} forgotten\n", count(&gone["forgotten"], "conversation")))
        }
    }
}

/// Lists the turns that a gateway that runs has written.
pub(crate) async fn list_traces(args: ListArgs) -> anyhow::Result<()> {
    list(args, "/traces/turns", "turns", turn).await
}

/// Takes turns out of what a gateway that runs has written.
pub(crate) async fn delete_traces(args: DeleteArgs) -> anyhow::Result<()> {
    let gone = delete(args, "/traces/turns").await?;
    print(&format!("{} taken out\n", count(&gone["erased"], "turn")))
}

async fn list(args: ListArgs, path: &str, field: &str, line: fn(&Value) -> String) -> anyhow::Result<()> {
    let path = format!("{path}?limit={}{}", args.limit, args.whose.query());
    let all = args.gateway.client()?.get(&path).await?;
    if args.json {
        return print(&format!("{all:#}\n"));
    }
    let lines: String = all[field].as_array().into_iter().flatten().map(line).collect();
    print(if lines.is_empty() {
        "nothing is kept of that\n"
    } else {
        &lines
    })
}

async fn delete(args: DeleteArgs, path: &str) -> anyhow::Result<Value> {
    let query = args.whose.query();
    ensure!(
        args.all || !query.is_empty(),
        "whose? give --user, --tenant or --conversation, or --all for everything"
    );
    Ok(args
        .gateway
        .client()?
        .delete(&format!("{path}?all={}{query}", args.all))
        .await?)
}

impl Whose {
    fn query(&self) -> String {
        let fields = [
            ("user", &self.user),
            ("tenant", &self.tenant),
            ("conversation", &self.conversation),
        ];
        let given = fields.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        given
            .map(|(name, value)| format!("&{name}={}", in_address(value)))
            .collect()
    }
}

fn conversation(kept: &Value) -> String {
    let slots = kept["memories"].as_array().into_iter().flatten().map(|memory| {
        let covered = &memory[1]["covered"];
        format!(
            "{}: {covered} messages, {} facts",
            text(&memory[0]),
            memory[1]["facts"].as_array().map_or(0, Vec::len)
        )
    });
    let slots: Vec<String> = slots.collect();
    format!(
        "{}{}\n",
        head(kept),
        if slots.is_empty() {
            "nothing but the last decision".to_owned()
        } else {
            slots.join("; ")
        }
    )
}

fn turn(kept: &Value) -> String {
    let cost = kept["cost_usd"]
        .as_f64()
        .map_or("cost unknown".to_owned(), |usd| format!("${usd:.6}"));
    format!(
        "{}{} {} {cost} {}\n",
        head(kept),
        text(&kept["state"]),
        text(&kept["model"]),
        text(&kept["turn"])
    )
}

/// When and whose.
fn head(kept: &Value) -> String {
    let or = |field: &str| match text(&kept[field]) {
        "" => "–".to_owned(),
        name => name.to_owned(),
    };
    let at = utc(kept["at_ms"].as_u64().unwrap_or_default());
    format!(
        "{at}  {:<16} {:<12} {:<34} ",
        or("tenant"),
        or("user"),
        or("conversation")
    )
}

/// So many of them.
fn count(number: &Value, what: &str) -> String {
    let end = if *number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}
