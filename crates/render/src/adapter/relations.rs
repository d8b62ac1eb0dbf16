//! What the adapter tells of relations: whether they are there, and their columns.

use std::sync::Arc;

use glueline_catalog::{Change, FileFormat};
use glueline_project::{CatalogState, NodeId, Project, ResourceType, StateColumn};
use glueline_template::{Args, Cx, Error, ErrorKind, Value, to_str};

use super::account::{connect, connect_times};
use super::header::columns_of_seed;
use super::knowledge::{Existence, Known, iceberg_catalog, is_named, look_up, node_named, strip_catalog};
use super::python::{invalid_type, no_attribute};
use crate::column::Column;
use crate::host::{Life, NodeHost};
use crate::introspect;
use crate::relation::{Path, Relation, RelationType, project_quoting, target_schema};
use crate::renderer::Shared;
use crate::run::is_stand_in;

/// A relation if it is there (`get_relation` in `dbt/adapters/glue/impl.py`). dbt-glue puts the Iceberg catalog before the
/// schema of an Iceberg table, and takes a relation that it stumbles over for missing.
pub(crate) fn get_relation(cx: &Cx, host: &NodeHost, schema: &str, name: &str) -> Option<Relation> {
    let project = &host.shared.project;
    connect(host);
    let schema = strip_catalog(project, schema);
    let known = match ask_glue(host, None, schema, name) {
        Existence::There(known) => known,
        Existence::Absent => {
            note_made_before(cx, host, schema, name);
            return None;
        }
        Existence::Unknown => {
            cx.note(format!(
                "whether `{schema}.{name}` exists: nothing in the project makes it, and no catalog file was given"
            ));
            return None;
        }
    };
    if !known.has_parameters {
        if let Some(run) = host.run() {
            run.log("'NoneType' object has no attribute 'get'");
        }
        return None;
    }
    let version = host.version();
    if version.has(Change::IcebergInMacros) {
        // For the catalog before the schema, dbt-glue asks for the type again.
        ask_for_type(host, schema, name);
    }
    let schema: Arc<str> = match iceberg_catalog(project).filter(|_| known.is_iceberg) {
        Some(catalog) => format!("{catalog}.{schema}").into(),
        None => schema.into(),
    };
    let path = Path {
        database: Some(schema.clone()),
        schema: Some(schema),
        identifier: Some(name.into()),
    };
    let mut relation = Relation::create(path, known.kind, project_quoting(project));
    relation.is_delta = version.has(Change::ReplacesTables).then_some(known.is_delta);
    Some(relation)
}

/// Whether Glue has a table. While a run is played through, the question is written down.
pub(super) fn ask_glue(host: &NodeHost, catalog: Option<&str>, schema: &str, name: &str) -> Existence {
    let found = match (catalog, host.shared.project.state()) {
        // The catalog file tells of the account's own catalog.
        (Some(_), Some(_)) => Existence::Absent,
        _ => look_up(host, schema, name),
    };
    if let Some(run) = host.run() {
        let mut request = serde_json::Map::new();
        let mut add = |key: &str, value: &str| request.insert(key.to_owned(), value.into());
        if let Some(catalog) = catalog {
            add("CatalogId", catalog);
        }
        add("DatabaseName", schema);
        add("Name", name);
        let error = matches!(found, Existence::Absent).then_some("EntityNotFoundException");
        run.call_failing("glue", "GetTable", request.into(), error);
    }
    found
}

/// The catalog of S3 tables that dbt-glue asks in place of the account's own (`DBT_S3_TABLES_BUCKET`).
fn catalog_of(host: &NodeHost, format: Option<&Value>) -> Option<String> {
    let format = format?.as_str()?;
    let wanted = *format == *"s3tables" && host.run().is_some();
    let bucket = wanted.then(|| host.shared.settings.system.env_var("DBT_S3_TABLES_BUCKET"))??;
    Some(bucket).filter(|bucket| !bucket.is_empty())
}

