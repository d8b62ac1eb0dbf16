//! What the rules found, with what it takes to find it again after an edit.
//!
//! A rule looks at a file, at a node, at what a node renders to, or at the project as a whole. For each file and node it is written
//! down what its rules looked at ([`Reads`], [`Basis`]); after an edit those alone are run again that looked at something that
//! differs. What looks at the whole project is run again each time.

mod moved;
mod quick;
mod rendered;

use std::sync::Arc;

use glueline_base::{Cancel, Diagnostic, FileId, range};
use glueline_project::{Difference, NodeId, Project, Reads};
use glueline_render::Renderer;
use glueline_schema::Schemas;
use rayon::prelude::*;

use self::rendered::Look;
use crate::context::{FileCx, NodeCx, ProjectCx, RenderedCx};
use crate::rule::{Check, Rule, Sink};
use crate::{ALL, run};

/// Everything that the rules found in a project at one instant. Cheap to copy.
#[derive(Debug, Clone)]
pub struct Known(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    project: Arc<Project>,
    /// By number; `None` for files that are not the user's own.
    files: Vec<Option<Arc<Item>>>,
    /// By number; `None` for nodes that are disabled or not the user's own.
    nodes: Vec<Option<Arc<Item>>>,
    /// What the nodes render to, by number; `None` as above.
    rendered: Vec<Option<Arc<Look>>>,
    /// What each found, before anything is taken out, by file.
    raw: Vec<(Origin, Diagnostic)>,
    /// What there is to say, sorted.
    found: Vec<Diagnostic>,
}

/// What the rules of one file or node found.
#[derive(Debug)]
struct Item {
    found: Box<[Diagnostic]>,
    reads: Reads,
}

/// What was looked at when something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The project as a whole, or an output of the profile.
    Project,
    /// A file.
    File(FileId),
    /// A node.
    Node(NodeId),
    /// What nodes render to.
    Rendered,
}

/// What an earlier look found, where it still holds.
struct Last<'a> {
    known: &'a Inner,
    difference: Difference,
}

impl Last<'_> {
    fn item(&self, items: &[Option<Arc<Item>>], number: u32) -> Option<Arc<Item>> {
        let item = items.get(number as usize)?.as_ref()?;
        item.reads.hold(&self.difference).then(|| item.clone())
    }
}

impl Known {
    /// Everything that `check` finds. What `last` found, in an earlier reading of the project, is not looked for again where nothing that
    /// its rules looked at differs. `None` where the work was cancelled.
    pub fn find(schemas: &Schemas, last: Option<&Self>, cancel: &Cancel) -> Option<Self> {
        let renderer = schemas.renderer();
        let project = renderer.project();
        let last = last.and_then(|known| {
            let difference = project.difference(&known.0.project)?;
            Some(Last {
                known: &known.0,
                difference,
            })
        });
        let last = last.as_ref();
        let files = of_files(project, last, cancel);
        let nodes = of_nodes(project, last, cancel);
        let rendered = rendered::of_nodes(schemas, last, cancel);
        let mut raw = of_project(renderer, cancel);
        if cancel.is_cancelled() {
            return None;
        }
        let origin = |diagnostic| (Origin::Rendered, diagnostic);
        raw.extend(rendered::merged(schemas, &rendered).into_iter().map(origin));
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        for (index, item) in files.iter().enumerate() {
            let found = item.iter().flat_map(|item| &item.found).cloned();
            raw.extend(found.map(|diagnostic| (Origin::File(FileId(number(index))), diagnostic)));
        }
        for (index, item) in nodes.iter().enumerate() {
            let found = item.iter().flat_map(|item| &item.found).cloned();
            raw.extend(found.map(|diagnostic| (Origin::Node(NodeId(number(index))), diagnostic)));
        }
        raw.sort_by_key(|(_, diagnostic)| diagnostic.at.file);
        let all = raw.iter().map(|(_, diagnostic)| diagnostic.clone()).collect();
        let found = run::settled(project, all);
        let known = Inner {
            project: project.clone(),
            files,
            nodes,
            rendered,
            raw,
            found,
        };
        (!cancel.is_cancelled()).then(|| Self(Arc::new(known)))
    }

    /// That nothing was looked at yet: what [`Known::of_files`] then says of a file is all that it and its nodes say by themselves.
    pub fn nothing(renderer: &Renderer) -> Self {
        Self::with(renderer, Vec::new())
    }

    /// That only the project as a whole was looked at yet, which takes no longer than to read it: what [`Known::of_files`] then says of a
    /// file lacks no more than what others say of it. `None` where the work was cancelled.
    pub fn first(renderer: &Renderer, cancel: &Cancel) -> Option<Self> {
        let mut raw = of_project(renderer, cancel);
        raw.sort_by_key(|(_, diagnostic)| diagnostic.at.file);
        (!cancel.is_cancelled()).then(|| Self::with(renderer, raw))
    }

