//! What the rules share that hold the query of an incremental model against the table that its rows are added to.

use glueline_base::{FileRange, Severity};
use glueline_catalog::{FileFormat, SchemaChange, Strategy};
use glueline_project::Setting;
use glueline_schema::{Added, Field};

use super::columns;
use crate::context::{NodeCx, RenderedCx};
use crate::incremental::model;
use crate::rendering::sql;

/// An incremental model in SQL that adds rows to a table by the names of the table's columns.
pub(super) struct Adding<'a> {
    pub(super) node: NodeCx<'a>,
    pub(super) format: FileFormat,
    /// How loud to be about what strikes then.
    pub(super) severity: Severity,
    pub(super) added: Added,
}

impl<'a> Adding<'a> {
    /// What is known of what a node adds; `None` where nothing is, or where something else adds it.
    pub(super) fn of(cx: &RenderedCx<'a>, node: NodeCx<'a>) -> Option<Self> {
        let format = model::format(&node)?;
        if !model::is_sql_incremental(&node) || !writes_by_name(&node, format) || columns::replaces(&node) {
            return None;
        }
        let severity = model::when_adding(&node)?;
        let added = cx.schemas.added(node.node.id)?;
        // Then the table that is there goes first; and of Delta's columns the catalog knows nothing for sure.
        let is_moot = cx.project.run_options().full_refresh || format == FileFormat::Delta;
        (!added.is_in_catalog || !is_moot).then_some(Self {
            node,
            format,
            severity,
            added,
        })
    }

    /// The columns of the table that the query does not give.
    pub(super) fn missing(&self) -> impl Iterator<Item = &Field> {
        without(&self.added.table, &self.added.query)
    }

    /// The columns of the query that the table does not have.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &Field> {
        without(&self.added.query, &self.added.table)
    }

    /// What begins a sentence about it: nothing where the table is there already.
    pub(super) fn when(&self) -> &'static str {
        if self.added.is_in_catalog {
            ""
        } else {
            "From the second run on: "
        }
    }

    /// The table, by its name where the catalog has it.
    pub(super) fn table(&self) -> String {
        match self.node.node.relation().filter(|_| self.added.is_in_catalog) {
            Some(relation) => format!("`{relation}`"),
            None => "its table".to_owned(),
        }
    }

    /// Where a column of the query is made, if that is in the node's own file; else the node.
    pub(super) fn place(&self, cx: &RenderedCx<'_>, column: &str) -> FileRange {
        let own = self.node.node.at;
        let texts = cx.schemas.texts(self.node.node.id);
        let Some(text) = texts.last() else { return own };
        let mut made = text.analysis.columns.iter();
        let Some(found) = made.find(|made| made.name.eq_ignore_ascii_case(column)) else {
            return own;
        };
        let (start, end) = (found.range.start().into(), found.range.end().into());
        let place = sql::place(cx.project, &text.compiled, start, end);
        place.filter(|place| place.file == own.file).unwrap_or(own)
    }
}

/// What the table is made to do about columns that come and go; `None` where that is not known. Other words than dbt's count as `ignore`.
pub(super) fn schema_change(cx: &NodeCx<'_>) -> Option<SchemaChange> {
    match cx.config("on_schema_change") {
        Setting::Unknown => None,
        Setting::Unset => Some(SchemaChange::Ignore),
        Setting::Set(set) => {
            let text = set.value.value.as_str();
            Some(text.and_then(SchemaChange::parse).unwrap_or(SchemaChange::Ignore))
        }
    }
}

/// The columns of one list that another lacks.
fn without<'f>(columns: &'f [Field], others: &'f [Field]) -> impl Iterator<Item = &'f Field> {
    columns.iter().filter(|column| {
        !others
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&column.name))
    })
}

/// Whether the statement that adds rows names every column of the table (`get_insert_into_sql`, `get_insert_overwrite_sql`,
/// `get_merge_sql`); Hudi has a writer of its own.
fn writes_by_name(cx: &NodeCx<'_>, format: FileFormat) -> bool {
    let inserts = matches!(
        model::strategy(cx),
        Some(Strategy::Append | Strategy::InsertOverwrite)
    );
    format != FileFormat::Hudi && (inserts || model::merges_with_sql(cx))
}
