//! What each step of a run does to the data, in the words of those who answer for it.
//!
//! Read from the statements and calls alone, from how they find what they change, and from the session's configuration. Nothing here
//! decides what is sent.

mod ask;
mod call;
mod change;
mod python;
mod session;
mod sql;
#[cfg(test)]
mod tests;
mod tokens;
mod whose;
mod write;

use std::collections::BTreeSet;

use glueline_project::{Language, NodeId, ResourceType};
use glueline_render::{Event, Found, Renderer, Standing, Statement};

pub use self::ask::{Ask, of_call, of_statement};
use self::session::Conf;
pub use self::whose::Strikes;
use crate::plan::{Plan, PlannedNode};

/// What one event of a run does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// A short sentence that says it, without a full stop: `Create table analytics.orders`.
    pub title: String,
    /// The kind of effect.
    pub effect: Effect,
    /// What is lost by it, where anything is.
    pub danger: Option<Danger>,
}

/// What a step does, the graver the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It changes the session, or nothing.
    Settles,
    /// It reads.
    Reads,
    /// Nobody can tell from its text.
    Unknown,
    /// It gives rights or takes them.
    Grants,
    /// It makes something that was not there.
    Creates,
    /// It adds rows to what is there.
    Adds,
    /// It changes what is there.
    Changes,
    /// It puts something in another place.
    Moves,
    /// It puts something in the place of what is there.
    Replaces,
    /// It removes something.
    Deletes,
}

impl Effect {
    /// As JSON writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settles => "settles",
            Self::Reads => "reads",
            Self::Unknown => "unknown",
            Self::Grants => "grants",
            Self::Creates => "creates",
            Self::Adds => "adds",
            Self::Changes => "changes",
            Self::Moves => "moves",
            Self::Replaces => "replaces",
            Self::Deletes => "deletes",
        }
    }
}

/// What a step takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// How.
    pub harm: Harm,
    /// What is affected, as far as is known: `every row of analytics.orders`.
    pub extent: String,
    /// The rule of Glueline whose page explains it.
    pub rule: Option<&'static str>,
    /// Whose data it is.
    pub strikes: Strikes,
}

/// How data suffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// It is gone.
    Deletes,
    /// Other data stands in its place.
    Replaces,
    /// It is somewhere else, or something else.
    Moves,
    /// It is there more than once.
    Duplicates,
}

impl Harm {
    /// As JSON and people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deletes => "deletes",
            Self::Replaces => "replaces",
            Self::Moves => "moves",
            Self::Duplicates => "duplicates",
        }
    }
}

/// The rules whose pages explain dangers. Their ids are checked where the rules are known.
pub mod rules {
    /// An existing table is dropped before it is made anew.
    pub const RERUN: &str = "table-rerun-needs-conf";
    /// An Iceberg table in the way of something else.
    pub const OVER_ICEBERG: &str = "table-over-iceberg";
    /// Overwriting by partition while Spark overwrites statically.
    pub const STATIC: &str = "static-insert-overwrite";
    /// Overwriting without partitions.
    pub const NO_PARTITIONS: &str = "insert-overwrite-without-partitions";
    /// Iceberg's snapshots are expired.
    pub const EXPIRE: &str = "expire-snapshots-by-default";
    /// A merge that matches nothing.
    pub const NO_KEY: &str = "merge-without-unique-key";
    /// A rename that copies to parquet.
    pub const RENAME: &str = "rename-relation-in-macros";
    /// A seed that appends.
    pub const SEED_APPENDS: &str = "seed-mode-means-append";
    /// An incremental Python model that overwrites.
    pub const PYTHON_OVERWRITES: &str = "python-incremental-overwrites";
    /// An incremental Python model that rebuilds.
    pub const PYTHON_REBUILDS: &str = "python-strategy-rebuilds";

