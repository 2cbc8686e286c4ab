//! `pointsman demo`: a gateway with simulated models and the standard policies, a burst of traffic through it, and what
//! that saved.

mod traffic;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use pointsman::Record;
use pointsman_gateway::{Config, Gateway, Kept};

use crate::engine::engine_builder;
use crate::output::print;
use crate::run::summary::Summary;
use crate::run::table;
use crate::run::through::Row;
use crate::serve::{own_admin, told_to_stop, welcome};

/// The gateway that is shown.
const CONFIG: &str = include_str!("demo.toml");

/// See it work: a gateway, simulated models, all standard policies, and a burst of traffic.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman demo
  pointsman demo --serve        leaves the gateway running, to be tried with curl

The models are simulated: the cheap ones give the replies that stand in the sample conversations, flaws included, and the
dear one says what it was asked. Costs compare list prices; they say nothing of quality.")]
pub(crate) struct DemoArgs {
    /// Leave the gateway running on its usual ports, 8080 and 8081.
    #[arg(long)]
    serve: bool,
    /// Say why under each row: reasons, findings, failures.
    #[arg(long)]
    why: bool,
}

/// Records by turn.
type Records = Arc<Mutex<BTreeMap<String, Record>>>;

pub(crate) async fn execute(args: DemoArgs) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder can be made for the sample replies")?;
    std::fs::write(folder.path().join("answers.jsonl"), traffic::SAMPLES.concat())?;
    let mut config = Config::from_toml(CONFIG)?.base(folder.path());
    if args.serve {
        config.admin = Some(own_admin()?);
    } else {
        config.server.listen.set_port(0);
    }
    eprintln!("staging the policies …");
    let records = Records::default();
    let seen = records.clone();
    let kept = Kept::open(&config).await?;
    let engine = kept
        .attach(engine_builder(config.settings())?)
        .recorder(move |record: &Record| {
            let mut records = seen.lock().unwrap_or_else(PoisonError::into_inner);
            // The burst is shown, and nothing after it kept.
            if records.len() < traffic::LIMIT {
                records.insert(record.turn.clone(), record.clone());
            }
        })
        .build()
        .await?;
    for warning in engine.warnings() {
        eprintln!("note: {warning}");
    }
    let gateway = Gateway::bind(&config, engine.clone(), &kept).await?;
    let address = gateway.address();
    let welcome = welcome(&config, &gateway, &engine).await;
    let (told, stop) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(gateway.serve(async move {
        let _ = stop.await;
    }));
    eprintln!("sending the sample conversations to http://{address}, whole and streamed …\n");
    let summary = Summary::default();
    let answers = traffic::send(address).await?;
    print(&report(&answers, &records, summary, args.why))?;
    if args.serve {
        print(&format!("\n{welcome}"))?;
        told_to_stop().await;
    } else {
        print("\nto try it yourself, leave it running: pointsman demo --serve\n")?;
    }
    drop(told);
    serving.await?;
    Ok(())
}

/// A row for each answer, and the sum.
fn report(answers: &[traffic::Answer], records: &Records, mut summary: Summary, why: bool) -> String {
    let mut records = records.lock().unwrap_or_else(PoisonError::into_inner);
    let mut out = String::new();
    for answer in answers {
        let Some(record) = records.remove(&answer.turn) else {
            out += &format!("{:<26} status {}: {}\n", answer.id, answer.status, answer.text);
            continue;
        };
        let row = Row::of(answer.id.clone(), record);
        out += &table::row(&row, summary.turns() == 0, why);
        summary.add(&row);
    }
    out + &summary.to_string()
}
