//! A plan in words, step by step: the lines that a terminal and an editor show alike. How they are dressed is theirs.

mod origin;

use glueline_base::{FileId, FileRange, LineColumn};
use glueline_project::{Node, Project};
use glueline_render::{ApiCall, Event, Failure, NodeRun, Reading, Renderer, Standing, Statement};
use glueline_template::Note;

pub use self::origin::{Origin, Pasted, Place, origin, source};
use crate::fault::kind;
use crate::plan::PlannedNode;
use crate::step::{Danger, Effect, Step};

/// Something that is shown of a node.
#[derive(Debug, Clone)]
pub enum Item<'a> {
    /// What it is and what it makes: `model`, `analytics.orders`.
    Heading {
        /// The kind of node, or `hook`.
        kind: &'static str,
        /// The relation that it makes, else its name.
        name: String,
    },
    /// How it is made and how its relation stands: `incremental by merge, iceberg; is not there yet (assumed)`.
    About(String),
    /// The file that it is defined in.
    File(FileId),
    /// Something that is true of the node as a whole.
    Remark(Tone, String),
    /// One thing that happens.
    Step {
        /// Its number, with a full stop, as wide as the widest.
        number: String,
        /// What it does.
        title: String,
        /// What is called, where it is no statement: ` (glue GetTable)`.
        call: String,
        /// How grave it is.
        tone: Tone,
    },
    /// What the step takes away.
    Danger(&'a Danger),
    /// A text that is sent, or what Spark gets of it.
    Code {
        /// What it is written in.
        dialect: Dialect,
        /// The text.
        text: &'a str,
        /// Where its lines come from.
        origin: Origin,
    },
    /// Something that is true of the statement.
    Reading(Tone, String),
    /// A label and what is worth knowing: which macros had a part in it, what is not known.
    Note(Tone, &'static str, String),
    /// Why it fails.
    Failure(&'a Failure),
}

/// How something is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It carries the structure.
    Plain,
    /// It is there for completeness.
    Quiet,
    /// It is in doubt.
    Doubt,
    /// It is good to know.
    Info,
    /// It loses data, or fails.
    Grave,
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Spark SQL.
    Sql,
    /// Python.
    Python,
}

/// What turns a plan into words.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    /// What knows the nodes.
    pub renderer: &'a Renderer,
    /// What has to stand before a path relative to the project so that it can be opened.
    pub prefix: &'a str,
    /// The line and the column that a place starts at.
    pub position: &'a dyn Fn(FileRange) -> LineColumn,
}

