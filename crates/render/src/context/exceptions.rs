//! `exceptions` (`dbt/context/exceptions_jinja.py`).

use glueline_template::{Args, Cx, Error, ErrorKind, Value, to_str};

type Raise = (&'static str, glueline_template::Body);

/// The functions, in dbt's order.
const FUNCTIONS: [Raise; 21] = [
    ("warn", warn),
    ("missing_config", missing_config),
    ("missing_materialization", missing_materialization),
    ("missing_relation", missing_relation),
    ("raise_ambiguous_alias", raise_ambiguous_alias),
    ("raise_ambiguous_catalog_match", raise_ambiguous_catalog_match),
    ("raise_cache_inconsistent", raise_cache_inconsistent),
    ("raise_dataclass_not_dict", raise_dataclass_not_dict),
    ("raise_compiler_error", raise_compiler_error),
    ("raise_database_error", raise_database_error),
    ("raise_dep_not_found", raise_dep_not_found),
    ("raise_dependency_error", raise_dependency_error),
    ("raise_duplicate_patch_name", raise_duplicate_patch_name),
    ("raise_duplicate_resource_name", raise_duplicate_resource_name),
    (
        "raise_invalid_property_yml_version",
        raise_invalid_property_yml_version,
    ),
    ("raise_not_implemented", raise_not_implemented),
    ("relation_wrong_type", relation_wrong_type),
    ("raise_contract_error", raise_contract_error),
    ("column_type_missing", column_type_missing),
    ("raise_fail_fast_error", raise_fail_fast_error),
    (
        "warn_snapshot_timestamp_data_types",
        warn_snapshot_timestamp_data_types,
    ),
];

/// `exceptions`: a dict of functions.
pub(super) fn members() -> Value {
    Value::dict(FUNCTIONS.map(|(name, body)| (name, Value::function(name, body))))
}

fn text(value: Option<Value>) -> String {
    to_str(&value.unwrap_or_default()).plain().into_owned()
}

/// An error that dbt names by a class of its own.
fn raised(class: &'static str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Python(class), message)
}

fn warn(_: &Cx, args: Args) -> Result<Value, Error> {
    args.bind("warn", ["msg", "node"], 1)?;
    Ok(Value::str(""))
}

fn raise_compiler_error(_: &Cx, args: Args) -> Result<Value, Error> {
    let [message, _] = args.bind("raise_compiler_error", ["msg", "node"], 1)?;
    Err(Error::compilation(text(message)))
}

fn raise_database_error(_: &Cx, args: Args) -> Result<Value, Error> {
    let [message, _] = args.bind("raise_database_error", ["msg", "node"], 1)?;
    Err(raised("DbtDatabaseError", text(message)))
}

fn raise_fail_fast_error(_: &Cx, args: Args) -> Result<Value, Error> {
    let [message, _] = args.bind("raise_fail_fast_error", ["msg", "node"], 1)?;
    Err(raised("FailFastError", text(message)))
}

fn raise_not_implemented(_: &Cx, args: Args) -> Result<Value, Error> {
    let [message] = args.bind("raise_not_implemented", ["msg"], 1)?;
    Err(raised("NotImplementedError", format!("ERROR: {}", text(message))))
}

fn raise_dependency_error(_: &Cx, args: Args) -> Result<Value, Error> {
    let [message] = args.bind("raise_dependency_error", ["msg"], 1)?;
    Err(raised("DependencyError", text(message)))
}

fn raise_cache_inconsistent(_: &Cx, args: Args) -> Result<Value, Error> {
    let [message] = args.bind("raise_cache_inconsistent", ["message"], 1)?;
    Err(raised(
        "CacheInconsistencyError",
        format!("Cache inconsistency detected: {}", text(message)),
    ))
}

fn raise_dataclass_not_dict(_: &Cx, args: Args) -> Result<Value, Error> {
    let [object] = args.bind("raise_dataclass_not_dict", ["obj"], 1)?;
    let object = text(object);
    Err(Error::compilation(format!(
        "The object (\"{object}\") was used as a dictionary. This capability has been removed from objects of this type."
    )))
}

/// dbt asks for an attribute of what it is given, and templates only have the node as a dict.
fn missing_config(_: &Cx, args: Args) -> Result<Value, Error> {
    let [model, _] = args.bind("missing_config", ["model", "name"], 2)?;
    Err(super::basics::attribute_error(format!(
        "'{}' object has no attribute 'unique_id'",
        model.unwrap_or_default().type_name()
    )))
}

/// `dbt/adapters/exceptions/compilation.py`, `MissingConfigError`.
pub(super) fn required_config(unique_id: &str, name: &str) -> Error {
    Error::compilation(format!(
        "Model '{unique_id}' does not define a required config parameter '{name}'."
    ))
}

fn missing_materialization(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [model, adapter] = args.bind("missing_materialization", ["model", "adapter_type"], 2)?;
    let model = model.unwrap_or_default();
    if let Value::Dict(_) = model {
        // Python's dot finds no keys.
        return Err(super::basics::attribute_error(
            "'dict' object has no attribute 'config'".to_owned(),
        ));
    }
    let config = cx.attr(&model, "config")?;
    let materialized = text(Some(cx.attr(&config, "materialized")?));
    let adapter = text(adapter);
    let searched = if adapter == "default" {
        "'default'".to_owned()
    } else {
        format!("'default' and '{adapter}'")
    };
    Err(Error::compilation(format!(
        "No materialization '{materialized}' was found for adapter {adapter}! (searched types {searched})"
    )))
}

fn missing_relation(_: &Cx, args: Args) -> Result<Value, Error> {
    let [relation, _] = args.bind("missing_relation", ["relation", "model"], 1)?;
    Err(Error::compilation(format!(
        "Relation {} not found!",
        text(relation)
    )))
}

fn relation_wrong_type(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [relation, expected, _] =
        args.bind("relation_wrong_type", ["relation", "expected_type", "model"], 2)?;
    let relation = relation.unwrap_or_default();
    let found = text(Some(cx.attr(&relation, "type")?));
    let relation = text(Some(relation));
    Err(Error::compilation(format!(
        "Trying to create {} {relation}, but it currently exists as a {found}. Either drop {relation} manually, or run dbt \
         with `--full-refresh` and dbt will drop it for you.",
        text(expected)
    )))
}

fn column_type_missing(_: &Cx, args: Args) -> Result<Value, Error> {
    let [names] = args.bind("column_type_missing", ["column_names"], 1)?;
    Err(Error::compilation(format!(
        "Contracted models require data_type to be defined for each column. Please ensure that the column name and data_type \
         are defined within the YAML configuration for the {} column(s).",
        text(names)
    )))
}

/// `dbt/exceptions.py`, `ContractError`.
fn raise_contract_error(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [contract, definition] = args.bind("raise_contract_error", ["yaml_columns", "sql_columns"], 2)?;
    let columns = |columns: Option<Value>| -> Result<Vec<[String; 2]>, Error> {
        let columns = cx.iterate(&columns.unwrap_or_default())?;
        let read = columns.iter().map(|column| {
            let part = |key: &str| Ok::<_, Error>(text(Some(cx.item(column, &Value::str(key))?)));
            Ok([part("name")?, part("data_type")?])
        });
        read.collect()
    };
    let (contract, definition) = (columns(contract)?, columns(definition)?);
    if contract.is_empty() {
        return Err(raised(
            "ContractError",
            "This model has an enforced contract, and its 'columns' specification is missing",
        ));
    }
    let same = |a: &str, b: &str| a == b;
    let mut rows: Vec<[String; 4]> = Vec::new();
    for [name, kind] in &definition {
        match contract.iter().find(|[found, _]| same(found, name)) {
            None => rows.push([
                name.clone(),
                kind.clone(),
                String::new(),
                "missing in contract".to_owned(),
            ]),
            Some([_, wanted]) if !same(wanted, kind) => {
                rows.push([
                    name.clone(),
                    kind.clone(),
                    wanted.clone(),
                    "data type mismatch".to_owned(),
                ]);
            }
            Some(_) => {}
        }
    }
    for [name, kind] in &contract {
        if !definition.iter().any(|[found, _]| same(found, name)) {
            rows.push([
                name.clone(),
                String::new(),
                kind.clone(),
                "missing in definition".to_owned(),
            ]);
        }
    }
    rows.sort_by(|a, b| a.first().cmp(&b.first()));
    let table = table(
        [
            "column_name",
            "definition_type",
            "contract_type",
            "mismatch_reason",
        ],
        &rows,
    );
    Err(raised(
        "ContractError",
        format!(
            "This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number of columns in \
             your contract match the columns in your model's definition.\n\n{table}"
        ),
    ))
}

/// A table as agate prints it: columns as wide as their widest text.
fn table(heads: [&str; 4], rows: &[[String; 4]]) -> String {
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let texts = rows
                .iter()
                .filter_map(|row| row.get(at))
                .map(|text| text.chars().count());
            texts.chain([head.len()]).max().unwrap_or(0)
        })
        .collect();
    let line = |texts: Vec<String>| {
        let cells: Vec<String> = texts
            .iter()
            .zip(&widths)
            .map(|(text, width)| format!("{text:<width$}"))
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = line(heads.map(ToOwned::to_owned).to_vec());
    out.push_str(&line(widths.iter().map(|width| "-".repeat(*width)).collect()));
    for row in rows {
        out.push_str(&line(row.to_vec()));
    }
    out
}

