//! When to stop.

/// Ready on ctrl-c, and on the signal by which supervisors end a service. Either of them once more ends the process.
pub(crate) async fn told_to_stop() {
    tokio::select! {
        () = interrupted() => {}
        () = terminated() => {}
    }
    eprintln!("stopping: requests in flight end first; once more ends at once");
    tokio::spawn(async {
        // As a shell tells it: 128 and the number of the signal.
        let status = tokio::select! {
            () = interrupted() => 130,
            () = terminated() => 143,
        };
        std::process::exit(status);
    });
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("ctrl-c cannot be waited for ({error}): end the process to end the service");
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(error) => {
            eprintln!("SIGTERM cannot be waited for ({error})");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}
