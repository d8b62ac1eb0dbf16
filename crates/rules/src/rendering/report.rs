//! One finding for one fault, however many nodes and lives show it.

use std::collections::BTreeMap;

use glueline_base::{Diagnostic, FileRange, Fix, Related, RuleMeta, Severity};
use glueline_project::{Node, NodeId, Project, ResourceType};
use glueline_render::{Compiled, Life};

use crate::context::{NodeCx, RenderedCx};
use crate::rule::{Rule, Sink};

/// Nodes that a message names one by one.
const NAMED: usize = 3;

/// What was found at one place, in nodes and in their lives.
#[derive(Debug, Default)]
pub(crate) struct Findings<'a> {
    by_place: BTreeMap<(u32, u32, u32, String), Found<'a>>,
}

/// What was found at one place.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    at: FileRange,
    nodes: Vec<&'a Node>,
    lives: Vec<(NodeId, Life)>,
    severity: Option<Severity>,
    related: Vec<Related>,
    fix: Option<Fix>,
}

impl<'a> Findings<'a> {
    /// Takes a finding about a node in a life.
    pub(crate) fn add(&mut self, node: &'a Node, life: Life, at: FileRange, message: String) {
        self.add_with(node, life, at, message, None);
    }

    /// Takes a finding with a severity of its own. Gives what can be added to it.
    pub(crate) fn add_with(
        &mut self,
        node: &'a Node,
        life: Life,
        at: FileRange,
        message: String,
        severity: Option<Severity>,
    ) -> &mut Found<'a> {
        let key = (at.file.0, at.range.start().into(), at.range.end().into(), message);
        let found = self.by_place.entry(key).or_insert_with(|| Found {
            at,
            nodes: Vec::new(),
            lives: Vec::new(),
            severity,
            related: Vec::new(),
            fix: None,
        });
        // Said twice of one text is said once.
        if !found.lives.contains(&(node.id, life)) {
            found.lives.push((node.id, life));
        }
        if !found.nodes.iter().any(|known| known.id == node.id) {
            found.nodes.push(node);
        }
        found
    }

    /// Reports what was found. What a run is not sure to meet is at most a warning.
    pub(crate) fn report(self, cx: &RenderedCx<'_>, rule: &RuleMeta, sink: &mut Sink) {
        for ((.., message), found) in self.by_place {
            sink.push(found.diagnostic(cx, rule, &message));
        }
    }
}

/// The findings of several rules that look at the same time.
#[derive(Debug, Default)]
pub(crate) struct ByRule<'a>(BTreeMap<&'static str, (&'static RuleMeta, Findings<'a>)>);

impl<'a> ByRule<'a> {
    /// Those of a rule.
    pub(crate) fn of(&mut self, rule: &'static Rule) -> &mut Findings<'a> {
        let found = self.0.entry(rule.meta.id);
        let (_, findings) = found.or_insert_with(|| (&rule.meta, Findings::default()));
        findings
    }

    /// Reports them all.
    pub(crate) fn report(self, cx: &RenderedCx<'_>, sink: &mut Sink) {
        for (rule, findings) in self.0.into_values() {
            findings.report(cx, rule, sink);
        }
    }
}

impl Found<'_> {
    /// Adds another place, once.
    pub(crate) fn relate(&mut self, related: Related) {
        if !self.related.contains(&related) {
            self.related.push(related);
        }
    }

    /// Adds a way to mend it.
    pub(crate) fn fix(&mut self, fix: Fix) {
        self.fix = Some(fix);
    }

    fn diagnostic(&self, cx: &RenderedCx<'_>, rule: &RuleMeta, message: &str) -> Diagnostic {
        let has = |life| self.lives.iter().any(|(_, found)| *found == life);
        // A node that is rendered in one life only is the same in all of them.
        let in_both = |node: NodeId| {
            let lives = cx.nodes.iter().filter(|(other, ..)| *other == node).count();
            self.lives.iter().filter(|(other, _)| *other == node).count() == lives
        };
        let when = match self.lives.iter().any(|(node, _)| in_both(*node)) {
            true => "",
            false if has(Life::Exists) => "From the second run on: ",
            false => "On the first run: ",
        };
        let whom = match self.nodes.as_slice() {
            [_] => String::new(),
            nodes => {
                let names: Vec<String> = nodes
                    .iter()
                    .take(NAMED)
                    .map(|node| format!("`{}`", node.name))
                    .collect();
                match nodes.len().saturating_sub(NAMED) {
                    0 => format!(" This is so in {}.", names.join(", ")),
                    more => format!(" This is so in {} and {more} more.", names.join(", ")),
                }
            }
        };
        let mut diagnostic = Diagnostic::new(rule, self.at, format!("{when}{message}{whom}"));
        if let [node] = self.nodes.as_slice() {
            diagnostic = diagnostic.node(&*node.unique_id);
        }
        if let Some(severity) = self.severity {
            diagnostic = diagnostic.severity(severity);
        }
        diagnostic.related.clone_from(&self.related);
        diagnostic.fix.clone_from(&self.fix);
        if self.nodes.iter().all(|node| node.kind == ResourceType::Analysis) {
            let severity = diagnostic.severity.min(Severity::Warning);
            diagnostic = diagnostic.severity(severity);
        }
        diagnostic
    }
}

/// The nodes in SQL that were rendered with everything known.
pub(crate) fn known<'a, 'b>(
    cx: &'b RenderedCx<'a>,
) -> impl Iterator<Item = (NodeCx<'a>, Life, &'b Compiled, &'b str)> {
    // Without its packages dbt runs nothing, and another rule says so.
    let is_complete = cx.project.all_packages_present();
    let nodes = cx.nodes.iter().filter(move |_| is_complete);
    nodes.filter_map(move |(node, life, compiled)| {
        let node = cx.project.node(*node);
        let project: &'a Project = cx.project;
        let code = compiled.code.as_deref()?;
        let is_sql = node.language == glueline_project::Language::Sql;
        (is_sql && compiled.unknown.is_empty()).then_some((
            NodeCx { project, node },
            *life,
            &**compiled,
            code,
        ))
    })
}

/// Whether dbt-glue hands the rendered text to Spark as a part of a statement.
pub(crate) fn is_sent(cx: &NodeCx<'_>) -> bool {
    crate::sql_text::texts::is_sent(cx)
        || cx.node.kind == ResourceType::Test
        || (cx.node.kind == ResourceType::Model && cx.materialized() == Some("ephemeral"))
}
