//! The client: opens streams at a steady rate, counts what comes, and leaves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;

/// Which streams, and for how long.
#[derive(clap::Args, Clone)]
pub(crate) struct Open {
    /// Who is asked.
    #[arg(long)]
    address: SocketAddr,
    /// Streams at once.
    #[arg(long, default_value_t = 10_000)]
    count: u32,
    /// Streams that are begun in a second.
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// Seconds that all of them are held open together.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The model to ask for.
    #[arg(long, default_value = "m")]
    model: String,
}

#[derive(Default)]
struct Counts {
    open: AtomicU64,
    deltas: AtomicU64,
    refused: AtomicU64,
    broken: AtomicU64,
}

/// What one stream came to.
enum Came {
    /// Seconds to its first delta.
    Opened(f64),
    /// A status and the first words of what was said.
    Refused(String),
    /// Why it ended.
    Broken(String),
}

impl Open {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let counts = Arc::new(Counts::default());
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::with_capacity(self.count as usize);
        let mut pace = tokio::time::interval(Duration::from_secs_f64(1.0 / f64::from(self.rate.max(1))));
        for number in 0..self.count {
            pace.tick().await;
            tasks.push(tokio::spawn(one(self.clone(), number, counts.clone(), stopped.clone())));
        }
        // The last of them has its time for a first delta.
        sleep(Duration::from_secs(3)).await;
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (open, before) = (load(&counts.open), load(&counts.deltas));
        println!("{}", json!({ "held": open }));
        sleep(Duration::from_secs(self.seconds)).await;
        let (still, deltas) = (load(&counts.open), load(&counts.deltas) - before);
        let _ = stop.send(true);
        let (mut waits, mut refusal, mut why) = (Vec::new(), None, None);
        for task in tasks {
            match task.await? {
                Came::Opened(seconds) => waits.push(seconds),
                Came::Refused(words) => refusal = refusal.or(Some(words)),
                Came::Broken(words) => why = why.or(Some(words)),
            }
        }
        waits.sort_by(f64::total_cmp);
        let at = |share: f64| {
            waits
                .get((waits.len().saturating_sub(1) as f64 * share) as usize)
                .map(|s| s * 1e3)
        };
        let said = json!({
            "open": open, "open_at_the_end": still, "refused": load(&counts.refused), "broken": load(&counts.broken),
            "deltas_a_second": deltas as f64 / self.seconds.max(1) as f64,
            "first_byte_ms": { "p50": at(0.5), "p99": at(0.99) }, "refusal": refusal, "why_broken": why,
        });
        println!("{said}");
        Ok(())
    }
}

async fn one(open: Open, number: u32, counts: Arc<Counts>, mut stopped: watch::Receiver<bool>) -> Came {
    let broken = |error: std::io::Error| {
        counts.broken.fetch_add(1, Ordering::Relaxed);
        Came::Broken(error.to_string())
    };
    let body = json!({
        "model": open.model, "stream": true, "messages": [{ "role": "user", "content": format!("Count, number {number}.") }],
    })
    .to_string();
    let request = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: figures\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let started = Instant::now();
    let mut stream = match TcpStream::connect(open.address).await {
        Ok(stream) => stream,
        Err(error) => return broken(error),
    };
    if let Err(error) = stream.write_all(request.as_bytes()).await {
        return broken(error);
    }
    let mut text = String::new();
    let mut buffer = [0_u8; 512];
    let mut first = None;
    loop {
        let read = tokio::select! {
            read = stream.read(&mut buffer) => read,
            _ = stopped.wait_for(|stop| *stop) => match first {
                Some(seconds) => return Came::Opened(seconds),
                None => return broken(std::io::ErrorKind::TimedOut.into()),
            },
        };
        let read = match read {
            Ok(0) => Err(std::io::ErrorKind::UnexpectedEof.into()),
            other => other,
        };
        let read = match read {
            Ok(read) => &buffer[..read],
            Err(_) if !text.is_empty() && first.is_none() => {
                counts.refused.fetch_add(1, Ordering::Relaxed);
                return Came::Refused(text);
            }
            Err(error) => {
                if first.is_some() {
                    counts.open.fetch_sub(1, Ordering::Relaxed);
                }
                return broken(error);
            }
        };
        if first.is_none() {
            text += &String::from_utf8_lossy(read);
            if !text.contains("data: {") {
                let refused = text.starts_with("HTTP/1.1 ") && !text.starts_with("HTTP/1.1 200");
                if refused && text.contains("}}") {
                    counts.refused.fetch_add(1, Ordering::Relaxed);
                    return Came::Refused(text);
                }
                continue;
            }
            first = Some(started.elapsed().as_secs_f64());
            counts.open.fetch_add(1, Ordering::Relaxed);
            text = String::new();
        }
        let events = read.windows(6).filter(|window| window == b"data: ").count();
        counts.deltas.fetch_add(events as u64, Ordering::Relaxed);
    }
}
