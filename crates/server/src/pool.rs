//! Threads that think. The threads that read and write messages never do.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use glueline_base::{Cancel, Gate};
use tokio::sync::oneshot;

/// Macros within macros need room.
pub(crate) const STACK: usize = 64 << 20;

/// How urgent a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits at the keyboard.
    Request,
    /// What is shown when it is there.
    Background,
    /// The same, in parallel. One processor, where there are several, is left to requests.
    Everything,
    /// The same, with all processors: what much waits for.
    Start,
}

type Job = Box<dyn FnOnce() + Send>;

/// A few threads and the jobs that wait for them. One thread never takes jobs of the background, so that a request always finds one.
///
/// A look at everything has other threads to be done on in parallel than requests, which would wait there behind it.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Shared>);

struct Shared {
    queues: Mutex<Queues>,
    more: Condvar,
    /// Shut while a request waits for its answer.
    gate: Gate,
    everything: rayon::ThreadPool,
}

#[derive(Default)]
struct Queues {
    requests: VecDeque<Job>,
    background: VecDeque<(Lane, Job)>,
    closed: bool,
}

/// Why a job gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It panicked, with these words.
    Panicked(&'static str),
    /// The threads are gone.
    Closed,
}

/// Cancels what it was made for when it is dropped: the framework cancels a request by dropping its future.
pub(crate) struct CancelOnDrop(Cancel);

impl CancelOnDrop {
    pub(crate) const fn new(cancel: Cancel) -> Self {
        Self(cancel)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl Pool {
    /// Starts threads: at least one for requests and one for the background; one more than there are processors is enough.
    pub(crate) fn new(threads: usize) -> std::io::Result<Self> {
        let everything = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.saturating_sub(2).max(1))
            .thread_name(|number| format!("background-{number}"))
            .stack_size(STACK)
            .build()
            .map_err(std::io::Error::other)?;
        let shared = Arc::new(Shared {
            queues: Mutex::default(),
            more: Condvar::new(),
            gate: Gate::new(),
            everything,
        });
        for number in 0..threads.max(2) {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name(format!("worker-{number}"))
                .stack_size(STACK)
                .spawn(move || shared.work(number > 0))?;
        }
        Ok(Self(shared))
    }

    /// Work of the background that steps aside while a request is answered.
    pub(crate) fn patient(&self) -> Cancel {
        Cancel::behind(&self.0.gate)
    }

    /// Lets go of something large while nobody waits.
    pub(crate) fn discard<T: Send + 'static>(&self, thing: T) {
        self.0.push(Lane::Background, Box::new(move || drop(thing)));
    }

    /// Lets the threads end once they have nothing to do; what waits is dropped.
    pub(crate) fn close(&self) {
        let mut queues = self.0.lock();
        queues.closed = true;
        queues.requests.clear();
        queues.background.clear();
        drop(queues);
        self.0.more.notify_all();
    }

    /// Does a job on a thread of the pool. A job that panics takes nothing with it. Dropping the future does not end the job;
    /// what it was given to look at does.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Lost> {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move || {
            if send.is_closed() {
                return;
            }
            let done = catch_unwind(AssertUnwindSafe(job)).map_err(|panic| Lost::Panicked(words(&*panic)));
            // Whoever asked may have gone meanwhile.
            let _ = send.send(done);
        });
        self.0.push(lane, job);
        receive.await.unwrap_or(Err(Lost::Closed))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, lane: Lane, job: Job) {
        let mut queues = self.lock();
        if queues.closed {
            return;
        }
        match lane {
            Lane::Request => {
                let urgent = self.gate.shut();
                queues.requests.push_back(Box::new(move || {
                    job();
                    drop(urgent);
                }));
            }
            Lane::Background | Lane::Everything | Lane::Start => queues.background.push_back((lane, job)),
        }
        drop(queues);
        self.more.notify_all();
    }

    fn work(&self, takes_background: bool) {
        while let Some((lane, job)) = self.next(takes_background) {
            match lane {
                Lane::Request | Lane::Background => job(),
                Lane::Everything => self.everything.install(job),
                // The threads are needed once.
                Lane::Start => match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
                    Ok(all) => all.install(job),
                    Err(_) => self.everything.install(job),
                },
            }
        }
    }

    fn next(&self, takes_background: bool) -> Option<(Lane, Job)> {
        let mut queues = self.lock();
        loop {
            if let Some(job) = queues.requests.pop_front() {
                return Some((Lane::Request, job));
            }
            if takes_background && let Some(job) = queues.background.pop_front() {
                return Some(job);
            }
            if queues.closed {
                return None;
            }
            queues = self.more.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What a panic said, where that stands in the program itself: a text put together while running may hold a piece of the user's files.
fn words(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&'static str>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_and_the_next_job_is_done() {
        let pool = Pool::new(2).unwrap();
        let lost: Result<(), Lost> = pool.run(Lane::Request, || panic!("oh")).await;
        assert_eq!(lost, Err(Lost::Panicked("oh")));
        assert_eq!(pool.run(Lane::Background, || 2).await, Ok(2));
    }

    #[tokio::test]
    async fn a_request_does_not_wait_for_the_background() {
        let pool = Pool::new(2).unwrap();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = pool.clone();
        let slow = tokio::spawn(async move { slow.run(Lane::Background, move || wait.recv().is_ok()).await });
        assert_eq!(pool.run(Lane::Request, || 1).await, Ok(1));
        go.send(()).unwrap();
        assert_eq!(slow.await.unwrap(), Ok(true));
    }
}
