//! Staging and activating, apart.

use std::time::Instant;

use crate::clock::median;
use crate::scene::{self, builder, runtime};

pub fn table() {
    let runtime = runtime();
    runtime.block_on(async {
        let engine = builder([scene::reader("nothing")]).build().await.unwrap();
        let (mut staged, mut activated, mut rolled_back) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..9 {
            let mut settings = engine.settings();
            settings.slots = vec![if round % 2 == 0 {
                scene::reader("reads-last")
            } else {
                scene::reader("reads-all")
            }];
            // Another memory limit makes another policy, so that nothing is shared with a kept revision.
            settings.slots[0].limits.memory_mib = 32 + round;
            let started = Instant::now();
            let revision = engine.stage(settings).await.unwrap_or_else(|error| panic!("{error}"));
            staged.push(started.elapsed().as_secs_f64() * 1e3);
            let started = Instant::now();
            engine.activate(revision).await.unwrap();
            activated.push(started.elapsed().as_secs_f64() * 1e6);
            let started = Instant::now();
            engine.rollback().await.unwrap();
            rolled_back.push(started.elapsed().as_secs_f64() * 1e6);
        }
        println!(
            "\nA revision with a small component ({} KiB), by the clock",
            scene::READER.len() >> 10
        );
        println!(
            "  stage: check, compile, configure, snapshot, compile, warm {:>9.1} ms",
            median(&staged)
        );
        println!(
            "  activate                                                  {:>9.1} µs",
            median(&activated)
        );
        println!(
            "  roll back                                                 {:>9.1} µs",
            median(&rolled_back)
        );
    });
}