fn text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(text.to_plain()),
        _ => None,
    }
}

pub(super) fn get_relation_method(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [_, schema, name, format] = args.bind(
        "GlueAdapter.get_relation",
        ["database", "schema", "identifier", "file_format"],
        3,
    )?;
    let [schema, name] = [schema, name].map(Option::unwrap_or_default);
    let found = find(cx, host, &schema, &name, format.as_ref());
    Ok(found.map_or(Value::None, Value::from))
}

/// A relation if it is there. Whatever is no text makes dbt-glue log an error and answer nothing.
pub(super) fn find(
    cx: &Cx,
    host: &NodeHost,
    schema: &Value,
    name: &Value,
    format: Option<&Value>,
) -> Option<Relation> {
    connect(host);
    if !name.truth() {
        return None;
    }
    let (Some(schema), Some(name)) = (text(schema), text(name)) else {
        connect(host);
        if let Some(run) = host.run() {
            run.log(stumble(host, schema, name));
        }
        return None;
    };
    match catalog_of(host, format) {
        Some(catalog) => in_catalog(host, &catalog, &schema, &name),
        None => get_relation(cx, host, &schema, &name),
    }
}

/// What dbt-glue logs of a schema or a name that is no text: where there is an Iceberg catalog, it looks for it in the schema; else it
/// is botocore that refuses both.
fn stumble(host: &NodeHost, schema: &Value, name: &Value) -> String {
    if text(schema).is_none() && iceberg_catalog(&host.shared.project).is_some() {
        return no_attribute(schema, "startswith").message().to_owned();
    }
    let parts = [("DatabaseName", schema), ("Name", name)].into_iter();
    let refused = parts.filter(|(_, value)| text(value).is_none());
    let refused = refused.map(|(name, value)| invalid_type(name, value, "<class 'str'>"));
    format!(
        "Parameter validation failed:\n{}",
        refused.collect::<Vec<_>>().join("\n")
    )
}

/// Asks for the type of a relation, to see whether the Iceberg catalog goes before its schema.
fn ask_for_type(host: &NodeHost, schema: &str, name: &str) -> Existence {
    connect_times(host, 3);
    ask_glue(host, None, schema, name)
}

/// An S3 table, if it is there.
fn in_catalog(host: &NodeHost, catalog: &str, schema: &str, name: &str) -> Option<Relation> {
    let project = &host.shared.project;
    connect(host);
    let schema = strip_catalog(project, schema);
    let Existence::There(_) = ask_glue(host, Some(catalog), schema, name) else {
        return None;
    };
    let is_iceberg = matches!(
        ask_for_type(host, schema, name),
        Existence::There(Known { is_iceberg: true, .. })
    );
    let schema: Arc<str> = match iceberg_catalog(project).filter(|_| is_iceberg) {
        Some(prefix) => format!("{prefix}.{schema}").into(),
        None => schema.into(),
    };
    let path = Path {
        database: Some(schema.clone()),
        schema: Some(schema),
        identifier: Some(name.into()),
    };
    Some(Relation::create(
        path,
        Some(RelationType::Table),
        project_quoting(project),
    ))
}

pub(super) fn already_exists(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [schema, name] = args.bind("BaseAdapter.already_exists", ["schema", "name"], 2)?;
    let [schema, name] = [schema, name].map(Option::unwrap_or_default);
    Ok(Value::Bool(find(cx, host, &schema, &name, None).is_some()))
}

