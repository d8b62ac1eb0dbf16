//! The table of a seed: what `load_agate_table()` gives (`load_agate_table` in `dbt/context/providers.py`, `from_csv` in
//! `dbt_common/clients/agate_helper.py`).

use glueline_base::Value as Setting;
use glueline_project::NodeId;
use glueline_seed::{Cell, ColumnType, FaultKind, LongRow, Options, Seed};
use glueline_template::{Args, Cx, Error, ErrorKind, Value, module};

use crate::agate::{DataType, Table};
use crate::host::NodeHost;

/// The largest file that is read into memory, in bytes.
const MOST_BYTES: u64 = 32 << 20;

/// Reads the file of a seed.
pub(super) fn load(cx: &Cx, host: &NodeHost, node: NodeId) -> Result<Value, Error> {
    let project = &host.shared.project;
    let node = project.node(node);
    let file = project.files().info(node.at.file);
    if file.size > MOST_BYTES {
        return Err(Error::unsupported(format!(
            "the seed `{}` is larger than {MOST_BYTES} bytes",
            node.name
        )));
    }
    let read = host.shared.settings.system.read(&file.absolute);
    let bytes = read.map_err(|_| Error::unsupported(format!("{} cannot be read", file.shown)))?;
    let set = node.config.get("delimiter");
    let delimiter = set
        .value()
        .and_then(Setting::as_str)
        .and_then(|text| text.chars().next());
    let types = node.config.all("column_types");
    let types = types.filter_map(|set| set.value.value.as_map()).flatten();
    let text_columns: Vec<&str> = types.map(|entry| &*entry.key.value).collect();
    let options = Options {
        delimiter: delimiter.unwrap_or(','),
        text_columns: &text_columns,
    };
    let failed = |_| Error::unsupported(format!("{} cannot be read", file.shown));
    let seed = glueline_seed::read(bytes.as_slice(), &options).map_err(failed)?;
    refuse_unreadable(&bytes, &seed)?;
    if seed.faults.iter().any(|fault| fault.kind == FaultKind::EmptyFile) {
        // agate finds no header and lets the end of an iterator out, of which Jinja makes an undefined value.
        return Ok(Value::undefined(
            "value was undefined because a callable raised a StopIteration exception".to_owned(),
        ));
    }
    let rows = glueline_seed::rows(&bytes, &options, &seed.columns).map_err(too_long)?;
    cx.spend(bytes.len() as u64 / 16)?;
    let dates = Dates::default();
    let rows: Result<Vec<Vec<Value>>, Error> = rows
        .into_iter()
        .map(|row| row.into_iter().map(|cell| dates.value(cx, cell)).collect())
        .collect();
    let names: Vec<&str> = seed.columns.iter().map(|column| &*column.name).collect();
    let types: Vec<DataType> = seed.columns.iter().map(|column| data_type(column.kind)).collect();
    Ok(Value::native(Table::typed(&names, &types, rows?)))
}

fn too_long(row: LongRow) -> Error {
    let LongRow { row, found, expected } = row;
    Error::compilation(format!(
        "Row {row} has {found} values, but Table only has {expected} columns."
    ))
}

const fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Missing => DataType::Integer,
        ColumnType::Number => DataType::Number,
        ColumnType::Date => DataType::Date,
        ColumnType::DateTime => DataType::DateTime,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Text => DataType::Text,
    }
}

/// Fails where Python's decoder or its `csv` does.
fn refuse_unreadable(bytes: &[u8], seed: &Seed) -> Result<(), Error> {
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        let start = bytes.get(at).copied().unwrap_or_default();
        let reason = match (error.error_len(), start) {
            (None, _) => "unexpected end of data",
            (Some(_), 0xc2..=0xf4) => "invalid continuation byte",
            (Some(_), _) => "invalid start byte",
        };
        let length = error.error_len().unwrap_or(bytes.len() - at);
        let place = if length == 1 {
            format!("byte 0x{start:02x} in position {at}")
        } else {
            format!("bytes in position {at}-{}", at + length - 1)
        };
        return Err(Error::compilation(format!(
            "'utf-8' codec can't decode {place}: {reason}"
        )));
    }
    let large = |fault: &&glueline_seed::Fault| matches!(fault.kind, FaultKind::FieldTooLarge);
    if let Some(fault) = seed.faults.iter().find(large) {
        return Err(Error::new(
            ErrorKind::Python("FieldSizeLimitError"),
            format!(
                "CSV contains a field longer than the maximum length of 131072 characters on line {}. Try raising the maximum with the field_size_limit parameter, or try setting quoting=csv.QUOTE_NONE.",
                fault.line
            ),
        ));
    }
    Ok(())
}

/// Python's classes of dates.
#[derive(Debug)]
struct Dates(Value);

impl Default for Dates {
    fn default() -> Self {
        Self(module("datetime").unwrap_or_default())
    }
}

impl Dates {
    fn value(&self, cx: &Cx, cell: Cell) -> Result<Value, Error> {
        Ok(match cell {
            Cell::Null => Value::None,
            Cell::Whole(value) => Value::Int(value),
            Cell::Decimal(value) => Value::Float(value),
            Cell::Boolean(value) => Value::Bool(value),
            Cell::Text(text) => Value::str(text),
            Cell::Date(text) => self.read(cx, "date", &text)?,
            Cell::DateTime(text) => self.read(cx, "datetime", &text)?,
        })
    }

    fn read(&self, cx: &Cx, class: &str, text: &str) -> Result<Value, Error> {
        let class = cx.item(&self.0, &Value::str(class))?;
        cx.call_method(&class, "fromisoformat", Args::of(vec![Value::str(text)]))
    }
}
