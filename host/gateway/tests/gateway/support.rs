//! A gateway that serves, clients that ask it, and providers that behave as badly as a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use pointsman::{Engine, Record};
use pointsman_gateway::{Applied, Config, ConfigError, ConfigWatch, Gateway, Kept};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

/// The token of every gateway here, in a file beside the tests.
pub(crate) const TOKEN: &str = "a-token-for-tests";

/// Records of turns, and a bell that rings with each.
#[derive(Clone, Default)]
pub(crate) struct Records {
    kept: Arc<Mutex<Vec<Record>>>,
    bell: Arc<Notify>,
}

impl Records {
    /// The record of the turn that ended as number `index`, once there is one.
    pub(crate) async fn at(&self, index: usize) -> Record {
        loop {
            let rings = self.bell.notified();
            if let Some(record) = self.kept.lock().unwrap().get(index) {
                return record.clone();
            }
            rings.await;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.kept.lock().unwrap().len()
    }
}

/// A gateway that serves until it is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) records: Records,
    kept: Kept,
    stop: Option<oneshot::Sender<()>>,
    ended: tokio::task::JoinHandle<()>,
    watch: Option<ConfigWatch>,
}

/// Serves this configuration, on ports that are free.
pub(crate) async fn serve(toml: &str) -> Served {
    let records = Records::default();
    let config = config(toml);
    let kept = Kept::open(&config).await.unwrap();
    let engine = engine(&config, &kept, &records).await;
    serve_gateway(Gateway::bind(&config, engine, &kept).await.unwrap(), records, kept)
}

/// Serves this file and watches it; what comes of its changes is received.
pub(crate) async fn serve_watching(file: &std::path::Path) -> (Served, Told) {
    let records = Records::default();
    let mut config = Config::from_file(file).unwrap();
    config.server.listen.set_port(0);
    config.admin = self::config(&std::fs::read_to_string(file).unwrap()).admin;
    let token = concat!(env!("CARGO_TARGET_TMPDIR"), "/admin-token").into();
    if let Some(admin) = &mut config.admin {
        admin.token.file = Some(token);
    }
    let kept = Kept::open(&config).await.unwrap();
    let engine = engine(&config, &kept, &records).await;
    let gateway = Gateway::bind(&config, engine, &kept).await.unwrap();
    let (send, told) = tokio::sync::mpsc::unbounded_channel();
    let watch = gateway
        .watch(file, &config, move |result| drop(send.send(result)))
        .unwrap();
    let mut served = serve_gateway(gateway, records, kept);
    served.watch = Some(watch);
    (served, told)
}

/// What came of changes of a file.
pub(crate) type Told = tokio::sync::mpsc::UnboundedReceiver<Result<Applied, ConfigError>>;

/// An engine for tests.
async fn engine(config: &Config, kept: &Kept, records: &Records) -> Engine {
    let mut settings = config.settings();
    settings.sandbox.instances = 64;
    // Each test builds an engine: without a cache, compiling the policies would be most of its work.
    settings.sandbox.cache_dir = Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled").into());
    // Tests share the machine with each other: nothing here is about time.
    settings
        .slots
        .iter_mut()
        .for_each(|slot| slot.limits.deadline_ms = 5_000);
    let seen = records.clone();
    pointsman_standard::ALL
        .iter()
        .fold(kept.attach(Engine::builder(settings)), |b, s| {
            b.policy(s.name, s.component)
        })
        .recorder(move |record: &Record| {
            seen.kept.lock().unwrap().push(record.clone());
            seen.bell.notify_waiters();
        })
        .build()
        .await
        .unwrap()
}

fn config(toml: &str) -> Config {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    // Once: a file that is written anew is empty for a moment, and tests run side by side.
    static WRITTEN: LazyLock<()> = LazyLock::new(|| {
        let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/admin-token");
        std::fs::write(file, TOKEN).unwrap();
    });
    LazyLock::force(&WRITTEN);
    let base = "[admin]\nlisten = \"127.0.0.1:0\"\ntoken = { file = \"admin-token\" }\n";
    let mut config = Config::from_toml(&format!("{toml}\n{base}")).unwrap().base(folder);
    config.server.listen.set_port(0);
    config
}

