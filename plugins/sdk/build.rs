//! Writes, for each world of the contract, the section that tells a component's builder which world a module
//! implements.
//!
//! wit-bindgen would write it as part of its export macro, but makes one macro for each exported interface and world,
//! and the three worlds share the interface `policy`. So the bindings are made of one world with everything, and this
//! says which part of it a policy exports.
use std::{env, error::Error, fs, path::PathBuf};

use wit_component::{StringEncoding, metadata};
use wit_parser::Resolve;

fn main() -> Result<(), Box<dyn Error>> {
    let contract = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../wit");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", contract.display());

    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(&contract)?;
    for kind in ["router", "compressor", "checker"] {
        let world = resolve.select_world(&[package], Some(&format!("{kind}-policy")))?;
        fs::write(
            out.join(kind),
            metadata::encode(&resolve, world, StringEncoding::UTF8, None)?,
        )?;
    }
    Ok(())
}
