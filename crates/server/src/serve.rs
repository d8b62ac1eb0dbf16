//! A conversation over a pair of streams.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use glueline_base::System;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::unbounded_channel;
use tower_lsp_server::{LspService, Server};

use crate::backend::Backend;
use crate::host::Host;
use crate::pool::{Pool, STACK};
use crate::record::Recorder;
use crate::sequencer::Sequencer;
use crate::session::{Phase, Session};
use crate::wire::{read_messages, write_messages};

/// So many requests may be under way; one that waits costs nothing.
const CONCURRENCY: usize = 256;

/// Bytes between the streams and the framework.
const BUFFER: usize = 1 << 18;

/// How long answers may take once nobody can ask any more.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The client asked for it: status 0.
    Orderly,
    /// The client went without a word: status 1.
    Abrupt,
}

/// What a server works with.
pub struct Setup {
    /// Knows the settings of projects.
    pub host: Arc<dyn Host>,
    /// The files below unsaved texts.
    pub disk: Arc<dyn System>,
    /// Where the conversation is written down.
    pub record: Option<Box<dyn Write + Send>>,
    /// The process of the client, where the command line names it; else `initialize` does.
    pub client: Option<u32>,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// Talks with a client until it leaves.
///
/// # Errors
/// Where no threads can be started.
pub async fn serve<I, O>(input: I, output: O, setup: Setup) -> io::Result<Exit>
where
    I: AsyncRead + Unpin,
    O: AsyncWrite + Unpin,
{
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let pool = Pool::new(threads + 1)?;
    // Rules and macros run on these threads. Where somebody has set them up already, they stay as they are.
    let _ = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    let recorder = Arc::new(Recorder::new(setup.record));
    let mut kept = None;
    let (service, socket) = LspService::build(|client| {
        let session = Session::new(client, pool.clone(), setup.host, setup.disk);
        kept = Some(Arc::clone(&session));
        Backend::new(session)
    })
    .custom_method("glueline/document", Backend::document)
    .custom_method("glueline/sourceMap", Backend::source_map)
    .custom_method("workspace/textDocumentContent", Backend::text_document_content)
    .finish();
    let Some(session) = kept else {
        return Ok(Exit::Abrupt);
    };
    session.set_process(setup.client);

    let (near, far) = tokio::io::duplex(BUFFER);
    let (from_service, to_service) = tokio::io::split(near);
    let (requests, responses) = tokio::io::split(far);
    let (answer, answers) = unbounded_channel();
    let talk = Server::new(requests, responses, socket)
        .concurrency_level(CONCURRENCY)
        .serve(Sequencer::new(service, Arc::clone(&session)));
    let read = read_messages(input, to_service, answer, Arc::clone(&recorder));
    let write = write_messages(from_service, output, answers, recorder);
    let gone = session.client_gone();
    tokio::pin!(talk, read, write, gone);

    let (mut is_reading, mut is_talking) = (true, true);
    let late = tokio::time::sleep(Duration::MAX);
    tokio::pin!(late);
    loop {
        tokio::select! {
            _ = &mut read, if is_reading => {
                is_reading = false;
                session.end();
                late.as_mut().reset(tokio::time::Instant::now() + LAST_ANSWERS);
            }
            () = &mut talk, if is_talking => {
                is_talking = false;
                late.as_mut().reset(tokio::time::Instant::now() + LAST_ANSWERS);
            }
            // Everything is written, or nobody reads it.
            _ = &mut write => break,
            () = &mut gone => break,
            () = &mut late => break,
        }
    }
    session.end();
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
pub fn serve_stdio(setup: Setup) -> io::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()?;
    let exit = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), setup));
    // A thread that waits for the next byte of the client would be waited for.
    runtime.shutdown_background();
    exit
}
