//! `missing-doc`.

use glueline_base::{Diagnostic, FileId, FileRange, Fix, nearest, range, slice};
use glueline_jinja::{Context, Expr, ExprKind, Visitor};
use glueline_project::{FileKind, Project, Text};
use rustc_hash::FxHashSet;

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-doc",
    Fails,
    Error,
    "missing_doc.md",
    Check::Project(check), Link: "DocTargetNotFoundError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    if !project.all_packages_present() {
        return;
    }
    let mut blocks: Option<FxHashSet<&str>> = None;
    for node in project.nodes() {
        let (Some(patch), Some(reference)) = (project.patch(node), node.patch) else {
            continue;
        };
        if !node.enabled || node.package != 0 {
            continue;
        }
        let columns = patch
            .columns
            .iter()
            .filter_map(|column| column.description.as_ref());
        for description in patch.description.iter().chain(columns) {
            for name in asked(&description.value) {
                let blocks = blocks.get_or_insert_with(|| all_blocks(project));
                if !blocks.contains(&*name) {
                    sink.push(finding(project, reference.file, description, &name, blocks));
                }
            }
        }
    }
}

/// The docs blocks of the project and its packages; `doc()` finds them all (`dbt/contracts/graph/manifest.py`,
/// `resolve_doc`).
fn all_blocks(project: &Project) -> FxHashSet<&str> {
    let files = project.files().of_kind(FileKind::Docs);
    files
        .filter_map(|file| project.facts(file).sql())
        .flat_map(|facts| &facts.docs)
        .map(|block| &*block.name.value)
        .collect()
}

/// The names that a description is sure to call `doc()` with.
fn asked(description: &str) -> Vec<String> {
    struct Asked(Vec<String>);
    impl<'t, 'a> Visitor<'t, 'a> for Asked {
        fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
            let ExprKind::Call { callee, args } = &expr.kind else {
                return;
            };
            let is_sure = context.conditions.is_empty() && !context.in_loop;
            if !is_sure || callee.path().as_deref() != Some("doc") || args.len() > 2 {
                return;
            }
            let Some(arg) = args.last().filter(|arg| arg.is_positional()) else {
                return;
            };
            if let ExprKind::Str(name) = &arg.value.kind {
                self.0.push(name.decode().text);
            }
        }
    }
    if !description.contains("doc") {
        return Vec::new();
    }
    let template = glueline_jinja::parse(description);
    let mut asked = Asked(Vec::new());
    if template.errors.is_empty() {
        glueline_jinja::walk(&template, &mut asked);
    }
    // dbt's own block, which no file of the project has to have.
    asked.0.retain(|name| name != "__overview__");
    asked.0
}

fn finding(
    project: &Project,
    file: FileId,
    description: &Text,
    name: &str,
    blocks: &FxHashSet<&str>,
) -> Diagnostic {
    let written = slice(project.files().text(file), description.range);
    // The name itself, where it is written once.
    let mut places = written.match_indices(name).map(|(at, _)| at);
    let only = match (places.next(), places.next()) {
        (Some(at), None) => Some(usize::from(description.range.start()) + at),
        _ => None,
    };
    let at = FileRange {
        file,
        range: only.map_or(description.range, |at| range(at, at + name.len())),
    };
    let near = nearest(name, blocks.iter().copied());
    let hint = near
        .map(|near| format!(" Did you mean `{near}`?"))
        .unwrap_or_default();
    let message = format!(
        "There is no docs block `{name}`: dbt stops when it parses the project, and no command runs.{hint}"
    );
    let diagnostic = Diagnostic::new(&RULE.meta, at, message);
    match near.filter(|_| only.is_some()) {
        Some(near) => diagnostic.fix(Fix::safe(format!("Write `{near}`")).replace(at, near)),
        None => diagnostic,
    }
}
