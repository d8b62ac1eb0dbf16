//! What exists in the Glue Data Catalog, as a state file tells it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};

/// What the catalog held when the state file was written.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CatalogState {
    /// Databases by name, in lower case as Glue keeps names. Required: a file without them is something else.
    #[serde(deserialize_with = "by_folded_name")]
    pub databases: BTreeMap<String, Database>,
    /// The number of the account.
    #[serde(default)]
    account: Option<Cell>,
    /// What Lake Formation held, where the file tells it.
    #[serde(default)]
    pub lakeformation: Option<LakeFormation>,
    /// What the Spark session would answer.
    #[serde(default)]
    pub session: Session,
    /// The databases that were asked for, where not all were: of others nothing is known.
    #[serde(skip)]
    asked: Option<BTreeSet<String>>,
}

/// What the Spark session would answer, as far as the file tells.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// Relations that the catalog need not hold, by bare or qualified name in lower case.
    #[serde(default, deserialize_with = "by_folded_name")]
    pub relations: BTreeMap<String, SessionRelation>,
    /// Answers to queries; the first that fits counts.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Whether statements of a run change what the run itself finds later: `effects`.
    #[serde(rename = "effects", default = "yes")]
    pub has_effects: bool,
}

const fn yes() -> bool {
    true
}

impl Default for Session {
    fn default() -> Self {
        Self {
            relations: BTreeMap::new(),
            answers: Vec::new(),
            has_effects: true,
        }
    }
}

/// A relation that the session knows.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SessionRelation {
    /// Its columns.
    #[serde(default)]
    pub columns: Vec<StateColumn>,
}

/// The answer to some queries.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Answer {
    /// The regular expression, in Python's syntax, that is searched in the query, whatever the case of its letters.
    #[serde(rename = "match")]
    pub pattern: String,
    /// The columns of the result.
    #[serde(default)]
    pub columns: Vec<AnswerColumn>,
    /// The rows of the result, each with a value for every column.
    #[serde(default)]
    pub rows: Vec<Vec<Cell>>,
    /// The error that Spark raises in place of a result.
    pub error: Option<AnswerError>,
}

/// A column of a result: a name alone, or with its type.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum AnswerColumn {
    /// A name alone; its type is `StringType()`.
    Name(String),
    /// A name with the type that Spark prints.
    Typed(StateColumn),
}

impl AnswerColumn {
    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Typed(column) => &column.name,
        }
    }

    /// The type that Spark prints: `StringType()`.
    pub fn data_type(&self) -> &str {
        match self {
            Self::Typed(StateColumn {
                data_type: Some(data_type),
                ..
            }) => data_type,
            _ => "StringType()",
        }
    }
}

/// A value of a result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "serde_json::Value")]
pub enum Cell {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list or an object, as JSON.
    Json(String),
}

impl From<serde_json::Value> for Cell {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(number) => Self::Int(number),
                None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(text) => Self::Text(text),
            other => Self::Json(other.to_string()),
        }
    }
}

/// An error of Spark.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AnswerError {
    /// The name of the exception; `AnalysisException` where not given.
    pub name: Option<String>,
    /// Its text.
    #[serde(default)]
    pub value: String,
}

/// What Lake Formation held, in the shapes of its API.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct LakeFormation {
    /// Tags by `database` or `database.table`.
    #[serde(default)]
    pub resource_tags: BTreeMap<String, ResourceTags>,
    /// Filters of data cells, of all tables.
    #[serde(default)]
    pub data_cells_filters: Vec<DataCellsFilter>,
    /// Who may do what.
    #[serde(default)]
    pub permissions: Vec<LakePermission>,
}

/// The tags of a database, or of a table and its columns.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ResourceTags {
    /// Those of the database.
    #[serde(default)]
    pub database: Vec<LakeTag>,
    /// Those of the table itself.
    #[serde(default)]
    pub table: Vec<LakeTag>,
    /// Those of its columns.
    #[serde(default)]
    pub columns: Vec<ColumnTags>,
}

