//! An error brought home: the node, the line of its compiled code, the place in a file of the project.

use std::sync::Arc;

use glueline_base::{FileRange, TextSize, range};
use glueline_project::{Assume, Language, NodeId, Project};
use glueline_render::{Compiled, Life, Renderer, queries};

use super::around::by_words;
use super::fit::{Fit, fit, line_of, offset};
use super::names::{length_at, only_place, quoted, stand_at};
use super::{CountsIn, Position, Reported, Subject};
use crate::show::source;
use crate::{Command, Plan, Request};

/// The most nodes that are played through to find whose error it is.
const CANDIDATES: usize = 100;

/// A project that errors are brought home to.
#[derive(Debug)]
pub struct Home<'a> {
    renderer: &'a Renderer,
    /// The nodes that are meant, where somebody says.
    among: Option<&'a [NodeId]>,
}

/// Where an error is at home, as far as can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// The node.
    pub node: Option<NodeId>,
    /// The place in a file of the project.
    pub at: Option<FileRange>,
    /// The text itself, where another file than the node's own wrote it: a macro.
    pub written: Option<FileRange>,
    /// The line of the statement, from 1.
    pub statement_line: Option<u32>,
    /// The line of the node's compiled code, from 1.
    pub compiled_line: Option<u32>,
    /// How the place was found; `None` where there is none.
    pub finding: Option<Finding>,
}

/// How a place was found, the surer the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// The compiled code stands in the statement as it is.
    Exact,
    /// The error is right behind the compiled code: what is missing is at its end.
    Behind,
    /// The node compiles to something else by now; the line is still there.
    ByLine,
    /// No place was told; what the message names stands there, and nowhere else in the node.
    ByName,
    /// The statement is not the node's own query; the words around the place stand in the project once.
    ByWords,
    /// The error is in what dbt-glue writes around the node's own code.
    Around,
}

/// The texts that a place may count in.
struct Statement {
    text: String,
    /// Whether Python read it before.
    is_read: bool,
    /// Whether it is only what would be sent, not what was.
    is_planned: bool,
}

/// A place in compiled code.
struct Spot {
    finding: Finding,
    statement_line: u32,
    /// The offset in the code; `None` where it is not in it.
    offset: Option<usize>,
    compiled: Arc<Compiled>,
}

impl<'a> Home<'a> {
    /// A project; `among` are the nodes that are meant, where somebody says.
    pub const fn new(renderer: &'a Renderer, among: Option<&'a [NodeId]>) -> Self {
        Self { renderer, among }
    }

    /// Where an error is at home.
    pub fn place(&self, reported: &Reported) -> Placed {
        let mut statements = statements(reported);
        let node = self.node(reported, &statements);
        if let Some(node) = node
            && statements.is_empty()
            && reported.counts_in == CountsIn::Program
        {
            statements = self.programs(node);
        }
        let Some((node, spot)) = self.spot(node, reported, &statements) else {
            return self.without_spot(node, reported, &statements);
        };
        let project = self.renderer.project();
        let own = project.node(node).file();
        let compiled = &spot.compiled;
        let code = compiled.code.as_deref().unwrap_or_default();
        let mut placed = Placed {
            node: Some(node),
            statement_line: Some(spot.statement_line),
            finding: Some(spot.finding),
            ..Placed::default()
        };
        let Some(at) = spot.offset else {
            return placed;
        };
        placed.compiled_line = Some(line_of(code, at));
        placed.at = place_of(compiled, at, length_at(code, at), |offset| {
            source(compiled, offset, own)
        });
        let written = |offset: usize| Some(compiled.map.at(offset)?.place);
        let written = place_of(compiled, at, length_at(code, at), written);
        placed.written = written.filter(|written| placed.at.is_some_and(|at| at.file != written.file));
        placed
    }

    /// The node that the text names, or the one whose code stands in a statement, or the only one that is meant.
    fn node(&self, reported: &Reported, statements: &[Statement]) -> Option<NodeId> {
        let named = named(self.renderer.project(), &reported.subject);
        named.or_else(|| self.by_code(statements)).or(match self.among {
            Some([only]) => Some(*only),
            _ => None,
        })
    }

