//! A conversation over a pair of streams.

use std::sync::Arc;

use glueline_base::System;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp_server::{LspService, Server};

use crate::backend::Backend;
use crate::host::Host;
use crate::pool::{Pool, STACK};
use crate::sequencer::Sequencer;
use crate::session::{Phase, Session};

/// So many requests may be under way; one that waits costs nothing.
const CONCURRENCY: usize = 256;

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The client asked for it: status 0.
    Orderly,
    /// The client went without a word: status 1.
    Abrupt,
}

/// Talks with a client until it leaves.
///
/// # Errors
/// Where no threads can be started.
pub async fn serve<I, O>(
    input: I,
    output: O,
    host: Arc<dyn Host>,
    disk: Arc<dyn System>,
) -> std::io::Result<Exit>
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let pool = Pool::new(threads + 1)?;
    // Rules and macros run on these threads. Where somebody has set them up already, they stay as they are.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    let mut kept = None;
    let (service, socket) = LspService::build(|client| {
        let session = Session::new(client, pool.clone(), host, disk);
        kept = Some(Arc::clone(&session));
        Backend::new(session)
    })
    .finish();
    let Some(session) = kept else {
        return Ok(Exit::Abrupt);
    };
    let sequencer = Sequencer::new(service, Arc::clone(&session));
    Server::new(input, output, socket)
        .concurrency_level(CONCURRENCY)
        .serve(sequencer)
        .await;
    pool.close();
    Ok(match session.phase() {
        Phase::Ending => Exit::Orderly,
        Phase::Before | Phase::Running => Exit::Abrupt,
    })
}

/// Talks with a client over standard input and output until it leaves.
///
/// # Errors
/// Where no threads can be started.
pub fn serve_stdio(host: Arc<dyn Host>, disk: Arc<dyn System>) -> std::io::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()?;
    let exit = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), host, disk));
    // A thread that waits for the next byte of the client would be waited for.
    runtime.shutdown_background();
    exit
}