/// A tag with its values (`LFTagPair`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LakeTag {
    /// Its key.
    pub tag_key: String,
    /// Its values.
    pub tag_values: Vec<String>,
}

/// The tags of a column (`ColumnLFTag`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ColumnTags {
    /// The column.
    pub name: String,
    /// Its tags.
    #[serde(rename = "LFTags")]
    pub tags: Vec<LakeTag>,
}

/// Which cells of a table some may see (`DataCellsFilter`). What the service leaves out is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DataCellsFilter {
    /// The account of the table.
    pub table_catalog_id: String,
    /// The database of the table.
    pub database_name: String,
    /// The table.
    pub table_name: String,
    /// The name of the filter.
    pub name: String,
    /// Which rows.
    pub row_filter: Option<RowFilter>,
    /// Which columns.
    pub column_names: Option<Vec<String>>,
    /// All columns but some.
    pub column_wildcard: Option<ColumnWildcard>,
}

/// Which rows a filter lets through (`RowFilter`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RowFilter {
    /// A condition of `PartiQL`; `None` where all rows are.
    pub filter_expression: Option<String>,
}

/// All columns but some (`ColumnWildcard`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ColumnWildcard {
    /// Those that are left out.
    pub excluded_column_names: Option<Vec<String>>,
}

/// Who may do what with a filter of data cells (`PrincipalResourcePermissions`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LakePermission {
    principal: LakePrincipal,
    resource: LakeResource,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct LakePrincipal {
    data_lake_principal_identifier: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct LakeResource {
    data_cells_filter: Option<DataCellsFilter>,
}

impl LakePermission {
    /// Who it is that may.
    pub fn principal(&self) -> &str {
        &self.principal.data_lake_principal_identifier
    }

    /// The name of the filter of data cells that it is about, where it is about one.
    pub fn filter(&self) -> Option<&str> {
        self.resource
            .data_cells_filter
            .as_ref()
            .map(|filter| &*filter.name)
    }
}

/// A Glue database.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Database {
    /// Tables and views by name, in lower case as Glue keeps names.
    #[serde(default, deserialize_with = "by_folded_name")]
    pub tables: BTreeMap<String, Table>,
    /// Whoever wrote the file may not look into it: it is there, and nobody knows what is in it. An addition of Glueline.
    #[serde(default, rename = "unknown")]
    pub is_unknown: bool,
    /// Lake Formation may hide tables of it from whoever wrote the file. An addition of Glueline.
    #[serde(default, rename = "tables_hidden")]
    pub hides_tables: bool,
}

/// A table or view of the catalog.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Table {
    /// `EXTERNAL_TABLE` (where not said), `MANAGED_TABLE`, `VIRTUAL_VIEW`, ...
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Glue's table parameters; `None` where the table has none at all, not even an empty list.
    #[serde(default = "no_parameters")]
    pub parameters: Option<BTreeMap<String, Option<String>>>,
    /// Columns, partition keys left out; of an Iceberg table those of today, without the former ones that Glue keeps as
    /// `iceberg.field.current: false`.
    #[serde(default)]
    pub columns: Vec<StateColumn>,
    /// Partition keys.
    #[serde(default)]
    pub partition_keys: Vec<StateColumn>,
    /// The S3 location.
    pub location: Option<String>,
    /// Lake Formation may hide columns of it from whoever wrote the file: those that are told are not all. An addition of Glueline.
    #[serde(default, rename = "columns_hidden")]
    pub hides_columns: bool,
}

/// A column of the catalog.
#[derive(Debug, Clone, Deserialize)]
pub struct StateColumn {
    /// Its name.
    pub name: String,
    /// Its type in Hive's spelling.
    #[serde(rename = "type", default)]
    pub data_type: Option<String>,
}

impl StateColumn {
    /// Whether it is what Spark writes down for a table whose columns it does not tell the catalog, as those of Delta, CSV and JSON
    /// (`HiveExternalCatalog`): one column that nobody has.
    fn is_stand_in(&self) -> bool {
        self.name == "col" && self.data_type.as_deref() == Some("array<string>")
    }
}

