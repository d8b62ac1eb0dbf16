//! Statements that merge new rows into a table.

use glueline_catalog::Change;
use glueline_template::{Args, Error, Value};

use super::Default::{Bool, None as Nothing};
use super::call::Call;
use super::relations::is_managed;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::code("get_merge_sql", |call| {
        let named = call.has(Change::MergesNewColumns)?;
        let merge = Merge::of(call, |call| match call.arg("dest_columns") {
            columns if named && !columns.is_none() => Ok(columns),
            _ => target_columns(call),
        })?;
        let [target, source] = in_catalog(call, ["target", "source"])?;
        if !named {
            return Ok(merge.write(call, &target, &source, &" *".into()));
        }
        let names: Vec<Value> = merge.names.clone();
        let values = names
            .iter()
            .map(|name| fill::concat(["DBT_INTERNAL_SOURCE.".into(), name.clone()]));
        let values = fill::join(", ", values);
        let names = fill::join(", ", names);
        let inserted = call.fill_with(
            " ({names}) values ({values})",
            &[("names", &names), ("values", &values)],
        );
        Ok(merge.write(call, &target, &source, &inserted))
    })
    .with(&[("incremental_predicates", Nothing)]),
    Row::code("spark__get_merge_sql", |call| {
        let merge = Merge::of(call, target_columns)?;
        Ok(merge.write(call, &call.arg("target"), &call.arg("source"), &" *".into()))
    }),
    Row::code("default__get_merge_sql", default_merge).with(&[("incremental_predicates", Nothing)]),
    Row::dispatch("get_merge_unique_key_match"),
    Row::code("default__get_merge_unique_key_match", |call| {
        Ok(fill::trim(&call.ask("equals", call.values())?))
    }),
    Row::new("get_delete_insert_merge_sql", Run::Write("", "")),
    Row::code("default__get_delete_insert_merge_sql", delete_insert),
    Row::new("get_insert_overwrite_merge_sql", Run::Write("", ""))
        .with(&[("include_sql_header", Bool(false))]),
    Row::code("default__get_insert_overwrite_merge_sql", |call| {
        let predicates = predicates(call, "predicates")?;
        let names = quoted_names(call)?;
        let header = header(call)?;
        let header = if call.arg("include_sql_header").truth() {
            header
        } else {
            "".into()
        };
        let condition = if predicates.is_empty() {
            "".into()
        } else {
            fill::concat([" and ".into(), fill::join(" and ", predicates), " ".into()])
        };
        Ok(call.fill_with(
            "{header}\n\n    merge into {target} as DBT_INTERNAL_DEST\n        using {source} as DBT_INTERNAL_SOURCE\n        \
             on FALSE\n\n    when not matched by source\n        {condition}\n        then delete\n\n    \
             when not matched then insert\n        ({names})\n    values\n        ({names})\n\n",
            &[("header", &header), ("condition", &condition), ("names", &names)],
        ))
    }),
];

/// The columns of the table that is merged into.
fn target_columns(call: &Call<'_>) -> Result<Value, Error> {
    call.method("adapter", "get_columns_in_relation", vec![call.arg("target")])
}

/// Relations with the catalog of their format, where it has one.
pub(super) fn in_catalog(call: &Call<'_>, names: [&str; 2]) -> Result<[Value; 2], Error> {
    let format = call.config_or("file_format", "parquet".into())?;
    let mut places = names.map(|name| call.arg(name));
    if is_managed(call, &format)? && call.has(Change::IcebergStaging)? {
        for place in &mut places {
            let args = vec![place.clone(), format.clone()];
            *place = call.ask("glue__make_target_relation", args)?;
        }
    }
    Ok(places)
}

/// Whether a value is one of these texts.
pub(super) fn is_one_of(value: &Value, texts: &[&str]) -> bool {
    value.as_str().is_some_and(|text| texts.contains(&&*text))
}

/// The names of columns, as they are.
pub(super) fn names(call: &Call<'_>, columns: &Value) -> Result<Vec<Value>, Error> {
    let columns = call.iterate(columns)?;
    columns.iter().map(|column| call.attr(column, "name")).collect()
}