    /// What dbt-glue sends for a Python model: its compiled code behind an empty line, and an end of its own.
    fn programs(&self, node: NodeId) -> Vec<Statement> {
        let project = self.renderer.project();
        if project.node(node).language != Language::Python {
            return Vec::new();
        }
        let program = |compiled: Arc<Compiled>| Statement {
            text: format!("\n{}", compiled.code.as_deref().unwrap_or_default()),
            is_read: false,
            is_planned: true,
        };
        self.lives(node).into_iter().map(program).collect()
    }

    /// The nodes that may be to blame.
    fn candidates(&self) -> Vec<NodeId> {
        let project = self.renderer.project();
        let all = || project.nodes().iter().map(|node| node.id).collect();
        let mut nodes: Vec<NodeId> = self.among.map_or_else(all, <[NodeId]>::to_vec);
        nodes.retain(|node| self.renderer.compiles(*node));
        nodes
    }

    /// The node whose code stands in a statement as it is; of several the one with the longest code.
    fn by_code(&self, statements: &[Statement]) -> Option<NodeId> {
        if statements.is_empty() {
            return None;
        }
        let mut best: Option<(usize, NodeId)> = None;
        for node in self.candidates() {
            for compiled in self.lives(node) {
                let code = compiled.code.as_deref().unwrap_or_default().trim();
                let is_there = code.len() > best.map_or(0, |(length, _)| length)
                    && statements.iter().any(|statement| statement.text.contains(code));
                if is_there {
                    best = Some((code.len(), node));
                }
            }
        }
        best.map(|(_, node)| node)
    }

    /// What a node compiles to: by what is known of its relation, in its first run, and in a later one.
    fn lives(&self, node: NodeId) -> Vec<Arc<Compiled>> {
        if !self.renderer.compiles(node) {
            return Vec::new();
        }
        let mut found: Vec<Arc<Compiled>> = Vec::new();
        for life in [Life::Known, Life::Absent, Life::Exists] {
            let compiled = self.renderer.compile(node, life);
            if compiled.code.is_some() && !found.iter().any(|other| other.code == compiled.code) {
                found.push(compiled);
            }
        }
        found
    }

    fn spot(
        &self,
        node: Option<NodeId>,
        reported: &Reported,
        statements: &[Statement],
    ) -> Option<(NodeId, Spot)> {
        let at = reported.at?;
        if let Some(node) = node
            && !statements.is_empty()
        {
            return Some((node, self.best(node, reported, at, statements)?));
        }
        if !statements.is_empty() || reported.counts_in != CountsIn::Query {
            return None;
        }
        // The text has only the place: it counts in what the node would send.
        let names = quoted(&reported.message);
        let mut nodes = node.map_or_else(|| self.candidates(), |node| vec![node]);
        if node.is_none() {
            if names.is_empty() {
                return None;
            }
            nodes.retain(|node| self.lives(*node).iter().any(|compiled| has_all(compiled, &names)));
            if nodes.len() > CANDIDATES {
                return None;
            }
        }
        let mut found: Vec<(NodeId, Spot)> = Vec::new();
        for (node, planned) in self.planned(&nodes) {
            let fitting: Vec<Statement> = planned
                .into_iter()
                .filter(|statement| {
                    offset(&statement.text, at)
                        .is_some_and(|offset| stand_at(&names, &statement.text, offset))
                })
                .collect();
            let spot = self.best(node, reported, at, &fitting);
            found.extend(spot.filter(|spot| spot.offset.is_some()).map(|spot| (node, spot)));
        }
        found.dedup_by_key(|(node, _)| *node);
        if found.len() > 1 {
            return None;
        }
        found.pop()
    }