/// What a state file means that does not speak of parameters. An explicit null is something else.
#[expect(clippy::unnecessary_wraps, reason = "serde asks for the type of the field")]
fn no_parameters() -> Option<BTreeMap<String, Option<String>>> {
    Some(BTreeMap::new())
}

fn by_folded_name<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let written = BTreeMap::<String, T>::deserialize(deserializer)?;
    Ok(written
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect())
}

impl CatalogState {
    /// Reads a state file. The error is one line for people.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// The number of the account, where the file tells it.
    pub fn account(&self) -> Option<String> {
        match &self.account {
            Some(Cell::Text(text)) => Some(text.clone()),
            Some(Cell::Int(number)) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A database by name, with all its tables; names ignore case, as Glue's do.
    pub fn database(&self, schema: &str) -> Option<&Database> {
        self.databases.get(&*folded(schema))
    }

    /// What was found where only some databases were asked for, by their names in lower case.
    #[must_use]
    pub fn asked_for(mut self, databases: BTreeSet<String>) -> Self {
        self.asked = Some(databases);
        self
    }

    /// Whether it is known if a database is there, and what is in it.
    pub fn knows(&self, schema: &str) -> bool {
        match self.database(schema) {
            Some(database) => !database.is_unknown,
            None => self
                .asked
                .as_ref()
                .is_none_or(|asked| asked.contains(&*folded(schema))),
        }
    }

    /// Whether the file has a database with all its tables: one that is not among them is not there.
    pub fn has_all_tables_of(&self, schema: &str) -> bool {
        let is_whole = |database: &Database| !database.is_unknown && !database.hides_tables;
        self.database(schema).is_some_and(is_whole)
    }

    /// A table by name; names ignore case, as Glue's do.
    pub fn table(&self, schema: &str, name: &str) -> Option<&Table> {
        self.database(schema)?.tables.get(&*folded(name))
    }

    /// The columns of a relation, partition keys too, whoever knows them: its table, else the session. None where nobody does.
    pub fn columns(&self, schema: &str, name: &str) -> impl Iterator<Item = &StateColumn> {
        let table = self.table(schema, name);
        let mut own = table
            .and_then(Table::known_columns)
            .into_iter()
            .flatten()
            .peekable();
        let others = match own.peek() {
            Some(_) => None,
            None => self.session_columns(&[schema, name]),
        };
        own.chain(others.unwrap_or_default())
    }

    /// The columns of a relation that only the session knows, by the name as far as it is qualified, then by ever less of it.
    pub fn session_columns(&self, parts: &[&str]) -> Option<&[StateColumn]> {
        let tails = (0..parts.len()).filter_map(|start| parts.get(start..));
        let mut found =
            tails.filter_map(|tail| self.session.relations.get(&tail.join(".").to_ascii_lowercase()));
        found.next().map(|relation| &*relation.columns)
    }

    /// Whether a table has Lake Formation tags; `None` where the file says nothing of Lake Formation.
    pub fn has_table_tags(&self, schema: &str, name: &str) -> Option<bool> {
        let tags = &self.lakeformation.as_ref()?.resource_tags;
        Some(
            tags.get(&format!("{schema}.{name}"))
                .is_some_and(|found| !found.table.is_empty()),
        )
    }
}

/// A name in lower case; most are.
fn folded(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl Table {
    /// Its columns, then the partition keys that are not among them.
    pub fn all_columns(&self) -> impl Iterator<Item = &StateColumn> {
        let is_new = |key: &&StateColumn| self.columns.iter().all(|column| column.name != key.name);
        self.columns
            .iter()
            .chain(self.partition_keys.iter().filter(is_new))
    }

    /// Its columns, where the catalog knows them, and all of them: Spark tells it those of some formats only, and Lake Formation may
    /// hide some.
    pub fn known_columns(&self) -> Option<impl Iterator<Item = &StateColumn>> {
        let is_stand_in = matches!(&*self.columns, [column] if column.is_stand_in());
        (!self.columns.is_empty() && !is_stand_in && !self.hides_columns).then(|| self.all_columns())
    }

    /// A table parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.as_ref()?.get(name)?.as_deref()
    }

    /// Whether dbt-glue takes it for an Iceberg table (`dbt/adapters/glue/impl.py`, `get_table_type`).
    pub fn is_iceberg(&self) -> bool {
        self.parameter("table_type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("iceberg"))
    }

    /// Whether dbt-glue takes it for a Delta table.
    pub fn is_delta(&self) -> bool {
        self.parameter("spark.sql.sources.provider") == Some("delta")
    }

    /// Whether it is a view.
    pub fn is_view(&self) -> bool {
        self.kind.as_deref() == Some("VIRTUAL_VIEW")
    }

    /// Whether dbt-glue sees it at all: an unknown type counts as absent, unless the table is Iceberg.
    pub fn is_visible(&self) -> bool {
        let is_known = matches!(
            self.kind.as_deref(),
            None | Some("EXTERNAL_TABLE" | "MANAGED_TABLE" | "VIRTUAL_VIEW")
        );
        is_known || self.is_iceberg()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_whatever_the_case() {
        let state = CatalogState::read(
            r#"{"account": "1", "databases": {"Lake": {"tables": {"t": {"parameters": {"table_type": "ICEBERG"}}}}}}"#,
        )
        .unwrap();
        let table = state.table("lake", "T").unwrap();
        assert!(table.is_iceberg() && table.is_visible() && !table.is_view());
        assert!(state.table("lake", "u").is_none());
        assert_eq!(state.has_table_tags("lake", "t"), None);
    }

    #[test]
    fn columns_are_those_of_the_table_else_of_the_session() {
        let text = r#"{"databases": {"a": {"tables": {
            "t": {"columns": [{"name": "x"}, {"name": "d"}], "partition_keys": [{"name": "d"}, {"name": "e"}]}, "u": {}}}},
            "session": {"relations": {"a.u": {"columns": [{"name": "y"}]}, "v": {"columns": [{"name": "z"}]}}}}"#;
        let state = CatalogState::read(text).unwrap();
        let names = |name: &str| -> Vec<&str> {
            let columns = state.columns("a", name);
            columns.map(|column| &*column.name).collect()
        };
        assert_eq!(names("t"), ["x", "d", "e"]);
        assert_eq!((names("u"), names("v")), (vec!["y"], vec!["z"]));
        assert!(names("w").is_empty());
    }

