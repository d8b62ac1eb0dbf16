//! What exists in the Glue Data Catalog, as a state file tells it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// What the catalog held when the state file was written.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CatalogState {
    /// Databases by name, in lower case as Glue keeps names. Required: a file without them is something else.
    #[serde(deserialize_with = "by_folded_name")]
    pub databases: BTreeMap<String, Database>,
    /// What Lake Formation held, where the file tells it.
    #[serde(default)]
    pub lakeformation: Option<LakeFormation>,
}

/// What Lake Formation held.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct LakeFormation {
    /// Tags by `database` or `database.table`.
    #[serde(default)]
    pub resource_tags: BTreeMap<String, ResourceTags>,
}

/// The tags of a database or table.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ResourceTags {
    /// Those of the table itself; what each holds is of no concern here.
    #[serde(default)]
    pub table: Vec<serde::de::IgnoredAny>,
}

/// A Glue database.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Database {
    /// Tables and views by name, in lower case as Glue keeps names.
    #[serde(default, deserialize_with = "by_folded_name")]
    pub tables: BTreeMap<String, Table>,
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
    /// Columns, partition keys left out.
    #[serde(default)]
    pub columns: Vec<StateColumn>,
    /// Partition keys.
    #[serde(default)]
    pub partition_keys: Vec<StateColumn>,
    /// The S3 location.
    pub location: Option<String>,
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

    /// A table by name; names ignore case, as Glue's do.
    pub fn table(&self, schema: &str, name: &str) -> Option<&Table> {
        self.databases.get(&*folded(schema))?.tables.get(&*folded(name))
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
}
