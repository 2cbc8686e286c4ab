//! What wit-bindgen makes of the contract: one world with everything, so that there is one set of types for all kinds.
//!
//! A policy exports a part of this world; `build.rs` writes down which.
#![allow(missing_docs, unreachable_pub, dead_code, clippy::all)]

wit_bindgen::generate!({
    path: "../../wit",
    inline: "
        package pointsman:sdk;

        world every-kind {
            import pointsman:policy/conversation@0.1.0;
            import pointsman:policy/memory@0.1.0;
            import pointsman:policy/host@0.1.0;
            import pointsman:policy/artifacts@0.1.0;
            export pointsman:policy/policy@0.1.0;
            export pointsman:policy/router@0.1.0;
            export pointsman:policy/compressor@0.1.0;
            export pointsman:policy/checker@0.1.0;
        }
    ",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    generate_all,
});

/// A section that names a world, as `build.rs` wrote it.
macro_rules! world {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        pub const $name: &[u8; include_bytes!(concat!(env!("OUT_DIR"), $kind)).len()] =
            include_bytes!(concat!(env!("OUT_DIR"), $kind));
    };
}

world!(
    /// The section that names a router's world.
    ROUTER_WORLD,
    "/router"
);
world!(
    /// The section that names a compressor's world.
    COMPRESSOR_WORLD,
    "/compressor"
);
world!(
    /// The section that names a checker's world.
    CHECKER_WORLD,
    "/checker"
);
