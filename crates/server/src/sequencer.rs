//! Order: documents change as their messages arrive, and a request is given the texts of its arrival.
//!
//! The framework reads messages in order, makes a future of each, and polls several of them at a time: what a handler does after its
//! first `.await` happens in no order at all. So nothing is left to handlers. Whatever changes what is known is applied here, inside
//! [`Service::call`], which runs in the order of the wire; the future of a request is given the [`Moment`](crate::moment::Moment).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use tower::Service;
use tower_lsp_server::jsonrpc::{Error, Request, Response};

use crate::capabilities::completed;
use crate::session::{Phase, Session};

type Answer<E> = Pin<Box<dyn Future<Output = Result<Option<Response>, E>> + Send>>;

/// How long answers may take once the client has asked to end. Clients wait for the answer to that, some of them for two seconds.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// The service of the framework, and before it what has to be in order.
pub(crate) struct Sequencer<S> {
    inner: S,
    session: Arc<Session>,
    open: Open,
}

impl<S> std::fmt::Debug for Sequencer<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sequencer").finish_non_exhaustive()
    }
}

impl<S> Sequencer<S> {
    pub(crate) fn new(inner: S, session: Arc<Session>) -> Self {
        Self {
            inner,
            session,
            open: Open::default(),
        }
    }
}

impl<S> Service<Request> for Sequencer<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Answer<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let phase = self.session.phase();
        match request.method() {
            // What follows may already be on its way: the client counts as known before its next message is read.
            "initialize" if phase == Phase::Before => {
                self.session.shown.begin(request.params());
                let (answer, is_ok) = at_once(self.inner.call(request));
                if is_ok {
                    self.session.set_phase(Phase::Running);
                }
                return answer;
            }
            "shutdown" if phase == Phase::Running => {
                self.session.set_phase(Phase::Ending);
                // Once it is answered, clients send `exit` and read no more: what was asked before is answered before.
                let answered = self.open.none();
                let answer = self.inner.call(request);
                return Box::pin(async move {
                    answered.await;
                    answer.await
                });
            }
            // The framework would not answer; the protocol wants it to.
            method if method.starts_with("$/") && request.id().is_some() => {
                let id = request.id().cloned().unwrap_or_default();
                let refused = Response::from_error(id, Error::method_not_found());
                return Box::pin(std::future::ready(Ok(Some(refused))));
            }
            method
                if request.id().is_none()
                    && phase == Phase::Running
                    && self.session.apply(method, request.params()) =>
            {
                return Box::pin(std::future::ready(Ok(None)));
            }
            _ => {}
        }
        if request.id().is_none() || phase != Phase::Running {
            return Box::pin(self.inner.call(request));
        }
        let moment = self.session.moment(request.params());
        let answer = moment.scope(self.inner.call(request));
        let open = self.open.one();
        Box::pin(async move {
            let answer = answer.await;
            drop(open);
            answer
        })
    }
}

/// Counts the requests that are being answered.
#[derive(Default)]
struct Open(Arc<watch::Sender<usize>>);

/// One of them, until it is dropped.
struct One(Arc<watch::Sender<usize>>);

impl Open {
    fn one(&self) -> One {
        self.0.send_modify(|count| *count += 1);
        One(Arc::clone(&self.0))
    }

    /// Waits until there are none, though not for ever.
    fn none(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut count = self.0.subscribe();
        async move {
            // Whatever is late is told by the framework that it was cancelled.
            let _ = timeout(LAST_ANSWERS, count.wait_for(|count| *count == 0)).await;
        }
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// Runs a future that waits for nothing; whether it gave a result that is no error.
fn at_once<E: Send + 'static>(
    answer: impl Future<Output = Result<Option<Response>, E>> + Send + 'static,
) -> (Answer<E>, bool) {
    let mut answer: Answer<E> = Box::pin(answer);
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => {
            let done = done.map(|response| response.map(completed));
            let is_ok = matches!(&done, Ok(Some(response)) if response.is_ok());
            (Box::pin(std::future::ready(done)), is_ok)
        }
        Poll::Pending => (answer, false),
    }
}