    /// The best place in a node among the statements that it may count in.
    fn best(
        &self,
        node: NodeId,
        reported: &Reported,
        at: Position,
        statements: &[Statement],
    ) -> Option<Spot> {
        let names = quoted(&reported.message);
        let mut best: Option<((bool, Finding), Spot)> = None;
        let mut consider = |key: (bool, Finding), spot: Spot| {
            if best.as_ref().is_none_or(|(known, _)| key < *known) {
                best = Some((key, spot));
            }
        };
        let lives = self.lives(node);
        for statement in statements {
            let Some(place) = offset(&statement.text, at) else {
                continue;
            };
            // Of several queries of one statement it is the one where the message's name stands.
            let is_named = stand_at(&names, &statement.text, place);
            for compiled in &lives {
                let code = compiled.code.as_deref().unwrap_or_default();
                let (finding, offset) = match fit(&statement.text, at, code, statement.is_read) {
                    Some(Fit::Within(offset)) => (Finding::Exact, Some(offset)),
                    Some(Fit::Behind(offset)) => (Finding::Behind, Some(offset)),
                    Some(Fit::Line(offset)) if !statement.is_planned => (Finding::ByLine, Some(offset)),
                    Some(Fit::Before) => (Finding::Around, None),
                    _ => continue,
                };
                let spot = Spot {
                    finding,
                    statement_line: at.line,
                    offset,
                    compiled: compiled.clone(),
                };
                consider((!is_named, finding), spot);
            }
        }
        best.map(|(_, spot)| spot)
    }

    /// What nodes would send, in a first run and in a later one.
    fn planned(&self, nodes: &[NodeId]) -> Vec<(NodeId, Vec<Statement>)> {
        let mut found: Vec<(NodeId, Vec<Statement>)> = Vec::new();
        for assume in [Assume::Absent, Assume::Exists] {
            let request = Request {
                command: Command::Build,
                selected: Some(nodes.to_vec()),
                assume: Some(assume),
            };
            for planned in Plan::new(self.renderer, &request).nodes {
                let (Some(node), Some(run)) = (planned.node, planned.run) else {
                    continue;
                };
                let sent = run.statements().flat_map(|statement| queries(&statement.code));
                let sent = sent.map(|text| Statement {
                    text,
                    is_read: true,
                    is_planned: true,
                });
                found.push((node, sent.collect()));
            }
        }
        found.sort_by_key(|(node, _)| *node);
        found
    }

    /// The place in a statement that is not a node's own query, in the files that configure the node.
    fn by_words(&self, node: NodeId, at: Position, statements: &[Statement]) -> Option<FileRange> {
        let project = self.renderer.project();
        let node = project.node(node);
        let patch = node.patch.as_ref().map(|patch| patch.file);
        let files = [Some(node.file()), patch, Some(project.project_file().file)];
        let files = files
            .into_iter()
            .flatten()
            .map(|file| (file, &*project.files().source(file).text));
        let found =
            |statement: &Statement| by_words(&statement.text, offset(&statement.text, at)?, files.clone());
        statements.iter().find_map(found)
    }

    /// Where an error is at home that has no place in a statement, or none that is found again.
    fn without_spot(&self, node: Option<NodeId>, reported: &Reported, statements: &[Statement]) -> Placed {
        let project = self.renderer.project();
        let mut placed = Placed {
            node,
            statement_line: reported
                .at
                .filter(|_| reported.counts_in != CountsIn::File)
                .map(|at| at.line),
            ..Placed::default()
        };
        let Some(id) = node else {
            return placed;
        };
        if reported.counts_in == CountsIn::File {
            placed.at = reported.at.and_then(|at| line_of_file(project, id, at));
            placed.finding = placed.at.map(|_| Finding::Exact);
            return placed;
        }
        if reported.at.is_none()
            && let Some(name) = quoted(&reported.message).last()
        {
            let own = project.node(id).file();
            let is_sent = |code: &str| {
                statements.is_empty()
                    || statements
                        .iter()
                        .any(|statement| statement.text.contains(code.trim()))
            };
            for compiled in self.lives(id) {
                let code = compiled.code.as_deref().unwrap_or_default();
                let Some(at) = only_place(code, name).filter(|_| is_sent(code)) else {
                    continue;
                };
                placed.at = place_of(&compiled, at, length_at(code, at), |offset| {
                    source(&compiled, offset, own)
                });
                placed.compiled_line = Some(line_of(code, at));
                placed.finding = placed.at.map(|_| Finding::ByName);
                return placed;
            }
        }
        if !statements.is_empty() && project.node(id).language == Language::Sql {
            placed.at = reported.at.and_then(|at| self.by_words(id, at, statements));
            if placed.at.is_some() {
                placed.finding = Some(Finding::ByWords);
                return placed;
            }
            let is_own = self.lives(id).iter().any(|compiled| {
                let code = compiled.code.as_deref().unwrap_or_default().trim();
                statements.iter().any(|statement| statement.text.contains(code))
            });
            placed.finding = (!is_own && reported.at.is_some()).then_some(Finding::Around);
        }
        placed
    }
}

