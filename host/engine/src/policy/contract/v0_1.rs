//! `pointsman:policy@0.1`, as Rust types made from `wit/`.

/// The world of routers, and the interfaces that all worlds share.
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
pub mod router {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "router-policy",
        with: { "pointsman:policy/conversation.turn": crate::policy::host::TurnHandle,
                "pointsman:policy/artifacts.artifact": crate::policy::host::ArtifactHandle },
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}
/// The world of compressors.
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
pub mod compressor {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "compressor-policy",
        with: {
            "pointsman:policy/conversation": super::router::pointsman::policy::conversation,
            "pointsman:policy/memory": super::router::pointsman::policy::memory,
            "pointsman:policy/host": super::router::pointsman::policy::host,
            "pointsman:policy/artifacts": super::router::pointsman::policy::artifacts,
            "pointsman:policy/answers": super::router::pointsman::policy::answers,
        },
    });
}
/// The world of checkers.
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
pub mod checker {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "checker-policy",
        with: {
            "pointsman:policy/conversation": super::router::pointsman::policy::conversation,
            "pointsman:policy/memory": super::router::pointsman::policy::memory,
            "pointsman:policy/host": super::router::pointsman::policy::host,
            "pointsman:policy/artifacts": super::router::pointsman::policy::artifacts,
            "pointsman:policy/answers": super::router::pointsman::policy::answers,
            "pointsman:policy/edits": super::compressor::pointsman::policy::edits,
        },
    });
}
