//! A compiler command for a service that embeds the engine: it reads a component on its standard input and writes its machine
//! code, and the engine limits and kills it where a component is too much to compile.
//!
//! Build it beside the service, and name it with [`pointsman::EngineBuilder::compiler`]:
//!
//! ```ignore
//! let compiler = CompileCommand { program: "/usr/lib/service/compiler".into(), args: Vec::new() };
//! let engine = Engine::builder(settings).compiler(compiler).build().await?;
//! ```

use std::process::ExitCode;

fn main() -> ExitCode {
    match pointsman::compile_stdin(&mut std::io::stdin().lock(), &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // The engine shows what a child says here.
        Err(words) => {
            eprintln!("{words}");
            ExitCode::FAILURE
        }
    }
}