    fn with(renderer: &Renderer, raw: Vec<(Origin, Diagnostic)>) -> Self {
        Self(Arc::new(Inner {
            project: renderer.project().clone(),
            files: Vec::new(),
            nodes: Vec::new(),
            rendered: Vec::new(),
            raw,
            found: Vec::new(),
        }))
    }

    /// Everything there is to say, sorted by file, place and rule; suppressions are applied.
    pub fn found(&self) -> &[Diagnostic] {
        &self.0.found
    }

    /// The project that was looked at.
    pub fn project(&self) -> &Arc<Project> {
        &self.0.project
    }
}

fn of_files(project: &Project, last: Option<&Last<'_>>, cancel: &Cancel) -> Vec<Option<Arc<Item>>> {
    let count = u32::try_from(project.files().len()).unwrap_or(u32::MAX);
    let look = |number: u32| {
        let file = FileId(number);
        if !run::is_own(project, file) || cancel.is_cancelled() {
            return None;
        }
        let known = last.and_then(|last| last.item(&last.known.files, number));
        Some(known.unwrap_or_else(|| Arc::new(of_file(project, file))))
    };
    (0..count).into_par_iter().map(look).collect()
}

fn of_nodes(project: &Project, last: Option<&Last<'_>>, cancel: &Cancel) -> Vec<Option<Arc<Item>>> {
    let look = |number: u32| {
        let id = NodeId(number);
        if !is_looked_at(project, id) || cancel.is_cancelled() {
            return None;
        }
        let known = last.and_then(|last| last.item(&last.known.nodes, number));
        Some(known.unwrap_or_else(|| Arc::new(of_node(project, id))))
    };
    (0..count(project)).into_par_iter().map(look).collect()
}

fn count(project: &Project) -> u32 {
    u32::try_from(project.nodes().len()).unwrap_or(u32::MAX)
}

/// Whether the rules look at a node by itself.
fn is_looked_at(project: &Project, id: NodeId) -> bool {
    let node = project.node(id);
    node.enabled && node.package == 0
}

/// What the rules find in one file.
fn of_file(project: &Project, file: FileId) -> Item {
    let look = || {
        let mut sink = Sink::default();
        let cx = FileCx { project, file };
        for rule in ALL.iter() {
            if let Check::File(check) = rule.check {
                run::guarded(rule, cx.at(range(0, 0)), &mut sink, |sink| check(&cx, sink));
            }
        }
        let mut found = sink.take();
        if project.is_glue() {
            run::drop_other_adapters(&cx, &mut found);
        }
        // Comments that allow a rule are looked for in the text.
        let _ = cx.text();
        found.into_boxed_slice()
    };
    let (found, reads) = Reads::record(look);
    Item { found, reads }
}

/// What the rules find in one node.
fn of_node(project: &Project, id: NodeId) -> Item {
    let look = || {
        let mut sink = Sink::default();
        let node = project.node(id);
        let cx = NodeCx { project, node };
        for rule in ALL.iter() {
            match rule.check {
                Check::Node(check) => run::guarded(rule, node.at, &mut sink, |sink| check(&cx, sink)),
                Check::GlueNode(check) if project.is_glue() => {
                    run::guarded(rule, node.at, &mut sink, |sink| check(&cx, sink));
                }
                _ => {}
            }
        }
        sink.take().into_boxed_slice()
    };
    let (found, reads) = Reads::record(look);
    Item { found, reads }
}

/// What the rules find that look at the project as a whole, but for what it renders to.
fn of_project(renderer: &Renderer, cancel: &Cancel) -> Vec<(Origin, Diagnostic)> {
    let project: &Project = renderer.project();
    let look = |rule: &&'static Rule| {
        let mut sink = Sink::default();
        if !cancel.is_cancelled() {
            run::guarded(rule, run::project_place(project), &mut sink, |sink| {
                match rule.check {
                    Check::Project(check) => check(&ProjectCx { project }, sink),
                    Check::Target(check) => run::of_targets(project, check, sink),
                    Check::File(_)
                    | Check::Node(_)
                    | Check::GlueNode(_)
                    | Check::Rendered(_)
                    | Check::Elsewhere => {}
                }
            });
        }
        sink.take()
            .into_iter()
            .map(|diagnostic| (Origin::Project, diagnostic))
    };
    ALL.par_iter().flat_map_iter(look).collect()
}

/// Runs the rules that look at what nodes render to.
fn rules_of_rendered(cx: &RenderedCx<'_>, sink: &mut Sink) {
    for rule in ALL.iter() {
        if let Check::Rendered(check) = rule.check {
            run::guarded(rule, run::project_place(cx.project), sink, |sink| check(cx, sink));
        }
    }
}