/// What dbt-glue takes a table for: `table`, `view`, `iceberg_table`, or nothing.
pub(super) fn get_table_type(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation, format] = args.bind("GlueAdapter.get_table_type", ["relation", "file_format"], 1)?;
    connect(host);
    let (schema, name) = schema_and_name(cx, &relation.unwrap_or_default())?;
    connect(host);
    let schema = strip_catalog(&host.shared.project, &schema);
    if let Some(catalog) = catalog_of(host, format.as_ref()) {
        let found = ask_glue(host, Some(&catalog), schema, &name);
        return Ok(match found {
            Existence::There(_) => Value::str("iceberg_table"),
            Existence::Absent | Existence::Unknown => Value::None,
        });
    }
    Ok(match ask_glue(host, None, schema, &name) {
        Existence::There(known) if known.is_iceberg => Value::str("iceberg_table"),
        Existence::There(known) => Value::from(known.kind.map(RelationType::name)),
        Existence::Absent => {
            note_made_before(cx, host, schema, &name);
            Value::None
        }
        Existence::Unknown => {
            cx.note(format!(
                "what `{schema}.{name}` is: nothing in the project makes it, and no catalog file was given"
            ));
            Value::None
        }
    })
}

/// The schema and name of a relation; what is no relation lacks the attributes, as Python says.
pub(super) fn schema_and_name(cx: &Cx, relation: &Value) -> Result<(String, String), Error> {
    let part = |name: &str| {
        let found = match relation {
            Value::Native(_) => cx.attr(relation, name)?,
            Value::Undefined(undefined) => return Err(Error::undefined(undefined.message.clone())),
            other => {
                return Err(Error::new(
                    ErrorKind::Python("AttributeError"),
                    format!("'{}' object has no attribute '{name}'", other.type_name()),
                ));
            }
        };
        Ok(to_str(&found).plain().into_owned())
    };
    Ok((part("schema")?, part("identifier")?))
}

pub(super) fn get_columns_in_relation(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("GlueAdapter.get_columns_in_relation", ["relation"], 1)?;
    let (schema, name) = schema_and_name(cx, &relation.unwrap_or_default())?;
    Ok(list(columns_in(cx, host, &schema, &name)?))
}

pub(super) fn get_columns_in_table(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [schema, name] = args.bind("BaseAdapter.get_columns_in_table", ["schema", "identifier"], 2)?;
    let [schema, name] = [schema, name].map(|part| to_str(&part.unwrap_or_default()));
    Ok(list(columns_in(cx, host, &schema.plain(), &name.plain())?))
}

fn list(columns: Vec<Column>) -> Value {
    Value::list(columns.into_iter().map(Value::native).collect())
}

/// Columns of one relation that another lacks.
pub(super) fn get_missing_columns(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [from, to] = args.bind(
        "BaseAdapter.get_missing_columns",
        ["from_relation", "to_relation"],
        2,
    )?;
    let mut columns = Vec::new();
    for (argument, relation) in [("from_relation", from), ("to_relation", to)] {
        let relation = relation.unwrap_or_default();
        expect_relation("get_missing_columns", argument, &relation)?;
        columns.push(schema_and_name(cx, &relation)?);
    }
    let columns = columns
        .iter()
        .map(|(schema, name)| columns_in(cx, host, schema, name));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let [from, to] = columns.as_slice() else {
        return Ok(Value::None);
    };
    let lacks = |column: &&Column| !to.iter().any(|other| other.name_text() == column.name_text());
    Ok(list(from.iter().filter(lacks).cloned().collect()))
}

/// Refuses what is no relation (`MacroArgTypeError` in `dbt/adapters/exceptions/compilation.py`).
pub(super) fn expect_relation(method: &str, argument: &str, value: &Value) -> Result<(), Error> {
    if value.downcast::<Relation>().is_some() {
        return Ok(());
    }
    Err(Error::compilation(format!(
        "'adapter.{method}' expects argument '{argument}' to be of type \
         '<class 'dbt.adapters.glue.relation.SparkRelation'>', instead got {} (<class '{}'>)",
        to_str(value).plain(),
        class_name(value)
    )))
}

/// The class of a value, as Python prints it.
pub(super) fn class_name(value: &Value) -> String {
    match value {
        Value::Undefined(_) => "jinja2.runtime.Undefined".to_owned(),
        Value::Native(object) => object.qualified_type_name(),
        other => other.type_name().to_owned(),
    }
}

