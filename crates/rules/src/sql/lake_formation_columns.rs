//! The columns that Lake Formation is told of: those of tags, and those of data cell filters.

use glueline_base::{Severity, Spanned, Value, range};
use glueline_catalog::{ColumnUse, FileFormat, KeySpec, Scope, keys};
use glueline_project::{Contribution, Table};
use glueline_schema::Field;

use super::config_names_no_column::{Used, no_column, start};
use crate::context::{NodeCx, RenderedCx};
use crate::lake_formation::acts;
use crate::rule::Sink;

/// What becomes of a name that is no column.
const GOVERNED: Used = Used {
    severity: Severity::Warning,
    when: "",
    what: "Lake Formation finds no such column, and the node fails after its data is written",
};

/// Says which of them a node's table does not have.
pub(super) fn check(cx: &RenderedCx<'_>, node: &NodeCx<'_>, columns: &[Field], sink: &mut Sink) {
    let relation = cx.schemas.of(node.node.id).relation.clone();
    let in_table = relation.as_deref().unwrap_or_default();
    // What is added to a table leaves it the columns that it has.
    let in_catalog = node.in_catalog().filter(|_| node.is_incremental());
    if in_catalog.is_some_and(|table| table.hides_columns) {
        return;
    }
    let has = |name: &str| {
        let mut fields = columns.iter().chain(in_table);
        let mut kept = in_catalog.into_iter().flat_map(Table::all_columns);
        fields.any(|field| field.name.eq_ignore_ascii_case(name))
            || kept.any(|column| column.name.eq_ignore_ascii_case(name))
            || FileFormat::TIMES_OF_WRITING.contains(&name)
    };
    for (set, spec, name) in named(node) {
        let Some(text) = name.value.as_str().filter(|text| !has(text)) else {
            continue;
        };
        let place = start(node, set, name.range, text).map(|start| range(start, start + text.len()));
        let at = set.at(place.unwrap_or(name.range));
        sink.push(no_column(node, spec, &GOVERNED, (text, at), columns));
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