fn serve_gateway(gateway: Gateway, records: Records, kept: Kept) -> Served {
    let (stop, stopped) = oneshot::channel::<()>();
    Served {
        address: gateway.address(),
        admin: gateway.admin_address().unwrap(),
        records,
        kept,
        ended: tokio::spawn(gateway.serve(async {
            let _ = stopped.await;
        })),
        stop: Some(stop),
        watch: None,
    }
}

impl Served {
    /// Tells it to stop, and gives what is ready once it has.
    pub(crate) fn stop(mut self) -> tokio::task::JoinHandle<()> {
        drop(self.stop.take());
        self.ended
    }

    /// Stops it, and waits until all that it keeps is on the disk.
    pub(crate) async fn close(self) {
        let kept = self.kept.clone();
        self.stop().await.unwrap();
        tokio::task::spawn_blocking(move || kept.close()).await.unwrap();
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        Answer::of(self.open(path, body).await).await
    }

    /// The response with its body still to come.
    pub(crate) async fn open(&self, path: &str, body: impl Into<Bytes>) -> Response<Incoming> {
        let request = Request::post(format!("http://{}{path}", self.address));
        client()
            .request(request.body(Full::new(body.into())).unwrap())
            .await
            .unwrap()
    }

    pub(crate) async fn chat(&self, body: &Value) -> Answer {
        self.post("/v1/chat/completions", body.to_string()).await
    }

    /// Asks with these headers.
    pub(crate) async fn chat_with(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        let request = Request::post(format!("http://{}/v1/chat/completions", self.address));
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Full::new(body.to_string().into())).unwrap();
        Answer::of(client().request(request).await.unwrap()).await
    }

    /// Makes a key by the admin API, and gives its secret.
    pub(crate) async fn key(&self, grant: &Value) -> String {
        let made = self.operate("POST", "/keys", grant.to_string()).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json()["secret"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(format!("http://{}{path}", self.address));
        Answer::of(client().request(request.body(Full::default()).unwrap()).await.unwrap()).await
    }

    /// Asks the admin API, with the token.
    pub(crate) async fn operate(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.admin))
            .header("authorization", format!("Bearer {TOKEN}"));
        Answer::of(
            client()
                .request(request.body(Full::new(body.into())).unwrap())
                .await
                .unwrap(),
        )
        .await
    }
}

pub(crate) fn client() -> Client<HttpConnector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// A response that has arrived.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(response: Response<Incoming>) -> Self {
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The data of each event of a stream.
    pub(crate) fn events(&self) -> Vec<&str> {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .collect()
    }

    /// The text that a chat stream comes to.
    pub(crate) fn streamed_text(&self) -> String {
        let chunks = self
            .events()
            .into_iter()
            .filter_map(|data| serde_json::from_str::<Value>(data).ok());
        chunks
            .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
            .collect()
    }
}

/// What a provider answers to a request's body, head included.
type Answering = Arc<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// What a provider does with one request, after it has read it.
#[derive(Clone)]
pub(crate) enum Deed {
    /// Sends these pieces, each by itself, and closes the connection.
    Send(Vec<Vec<u8>>),
    /// Sends them and then nothing, until the other side closes.
    Hang(Vec<Vec<u8>>),
    /// Sends these pieces and then the last of them again and again, until the other side closes.
    Forever(Vec<Vec<u8>>),
    /// Closes without a word.
    Close,
    /// Sends what comes of the request's body.
    Answer(Answering),
}

/// A provider of one's own.
pub(crate) struct Provider {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    gone: Arc<Notify>,
}