fn raise_ambiguous_alias(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [first, second, name] = args.bind("raise_ambiguous_alias", ["node_1", "node_2", "duped_name"], 2)?;
    let (first, second) = (first.unwrap_or_default(), second.unwrap_or_default());
    let of = |node: &Value, key: &str| -> Result<String, Error> { Ok(text(Some(cx.attr(node, key)?))) };
    let name = match name.filter(|name| !name.is_none()) {
        Some(name) => text(Some(name)),
        None => format!("{}.{}", of(&first, "database")?, of(&first, "schema")?),
    };
    Err(Error::compilation(format!(
        "dbt found two resources with the database representation \"{name}\".\ndbt cannot create two resources with \
         identical database representations. To fix this,\nchange the configuration of one of these resources:\n- {} \
         ({})\n- {} ({})",
        of(&first, "unique_id")?,
        of(&first, "original_file_path")?,
        of(&second, "unique_id")?,
        of(&second, "original_file_path")?,
    )))
}

fn raise_ambiguous_catalog_match(_: &Cx, args: Args) -> Result<Value, Error> {
    let [id, _, _] = args.bind(
        "raise_ambiguous_catalog_match",
        ["unique_id", "match_1", "match_2"],
        3,
    )?;
    Err(Error::compilation(format!(
        "dbt found two relations in your warehouse with similar database identifiers. dbt\nis unable to determine which \
         of these relations was created by the model \"{}\".",
        text(id)
    )))
}

