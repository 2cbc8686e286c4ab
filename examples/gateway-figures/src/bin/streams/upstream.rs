//! The upstream: plain HTTP over sockets, so that its own cost is small beside what is measured.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

pub(crate) async fn serve(listen: SocketAddr, every_ms: u64, first: Duration, deltas: u32) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    println!("listening on {listen}");
    let (tick, ticks) = watch::channel(0_u64);
    tokio::spawn(async move {
        let mut every = tokio::time::interval(Duration::from_millis(every_ms));
        loop {
            every.tick().await;
            tick.send_modify(|tick| *tick += 1);
        }
    });
    loop {
        let (stream, _) = listener.accept().await?;
        let ticks = ticks.clone();
        // A client that leaves ends its stream, and nothing else.
        tokio::spawn(async move { drop(answer(stream, ticks, first, deltas).await) });
    }
}

async fn answer(
    mut stream: TcpStream,
    mut ticks: watch::Receiver<u64>,
    first: Duration,
    deltas: u32,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    read_request(&mut stream).await?;
    stream.write_all(HEAD).await?;
    if !first.is_zero() {
        tokio::time::sleep(first).await;
    }
    stream.write_all(delta("Hello").as_bytes()).await?;
    let mut buffer = [0; 64];
    for number in 1..deltas {
        tokio::select! {
            changed = ticks.changed() => if changed.is_err() { return Ok(()) },
            // The other side says nothing more, but for its end.
            read = stream.read(&mut buffer) => if read? == 0 { return Ok(()) },
        }
        stream.write_all(delta(&format!(" word{number}")).as_bytes()).await?;
    }
    let end =
        "data: {\"id\":\"s\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    stream.write_all(end.as_bytes()).await?;
    stream.shutdown().await
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut all = Vec::with_capacity(1_024);
    loop {
        if let Some(head) = all.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&all[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if all.len() >= head + 4 + length {
                return Ok(());
            }
        }
        if stream.read_buf(&mut all).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn delta(text: &str) -> String {
    format!(
        "data: {{\"id\":\"s\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":null}}]}}\n\n"
    )
}