impl Provider {
    /// Does these deeds one after the other, and the last one from then on.
    pub(crate) async fn that(deeds: Vec<Deed>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Provider {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            gone: Arc::default(),
        };
        let (seen, gone) = (provider.seen.clone(), provider.gone.clone());
        tokio::spawn(async move {
            for number in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let deed = deeds[number.min(deeds.len() - 1)].clone();
                tokio::spawn(answer(stream, deed, seen.clone(), gone.clone()));
            }
        });
        provider
    }

    /// Is not there: nobody listens on its port.
    pub(crate) fn nowhere() -> Self {
        Provider {
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            seen: Arc::default(),
            gone: Arc::default(),
        }
    }

    /// Answers with this JSON.
    pub(crate) async fn saying(status: u16, body: &Value) -> Self {
        Provider::that(vec![Deed::Send(vec![whole(status, "", body)])]).await
    }

    /// Answers each request with JSON that is made of its own.
    pub(crate) async fn answering(answer: impl Fn(Value) -> Value + Send + Sync + 'static) -> Self {
        let answer = move |body: &str| whole(200, "", &answer(serde_json::from_str(body).unwrap()));
        Provider::that(vec![Deed::Answer(Arc::new(answer))]).await
    }

    /// Streams these pieces.
    pub(crate) async fn streaming(pieces: &[&[u8]]) -> Self {
        Provider::that(vec![Deed::Send(stream(pieces))]).await
    }

    /// The requests that came, heads and bodies.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The body of the last one.
    pub(crate) fn last_body(&self) -> String {
        let seen = self.seen();
        seen.last().unwrap().split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Ready when the other side has closed a connection on which the provider hangs.
    pub(crate) async fn left(&self) {
        self.gone.notified().await;
    }

    /// A configuration with this provider behind `m`, and what else is said.
    pub(crate) fn config(&self, more: &str) -> String {
        format!(
            "[[upstreams]]\nname = \"there\"\nkind = \"openai\"\nbase-url = \"http://{}/v1\"\nretries = 0\n\
             [[models]]\nname = \"m\"\nupstream = \"there\"\nupstream-model = \"m-2025\"\n\
             input-price = 1.0\noutput-price = 2.0\n{more}",
            self.address
        )
    }
}

async fn answer(mut stream: TcpStream, deed: Deed, seen: Arc<Mutex<Vec<String>>>, gone: Arc<Notify>) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let answered = match &deed {
        Deed::Answer(answer) => vec![answer(request.split_once("\r\n\r\n").unwrap().1)],
        _ => Vec::new(),
    };
    seen.lock().unwrap().push(request);
    let forever = matches!(deed, Deed::Forever(_));
    let (pieces, hang) = match deed {
        Deed::Answer(_) => (answered, false),
        Deed::Send(pieces) => (pieces, false),
        Deed::Hang(pieces) | Deed::Forever(pieces) => (pieces, true),
        Deed::Close => return,
    };
    stream.set_nodelay(true).unwrap();
    let last = pieces.last().cloned().unwrap_or_default();
    for piece in pieces {
        if stream.write_all(&piece).await.is_err() {
            break;
        }
        // So that the pieces arrive one by one, as far as that can be had.
        tokio::task::yield_now().await;
    }
    while forever && stream.write_all(&last).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    if hang {
        while stream.read(&mut [0; 64]).await.is_ok_and(|read| read > 0) {}
        gone.notify_one();
    }
}

/// A request with its body, as its length says.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => all.extend_from_slice(&piece[..read]),
            _ => return None,
        }
    }
}

/// A whole response.
pub(crate) fn whole(status: u16, headers: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A stream whose end is the end of the connection.
pub(crate) fn stream(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    std::iter::once(&head[..])
        .chain(pieces.iter().copied())
        .map(<[u8]>::to_vec)
        .collect()
}

/// A chat completion.
pub(crate) fn completion(text: &str) -> Value {
    json!({
        "id": "c1", "object": "chat.completion", "created": 1, "model": "m-2025",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15 },
    })
}

/// An event with a piece of text.
pub(crate) fn delta(text: &str) -> String {
    format!(
        "data: {}\n\n",
        json!({ "id": "c1", "model": "m-2025", "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] })
    )
}

/// The event that ends the text, its usage, and the end of the stream.
pub(crate) fn ending() -> String {
    let end = json!({ "id": "c1", "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
    let usage = json!({ "id": "c1", "choices": [], "usage": { "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15 } });
    format!("data: {end}\n\ndata: {usage}\n\ndata: [DONE]\n\n")
}

/// A question to `m`.
pub(crate) fn question(text: &str) -> Value {
    json!({ "model": "m", "messages": [{ "role": "user", "content": text }] })
}

/// The same, to be streamed.
pub(crate) fn streamed_question(text: &str) -> Value {
    json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": text }] })
}
