//! Nothing is sent any more once a run is cancelled.

use std::sync::Arc;

use glueline_base::Cancel;
use glueline_render::{ApiCall, Live, NoAnswer, OpenedSession, Rows, Statement};

/// What a node fails with whose next statement is not sent.
const CANCELLED: &str = "The run was cancelled before this was sent";

/// What carries a run out, until it is cancelled.
#[derive(Debug)]
pub(super) struct Guarded {
    live: Arc<dyn Live>,
    cancel: Cancel,
}

impl Guarded {
    pub(super) fn new(live: Arc<dyn Live>, cancel: &Cancel) -> Self {
        let cancel = cancel.clone();
        Self { live, cancel }
    }

    fn goes_on(&self) -> Result<(), NoAnswer> {
        if self.cancel.is_cancelled() {
            return Err(NoAnswer::Stopped(CANCELLED.to_owned()));
        }
        Ok(())
    }
}

impl Live for Guarded {
    fn statement(&self, session: &OpenedSession, statement: &Statement) -> Result<Option<Rows>, NoAnswer> {
        self.goes_on()?;
        self.live.statement(session, statement)
    }

    fn call(&self, call: &ApiCall) -> Result<(), NoAnswer> {
        self.goes_on()?;
        self.live.call(call)
    }
}
