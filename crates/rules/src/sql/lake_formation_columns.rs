//! The columns that Lake Formation is told of: those of tags, and those of data cell filters.

use glueline_base::{Fix, Severity, Spanned, TextRange, TextSize, Value, nearest, slice};
use glueline_catalog::{ColumnUse, KeySpec, Scope, keys};
use glueline_project::{Contribution, FileKind, Table};
use glueline_schema::Field;

use super::config_names_no_column::RULE;
use crate::context::{NodeCx, RenderedCx};
use crate::incremental::iceberg_timestamp_without_schema_change as timestamp;
use crate::lake_formation::acts;
use crate::rule::Sink;

/// Columns that dbt-glue's writers add to a table.
const WRITTEN: [&str; 2] = ["update_hudi_ts", timestamp::COLUMN];

/// Says which of them a node's table does not have.
pub(super) fn check(cx: &RenderedCx<'_>, node: &NodeCx<'_>, columns: &[Field], sink: &mut Sink) {
    let relation = cx.schemas.of(node.node.id).relation.clone();
    let in_table = relation.as_deref().unwrap_or_default();
    // What is added to a table leaves it the columns that it has.
    let in_catalog = node.in_catalog().filter(|_| node.is_incremental());
    let has = |name: &str| {
        let mut fields = columns.iter().chain(in_table);
        let mut kept = in_catalog.into_iter().flat_map(Table::all_columns);
        fields.any(|field| field.name.eq_ignore_ascii_case(name))
            || kept.any(|column| column.name.eq_ignore_ascii_case(name))
            || WRITTEN.contains(&name)
    };
    for (set, spec, name) in named(node) {
        let Some(text) = name.value.as_str().filter(|text| !has(text)) else {
            continue;
        };
        let near = nearest(text, columns.iter().map(|column| &*column.name));
        let meant = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        let message = format!(
            "`{}` names `{text}`, which is no column of the query of `{}`: Lake Formation finds no such column, and the node fails \
             after its data is written.{meant}",
            spec.name, node.node.name
        );
        let at = set.at(name.range);
        let files = cx.project.files();
        if files.info(at.file).kind == FileKind::ProjectFile {
            let diagnostic = node
                .diagnostic(&RULE.meta, node.node.at, message)
                .severity(Severity::Warning);
            sink.push(diagnostic.related(at, format!("`{}` is set here.", spec.name)));
            continue;
        }
        let mut diagnostic = node
            .diagnostic(&RULE.meta, at, message)
            .severity(Severity::Warning);
        let written = slice(files.text(at.file), at.range);
        if let Some(near) = near
            && let Some(start) = written.find(text)
        {
            let at = set.at(TextRange::at(
                name.range.start() + TextSize::try_from(start).unwrap_or_default(),
                TextSize::of(text),
            ));
            let fix = Fix::needs_consent(format!("Change to `{near}`")).replace(at, near);
            diagnostic = diagnostic.fix(fix);
        }
        sink.push(diagnostic);
    }
}

/// The texts that name columns, each with its setting and key, where dbt-glue hands them on.
fn named<'a>(node: &NodeCx<'a>) -> Vec<(&'a Contribution, &'static KeySpec, &'a Spanned<Value>)> {
    let mut found = Vec::new();
    let of_scope = |scope| keys(scope).filter(|spec| spec.columns == ColumnUse::Govern);
    if let Some(set) = acts::tags(node) {
        for spec in of_scope(Scope::LfTags) {
            let tags = set
                .value
                .value
                .get(spec.name)
                .and_then(|tags| tags.value.as_map());
            let values = tags
                .into_iter()
                .flatten()
                .filter_map(|tag| tag.value.value.as_map());
            let lists = values.flatten().filter_map(|value| value.value.value.as_list());
            found.extend(lists.flatten().map(|name| (set, spec, name)));
        }
    }
    if let Some((set, filters)) = acts::data_cell_filters(node) {
        for filter in acts::filters(filters) {
            for spec in of_scope(Scope::DataCellFilter) {
                let list = filter
                    .value
                    .value
                    .get(spec.name)
                    .and_then(|list| list.value.as_list());
                found.extend(list.into_iter().flatten().map(|name| (set, spec, name)));
            }
        }
    }
    found
}