/// The columns of a relation (`get_columns_in_relation` in `dbt/adapters/glue/impl.py`).
pub(crate) fn columns_in(cx: &Cx, host: &NodeHost, schema: &str, name: &str) -> Result<Vec<Column>, Error> {
    let project = &host.shared.project;
    let schema = strip_catalog(project, schema);
    if host.run().is_some() {
        return described_in_run(cx, host, schema, name);
    }
    let own = host
        .node_id()
        .is_some_and(|id| node_named(host, schema, name) == Some(id));
    if own && host.scene.life == Life::Absent {
        return Ok(Vec::new());
    }
    match project.state() {
        Some(state) => described(cx, host, state, schema, name, own),
        None => Ok(declared(cx, host, schema, name)),
    }
}

/// The columns as `describe` gives them to a node that runs: asked without its schema where it is not found, and none where it is
/// not found then.
fn described_in_run(cx: &Cx, host: &NodeHost, schema: &str, name: &str) -> Result<Vec<Column>, Error> {
    connect_times(host, 2);
    let found = ask_for_type(host, schema, name);
    let is_iceberg = matches!(found, Existence::There(Known { is_iceberg: true, .. }));
    let full = match iceberg_catalog(&host.shared.project).filter(|_| is_iceberg) {
        Some(catalog) => format!("{catalog}.{schema}.{name}"),
        None => format!("{schema}.{name}"),
    };
    let described = match introspect::describe(cx, host, &full) {
        Err(error) if error.message().contains("TABLE_OR_VIEW_NOT_FOUND") => {
            introspect::describe(cx, host, name).unwrap_or_default()
        }
        described => described?,
    };
    let columns = columns_of(described);
    if columns
        .iter()
        .any(|column| is_stand_in(&to_str(column.name()).plain()))
    {
        cx.note(format!(
            "the columns of `{schema}.{name}`: none are declared, and no catalog file was given"
        ));
    }
    Ok(columns)
}

/// The columns as `describe` gives them. Where the relation is not there, dbt-glue asks once more without its schema.
fn described(
    cx: &Cx,
    host: &NodeHost,
    state: &CatalogState,
    schema: &str,
    name: &str,
    own: bool,
) -> Result<Vec<Column>, Error> {
    let project = &host.shared.project;
    let is_iceberg = state
        .table(schema, name)
        .is_some_and(|table| table.is_iceberg() && table.parameters.is_some());
    let full = match iceberg_catalog(project).filter(|_| is_iceberg) {
        Some(catalog) => format!("{catalog}.{schema}.{name}"),
        None => format!("{schema}.{name}"),
    };
    match introspect::describe(cx, host, &full) {
        Ok(rows) => return Ok(columns_of(rows)),
        Err(error) if !error.message().contains("TABLE_OR_VIEW_NOT_FOUND") => return Err(error),
        Err(_) => {}
    }
    if own && host.scene.life == Life::Exists {
        return Ok(declared(cx, host, schema, name));
    }
    note_made_before(cx, host, schema, name);
    Ok(introspect::describe(cx, host, name).map_or_else(|_| Vec::new(), columns_of))
}

/// Notes that a relation which is not there yet may well be when the node runs: another node of the project makes it.
fn note_made_before(cx: &Cx, host: &NodeHost, schema: &str, name: &str) {
    let project = &host.shared.project;
    // Most nodes ask for their own relation: to look through all others for it would take too long.
    let is_own = |id| is_named(&host.shared, id, schema, name);
    if host.node_id().is_some_and(is_own) {
        return;
    }
    let maker = node_named(host, schema, name);
    if maker.is_some_and(|id| project.node(id).kind != ResourceType::Source) {
        cx.note(format!(
            "`{schema}.{name}` as it will be when this runs: it is not there yet, and the project makes it"
        ));
    }
}

