//! Work that nobody waits for: that is not needed any more, or that can wait.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Says that a piece of work is not needed any more. Copies are one and the same; long work looks at it between its steps.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    is_cancelled: Arc<AtomicBool>,
    gate: Option<Gate>,
}

impl Cancel {
    /// Work that is needed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Work that is needed, and before each step of which something more urgent may pass through a gate.
    pub fn behind(gate: &Gate) -> Self {
        Self {
            gate: Some(gate.clone()),
            ..Self::default()
        }
    }

    /// Ends the work at its next step, on whichever thread it is.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work is not needed any more. Takes its time where the work is behind a [`Gate`] and something more urgent passes.
    pub fn is_cancelled(&self) -> bool {
        let is_cancelled = || self.is_cancelled.load(Ordering::Relaxed);
        if let Some(gate) = self.gate.as_ref().filter(|_| !is_cancelled()) {
            gate.wait();
        }
        is_cancelled()
    }
}

/// The longest that one step of work waits. What is urgent may wait for a thing that a step is still making.
const LONGEST: Duration = Duration::from_millis(100);

/// Keeps work that can wait from taking the processors away from what is urgent. Copies are one and the same.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// How much is urgent now.
    urgent: AtomicUsize,
    lock: Mutex<()>,
    is_open: Condvar,
}

/// Something urgent, for as long as it is held.
#[derive(Debug)]
pub struct Urgent(Gate);

impl Gate {
    /// A gate that is open.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shuts the gate for work that can wait, until what is returned is dropped.
    #[must_use]
    pub fn shut(&self) -> Urgent {
        self.0.urgent.fetch_add(1, Ordering::SeqCst);
        Urgent(self.clone())
    }

    fn is_shut(&self) -> bool {
        self.0.urgent.load(Ordering::SeqCst) > 0
    }

    fn wait(&self) {
        if !self.is_shut() {
            return;
        }
        let lock = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .0
            .is_open
            .wait_timeout_while(lock, LONGEST, |()| self.is_shut());
        drop(waited);
    }
}

impl Drop for Urgent {
    fn drop(&mut self) {
        let Inner {
            urgent,
            lock,
            is_open,
        } = &*self.0.0;
        if urgent.fetch_sub(1, Ordering::SeqCst) == 1 {
            // Whoever has seen the gate shut waits already.
            drop(lock.lock().unwrap_or_else(PoisonError::into_inner));
            is_open.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn work_behind_a_gate_waits_until_nothing_is_urgent() {
        let gate = Gate::new();
        let work = Cancel::behind(&gate);
        assert!(!work.is_cancelled());
        let (one, other) = (gate.shut(), gate.shut());
        let (say, said) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                assert!(!work.is_cancelled());
                say.send("worked").unwrap();
            });
            drop(one);
            assert_eq!(said.try_recv(), Err(mpsc::TryRecvError::Empty));
            drop(other);
            assert_eq!(said.recv(), Ok("worked"));
        });
    }

    #[test]
    fn what_is_cancelled_waits_for_nothing() {
        let gate = Gate::new();
        let work = Cancel::behind(&gate);
        let _urgent = gate.shut();
        work.cancel();
        assert!(work.is_cancelled());
        // What is urgent may be the very thing that waits.
        assert!(!Cancel::behind(&gate).is_cancelled());
    }
}
