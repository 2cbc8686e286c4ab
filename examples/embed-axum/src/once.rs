//! One request to try the service with: as a line for the shell, and sent by the service to itself.

use std::net::SocketAddr;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATH: &str = "/v1/chat/completions";
const BODY: &str = r#"{"model":"auto","messages":[{"role":"user","content":"What does this print?\n```python\nprint(sorted(\"bca\"))\n```"}]}"#;

/// The request as a line for the shell.
pub(crate) fn curl(address: SocketAddr) -> String {
    format!("curl -i http://{address}{PATH} -H 'content-type: application/json' -d '{BODY}'")
}

/// Sends the request and gives the whole response as it came, headers first.
pub(crate) async fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address)
        .await
        .context("the service does not answer itself")?;
    let length = BODY.len();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(BODY.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    anyhow::ensure!(
        response.starts_with("HTTP/1.1 200"),
        "the service answered with an error:\n{response}"
    );
    Ok(response)
}
