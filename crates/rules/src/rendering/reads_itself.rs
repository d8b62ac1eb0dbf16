//! `reads-itself`.

use glueline_base::FileRange;
use glueline_catalog::FileFormat;
use glueline_project::Setting;

use super::report::known;
use super::sql::{self, Token};
use crate::context::{Exists, NodeCx, RenderedCx};
use crate::incremental::{body, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "reads-itself",
    Sql,
    Error,
    "reads_itself.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    if !project.is_glue() {
        return;
    }
    let mut found = Vec::new();
    for node in cx.own_nodes() {
        found.extend(as_written(&node).map(|at| (node, at)));
    }
    for (node, life, compiled, code) in known(cx) {
        // A `ref()` to itself stops dbt: another rule.
        let is_told = compiled.refs.contains(&node.node.id)
            || found.iter().any(|(other, _)| other.node.id == node.node.id);
        if is_told || life == glueline_render::Life::Exists || when(&node).is_none() {
            continue;
        }
        let Some(own) = cx.renderer.relation_name(node.node.id) else {
            continue;
        };
        if let Some((start, end)) = read_of(code, &own) {
            let at = sql::place(project, compiled, start, end).unwrap_or(node.node.at);
            found.push((node, at));
        }
    }
    for (node, at) in found {
        let Some(when) = when(&node) else { continue };
        let message = format!(
            "`{}` reads itself, and when it is made there is nothing to read: {when} with `TABLE_OR_VIEW_NOT_FOUND`. Put the \
             part that does into `{{% if is_incremental() %}}` of an incremental model.",
            node.node.name
        );
        sink.push(node.diagnostic(&RULE.meta, at, message));
    }
}

/// `from {{ this }}` outside of any condition, whatever the rest renders to.
fn as_written(cx: &NodeCx<'_>) -> Option<FileRange> {
    let (read, at) = body::reads_itself(cx)?;
    (read.site.is_unconditional() && !read.site.captured).then_some(at)
}

/// When what reads itself fails; `None` where it may not.
fn when(cx: &NodeCx<'_>) -> Option<&'static str> {
    let may_be_made_before = cx.config("pre-hook") != Setting::Unset;
    if may_be_made_before {
        return None;
    }
    // A lake table is replaced while it is read; every other table is dropped first, and a view cannot read itself.
    let is_replaced = model::format(cx).is_none_or(FileFormat::is_transactional);
    if model::is_sql_model(cx, "view") || (model::is_sql_model(cx, "table") && !is_replaced) {
        return Some("each run fails");
    }
    if !model::is_sql_model(cx, "table") && !model::is_sql_incremental(cx) {
        return None;
    }
    // Hudi tables are never dropped, not even by a full refresh.
    let is_kept = !cx.project.run_options().full_refresh || model::format(cx) == Some(FileFormat::Hudi);
    (cx.exists() != Exists::Yes || !is_kept).then_some("the run that creates it fails")
}

/// Where SQL reads a relation, behind `from` or `join`.
fn read_of(code: &str, relation: &str) -> Option<(usize, usize)> {
    let (wanted, _) = sql::tokens(relation);
    let wanted: Vec<&str> = wanted.iter().filter_map(Token::name).collect();
    // A name alone may be that of a common table expression.
    if wanted.len() < 2 {
        return None;
    }
    if !wanted.last().is_some_and(|name| code.contains(name)) {
        return None;
    }
    let (tokens, _) = sql::tokens(code);
    let starts = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.is_word(&["from", "join"]));
    starts.map(|(index, _)| index + 1).find_map(|index| {
        let (names, start, end) = path(tokens.get(index..)?)?;
        // The Iceberg catalog is the Glue Data Catalog too.
        let names = match names.as_slice() {
            [catalog, rest @ ..] if rest.len() == wanted.len() && *catalog == "glue_catalog" => rest,
            names => names,
        };
        let is_same = names.len() == wanted.len()
            && names
                .iter()
                .zip(&wanted)
                .all(|(name, wanted)| name.eq_ignore_ascii_case(wanted));
        is_same.then_some((start, end))
    })
}

/// The names between dots that a text starts with, and where they stand.
fn path<'a>(tokens: &'a [Token<'a>]) -> Option<(Vec<&'a str>, usize, usize)> {
    let first = tokens.first()?;
    let mut names = vec![first.name()?];
    let mut end = first.end();
    let mut rest = tokens.get(1..)?;
    while let [dot, name, more @ ..] = rest {
        let Some(name_text) = name.name().filter(|_| dot.is_symbol(".")) else {
            break;
        };
        names.push(name_text);
        end = name.end();
        rest = more;
    }
    Some((names, first.start, end))
}