    #[test]
    fn what_may_be_hidden_is_not_known() {
        let text = r#"{"databases": {"a": {"tables": {"t": {"columns": [{"name": "x"}], "columns_hidden": true}, "u": {}}},
            "b": {"unknown": true}, "c": {"tables_hidden": true}}}"#;
        let state = CatalogState::read(text).unwrap();
        assert!(state.table("a", "t").unwrap().known_columns().is_none());
        assert_eq!(state.columns("a", "t").count(), 0);
        let knows = ["A", "B", "c", "d"].map(|name| (state.knows(name), state.has_all_tables_of(name)));
        assert_eq!(
            knows,
            [(true, true), (false, false), (true, false), (true, false)]
        );
    }

    #[test]
    fn tables_of_unknown_type_are_overlooked() {
        let text = r#"{"databases": {"a": {"tables": {"t": {"type": "GOVERNED"},
            "u": {"type": "GOVERNED", "parameters": {"table_type": "iceberg"}}}}}}"#;
        let state = CatalogState::read(text).unwrap();
        let is_visible = |name: &str| state.table("a", name).unwrap().is_visible();
        assert!(!is_visible("t") && is_visible("u"));
    }

    #[test]
    fn other_files_are_refused() {
        for text in ["[]", "{}", "{\"TableList\": []}", "1", ""] {
            assert!(CatalogState::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sessions_answer_by_name_and_pattern() {
        let text = r#"{"databases": {}, "session": {
            "relations": {"A.t": {"columns": [{"name": "x", "type": "int"}]}, "t": {"columns": []}},
            "answers": [{"match": "max", "columns": ["m", {"name": "n", "type": "LongType()"}],
                         "rows": [[1, "a"], [1.5, null], [true, {"k": []}]]},
                        {"match": "bad", "error": {"name": "E", "value": "v"}}]}}"#;
        let state = CatalogState::read(text).unwrap();
        assert_eq!(state.session_columns(&["a", "T"]).unwrap().len(), 1);
        assert_eq!(state.session_columns(&["b", "T"]).unwrap().len(), 0);
        assert!(state.session_columns(&["u"]).is_none());
        let [rows, error] = state.session.answers.as_slice() else {
            panic!("two answers")
        };
        let types: Vec<_> = rows.columns.iter().map(AnswerColumn::data_type).collect();
        assert_eq!(types, ["StringType()", "LongType()"]);
        let cells: Vec<_> = rows.rows.concat();
        assert_eq!(
            cells,
            [
                Cell::Int(1),
                Cell::Text("a".into()),
                Cell::Float(1.5),
                Cell::Null,
                Cell::Bool(true),
                Cell::Json(r#"{"k":[]}"#.into()),
            ]
        );
        assert_eq!(error.error.as_ref().unwrap().value, "v");
    }

    #[test]
    fn null_parameters_are_not_empty_ones() {
        let text = r#"{"databases": {"a": {"tables": {"t": {}, "u": {"parameters": null}}}}}"#;
        let state = CatalogState::read(text).unwrap();
        assert!(state.table("a", "t").unwrap().parameters.is_some());
        assert!(state.table("a", "u").unwrap().parameters.is_none());
    }

    #[test]
    fn lake_formation_tags_are_known_where_the_file_has_them() {
        let text = r#"{"databases": {}, "lakeformation": {"resource_tags":
            {"db.t": {"table": [{"TagKey": "k", "TagValues": ["v"]}]}}}}"#;
        let state = CatalogState::read(text).unwrap();
        assert_eq!(state.has_table_tags("db", "t"), Some(true));
        assert_eq!(state.has_table_tags("db", "u"), Some(false));
    }

    #[test]
    fn lake_formation_is_read_in_the_shapes_of_its_api() {
        let text = r#"{"databases": {}, "account": "12", "lakeformation": {
            "resource_tags": {"db.t": {"columns": [{"Name": "c", "LFTags": [{"TagKey": "k", "TagValues": ["v"]}]}]}},
            "data_cells_filters": [{"Name": "f", "RowFilter": {"AllRowsWildcard": {}}, "ColumnNames": []},
                {"Name": "g", "RowFilter": {"FilterExpression": "x"}, "ColumnWildcard": {"ExcludedColumnNames": ["a"]}}],
            "permissions": [{"Principal": {"DataLakePrincipalIdentifier": "arn"},
                "Resource": {"DataCellsFilter": {"Name": "f"}}, "Permissions": ["SELECT"]}, {"Resource": {"Table": {}}}]}}"#;
        let state = CatalogState::read(text).unwrap();
        assert_eq!(state.account().as_deref(), Some("12"));
        let lake = state.lakeformation.unwrap();
        let column = &lake.resource_tags["db.t"].columns[0];
        assert_eq!((&*column.name, &*column.tags[0].tag_key), ("c", "k"));
        let [all, some] = lake.data_cells_filters.as_slice() else {
            panic!("two filters")
        };
        assert_eq!(all.row_filter.as_ref().unwrap().filter_expression, None);
        assert_eq!(all.column_wildcard, None);
        let wildcard = some.column_wildcard.as_ref().unwrap();
        assert_eq!(wildcard.excluded_column_names.as_deref().unwrap(), ["a"]);
        let about: Vec<_> = lake
            .permissions
            .iter()
            .map(|each| (each.principal(), each.filter()))
            .collect();
        assert_eq!(about, [("arn", Some("f")), ("", None)]);
    }
}
