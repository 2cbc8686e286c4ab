//! Revisions: staged, activated, rolled back, watched.

use std::os::unix::fs::symlink;
use std::sync::mpsc;
use std::time::Duration;

use pointsman::{ArmSettings, Artifact, Image, Outcome, Settings, SwapError};
use serde_json::json;

use crate::{ask, engine, models, router, window};

fn with_default(model: &str) -> Settings {
    let mut slot = router();
    slot.settings["default"]["model"] = model.into();
    models().slot(slot)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_in_flight_ends_on_the_revision_it_began_with() {
    let (engine, _) = engine(with_default("small")).await;
    let before = engine.begin(ask("hello")).await.unwrap();
    let revision = engine.apply(with_default("large")).await.unwrap();
    let after = engine.begin(ask("hello")).await.unwrap();
    assert_eq!((before.model(), before.record().revision), ("small", revision - 1));
    assert_eq!((after.model(), after.record().revision), ("large", revision));
    assert_eq!(engine.rollback().await.unwrap(), revision - 1);
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "small");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_staged_revision_serves_nothing_until_it_is_activated() {
    let (engine, _) = engine(with_default("small")).await;
    let staged = engine.stage(with_default("large")).await.unwrap();
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "small");
    engine.activate(staged).await.unwrap();
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "large");
    assert!(matches!(
        engine.activate(99).await,
        Err(SwapError::NoRevision { revision: 99, .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_revision_changes_nothing_and_says_what_to_mend() {
    let (engine, _) = engine(with_default("small")).await;
    let serving = engine.revision();
    for (change, words) in [
        (
            json!({ "rules": [{ "name": "r", "when": { "matches": ["("] }, "use": { "model": "small" } }] }),
            "rules[0]",
        ),
        (json!({ "rulez": [] }), "rulez"),
        (json!({ "scan-bytes": "many" }), "scan-bytes"),
    ] {
        let mut slot = router();
        slot.settings = change;
        let error = engine.apply(models().slot(slot)).await.unwrap_err().to_string();
        assert!(error.contains("slot `router`") && error.contains(words), "{error}");
    }
    let mut missing = router();
    missing.policy = Some("router-ruless".to_owned());
    let error = engine.apply(models().slot(missing)).await.unwrap_err().to_string();
    assert!(
        error.contains("router-rules,") || error.contains("router-rules;"),
        "{error}"
    );
    let mut wrong = window(10);
    wrong.kind = pointsman::PolicyKind::Router;
    let error = engine.apply(models().slot(wrong)).await.unwrap_err().to_string();
    assert!(
        error.contains("the slot wants a router, the component is a compressor"),
        "{error}"
    );
    assert_eq!(engine.revision(), serving);
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "small");
    assert!(matches!(engine.rollback().await, Err(SwapError::NothingBefore)));
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_are_snapshotted_and_shared_between_revisions() {
    let (engine, _) = engine(with_default("small").slot(window(100))).await;
    engine.apply(with_default("small").slot(window(200))).await.unwrap();
    let revisions = engine.revisions().await;
    assert_eq!(
        revisions.iter().map(|revision| revision.active).collect::<Vec<_>>(),
        [false, true]
    );
    for slot in revisions.iter().flat_map(|revision| &revision.slots) {
        assert_eq!(slot.arms[0].image, Image::Snapshot);
        assert!(slot.arms[0].policy.digest.starts_with("sha256:"));
    }
    assert_eq!(
        revisions[0].slots[0].arms[0].policy,
        revisions[1].slots[0].arms[0].policy
    );
    assert_ne!(
        revisions[0].slots[1].arms[0].policy.settings,
        revisions[1].slots[1].arms[0].policy.settings
    );
    // By its digest, as an operator who knows only that.
    let mut by_digest = window(300);
    by_digest.policy = Some(revisions[0].slots[1].arms[0].policy.digest.clone());
    engine.apply(with_default("small").slot(by_digest)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn old_revisions_go_once_nobody_needs_them() {
    let mut settings = with_default("small");
    settings.keep_revisions = 2;
    let (engine, _) = engine(settings.clone()).await;
    for tokens in 1..6 {
        engine.apply(settings.clone().slot(window(tokens))).await.unwrap();
    }
    let kept: Vec<u64> = engine
        .revisions()
        .await
        .iter()
        .map(|revision| revision.number)
        .collect();
    assert_eq!(kept, [4, 5, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_policies_takes_nothing_away_that_a_rollback_would_go_to() {
    let mut settings = with_default("small");
    settings.keep_revisions = 3;
    let (engine, _) = engine(settings.clone()).await;
    engine.apply(settings.clone().slot(window(2))).await.unwrap();
    engine.apply(settings.clone().slot(window(3))).await.unwrap();
    for tokens in 4..12 {
        engine.stage(settings.clone().slot(window(tokens))).await.unwrap();
    }
    let kept: Vec<u64> = engine.revisions().await.iter().map(|r| r.number).collect();
    assert_eq!(kept, [1, 2, 3, 11], "what was only tried goes first");
    assert_eq!(engine.rollback().await.unwrap(), 2);
    assert_eq!(engine.rollback().await.unwrap(), 1);

    // Also where hardly any are kept.
    settings.keep_revisions = 1;
    engine.apply(settings.clone()).await.unwrap();
    for tokens in 20..23 {
        engine.stage(settings.clone().slot(window(tokens))).await.unwrap();
    }
    assert_eq!(engine.rollback().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_gives_a_conversation_its_arm_and_says_with_what_probability() {
    let arm = |name: &str, weight, model: &str| {
        let mut slot = router();
        slot.settings["default"]["model"] = model.into();
        ArmSettings {
            name: name.to_owned(),
            weight,
            policy: "router-rules".to_owned(),
            settings: slot.settings,
            artifacts: Default::default(),
        }
    };
    let mut slot = router();
    (slot.policy, slot.settings) = (None, serde_json::Value::Null);
    slot.arms = vec![arm("stable", 3.0, "small"), arm("canary", 1.0, "large")];
    let (engine, _) = engine(models().slot(slot)).await;
    let mut canary = 0;
    for conversation in 0..80 {
        let begin = || engine.begin(ask("hello").conversation_id(conversation.to_string()));
        let (first, again) = (begin().await.unwrap(), begin().await.unwrap());
        let slot = &first.record().slots[0];
        assert_eq!(slot.arm, again.record().slots[0].arm);
        let expected = if slot.arm == "canary" {
            ("large", 0.25)
        } else {
            ("small", 0.75)
        };
        assert_eq!((first.model(), slot.propensity), expected);
        canary += usize::from(slot.arm == "canary");
    }
    assert!((5..=40).contains(&canary), "{canary} of 80");
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_goes_on_while_revisions_are_swapped() {
    let (engine, _) = engine(with_default("small")).await;
    let large = engine.stage(with_default("large")).await.unwrap();
    let traffic = tokio::spawn({
        let engine = engine.clone();
        async move {
            for _ in 0..300 {
                let turn = engine.begin(ask("hello")).await.unwrap();
                let expected = if turn.record().revision == large {
                    "large"
                } else {
                    "small"
                };
                assert_eq!(turn.model(), expected);
                assert!(matches!(turn.record().slots[0].outcome, Outcome::Decided { .. }));
                tokio::task::yield_now().await;
            }
        }
    });
    while !traffic.is_finished() {
        for revision in [large, 1] {
            engine.activate(revision).await.unwrap();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    traffic.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_file_is_staged_when_it_changes_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pointsman.toml");
    let toml = |model: &str| {
        format!(
            "[[models]]\nname = \"small\"\n[[models]]\nname = \"large\"\n[[slots]]\nname = \"router\"\nkind = \"router\"\n\
             policy = \"router.wasm\"\nlimits = {{ deadline-ms = 2000 }}\nsettings = {{ standard = false, default = {{ model = \"{model}\" }} }}\n"
        )
    };
    std::fs::write(
        folder.path().join("router.wasm"),
        pointsman_standard::ROUTER_RULES.component,
    )
    .unwrap();
    std::fs::write(&file, toml("small")).unwrap();
    let (engine, _) = engine(Settings::from_file(&file).unwrap()).await;
    let (tell, told) = mpsc::channel();
    let _watch = engine.watch(&file, move |result| drop(tell.send(result))).unwrap();
    let next = || told.recv_timeout(Duration::from_secs(60)).unwrap();

    std::fs::write(&file, toml("large")).unwrap();
    next().unwrap();
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "large");

    std::fs::write(&file, "[[models]]\nname = 7\n").unwrap();
    let error = next().unwrap_err().to_string();
    assert!(error.contains("line 2"), "{error}");
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "large");

    std::fs::write(folder.path().join("router.wasm"), b"not wasm").unwrap();
    std::fs::write(&file, toml("small")).unwrap();
    let error = next().unwrap_err().to_string();
    assert!(error.contains("not a WebAssembly component"), "{error}");
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_file_is_applied_while_others_are_written_beside_it_and_so_is_all_that_it_names_and_a_link_s_new_target()
 {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let weights = |value: f32| Artifact::new(1, vec![value], Vec::new()).unwrap().to_bytes();
    let toml = |model: &str| {
        format!(
            "[[models]]\nname = \"small\"\n[[models]]\nname = \"large\"\n[[slots]]\nname = \"router\"\nkind = \"router\"\n\
             policy = \"router.component\"\nartifacts = {{ weights = \"weights.pma\" }}\nlimits = {{ deadline-ms = 2000 }}\n\
             settings = {{ standard = false, default = {{ model = \"{model}\" }} }}\n"
        )
    };
    std::fs::write(at("router.component"), pointsman_standard::ROUTER_RULES.component).unwrap();
    std::fs::write(at("weights.pma"), weights(1.0)).unwrap();
    // As Kubernetes mounts a file: a link into a folder that is a link itself, and is exchanged as a whole.
    for (version, model) in [("1", "small"), ("2", "large")] {
        std::fs::create_dir(at(version)).unwrap();
        std::fs::write(at(version).join("pointsman.toml"), toml(model)).unwrap();
    }
    symlink("1", at("..data")).unwrap();
    symlink("..data/pointsman.toml", at("pointsman.toml")).unwrap();
    let (engine, _) = engine(Settings::from_file(at("pointsman.toml")).unwrap()).await;
    let (tell, told) = mpsc::channel();
    let _watch = engine
        .watch(at("pointsman.toml"), move |result| drop(tell.send(result)))
        .unwrap();
    let next = || told.recv_timeout(Duration::from_secs(60)).unwrap();
    let busy = tokio::spawn({
        let log = at("turns.jsonl");
        async move {
            for turn in 0.. {
                std::fs::write(&log, turn.to_string()).unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    });

    symlink("2", at("..next")).unwrap();
    std::fs::rename(at("..next"), at("..data")).unwrap();
    next().unwrap();
    assert_eq!(engine.begin(ask("hello")).await.unwrap().model(), "large");

    let artifacts = async || {
        engine.revisions().await.pop().unwrap().slots[0].arms[0]
            .policy
            .artifacts
            .clone()
    };
    let before = artifacts().await;
    std::fs::write(at("weights.pma"), weights(2.0)).unwrap();
    next().unwrap();
    assert_ne!(before, artifacts().await);

    std::fs::write(at("router.component"), b"not wasm").unwrap();
    let error = next().unwrap_err().to_string();
    assert!(error.contains("not a WebAssembly component"), "{error}");
    busy.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_changes_in_a_watched_directory_is_swapped_in_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("router.wasm");
    let component = pointsman_standard::ROUTER_RULES.component;
    std::fs::write(&file, component).unwrap();
    let mut slot = router();
    slot.policy = Some("router.wasm".to_owned());
    let (engine, _) = engine(models().slot(slot).base(folder.path())).await;
    let (tell, told) = mpsc::channel();
    let _watch = engine
        .watch(folder.path(), move |result| drop(tell.send(result)))
        .unwrap();
    let next = || told.recv_timeout(Duration::from_secs(60)).unwrap();
    let turn = engine.begin(ask("prove it")).await.unwrap();

    // A section of another name makes another component of it.
    std::fs::write(&file, [component, &[0, 2, 1, b'x']].concat()).unwrap();
    assert_eq!(next().unwrap(), 2);
    let digest = |record: &pointsman::Record| record.slots[0].policy.digest.clone();
    let old = turn.finish(None).await;
    let new = engine.begin(ask("prove it")).await.unwrap().finish(None).await;
    assert_eq!((old.revision, new.revision, new.model.as_str()), (1, 2, "large"));
    assert_ne!(digest(&old), digest(&new));

    std::fs::write(&file, &component[..5_000]).unwrap();
    let error = next().unwrap_err().to_string();
    assert!(error.contains("router.wasm") && error.contains("not valid"), "{error}");
    let after = engine.begin(ask("prove it")).await.unwrap().finish(None).await;
    assert_eq!((after.revision, digest(&after)), (2, digest(&new)));
}
