//! From a component's bytes to machine code, in this process under a size cap, or in a child that can be killed.
//!
//! Compilation is hostile ground: a component of 200 kB can take 24 s and 700 MB. The child is any command that reads a
//! component on its standard input and writes [`compile_stdin`]'s output; the `pointsman` command is one.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Resource;
use wasmtime::component::Component;
use wasmtime::{Cache, CacheConfig, Engine};

use super::{SandboxSettings, base_config, precompiled};

/// A command that compiles components in a process of its own.
///
/// It is started once for each component, with [`Command::args`] and nothing of the parent's environment but `PATH`
/// and `HOME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The program, such as this process's own executable.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

/// Makes machine code.
#[derive(Debug)]
pub(crate) struct Compiler {
    command: Option<Command>,
    largest: usize,
    time: Duration,
    memory_mib: u64,
    cache_dir: Option<PathBuf>,
}

/// Set for a compiler child: where the cache is, and how much memory and time it may take.
const CACHE_VARIABLE: &str = "POINTSMAN_COMPILE_CACHE";
const MEMORY_VARIABLE: &str = "POINTSMAN_COMPILE_MIB";
const SECONDS_VARIABLE: &str = "POINTSMAN_COMPILE_SECONDS";

impl Compiler {
    pub(super) fn in_process(settings: &SandboxSettings) -> Self {
        Compiler {
            command: None,
            largest: (settings.component_mib as usize) << 20,
            time: Duration::from_secs(settings.compile_seconds),
            memory_mib: settings.compile_mib,
            cache_dir: settings.cache_dir.clone(),
        }
    }

    pub(super) fn command(command: Command, settings: &SandboxSettings) -> Self {
        Compiler {
            command: Some(command),
            ..Compiler::in_process(settings)
        }
    }

    /// The size cap, before anything is read of a component.
    pub(crate) fn check_size(&self, bytes: usize) -> Result<(), String> {
        if bytes > self.largest {
            return Err(format!(
                "the component has {bytes} bytes, more than the limit of {}: make it smaller (strip it, optimise for \
                 size), or raise `sandbox.component-mib`",
                self.largest
            ));
        }
        Ok(())
    }

    /// Compiles. Blocks for milliseconds to seconds: not for a thread that serves traffic.
    pub(crate) fn compile(&self, engine: &Engine, component: &[u8]) -> Result<Component, String> {
        match &self.command {
            None => Component::from_binary(engine, component).map_err(|error| format!("{error:#}")),
            Some(command) => {
                let code = self.in_child(command, component)?;
                precompiled::load(engine, &code)
                    .map_err(|error| format!("the compiler's output does not fit: {error:#}"))
            }
        }
    }

    fn in_child(&self, command: &Command, component: &[u8]) -> Result<Vec<u8>, String> {
        let fault =
            |error: std::io::Error| format!("the compiler `{}` could not be run: {error}", command.program.display());
        let mut process = std::process::Command::new(&command.program);
        process.args(&command.args).env_clear();
        for variable in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(variable) {
                process.env(variable, value);
            }
        }
        process.env(MEMORY_VARIABLE, self.memory_mib.to_string());
        process.env(SECONDS_VARIABLE, self.time.as_secs().to_string());
        if let Some(dir) = &self.cache_dir {
            process.env(CACHE_VARIABLE, dir);
        }
        process
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = process.spawn().map_err(fault)?;
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        std::thread::scope(|scope| {
            scope.spawn(move || input.map(|mut pipe| pipe.write_all(component)));
            let output = scope.spawn(move || read_all(output));
            let errors = scope.spawn(move || read_all(errors));
            let status = self.wait(&mut child);
            let code = output.join().unwrap_or_default();
            let words = String::from_utf8_lossy(&errors.join().unwrap_or_default())
                .trim()
                .to_owned();
            match status {
                Ok(status) if status.success() => Ok(code),
                Ok(status) if status.code().is_some() && !words.is_empty() => Err(words),
                // By a signal; what it said of that itself does not name the limit.
                Ok(status) => Err(format!(
                    "the compiler was stopped ({status}), most likely at its limit of {} MiB: raise `sandbox.compile-mib`",
                    self.memory_mib
                )),
                Err(words) => Err(words),
            }
        })
    }

    /// Waits for the child, and kills it at the time limit.
    fn wait(&self, child: &mut Child) -> Result<std::process::ExitStatus, String> {
        let started = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) if started.elapsed() < self.time => std::thread::sleep(Duration::from_millis(2)),
                Ok(None) => {
                    let killed = child.kill().and_then(|()| child.wait());
                    let fate = killed.map_or_else(
                        |error| format!("and could not be killed: {error}"),
                        |_| "and was killed".to_owned(),
                    );
                    return Err(format!(
                        "compiling took more than {} s {fate}: simplify the component, or raise `sandbox.compile-seconds`",
                        self.time.as_secs()
                    ));
                }
                Err(error) => return Err(format!("the compiler could not be waited for: {error}")),
            }
        }
    }
}

fn read_all(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // A broken pipe means the child was killed; its exit status says so.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

fn from_parent(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn limit_self(resource: Resource, limit: u64) -> Result<(), String> {
    let limit = rustix::process::Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    rustix::process::setrlimit(resource, limit).map_err(|error| format!("the compiler could not limit itself: {error}"))
}

/// What a compiler child does: reads a component from `input` and writes its machine code to `output`, after it has
/// limited its own memory and processor time to what the parent set.
///
/// # Errors
/// In words, for the child's standard error.
pub fn compile_stdin(input: &mut dyn Read, output: &mut dyn Write) -> Result<(), String> {
    if let Some(mib) = from_parent(MEMORY_VARIABLE) {
        // The data limit counts what is really written; the address space of a compiler is mostly empty.
        limit_self(Resource::Data, mib << 20)?;
    }
    if let Some(seconds) = from_parent(SECONDS_VARIABLE) {
        // The parent watches the clock; this ends a child whose parent is gone. It counts all threads together.
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
        limit_self(Resource::Cpu, seconds * threads + 1)?;
    }
    let mut config = base_config();
    if let Some(dir) = std::env::var_os(CACHE_VARIABLE) {
        config.cache(Some(private_cache(Path::new(&dir))?));
    }
    let engine = Engine::new(&config).map_err(|error| error.to_string())?;
    let mut component = Vec::new();
    input
        .read_to_end(&mut component)
        .map_err(|error| format!("the component could not be read: {error}"))?;
    let compiled = Component::from_binary(&engine, &component).map_err(|error| format!("{error:#}"))?;
    let code = compiled.serialize().map_err(|error| error.to_string())?;
    output
        .write_all(&code)
        .map_err(|error| format!("the machine code could not be written: {error}"))
}

/// Wasmtime's own cache in a directory that nobody else may enter: who can write there can run code here.
pub(crate) fn private_cache(dir: &Path) -> Result<Cache, String> {
    let fault = |error: std::io::Error| format!("the cache directory {} cannot be used: {error}", dir.display());
    std::fs::create_dir_all(dir).map_err(fault)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let about = std::fs::metadata(dir).map_err(fault)?;
        if about.uid() != rustix::process::geteuid().as_raw() {
            return Err(format!(
                "the cache directory {} belongs to somebody else: name another",
                dir.display()
            ));
        }
        if about.mode() & 0o077 != 0 {
            std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(fault)?;
        }
    }
    let dir = dir.canonicalize().map_err(fault)?;
    let mut config = CacheConfig::new();
    config.with_directory(dir);
    Cache::new(config).map_err(|error| error.to_string())
}
