//! Rows for people.

use std::io::{self, Write};

use glueline_run::Table;

use crate::report::clean;

/// Prints a table.
pub(super) fn write(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let columns = table.columns.iter();
    let columns: Vec<(&str, &str)> = columns
        .map(|column| (&*column.name, &*column.data_type))
        .collect();
    let text = glueline_ide::rows::table(&columns, &table.rows, |text| clean(text).into_owned());
    out.write_all(text.as_bytes())
}