fn raise_dep_not_found(_: &Cx, args: Args) -> Result<Value, Error> {
    let [_, description, package] = args.bind(
        "raise_dep_not_found",
        ["node", "node_description", "required_pkg"],
        3,
    )?;
    Err(Error::compilation(format!(
        "Error while parsing {}.\nThe required package \"{}\" was not found. Is the package installed?\nHint: You may need \
         to run `dbt deps`.",
        text(description),
        text(package)
    )))
}

fn raise_duplicate_patch_name(_: &Cx, args: Args) -> Result<Value, Error> {
    args.bind(
        "raise_duplicate_patch_name",
        ["patch_1", "existing_patch_path"],
        2,
    )?;
    Err(Error::compilation(
        "dbt found two schema.yml entries for the same resource",
    ))
}

fn raise_duplicate_resource_name(_: &Cx, args: Args) -> Result<Value, Error> {
    args.bind("raise_duplicate_resource_name", ["node_1", "node_2"], 2)?;
    Err(Error::compilation("dbt found two resources with the same name"))
}

fn raise_invalid_property_yml_version(_: &Cx, args: Args) -> Result<Value, Error> {
    let [path, issue] = args.bind("raise_invalid_property_yml_version", ["path", "issue"], 2)?;
    Err(Error::compilation(format!(
        "The yml property file at {} is invalid because {}. Please consult the documentation for more information on yml \
         property file syntax:\n\nhttps://docs.getdbt.com/reference/configs-and-properties",
        text(path),
        text(issue)
    )))
}

fn warn_snapshot_timestamp_data_types(_: &Cx, args: Args) -> Result<Value, Error> {
    args.bind(
        "warn_snapshot_timestamp_data_types",
        ["snapshot_time_data_type", "updated_at_data_type"],
        2,
    )?;
    Ok(Value::None)
}

/// What dbt refuses as a value: `DbtValidationError`.
pub(super) fn not_one_of(value: &Value, allowed: &[Value]) -> Error {
    let allowed: Vec<_> = allowed
        .iter()
        .map(|value| to_str(value).plain().into_owned())
        .collect();
    raised(
        "DbtValidationError",
        format!(
            "Expected value \"{}\" to be one of {}",
            to_str(value).plain(),
            allowed.join(",")
        ),
    )
}