impl std::fmt::Debug for Show<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Show")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl<'a> Show<'a> {
    fn project(&self) -> &'a Project {
        self.renderer.project()
    }

    /// All that is shown of a node or a hook; `steps` are those of its events ([`crate::step::steps`]).
    pub fn node<'p>(&self, planned: &'p PlannedNode, steps: &'p [Step]) -> Vec<Item<'p>> {
        let mut out = Vec::new();
        self.heading(planned, &mut out);
        let Some(run) = &planned.run else {
            let line = "skipped: what it comes after fails".to_owned();
            out.push(Item::Remark(Tone::Doubt, line));
            return out;
        };
        let width = run.events.len().to_string().len();
        for (index, (event, step)) in run.events.iter().zip(steps).enumerate() {
            let number = format!("{:>width$}.", index + 1);
            self.event(planned, number, event, step, &mut out);
        }
        if run.events.is_empty() && planned.status != crate::Status::Error {
            out.push(Item::Remark(Tone::Quiet, "nothing is sent".to_owned()));
        }
        self.notes(run, &mut out);
        out.extend(run.failure.as_ref().map(Item::Failure));
        out
    }

    fn heading(&self, planned: &PlannedNode, out: &mut Vec<Item<'_>>) {
        let project = self.project();
        let (kind, name) = match (planned.node, &planned.operation) {
            (Some(id), _) => {
                let node = project.node(id);
                let relation = self.renderer.relation_name(id);
                let name = relation
                    .filter(|_| node.kind.is_refable())
                    .unwrap_or_else(|| node.name.to_string());
                (kind(node.kind), name)
            }
            (None, Some(operation)) => ("hook", operation.name.to_string()),
            (None, None) => ("", String::new()),
        };
        out.push(Item::Heading { kind, name });
        let Some(id) = planned.node else { return };
        let node = project.node(id);
        let state = planned.run.as_ref().and_then(|run| self.state(node, run));
        let about: Vec<String> = how(self.renderer, node).into_iter().chain(state).collect();
        if !about.is_empty() {
            out.push(Item::About(about.join("; ")));
        }
        out.push(Item::File(node.file()));
    }

    /// How the relation of a node stands before it runs, and who says so.
    fn state(&self, node: &Node, run: &NodeRun) -> Option<String> {
        if !node.kind.is_refable() {
            return None;
        }
        let stands = stands(&run.before.as_ref()?.standing)?;
        let who = if self.project().state().is_some() {
            "by the catalog file"
        } else {
            "assumed"
        };
        Some(format!("{stands} ({who})"))
    }

    fn event<'p>(
        &self,
        planned: &'p PlannedNode,
        number: String,
        event: &'p Event,
        step: &'p Step,
        out: &mut Vec<Item<'p>>,
    ) {
        let (title, call, tone) = match event {
            Event::Call(call) if step.danger.is_none() => (step.title.clone(), called(call), Tone::Quiet),
            Event::Call(call) => (step.title.clone(), called(call), weight(step)),
            Event::Log(line) => {
                let title = format!("{}: {}", step.title, line.message);
                (title, String::new(), Tone::Doubt)
            }
            Event::Statement(_) => (step.title.clone(), String::new(), weight(step)),
        };
        out.push(Item::Step {
            number,
            title,
            call,
            tone,
        });
        if !matches!(event, Event::Log(_)) {
            out.extend(step.danger.as_ref().map(Item::Danger));
        }
        if let Event::Statement(statement) = event {
            self.statement(planned, statement, out);
        }
    }

    fn statement<'p>(&self, planned: &PlannedNode, statement: &'p Statement, out: &mut Vec<Item<'p>>) {
        let (text, dialect) = match &statement.sql {
            Some(sql) => (sql, Dialect::Sql),
            None => (&statement.code, Dialect::Python),
        };
        let line = |place| (self.position)(place).line;
        out.push(Item::Code {
            dialect,
            text,
            origin: origin(self.project(), &line, planned, text),
        });
        reading(statement, out);
        if let Some(error) = &statement.error {
            let line = format!("the session answers {}: {}", error.name, error.value);
            out.push(Item::Reading(Tone::Grave, line));
        }
    }

    /// Which macros of the project had a part in it, and what is not known.
    fn notes(&self, run: &NodeRun, out: &mut Vec<Item<'_>>) {
        let project = self.project();
        for replaced in &run.replaced {
            let path = project.files().info(replaced.file).shown.as_str();
            let line = format!(
                "`{}` is the project's own, in {}{path}",
                replaced.name, self.prefix
            );
            out.push(Item::Note(Tone::Info, "note", line));
        }
        let release = project.release().version;
        for change in &run.older {
            let dated = change.dated();
            let line = format!("dbt-glue {release}, before {}: {}", dated.since, dated.before);
            out.push(Item::Note(Tone::Info, "note", line));
        }
        out.extend(run.unknown.iter().map(|note| self.unknown(note)));
    }

    /// What could not be known without a warehouse, with where it came up.
    pub fn unknown(&self, note: &Note) -> Item<'static> {
        let place = self.place_of(note).map(|place| format!(" ({place})"));
        let line = format!("{}{}", note.message, place.unwrap_or_default());
        Item::Note(Tone::Doubt, "not known", line)
    }

    /// Where a note came up: `models/a.sql:3:5`.
    pub fn place_of(&self, note: &Note) -> Option<String> {
        let files = self.project().files();
        let frame = note
            .trace
            .iter()
            .find(|frame| (frame.place.file.0 as usize) < files.len())?;
        let start = (self.position)(frame.place);
        let path = self.path(frame.place.file);
        Some(format!("{path}:{}:{}", start.line, start.column))
    }

    /// `models/a.sql:3-12`, as it can be opened.
    pub fn place(&self, place: Place) -> String {
        let path = self.path(place.file);
        if place.start == place.end {
            format!("{path}:{}", place.start)
        } else {
            format!("{path}:{}-{}", place.start, place.end)
        }
    }

    fn path(&self, file: FileId) -> String {
        let shown = &self.project().files().info(file).shown;
        let prefix = if shown.is_absolute() { "" } else { self.prefix };
        format!("{prefix}{shown}")
    }
}

