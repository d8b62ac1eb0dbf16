//! What `glueline run --log-format json` tells, a line each.

use serde::Deserialize;
use serde_json::Value;

use super::told::Finding;

/// Something that happens in a run. What is not known here is passed over: a later release may tell more.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Event {
    /// So many nodes and hooks are going to run.
    Planned {
        nodes: u64,
    },
    /// Something worth knowing of a session.
    Remark {
        text: String,
    },
    SessionOpening {},
    SessionReady {
        session: String,
        spark: String,
    },
    NodeBegan {
        node: Node,
    },
    NodeDone {
        node: Node,
        status: String,
        message: Option<String>,
        failures: Option<i64>,
        milliseconds: Option<i64>,
    },
    /// Data is at stake, and nobody has agreed to that; nothing was sent.
    Asks {
        #[serde(default)]
        dangers: Vec<Danger>,
        #[serde(default)]
        findings: Vec<Finding>,
        /// What agrees to these, and to nothing else.
        agreement: String,
    },
    /// An error, at the place where it is at home.
    Finding(Finding),
    /// Nothing more happens.
    Ended {
        status: String,
        message: Option<String>,
    },
    #[serde(other)]
    Unknown,
}

/// Which node, or hook.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Node {
    pub(super) unique_id: String,
    pub(super) resource_type: String,
    pub(super) name: String,
}

/// A step that takes data away.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Danger {
    node: String,
    step: String,
    harm: String,
    extent: String,
}

impl Danger {
    /// As a sentence.
    pub(super) fn sentence(&self) -> String {
        let Self {
            node,
            step,
            harm,
            extent,
        } = self;
        format!("{node}: {step}: {harm} {extent}")
    }
}

impl Event {
    /// Reads a line; `None` for what is none.
    pub(super) fn read(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        Self::deserialize(value).ok()
    }
}