/// The rows of `describe` as columns: headings, repeated names, what stands for partitions and Hudi's own columns are left out.
fn columns_of(rows: Vec<(String, String)>) -> Vec<Column> {
    let mut names: Vec<String> = Vec::new();
    let mut columns = Vec::new();
    for (name, data_type) in rows {
        let name = name.trim();
        let lowered = name.to_lowercase();
        let is_heading = lowered.is_empty() || lowered == "not partitioned" || name.starts_with('#');
        if is_heading || names.iter().any(|known| known == name) {
            continue;
        }
        names.push(name.to_owned());
        let is_part = name
            .strip_prefix("Part ")
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        if !is_part && !FileFormat::Hudi.own_columns().contains(&name) {
            columns.push(Column::new(name, data_type.trim()));
        }
    }
    columns
}

/// The columns that the project declares for a relation, with a note where they may not be all, or none is declared.
fn declared(cx: &Cx, host: &NodeHost, schema: &str, name: &str) -> Vec<Column> {
    let shared = &host.shared;
    let Some(id) = node_named(host, schema, name) else {
        cx.note(format!(
            "the columns of `{schema}.{name}`: nothing in the project makes it, and no catalog file was given"
        ));
        return Vec::new();
    };
    let (columns, is_sure) = columns_of_node(shared, id);
    if columns.is_empty() {
        cx.note(format!(
            "the columns of `{schema}.{name}`: none are declared, and no catalog file was given"
        ));
    } else if !is_sure {
        cx.note(format!(
            "the columns of `{schema}.{name}`: those declared are taken, which may not be all"
        ));
    }
    columns
}

/// The columns that are declared for a node, and whether they are all: each with its type, or the header of a seed.
fn columns_of_node(shared: &Arc<Shared>, id: NodeId) -> (Vec<Column>, bool) {
    let project = &shared.project;
    let node = project.node(id);
    if let Some(seed) = columns_of_seed(project, node) {
        let columns = seed.map(|column| Column::new(column.name, column.data_type.unwrap_or("string")));
        return (columns.collect(), true);
    }
    let declared = match project.source_entry(node) {
        Some((source, table)) => source.tables.get(table).map(|table| &table.columns),
        None => project.patch(node).map(|patch| &patch.columns),
    };
    let Some(declared) = declared else {
        return (Vec::new(), false);
    };
    let is_sure = declared.iter().all(|column| column.data_type.is_some());
    let columns = declared.iter().map(|column| {
        let data_type = column.data_type.as_ref().map_or("string", |text| &*text.value);
        Column::new(&column.name.value, data_type)
    });
    (columns.collect(), is_sure)
}

/// The columns that the project declares for a relation; `None` where it declares none.
pub(crate) fn declared_columns(host: &NodeHost, schema: &str, name: &str) -> Option<Vec<StateColumn>> {
    let id = node_named(host, schema, name)?;
    let (columns, _) = columns_of_node(&host.shared, id);
    let columns = columns.iter().map(|column| StateColumn {
        name: to_str(column.name()).plain().into_owned(),
        data_type: Some(to_str(column.data_type()).plain().into_owned()),
    });
    Some(columns.collect()).filter(|columns: &Vec<StateColumn>| !columns.is_empty())
}

/// The rows that `describe` gives for a table of the catalog file: all its columns, then its partition keys once more.
pub(crate) fn describe_rows(columns: &[StateColumn], keys: &[StateColumn]) -> Vec<(String, String)> {
    let row = |column: &StateColumn| (column.name.clone(), column.data_type.clone().unwrap_or_default());
    let mut rows: Vec<_> = columns.iter().map(row).collect();
    if !keys.is_empty() {
        rows.push(("# Partition Information".to_owned(), String::new()));
        rows.push(("# col_name".to_owned(), "data_type".to_owned()));
        rows.extend(keys.iter().map(row));
    }
    rows
}

/// The schema that the session works in: names without one are looked up there.
pub(crate) fn current_schema(project: &Project) -> Arc<str> {
    target_schema(project).unwrap_or_else(|| "default".into())
}