/// How a node is made: `incremental by merge, iceberg`; `None` for what makes no relation.
pub fn how(renderer: &Renderer, node: &Node) -> Option<String> {
    if !node.kind.is_refable() {
        return None;
    }
    let info = renderer.info(node.id);
    let text = |key: &str| {
        let value = info.config.get_str(key).filter(|value| !value.is_none())?;
        Some(glueline_template::to_str(&value).plain().into_owned())
    };
    let mut how = info.materialized();
    if how == "incremental"
        && let Some(strategy) = text("incremental_strategy")
    {
        how = format!("{how} by {strategy}");
    }
    if let Some(format) = text("file_format") {
        how = format!("{how}, {format}");
    }
    Some(how)
}

/// How a relation stands, in words; `None` where nobody says.
pub fn stands(standing: &Standing) -> Option<String> {
    Some(match standing {
        Standing::Unknown | Standing::Temporary => return None,
        Standing::Absent => "is not there yet".to_owned(),
        Standing::View => "is there as a view".to_owned(),
        Standing::Table { format, .. } => match format {
            Some(format) => format!("is there as {} table", with_article(format)),
            None => "is there as a table".to_owned(),
        },
    })
}

/// What Spark gets, where it is something else than what is sent.
fn reading<'p>(statement: &'p Statement, out: &mut Vec<Item<'p>>) {
    let Some(sql) = &statement.sql else { return };
    let mut say = |tone, line: String| out.push(Item::Reading(tone, line));
    match &statement.reading {
        Reading::Same => {}
        Reading::Other | Reading::Unknown => {
            say(Tone::Doubt, "what Spark gets of it is not known".to_owned());
        }
        Reading::Refused(message) => say(
            Tone::Grave,
            format!("Python cannot read it, and nothing reaches Spark: {message}"),
        ),
        Reading::Pieces(pieces) => {
            let count = pieces.len();
            if count > 1 {
                let line = format!("Spark runs it as {count} queries, one after the other");
                say(Tone::Quiet, line);
            }
            let as_sent = sql.split("dbt_next_query").filter(|piece| !piece.is_empty());
            if as_sent.eq(pieces.iter().map(String::as_str)) {
                return;
            }
            say(
                Tone::Doubt,
                "Spark gets this, once Python has read it:".to_owned(),
            );
            out.extend(pieces.iter().map(|piece| Item::Code {
                dialect: Dialect::Sql,
                text: piece,
                origin: Origin::default(),
            }));
        }
    }
}

fn weight(step: &Step) -> Tone {
    match step.effect {
        Effect::Deletes | Effect::Replaces | Effect::Moves if step.danger.is_some() => Tone::Grave,
        _ => Tone::Plain,
    }
}

/// ` (glue GetTable: EntityNotFoundException)`.
fn called(call: &ApiCall) -> String {
    let error = call.error.map(|error| format!(": {error}")).unwrap_or_default();
    format!(" ({} {}{error})", call.service, call.operation)
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}