    /// All of them.
    pub const ALL: [&str; 10] = [
        RERUN,
        OVER_ICEBERG,
        STATIC,
        NO_PARTITIONS,
        EXPIRE,
        NO_KEY,
        RENAME,
        SEED_APPENDS,
        PYTHON_OVERWRITES,
        PYTHON_REBUILDS,
    ];
}

impl Step {
    fn new(effect: Effect, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            effect,
            danger: None,
        }
    }

    fn danger(
        mut self,
        strikes: Strikes,
        harm: Harm,
        extent: impl Into<String>,
        rule: Option<&'static str>,
    ) -> Self {
        self.danger = Some(Danger {
            harm,
            extent: extent.into(),
            rule,
            strikes,
        });
        self
    }

    /// One step out of those that one statement takes, one after the other.
    fn joined(steps: Vec<Self>) -> Option<Self> {
        let mut steps = steps.into_iter();
        let mut all = steps.next()?;
        for step in steps {
            all.title.push_str(", then ");
            all.title.push_str(&lower_first(&step.title));
            all.effect = all.effect.max(step.effect);
            all.danger = graver(all.danger, step.danger);
        }
        Some(all)
    }
}

/// Which of two dangers is told: the first, unless only the other strikes what is not the node's own.
fn graver(first: Option<Danger>, then: Option<Danger>) -> Option<Danger> {
    match (first, then) {
        (Some(first), Some(then)) if first.strikes < then.strikes => Some(then),
        (first, then) => first.or(then),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

impl Plan {
    /// What each event of a node does: for each of [`Plan::nodes`] a step for each of its events.
    pub fn steps(&self, renderer: &Renderer) -> Vec<Vec<Step>> {
        self.nodes.iter().map(|node| steps(renderer, node)).collect()
    }
}

/// What each event of one node does.
pub fn steps(renderer: &Renderer, planned: &PlannedNode) -> Vec<Step> {
    let Some(run) = &planned.run else {
        return Vec::new();
    };
    let mut reading = Reading::new(renderer, planned.node, run.before.as_ref());
    run.events.iter().map(|event| reading.event(event)).collect()
}

/// The reading of one node.
#[derive(Default)]
struct Reading<'a> {
    subject: Subject,
    /// The node's own relation before it runs.
    before: Option<&'a Found>,
    /// What the session's configuration says by now.
    conf: Conf,
    /// Tables that are dropped while their files stay, in small letters.
    dropped: BTreeSet<String>,
    /// Names under which rows are staged, in small letters.
    staged: BTreeSet<String>,
}

/// Whose events are read.
#[derive(Default)]
struct Subject {
    kind: Kind,
    materialized: String,
    /// Whether seeds overwrite what is there.
    seeds_overwrite: bool,
    /// The schema of the profile: that of names without one.
    schema: String,
    /// The schema in which rows are staged, where the profile names one.
    temp_schema: Option<String>,
}

/// What the events belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    /// A hook of a run.
    #[default]
    Hook,
    Seed,
    PythonModel,
    /// Any other node.
    Sql,
}

impl Subject {
    fn of(renderer: &Renderer, node: Option<NodeId>) -> Self {
        let Some(id) = node else {
            return Self::default();
        };
        let project = renderer.project();
        let node = project.node(id);
        let set = |key: &str| project.target().and_then(|target| target.get(key));
        let text = |key: &str| set(key).and_then(|value| value.as_str()).map(ToOwned::to_owned);
        Self {
            kind: match (node.kind, node.language) {
                (ResourceType::Seed, _) => Kind::Seed,
                (_, Language::Python) => Kind::PythonModel,
                _ => Kind::Sql,
            },
            materialized: renderer.info(id).materialized(),
            // Its default; what is any other word appends.
            seeds_overwrite: set("seed_mode").is_none_or(|mode| mode.as_str() == Some("overwrite")),
            schema: text("schema").unwrap_or_default(),
            temp_schema: text("temp_schema"),
        }
    }
}