/// The texts that an error's place may count in, as far as the text has them.
fn statements(reported: &Reported) -> Vec<Statement> {
    let read = |text: String| Statement {
        text,
        is_read: true,
        is_planned: false,
    };
    if let Some(query) = &reported.query {
        return vec![read(query.clone())];
    }
    let Some(code) = &reported.code else {
        return Vec::new();
    };
    let found = queries(code);
    if found.is_empty() || reported.counts_in == CountsIn::Program {
        // Python counts lines in the program.
        return vec![Statement {
            text: code.clone(),
            is_read: false,
            is_planned: false,
        }];
    }
    found.into_iter().map(read).collect()
}

/// The node that a text names.
fn named(project: &Project, subject: &Subject) -> Option<NodeId> {
    if let Some(id) = &subject.unique_id
        && let Some(node) = project.nodes().iter().find(|node| *node.unique_id == **id)
    {
        return Some(node.id);
    }
    let name = subject.name.as_deref()?;
    let fits = |node: &&glueline_project::Node| {
        let shown = project.files().info(node.file()).shown.as_str();
        let path = subject.path.as_deref();
        *node.name == *name && path.is_none_or(|path| shown == path || shown.ends_with(&format!("/{path}")))
    };
    let mut found = project.nodes().iter().filter(fits);
    let only = found.next()?;
    found.next().is_none().then_some(only.id)
}

/// Whether names stand in compiled code, each somewhere.
fn has_all(compiled: &Compiled, names: &[String]) -> bool {
    let code = compiled.code.as_deref().unwrap_or_default().to_lowercase();
    names.iter().all(|name| code.contains(&name.to_lowercase()))
}

/// The place of a stretch of compiled code, whole where it stands in one file as it is.
fn place_of(
    compiled: &Compiled,
    at: usize,
    length: usize,
    place: impl Fn(usize) -> Option<FileRange>,
) -> Option<FileRange> {
    let start = place(at)?;
    let is_literal = |offset: usize| compiled.map.at(offset).is_some_and(|found| found.literal);
    let last = at + length.max(1) - 1;
    let Some(end) = place(last).filter(|end| end.file == start.file) else {
        return Some(start);
    };
    let whole = is_literal(at) && is_literal(last) && end.range.end() >= start.range.end();
    // What a macro writes is at its call, from end to end.
    let spans = end.range.end() - start.range.start() <= TextSize::try_from(length).unwrap_or_default();
    Some(if whole && spans {
        FileRange {
            file: start.file,
            range: range(start.range.start().into(), end.range.end().into()),
        }
    } else {
        start
    })
}

/// A line of the file that a node is defined in, without the blanks before it.
fn line_of_file(project: &Project, node: NodeId, at: Position) -> Option<FileRange> {
    let file = project.node(node).file();
    let text = &project.files().source(file).text;
    let start = offset(text, Position { column: None, ..at })?;
    let line = text.get(start..)?.lines().next()?.trim_end();
    Some(FileRange {
        file,
        range: range(start, start + line.len()),
    })
}
