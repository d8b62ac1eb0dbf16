//! A Glue-compatible endpoint on loopback, backed by a real Spark on this machine.
//!
//! One JVM hosts Spark and a Hive metastore; each Glue session is a Python process with a Spark session of its own in that JVM.
//! What a client asks for is done, or refused with an error that names it; nothing is answered as if it had been done.
//!
//! This crate starts processes and keeps files, and says so here: both belong to the endpoint, none to a project.

mod answer;
mod clock;
mod conf;
mod endpoint;
mod glue;
mod host;
mod lakeformation;
mod s3;
mod session;
mod setup;
mod sts;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::endpoint::Endpoint;
use crate::host::Host;
use crate::lakeformation::Lake;
use crate::worker::Places;

/// Takes a line for the user, from any thread.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// How the endpoint is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on loopback; 0 takes a free one.
    pub port: u16,
    /// The folder for the objects, the metastore and the log. It is made when it is missing.
    pub data: PathBuf,
    /// The folder for PySpark and the jars. It is made when it is missing.
    pub tools: PathBuf,
    /// The memory of the JVM, as Spark writes it: `2g`.
    pub memory: String,
}

/// The endpoint is up.
#[derive(Debug)]
pub struct Ready {
    /// Its address.
    pub url: String,
    /// The release of Spark that answers.
    pub spark: String,
    /// The folder that `s3://` is mapped to, one folder in it per bucket.
    pub objects: PathBuf,
}

/// Why it does not come up, or did not stay up.
#[derive(Debug)]
pub struct Failure(pub String);

/// Sessions get this long to end when the endpoint does.
const FAREWELL: Duration = Duration::from_secs(15);

/// Serves until it is interrupted, which is no error.
pub fn serve(options: &Options, say: Say, ready: impl FnOnce(&Ready)) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure(format!("no thread can be started: {error}")))?;
    runtime.block_on(run(options, say, ready))
}

async fn run(options: &Options, say: Say, ready: impl FnOnce(&Ready)) -> Result<(), Failure> {
    let folder = |path: &PathBuf| {
        std::fs::create_dir_all(path)
            .and_then(|()| path.canonicalize())
            .map_err(|error| Failure(format!("{}: {error}", path.display())))
    };
    let (data, tools) = (folder(&options.data)?, folder(&options.tools)?);
    let listener = TcpListener::bind(("127.0.0.1", options.port))
        .await
        .map_err(|error| Failure(format!("port {}: {error}", options.port)))?;
    let port = listener
        .local_addr()
        .map_err(|error| Failure(error.to_string()))?
        .port();
    let _one = only(&data)?;
    let tools = setup::ready(&tools, &*say).map_err(Failure)?;
    let places = Places {
        endpoint: format!("http://127.0.0.1:{port}"),
        python: tools.python,
        jars: tools.jars,
        data,
    };
    places
        .prepare()
        .map_err(|error| Failure(format!("{}: {error}", places.data.display())))?;
    let log = places.log();
    let ours = |error: std::io::Error| {
        Failure(format!(
            "Spark does not start: {error}\nIts log is {}",
            log.display()
        ))
    };
    say("starting Spark");
    let mut asked_to_end = std::pin::pin!(interrupted());
    let (host, mut life) = tokio::select! {
        started = Host::start(&places, &options.memory) => started.map_err(ours)?,
        () = &mut asked_to_end => return Ok(()),
    };
    let lake = Lake::open(places.data.join("lakeformation.json")).map_err(Failure)?;
    ready(&Ready {
        url: places.endpoint.clone(),
        spark: host.spark.clone(),
        objects: places.objects(),
    });
    let host = Arc::new(host);
    let endpoint = Arc::new(Endpoint::new(Arc::clone(&host), places, lake, Arc::clone(&say)));
    let ended = tokio::select! {
        () = accept(&listener, &endpoint) => Ok(()),
        () = &mut asked_to_end => Ok(()),
        _ = &mut life => Err(Failure(format!("Spark has ended; its log is {}", log.display()))),
    };
    say("ending");
    farewell(endpoint, host, &mut life).await;
    ended
}

/// Ends the sessions, then Spark.
async fn farewell(endpoint: Arc<Endpoint>, host: Arc<Host>, life: &mut tokio::task::JoinHandle<()>) {
    for session in endpoint.sessions().values() {
        session.abandon();
    }
    let deadline = tokio::time::Instant::now() + FAREWELL;
    while tokio::time::Instant::now() < deadline {
        let all_over = endpoint
            .sessions()
            .values()
            .all(|session| session.status().is_final());
        if all_over {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    host.end();
    if !life.is_finished() {
        let _ = tokio::time::timeout(FAREWELL, life).await;
    }
}

/// Takes connections for as long as it is polled.
async fn accept(listener: &TcpListener, endpoint: &Arc<Endpoint>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, most likely: others have to close first.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let endpoint = Arc::clone(endpoint);
        tokio::spawn(async move {
            let service = service_fn(move |request| Arc::clone(&endpoint).serve(request));
            // A client that hangs up in the middle of a request is its own business.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Two of them on one folder would tear the metastore; the lock goes with the process, however it ends.
fn only(data: &std::path::Path) -> Result<std::fs::File, Failure> {
    let path = data.join("lock");
    let failed = |error: &dyn std::fmt::Display| Failure(format!("{}: {error}", path.display()));
    let file = std::fs::File::create(&path).map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Failure(format!(
            "another `glueline local` uses {}",
            data.display()
        ))),
        Err(std::fs::TryLockError::Error(error)) => Err(failed(&error)),
    }
}

/// Waits for Ctrl-C, or for what a supervisor sends.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut others = [SignalKind::terminate(), SignalKind::hangup()]
            .into_iter()
            .filter_map(|kind| signal(kind).ok());
        if let (Some(mut terminate), Some(mut hangup)) = (others.next(), others.next()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
