//! `config-names-no-column`.

use glueline_base::{Diagnostic, FileRange, Fix, Severity, TextRange, Value, nearest, range, slice};
use glueline_catalog::{ColumnUse, FileFormat, KeySpec, Scope, Situation, keys};
use glueline_project::{Contribution, FileKind, ResourceType};
use glueline_schema::Field;

use super::{columns, lake_formation_columns, merge_columns};
use crate::config::setting::{built_as, scope};
use crate::context::{NodeCx, RenderedCx};
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "config-names-no-column",
    Sql,
    Error,
    "config_names_no_column.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    for node in cx.own_nodes() {
        if !matches!(node.node.kind, ResourceType::Model | ResourceType::Snapshot) {
            continue;
        }
        let schema = cx.schemas.of(node.node.id);
        let Some(columns) = &schema.columns else { continue };
        lake_formation_columns::check(cx, &node, columns, sink);
        for spec in keys(scope(node.node.kind))
            .filter(|spec| !matches!(spec.columns, ColumnUse::None | ColumnUse::Govern))
        {
            of_key(&node, spec, columns, sink);
        }
        merge_columns::check(cx, node, sink);
    }
}

fn of_key(cx: &NodeCx<'_>, spec: &KeySpec, columns: &[Field], sink: &mut Sink) {
    let (Some(set), Some(used)) = (cx.config(spec.name).set(), used(cx, spec)) else {
        return;
    };
    for (name, at) in named(cx, spec, set) {
        let is_it = |column: &Field| column.name.eq_ignore_ascii_case(&name);
        if !columns.iter().any(is_it) {
            sink.push(no_column(cx, spec, &used, (&name, at), columns));
        }
    }
}

/// Says of a name in a setting that it is no column of the query, with the column that was most likely meant.
pub(super) fn no_column(
    cx: &NodeCx<'_>,
    spec: &KeySpec,
    used: &Used,
    (name, at): (&str, FileRange),
    columns: &[Field],
) -> Diagnostic {
    let message = format!(
        "{}`{}` names `{name}`, which is no column of the query of `{}`: {}.",
        used.when, spec.name, cx.node.name, used.what
    );
    let told = |at, message| cx.diagnostic(&RULE.meta, at, message).severity(used.severity);
    let files = cx.project.files();
    // What a folder sets for all that is in it is true of the others: this query lacks the column.
    if files.info(at.file).kind == FileKind::ProjectFile {
        return told(cx.node.at, message).related(at, format!("`{}` is set here.", spec.name));
    }
    let Some(near) = nearest(name, columns.iter().map(|column| &*column.name)) else {
        return told(at, message);
    };
    let diagnostic = told(at, format!("{message} Did you mean `{near}`?"));
    // What is written otherwise than it is read is left to a person.
    if slice(files.text(at.file), at.range) == name {
        diagnostic.fix(Fix::needs_consent(format!("Change to `{near}`")).replace(at, near))
    } else {
        diagnostic
    }
}

/// What becomes of a name that is no column.
pub(super) struct Used {
    pub(super) severity: Severity,
    /// What begins the sentence.
    pub(super) when: &'static str,
    /// What happens, as a sentence of its own.
    pub(super) what: &'static str,
}

/// What the columns of a key are used for in this node; `None` where nobody reads it, or nobody knows.
fn used(cx: &NodeCx<'_>, spec: &KeySpec) -> Option<Used> {
    let situation = Situation {
        format: model::format(cx),
        strategy: model::strategy(cx),
        ..built_as(cx)?
    };
    if !spec.is_read(&situation) || columns::replaces(cx) {
        return None;
    }
    match spec.columns {
        ColumnUse::None | ColumnUse::Govern => None,
        // Without a number of buckets no clause is written.
        ColumnUse::Create if spec.name == "clustered_by" && cx.config("buckets").set().is_none() => None,
        // What snapshots alone have stands in their query.
        ColumnUse::Create if spec.scopes == [Scope::SnapshotConfig] => Some(Used {
            severity: Severity::Error,
            when: "",
            what: "Spark refuses the query of the snapshot",
        }),
        ColumnUse::Create => Some(Used {
            severity: model::when_creating(cx),
            when: "",
            what: "Spark refuses the statement that creates the table",
        }),
        ColumnUse::Add if model::format(cx) == Some(FileFormat::Hudi) => Some(Used {
            severity: Severity::Error,
            when: "",
            what: "Hudi's writer fails",
        }),
        ColumnUse::Add if model::merges_with_sql(cx) => Some(Used {
            severity: model::when_adding(cx)?,
            when: "From the second run on: ",
            what: "Spark refuses the `merge`",
        }),
        ColumnUse::Add => None,
        ColumnUse::LeaveOut => Some(Used {
            severity: Severity::Warning,
            when: "",
            what: "it leaves nothing out",
        }),
    }
}

/// The columns that a setting names, each with its place. Expressions are nobody's names.
pub(super) fn named(cx: &NodeCx<'_>, spec: &KeySpec, set: &Contribution) -> Vec<(String, FileRange)> {
    let mut found = Vec::new();
    let mut add = |text: &str, at: TextRange| {
        for (part, offset) in parts(text) {
            let Some(name) = column(part, spec) else { continue };
            let place = start(cx, set, at, text).and_then(|start| {
                let start = start + offset + part.find(name)?;
                Some(range(start, start + name.len()))
            });
            found.push((name.to_owned(), set.at(place.unwrap_or(at))));
        }
    };
    match &set.value.value {
        Value::Str(text) => add(text, set.value.range),
        Value::List(items) => {
            for item in items {
                if let Some(text) = item.value.as_str() {
                    add(text, item.range);
                }
            }
        }
        _ => {}
    }
    found
}

/// Where a text of a setting starts in the file, if it stands there as it is read: then the name alone is pointed at.
pub(super) fn start(cx: &NodeCx<'_>, set: &Contribution, at: TextRange, text: &str) -> Option<usize> {
    let written = slice(cx.project.files().text(set.file), at);
    Some(usize::from(at.start()) + written.find(text)?)
}

/// What stands between the commas of a text that are in no parentheses, with where it starts.
fn parts(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(text.get(start..at).map(|part| (part, start)));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(start..).map(|part| (part, start)));
    found
}

/// The column that a part names: itself, or what a transform such as `bucket(16, id)` is of.
fn column<'t>(part: &'t str, spec: &KeySpec) -> Option<&'t str> {
    let part = part.trim();
    let part = match part.split_once('(') {
        Some((_, arguments)) if spec.columns == ColumnUse::Create && spec.name == "partition_by" => {
            let arguments = arguments.strip_suffix(')')?;
            let is_number = |argument: &&str| argument.trim().parse::<u32>().is_ok();
            let mut columns = arguments.split(',').filter(|argument| !is_number(argument));
            let column = columns.next()?;
            columns.next().is_none().then_some(column.trim())?
        }
        _ => part,
    };
    let part = part.trim_matches('`');
    let is_name = !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    // `check_cols: all` is no column.
    (is_name && !(spec.name == "check_cols" && part == "all")).then_some(part)
}
