//! The macros that dbt, dbt-spark and dbt-glue ship, written anew.
//!
//! One file for each family of macros, each with a table of [`Row`]s. What a macro puts into a text is a fact and the same
//! to the byte (`tests/builtin/calls.json` holds what dbt writes); names of parameters are those of the catalogue.

mod aggregates;
mod arrays;
mod call;
mod casts;
mod clauses;
mod clone;
mod columns;
mod create;
mod dates;
mod ddl;
mod fill;
mod functions;
mod grants;
mod hooks;
mod incremental;
mod indexes;
mod materialize;
mod materialized_view;
mod merge;
mod names;
mod older;
mod persist;
mod python;
mod python_models;
mod relations;
mod replace;
mod s3tables;
mod schema_change;
mod seeds;
mod sets;
mod snapshot;
mod spine;
mod statements;
mod strategies;
mod strings;
mod test_runs;
mod tests;
mod timestamps;
mod types;
mod unit_tests;
mod validate;

use std::sync::LazyLock;

use glueline_catalog::jinja::{ShippedMacro, shipped_macro};
use glueline_template::{Args, Cx, Error, Native, Value};
use rustc_hash::FxHashMap;

use call::Call;

/// A macro of the tables.
#[derive(Debug)]
struct Row {
    /// Its name: `dateadd`, `spark__dateadd`.
    name: &'static str,
    /// What it does.
    run: Run,
    /// The parameters that may be left out, with their values.
    defaults: &'static [(&'static str, Default)],
}

/// What a macro does.
#[derive(Debug, Clone, Copy)]
enum Run {
    /// Passes its arguments on to what `adapter.dispatch` finds, and returns what that returns.
    Dispatch,
    /// Passes its arguments on to what `adapter.dispatch` finds, and writes what that returns between two texts.
    Write(&'static str, &'static str),
    /// Writes a text: `{name}` stands for the argument of that name.
    Text(&'static str),
    /// Anything else.
    Code(fn(&Call<'_>) -> Result<Value, Error>),
}

/// The value of a parameter that is left out.
#[derive(Debug, Clone, Copy)]
enum Default {
    /// `none`.
    None,
    /// `true` or `false`.
    Bool(bool),
    /// A text.
    Str(&'static str),
    /// An empty list.
    List,
    /// A value that the macro itself finds out.
    Computed,
}

impl Default {
    /// The value; `None` where the macro itself finds it out.
    fn value(self) -> Option<Value> {
        match self {
            Self::None => Some(Value::None),
            Self::Bool(value) => Some(Value::Bool(value)),
            Self::Str(text) => Some(Value::str(text)),
            Self::List => Some(Value::list(Vec::new())),
            Self::Computed => None,
        }
    }
}

impl Row {
    const fn new(name: &'static str, run: Run) -> Self {
        Self {
            name,
            run,
            defaults: &[],
        }
    }

    const fn dispatch(name: &'static str) -> Self {
        Self::new(name, Run::Dispatch)
    }

    const fn text(name: &'static str, text: &'static str) -> Self {
        Self::new(name, Run::Text(text))
    }

    const fn code(name: &'static str, code: fn(&Call<'_>) -> Result<Value, Error>) -> Self {
        Self::new(name, Run::Code(code))
    }

    fn run(&self, call: &Call<'_>) -> Result<Value, Error> {
        match self.run {
            Run::Dispatch => call.dispatch(self.name, call.values()),
            Run::Write(before, after) => {
                let value = call.dispatch(self.name, call.values())?;
                Ok(fill::concat([before.into(), value, after.into()]))
            }
            Run::Text(text) => Ok(call.fill(text)),
            Run::Code(code) => code(call),
        }
    }

    /// The same with values of parameters that may be left out.
    const fn with(self, defaults: &'static [(&'static str, Default)]) -> Self {
        Self {
            name: self.name,
            run: self.run,
            defaults,
        }
    }
}

/// The tables of all families.
const TABLES: &[&[Row]] = &[
    aggregates::MACROS,
    arrays::MACROS,
    casts::MACROS,
    clauses::MACROS,
    clone::MACROS,
    columns::MACROS,
    create::MACROS,
    dates::MACROS,
    ddl::MACROS,
    functions::MACROS,
    grants::MACROS,
    hooks::MACROS,
    incremental::MACROS,
    indexes::MACROS,
    materialize::default::MACROS,
    materialize::incremental::MACROS,
    materialize::spark::MACROS,
    materialize::table::MACROS,
    materialize::view::MACROS,
    materialized_view::MACROS,
    merge::MACROS,
    names::MACROS,
    persist::MACROS,
    python::MACROS,
    python_models::MACROS,
    relations::MACROS,
    replace::MACROS,
    s3tables::MACROS,
    schema_change::MACROS,
    seeds::MACROS,
    sets::MACROS,
    snapshot::MACROS,
    snapshot::check::MACROS,
    snapshot::run::MACROS,
    snapshot::staging::MACROS,
    spine::MACROS,
    statements::MACROS,
    strategies::MACROS,
    strings::MACROS,
    test_runs::MACROS,
    tests::MACROS,
    timestamps::MACROS,
    types::MACROS,
    unit_tests::MACROS,
    validate::MACROS,
];

static ROWS: LazyLock<FxHashMap<&'static str, &'static Row>> = LazyLock::new(|| {
    let rows = TABLES.iter().flat_map(|table| table.iter());
    rows.map(|row| (row.name, row)).collect()
});

/// A shipped macro, ready to be called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Builtin {
    /// What the catalogue says of it.
    shipped: &'static ShippedMacro,
    /// What it does; `None` where nobody has written that yet.
    row: Option<&'static Row>,
}

/// The shipped macro of a name: dbt-glue's before dbt-spark's before dbt's own.
pub(crate) fn find(name: &str) -> Option<Builtin> {
    let shipped = shipped_macro(name).last()?;
    let row = ROWS.get(name).copied();
    Some(Builtin { shipped, row })
}

impl Native for Builtin {
    fn type_name(&self) -> &'static str {
        "MacroGenerator"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        let Some(row) = self.row else {
            let name = self.shipped.name;
            return Err(Error::unsupported(format!(
                "the shipped macro `{name}` is not known to Glueline yet"
            )));
        };
        let row = call::older(cx, row);
        let call = Call::bind(cx, self.shipped, row, args)?;
        row.run(&call)
            .map_err(|error| error.through(self.shipped.name, self.shipped.path))
    }

    fn text(&self) -> String {
        format!(
            "<dbt.clients.jinja.MacroGenerator object of {}>",
            self.shipped.name
        )
    }
}

#[cfg(test)]
mod table_tests {
    use super::*;

    #[test]
    fn every_row_is_shipped_once() {
        let mut seen = std::collections::BTreeSet::new();
        for row in TABLES.iter().flat_map(|table| table.iter()) {
            let shipped = shipped_macro(row.name).last();
            assert!(shipped.is_some(), "{} is not shipped", row.name);
            assert!(seen.insert(row.name), "{} stands twice", row.name);
            let parameters = shipped.map_or(&[][..], |shipped| shipped.parameters);
            for (name, _) in row.defaults {
                assert!(parameters.contains(name), "{} has no parameter {name}", row.name);
            }
            if let Run::Text(text) = row.run {
                for name in fill::names(text) {
                    assert!(parameters.contains(&name), "{} has no parameter {name}", row.name);
                }
            }
        }
    }
}
