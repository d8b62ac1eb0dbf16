//! Commands that a server has carried out: what each is to print, and what each was asked for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use glueline_base::Cancel;
use glueline_server::{Ended, Job};
use serde_json::Value;

/// What a command does.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    /// What it prints.
    pub(crate) lines: Vec<String>,
    /// Whether it goes on until it is told to stop; then it prints these.
    pub(crate) until_stopped: Option<Vec<String>>,
    pub(crate) status: i32,
    pub(crate) said: &'static str,
}

/// The commands to come, and those that were.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs(Arc<Mutex<(VecDeque<Script>, Vec<Job>)>>, Arc<AtomicUsize>);

impl Jobs {
    /// The next command prints these and ends with a status.
    pub(crate) fn prints(&self, lines: &[Value], status: i32, said: &'static str) {
        self.add(Script {
            lines: lines.iter().map(Value::to_string).collect(),
            until_stopped: None,
            status,
            said,
        });
    }

    /// The next command prints some, goes on until it is told to stop, and then prints the others.
    pub(crate) fn goes_on(&self, lines: &[Value], then: &[Value]) {
        self.add(Script {
            lines: lines.iter().map(Value::to_string).collect(),
            until_stopped: Some(then.iter().map(Value::to_string).collect()),
            status: 130,
            said: "",
        });
    }

    pub(crate) fn add(&self, script: Script) {
        self.0.lock().unwrap().0.push_back(script);
    }

    /// Whether nothing goes on.
    pub(crate) fn is_idle(&self) -> bool {
        self.1.load(Ordering::SeqCst) == 0
    }

    /// What was asked for, in order.
    pub(crate) fn asked(&self) -> Vec<Job> {
        self.0.lock().unwrap().1.clone()
    }

    pub(crate) fn carry_out(
        &self,
        job: &Job,
        cancel: &Cancel,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Ended, String> {
        let script = {
            let mut jobs = self.0.lock().unwrap();
            jobs.1.push(job.clone());
            jobs.0.pop_front().ok_or("There is no such program.")?
        };
        self.1.fetch_add(1, Ordering::SeqCst);
        script.lines.iter().for_each(|line| heard(line));
        if let Some(then) = &script.until_stopped {
            while !cancel.is_cancelled() {
                std::thread::sleep(Duration::from_millis(5));
            }
            then.iter().for_each(|line| heard(line));
        }
        self.1.fetch_sub(1, Ordering::SeqCst);
        Ok(Ended {
            status: Some(script.status),
            said: script.said.to_owned(),
        })
    }
}