/// The names of the columns to fill, quoted.
fn quoted_names(call: &Call<'_>) -> Result<Value, Error> {
    let names = names(call, &call.arg("dest_columns"))?;
    call.ask("get_quoted_csv", vec![Value::list(names)])
}

/// The config `sql_header`, as it is written.
pub(super) fn header(call: &Call<'_>) -> Result<Value, Error> {
    Ok(match call.config_or("sql_header", Value::None)? {
        Value::None => "".into(),
        header => header,
    })
}

/// A list of predicates of its own.
fn predicates(call: &Call<'_>, name: &str) -> Result<Vec<Value>, Error> {
    match call.arg(name) {
        Value::None => Ok(Vec::new()),
        given => {
            let all = call.cx.add(&Value::list(Vec::new()), &given)?;
            call.iterate(&all)
        }
    }
}

/// Whether a key is several: a sequence that is neither a text nor a mapping.
fn is_several(key: &Value) -> bool {
    matches!(key, Value::List(_) | Value::Tuple(_))
}

/// `a.key = b.key`, between two texts.
fn key_match(before: &str, key: &Value, after: &str) -> Value {
    let text = format!("{before}DBT_INTERNAL_SOURCE.{{key}} = DBT_INTERNAL_DEST.{{key}}{after}");
    fill::fill(&text, |_| Some(key.clone()))
}

/// `column = source.column`, one line for each.
fn updates(call: &Call<'_>, columns: &Value, before: &str) -> Result<Value, Error> {
    let columns = call.iterate(columns)?.into_iter().map(|column| {
        let text = format!("{before}{{column}} = DBT_INTERNAL_SOURCE.{{column}}");
        fill::fill(&text, |_| Some(column.clone()))
    });
    Ok(fill::join(",", columns))
}

/// The columns that a merge updates, as configs choose them.
fn update_columns(call: &Call<'_>, columns: &Value) -> Result<Value, Error> {
    let args = vec![
        call.config("merge_update_columns")?,
        call.config("merge_exclude_columns")?,
        columns.clone(),
    ];
    call.ask("get_merge_update_columns", args)
}

/// A merge as dbt-spark and dbt-glue write it (`materializations/incremental/strategies.sql` of both).
struct Merge {
    /// The blank lines that the macro leaves while it looks at the key.
    blank: String,
    predicates: Vec<Value>,
    /// The names of the table's columns.
    names: Vec<Value>,
    updates: Value,
}

impl Merge {
    /// Predicates that are no list fail before anybody asks for columns.
    fn of(call: &Call<'_>, columns: impl Fn(&Call<'_>) -> Result<Value, Error>) -> Result<Self, Error> {
        let mut predicates = predicates(call, "incremental_predicates")?;
        let columns = columns(call)?;
        let update = update_columns(call, &columns)?;
        let names = names(call, &columns)?;
        let updates = if update.truth() {
            let lines = updates(call, &update, "\n            ")?;
            fill::concat([lines])
        } else {
            " * ".into()
        };
        let key = call.arg("unique_key");
        let mut blank = String::from("\n  \n      ");
        if !key.truth() {
            predicates.push("FALSE".into());
        } else if is_several(&key) {
            blank += "\n          ";
            for key in call.iterate(&key)? {
                blank += "\n              \n              \n          ";
                predicates.push(key_match("\n                  ", &key, "\n              "));
            }
            blank += "\n      ";
        } else {
            blank += "\n          \n          \n      ";
            predicates.push(key_match("\n              ", &key, "\n          "));
        }
        blank += "\n  ";
        Ok(Self {
            blank,
            predicates,
            names,
            updates,
        })
    }

    fn write(self, call: &Call<'_>, target: &Value, source: &Value, inserted: &Value) -> Value {
        // No macro sets the name: it is the project's, if anybody's.
        let header = match call.cx.lookup("sql_header") {
            Value::None => "".into(),
            header => header,
        };
        call.fill_with(
            "{blank}\n\n  {header}\n\n  merge into {place} as DBT_INTERNAL_DEST\n      using {from} as DBT_INTERNAL_SOURCE\n      \
             on {condition}\n\n      when matched then update set\n        {updates}\n\n      \
             when not matched then insert{inserted}\n",
            &[
                ("blank", &self.blank.into()),
                ("header", &header),
                ("place", target),
                ("from", source),
                ("condition", &fill::join(" and ", self.predicates)),
                ("updates", &self.updates),
                ("inserted", inserted),
            ],
        )
    }
}