/// What a query aims at.
struct Target<'a> {
    /// As it is written.
    name: String,
    /// How it is found; nothing where the run did not look.
    found: Option<&'a Standing>,
    /// Whether rows are only staged in it.
    is_staging: bool,
    /// Whose it is.
    strikes: Strikes,
}

impl Target<'_> {
    fn is_absent(&self) -> bool {
        matches!(self.found, Some(Standing::Absent))
    }

    fn is_there(&self) -> bool {
        self.found.is_some_and(Standing::is_there)
    }

    fn is_table(&self) -> bool {
        matches!(self.found, Some(Standing::Table { .. }))
    }

    fn format(&self) -> Option<&str> {
        match self.found {
            Some(Standing::Table { format, .. }) => format.as_deref(),
            _ => None,
        }
    }

    fn location(&self) -> Option<&str> {
        match self.found {
            Some(Standing::Table { location, .. }) => location.as_deref(),
            _ => None,
        }
    }

    fn partitions(&self) -> &[String] {
        match self.found {
            Some(Standing::Table { partitions, .. }) => partitions,
            _ => &[],
        }
    }

    /// Its files: `the files at s3://...`.
    fn files(&self) -> String {
        match self.location() {
            Some(location) => format!("the files at {location}"),
            None => "the files".to_owned(),
        }
    }
}

impl<'a> Reading<'a> {
    fn new(renderer: &Renderer, node: Option<NodeId>, before: Option<&'a Found>) -> Self {
        Self {
            subject: Subject::of(renderer, node),
            before,
            conf: Conf::of(renderer.project(), node),
            dropped: BTreeSet::new(),
            staged: BTreeSet::new(),
        }
    }

    fn event(&mut self, event: &Event) -> Step {
        match event {
            Event::Statement(statement) => self.statement(statement),
            Event::Call(call) => call::read(self, call),
            Event::Log(_) => Step::new(Effect::Settles, "The adapter logs an error and goes on"),
        }
    }

    fn statement(&mut self, statement: &Statement) -> Step {
        let Some(sql) = &statement.sql else {
            return python::read(self, &statement.code);
        };
        let queries = sql
            .split("dbt_next_query")
            .filter(|query| !query.trim().is_empty());
        let read = queries
            .map(|query| sql::read(self, &statement.found, query))
            .collect();
        let step = Step::joined(read).unwrap_or_else(|| Step::new(Effect::Settles, "Run an empty statement"));
        if statement.error.is_some() {
            // What the session refuses changes nothing.
            return Step {
                danger: None,
                effect: step.effect.min(Effect::Reads),
                ..step
            };
        }
        step
    }

    /// What a query aims at.
    fn target<'f>(&self, found: &'f [Found], name: String) -> Target<'f> {
        let folded = name.to_lowercase();
        let of_name = |one: &&Found| {
            let (schema, table) = (one.schema.to_lowercase(), one.name.to_lowercase());
            folded == table || folded.ends_with(&format!("{schema}.{table}"))
        };
        let standing = found.iter().find(of_name).map(|found| &found.standing);
        let is_staging = standing == Some(&Standing::Temporary) || self.is_staging(&folded);
        Target {
            strikes: self.strikes(&name),
            name,
            found: standing,
            is_staging,
        }
    }

    /// Whether a name, in small letters, is one under which dbt-glue puts rows away for a while: `orders_tmp` of `orders`, or what
    /// this node made as a temporary view.
    fn is_staging(&self, name: &str) -> bool {
        if self.staged.contains(name) {
            return true;
        }
        let last = name.rsplit('.').next().unwrap_or(name);
        last.starts_with("temp_schema_view_") || (last.ends_with("tmp") && self.is_staged(name))
    }

    /// Whether a target is what the node makes.
    fn is_own(&self, target: &Target<'_>) -> bool {
        let last = target.name.rsplit('.').next().unwrap_or(&target.name);
        self.before
            .is_some_and(|own| own.name.eq_ignore_ascii_case(last) && !target.is_staging)
    }
}

/// The beginning of a text, on one line.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
