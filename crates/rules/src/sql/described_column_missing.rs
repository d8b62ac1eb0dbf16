//! `described-column-missing`.

use glueline_base::{FileRange, Fix, nearest};
use glueline_project::ResourceType;
use glueline_schema::Field;

use crate::context::{NodeCx, RenderedCx};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "described-column-missing",
    Project,
    Warning,
    "described_column_missing.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    for node in cx.own_nodes() {
        if node.node.kind == ResourceType::Model
            && let Some(columns) = &cx.schemas.of(node.node.id).columns
        {
            of_model(&node, columns, sink);
        }
    }
}

fn of_model(cx: &NodeCx<'_>, columns: &[Field], sink: &mut Sink) {
    let (Some(patch), Some(entry)) = (cx.project.patch(cx.node), cx.node.patch) else {
        return;
    };
    // A version of a model has columns of its own.
    if !patch.versions.is_empty() {
        return;
    }
    for column in &patch.columns {
        let name = column.name.value.trim_matches('`');
        if columns.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let at = FileRange {
            file: entry.file,
            range: column.name.range,
        };
        let near = nearest(name, columns.iter().map(|column| &*column.name));
        let meant = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        let message = format!(
            "The query of `{}` gives no column `{name}`: what stands here describes nothing.{meant}",
            cx.node.name
        );
        let mut diagnostic = cx.diagnostic(&RULE.meta, at, message);
        if let Some(near) = near {
            let fix = Fix::needs_consent(format!("Change to `{near}`")).replace(at, near);
            diagnostic = diagnostic.fix(fix);
        }
        sink.push(diagnostic);
    }
}