/// dbt's own merge (`materializations/models/incremental/merge.sql`).
fn default_merge(call: &Call<'_>) -> Result<Value, Error> {
    let mut predicates = predicates(call, "incremental_predicates")?;
    let names = quoted_names(call)?;
    let update = update_columns(call, &call.arg("dest_columns"))?;
    let header = header(call)?;
    let key = call.arg("unique_key");
    let mut blank = String::from("\n        ");
    if !key.truth() {
        predicates.push("FALSE".into());
    } else if is_several(&key) {
        blank += "\n            ";
        for key in call.iterate(&key)? {
            blank += "\n                \n                \n            ";
            predicates.push(key_match("\n                    ", &key, "\n                "));
        }
        blank += "\n        ";
    } else {
        blank += "\n            \n            \n            \n            \n        ";
        let sides = ["DBT_INTERNAL_SOURCE.", "DBT_INTERNAL_DEST."];
        let sides = sides.map(|side| fill::trim(&fill::concat([side.into(), key.clone()])));
        predicates.push(call.ask("get_merge_unique_key_match", sides.to_vec())?);
    }
    blank += "\n    ";
    let matched = if key.truth() {
        let updates = updates(call, &update, "")?;
        fill::concat([
            "\n    when matched then update set\n        ".into(),
            updates,
            "\n    ".into(),
        ])
    } else {
        "".into()
    };
    Ok(call.fill_with(
        "{blank}\n\n    {header}\n\n    merge into {target} as DBT_INTERNAL_DEST\n        using {source} as DBT_INTERNAL_SOURCE\n        \
         on ({condition})\n\n    {matched}\n\n    when not matched then insert\n        ({names})\n    values\n        ({names})\n\n",
        &[
            ("blank", &blank.into()),
            ("header", &header),
            ("condition", &fill::join(") and (", predicates)),
            ("matched", &matched),
            ("names", &names),
        ],
    ))
}

/// The rows that are there are deleted before they are inserted anew.
fn delete_insert(call: &Call<'_>) -> Result<Value, Error> {
    let names = quoted_names(call)?;
    let mut key = call.arg("unique_key");
    let mut deletion = Value::from("");
    if key.truth() {
        let mut blank = "\n        ";
        if key.as_str().is_some() {
            blank = "\n        \n        \n        ";
            key = Value::list(vec![key]);
        }
        let keys = fill::join(", ", call.iterate(&key)?);
        let mut conditions = Vec::new();
        let given = call.arg("incremental_predicates");
        if given.truth() {
            conditions.push("\n            ".into());
            for predicate in call.iterate(&given)? {
                conditions.extend([
                    "\n                and ".into(),
                    predicate,
                    "\n            ".into(),
                ]);
            }
        }
        deletion = call.fill_with(
            "{blank}delete from {target} as DBT_INTERNAL_DEST\n        where ({keys}) in (\n            \
             select distinct {keys}\n            from {source} as DBT_INTERNAL_SOURCE\n        ){conditions};\n\n    ",
            &[
                ("blank", &blank.into()),
                ("keys", &keys),
                ("conditions", &fill::concat(conditions)),
            ],
        );
    }
    Ok(call.fill_with(
        "{deletion}\n\n    insert into {target} ({names})\n    (\n        select {names}\n        from {source}\n    )",
        &[("deletion", &deletion), ("names", &names)],
    ))
}

/// A relation without its schema, as the session knows a temporary view.
pub(super) fn bare(call: &Call<'_>, relation: &Value) -> Result<Value, Error> {
    let args = Args {
        positional: Vec::new(),
        keywords: vec![("schema".into(), false.into())],
    };
    call.cx.call_method(relation, "include", args)
}
