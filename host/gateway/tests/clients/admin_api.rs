//! schemathesis against the admin API, from the API's own description: whatever fits it, and whatever does not, is
//! answered as it says.

use std::path::Path;
use std::process::Command;

use pointsman::Engine;
use pointsman_gateway::{Config, Gateway, Kept};

use crate::{place, python, run};

const TOKEN: &str = "a-token-for-schemathesis";

const CONFIG: &str = "
[server]
listen = \"127.0.0.1:0\"
[admin]
listen = \"127.0.0.1:0\"
token = { file = \"admin-token\" }
component-limit-mib = 1
[[upstreams]]
name = \"here\"
kind = \"simulated\"
[[models]]
name = \"small\"
upstream = \"here\"
[[slots]]
name = \"router\"
kind = \"router\"
policy = \"router-rules\"
";

/// What fits the description can still name what is not there, or not be a component: then it is refused in words. A
/// gateway that was told to drain says that it is not ready.
const SETTINGS: &str = "
[checks.positive_data_acceptance]
expected-statuses = [\"2xx\", \"400\", \"401\", \"404\", \"409\", \"422\"]

[[operations]]
include-path = \"/ready\"
checks.not_a_server_error.expected-statuses = [\"2xx\", \"4xx\", \"503\"]
checks.positive_data_acceptance.expected-statuses = [\"2xx\", \"401\", \"503\"]
";

/// Starts a gateway and gives the address of its admin API; it serves as long as the runtime lives.
async fn gateway(folder: &Path) -> String {
    std::fs::write(folder.join("admin-token"), TOKEN).unwrap();
    let config = Config::from_toml(CONFIG).unwrap().base(folder);
    let mut settings = config.settings();
    settings.sandbox.cache_dir = Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled").into());
    let all = pointsman_standard::ALL.iter();
    let builder = all.fold(Engine::builder(settings), |b, s| b.policy(s.name, s.component));
    let kept = Kept::open(&config).await.unwrap();
    let engine = kept.attach(builder).build().await.unwrap();
    let gateway = Gateway::bind(&config, engine, &kept).await.unwrap();
    let address = format!("http://{}", gateway.admin_address().unwrap());
    tokio::spawn(gateway.serve(std::future::pending()));
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_the_admin_api_as_it_describes_itself() {
    let tool = tokio::task::spawn_blocking(|| python("schemathesis")).await.unwrap();
    let tool = match tool {
        Ok(python) => python.with_file_name("schemathesis"),
        Err(why) => {
            eprintln!("skipped, since schemathesis cannot be had here: {why}");
            return;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let address = gateway(folder.path()).await;
    let settings = folder.path().join("schemathesis.toml");
    std::fs::write(&settings, SETTINGS).unwrap();
    let said = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(tool);
        command
            .current_dir(place("schemathesis"))
            .arg("--config-file")
            .arg(settings)
            .args(["run", &format!("{address}/openapi.json"), "--checks", "all"])
            .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
            .args(["--max-examples", "10", "--seed", "1", "--suppress-health-check", "all"])
            .args(["--request-timeout", "120", "--warnings", "off"]);
        run(&mut command)
    })
    .await
    .unwrap();
    let said = said.unwrap_or_else(|said| panic!("{said}"));
    eprintln!(
        "{}",
        said.lines()
            .rev()
            .take(30)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join("\n")
    );
}
