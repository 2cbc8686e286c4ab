//! What only the inside of a swap shows.

use std::sync::{Arc, Weak};

use serde_json::json;

use crate::conversation::Request;
use crate::engine::Engine;
use crate::model::Model;
use crate::settings::{PolicyKind, Settings, SlotSettings};

fn window(tokens: u32) -> Settings {
    let slot = SlotSettings::new("compressor", PolicyKind::Compressor, "compressor-window");
    let mut settings = Settings::new([Model::named("small")]).slot(slot.settings(json!({ "max-tokens": tokens })));
    settings.sandbox.instances = 8;
    settings.keep_revisions = 1;
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_and_its_policies_are_freed_after_its_last_turn() {
    let standard = pointsman_standard::COMPRESSOR_WINDOW;
    // What all of them are configured from is compiled once.
    let cache = tempfile::tempdir().unwrap();
    let mut first = window(100);
    first.sandbox.cache_dir = Some(cache.path().join("compiled"));
    let builder = Engine::builder(first).policy(standard.name, standard.component);
    let engine = builder.build().await.unwrap();
    let (revision, policy) = {
        let active = engine.inner.active.load_full().unwrap();
        (Arc::downgrade(&active), Arc::downgrade(&active.slots[0].arms[0].policy))
    };
    let request = Request::from_json(r#"{"messages":[{"role":"user","content":"hi"}]}"#).unwrap();
    let turn = engine.begin(request).await.unwrap();
    // The policy before stands in where one fails, and so lives as long as the revision after its own is kept.
    for tokens in [200, 300, 400, 500] {
        engine.apply(window(tokens)).await.unwrap();
    }
    let lives = || (Weak::strong_count(&revision) > 0, Weak::strong_count(&policy) > 0);
    assert_eq!(lives(), (true, true), "a turn is on its way");
    assert_eq!(turn.finish(None).await.revision, 1);
    assert_eq!(lives(), (false, false));
}
