//! Asks AWS, and writes down what it says as a state file.

use std::collections::{BTreeMap, BTreeSet};

use glueline_glue::{
    Caller, CatalogColumn, CatalogTable, CellsFilter, Error, Identity, Kind, LakeTags, Tagged,
};
use glueline_project::CatalogState;
use serde_json::{Map, Value as Json, json};

use super::wanted::{Place, Wanted};

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulled {
    /// The state file.
    pub document: Json,
    /// What could not be found out, and why; each one line for people.
    pub remarks: Vec<String>,
    /// How many databases there are of those that were asked for.
    pub databases: usize,
    /// How many tables and views are in them.
    pub tables: usize,
    /// Databases that are not there, sorted.
    pub absent: Vec<String>,
}

impl Pulled {
    /// The state that a plan starts from.
    ///
    /// # Errors
    ///
    /// Where it is none, which would be a fault of ours.
    pub fn state(&self) -> Result<CatalogState, String> {
        CatalogState::read(&self.document.to_string())
    }
}

/// Asks for what is wanted: all pages of the tables of each database, and of Lake Formation what the configs set. What the caller may
/// not see is marked as unknown; `identity` is whose the credentials are, where that is known already.
///
/// # Errors
///
/// Where nothing can be asked: for want of credentials, or of AWS itself, or because somebody says stop.
pub fn pull(caller: &Caller<'_>, wanted: &Wanted, identity: Option<Identity>) -> Result<Pulled, Error> {
    let mut puller = Puller {
        caller,
        identity,
        remarks: Vec::new(),
        databases: BTreeMap::new(),
        governed: Vec::new(),
    };
    let mut absent = Vec::new();
    puller.identify()?;
    for database in &wanted.databases {
        if !puller.database(database)? {
            absent.push(database.clone());
        }
    }
    let lake = puller.lake_formation(wanted)?;
    let account = puller.identity.as_ref().map(|identity| &identity.account);
    let mut document = Map::new();
    if let Some(account) = account.or(wanted.account.as_ref()) {
        document.insert("account".to_owned(), json!(account));
    }
    document.insert("databases".to_owned(), puller.document());
    document.extend(lake.map(|lake| ("lakeformation".to_owned(), lake)));
    puller.remark_on_governed();
    Ok(Pulled {
        document: Json::Object(document),
        databases: puller.databases.len(),
        tables: puller.databases.values().flatten().map(Vec::len).sum(),
        remarks: puller.remarks,
        absent,
    })
}

struct Puller<'a> {
    caller: &'a Caller<'a>,
    identity: Option<Identity>,
    remarks: Vec<String>,
    /// What is in each database; `None` where nobody may look into it.
    databases: BTreeMap<String, Option<Vec<CatalogTable>>>,
    /// Tables of which Lake Formation may hide columns.
    governed: Vec<String>,
}

impl Puller<'_> {
    /// Finds out whose the credentials are. Not to be told is no reason to stop.
    fn identify(&mut self) -> Result<(), Error> {
        if self.identity.is_none() {
            self.identity = self.allowed(self.caller.caller(), "whose the credentials are is not known")?;
        }
        Ok(())
    }

    /// What somebody answered; nothing, and a remark, where it is not for this caller to know.
    fn allowed<T>(&mut self, asked: Result<T, Error>, loss: &str) -> Result<Option<T>, Error> {
        match asked {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if matches!(error.kind, Kind::Denied(_) | Kind::Refused | Kind::Other(_)) => {
                self.remarks.push(format!("{loss}: {error}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Lists the tables of a database; whether it is there.
    fn database(&mut self, name: &str) -> Result<bool, Error> {
        let asked = match self.caller.tables(name) {
            Err(error) if error.kind == Kind::NotFound => return Ok(false),
            asked => asked.map_err(|error| self.named(error, "glue:GetTables", &format!("database/{name}"))),
        };
        let tables = self.allowed(asked, &format!("what is in `{name}` is not known"))?;
        self.databases.insert(name.to_owned(), tables);
        Ok(true)
    }

    /// A denial with who may not do what, where AWS leaves it open, as Lake Formation does.
    fn named(&self, mut error: Error, action: &str, resource: &str) -> Error {
        if let Kind::Denied(denied) = &mut error.kind {
            let principal = self.identity.as_ref().map(|identity| identity.arn.clone());
            denied.principal = denied.principal.take().or(principal);
            denied.action.get_or_insert_with(|| action.to_owned());
            denied.resource.get_or_insert_with(|| resource.to_owned());
        }
        error
    }

    fn document(&mut self) -> Json {
        let mut databases = Map::new();
        for (name, tables) in &self.databases {
            let Some(tables) = tables else {
                databases.insert(name.clone(), json!({"unknown": true}));
                continue;
            };
            let is_governed = tables.iter().any(|table| table.is_governed);
            let mut told = Map::new();
            for table in tables {
                let hides = table.is_governed && !has_all_columns(table);
                if hides {
                    self.governed.push(format!("{name}.{}", table.name));
                }
                told.insert(table.name.to_lowercase(), as_json(table, hides));
            }
            let mut database = json!({"tables": told});
            mark(&mut database, "tables_hidden", is_governed);
            databases.insert(name.clone(), database);
        }
        Json::Object(databases)
    }

    fn remark_on_governed(&mut self) {
        const NAMED: usize = 3;
        self.governed.sort_unstable();
        let count = self.governed.len();
        if count == 0 {
            return;
        }
        let mut names: Vec<&str> = self.governed.iter().take(NAMED).map(String::as_str).collect();
        if count > NAMED {
            names.push("...");
        }
        let (which, are) = if count == 1 {
            ("table", "is")
        } else {
            ("tables", "are")
        };
        let names = names.join(", ");
        self.remarks.push(format!(
            "{count} {which} {are} governed by Lake Formation, which hides columns from those who may not see them: what is \
             listed of {names} is not taken for all"
        ));
    }

    /// What Lake Formation holds of the tables whose configs speak of it; `None` where none does.
    fn lake_formation(&mut self, wanted: &Wanted) -> Result<Option<Json>, Error> {
        if wanted.tagged.is_empty() && wanted.filtered.is_empty() {
            return Ok(None);
        }
        let mut tags = Map::new();
        let tagged: BTreeSet<&str> = wanted.tagged.iter().map(|(database, _)| &**database).collect();
        for database in tagged {
            if self.databases.contains_key(database) {
                let of = Tagged::Database(database);
                let found = self.tags(of, database)?;
                tags.extend(found.map(|found| (database.to_owned(), found)));
            }
        }
        for (database, table) in self.there(&wanted.tagged) {
            let name = format!("{database}.{table}");
            let found = self.tags(Tagged::Table(&database, &table), &name)?;
            tags.extend(found.map(|found| (name, found)));
        }
        let (mut filters, mut permissions) = (Vec::new(), Vec::new());
        for (database, table) in self.there(&wanted.filtered) {
            let name = format!("{database}.{table}");
            let asked = self.caller.filters(&database, &table);
            let asked = asked.map_err(|error| self.named(error, "lakeformation:ListDataCellsFilter", &name));
            let found = self.allowed(asked, &format!("the filters of `{name}` are taken for none"))?;
            for filter in found.into_iter().flatten() {
                let holders = self.caller.holders(&filter);
                let holders =
                    holders.map_err(|error| self.named(error, "lakeformation:ListPermissions", &name));
                let loss = format!(
                    "who may read through the filter `{}` is taken for nobody",
                    filter.name
                );
                let holders = self.allowed(holders, &loss)?.unwrap_or_default();
                permissions.extend(holders.iter().map(|holder| permission(&filter, holder)));
                filters.push(as_filter(&filter));
            }
        }
        Ok(Some(json!({
            "resource_tags": tags,
            "data_cells_filters": filters,
            "permissions": permissions,
        })))
    }

    /// Those of some tables that are there.
    fn there(&self, places: &BTreeSet<Place>) -> Vec<Place> {
        let is_there = |(database, table): &&Place| {
            let tables = self.databases.get(database).and_then(Option::as_deref);
            tables.is_some_and(|tables| tables.iter().any(|known| known.name.eq_ignore_ascii_case(table)))
        };
        places.iter().filter(is_there).cloned().collect()
    }

    fn tags(&mut self, of: Tagged<'_>, name: &str) -> Result<Option<Json>, Error> {
        let asked = self.caller.resource_tags(of);
        let asked = asked.map_err(|error| self.named(error, "lakeformation:GetResourceLFTags", name));
        let found = self.allowed(asked, &format!("the tags of `{name}` are taken for none"))?;
        Ok(found.map(|tags| as_tags(&tags)))
    }
}

/// Sets a mark, where it holds.
fn mark(object: &mut Json, key: &str, holds: bool) {
    if let Some(fields) = object.as_object_mut().filter(|_| holds) {
        fields.insert(key.to_owned(), Json::Bool(true));
    }
}

fn as_json(table: &CatalogTable, hides_columns: bool) -> Json {
    let columns = |columns: &[CatalogColumn]| -> Json {
        let todays = columns.iter().filter(|column| !column.is_former);
        todays
            .map(|column| json!({"name": column.name, "type": column.data_type}))
            .collect()
    };
    let mut told = json!({
        "type": table.kind,
        "parameters": table.parameters,
        "columns": columns(&table.columns),
        "partition_keys": columns(&table.partition_keys),
        "location": table.location,
    });
    mark(&mut told, "columns_hidden", hides_columns);
    told
}

/// Whether no column can be hidden: the schema that Spark keeps in the parameters, which nobody filters, has none that is not listed.
fn has_all_columns(table: &CatalogTable) -> bool {
    let Some(names) = table.parameters.as_ref().and_then(spark_columns) else {
        return false;
    };
    let listed = || table.columns.iter().chain(&table.partition_keys);
    let is_listed = |name: &String| listed().any(|column| column.name.eq_ignore_ascii_case(name));
    names.iter().all(is_listed)
}

/// The columns of the schema that Spark writes into the parameters (`HiveExternalCatalog`): whole, or in parts.
fn spark_columns(parameters: &BTreeMap<String, String>) -> Option<Vec<String>> {
    const KEY: &str = "spark.sql.sources.schema";
    let text = match parameters.get(KEY) {
        Some(whole) => whole.clone(),
        None => {
            let count: usize = parameters.get(&format!("{KEY}.numParts"))?.parse().ok()?;
            let mut text = String::new();
            // A number without the parts to it ends at the first that is missing.
            for part in 0..count {
                text.push_str(parameters.get(&format!("{KEY}.part.{part}"))?);
            }
            text
        }
    };
    let schema: Json = serde_json::from_str(&text).ok()?;
    let name = |field: &Json| field.get("name")?.as_str().map(str::to_owned);
    schema.get("fields")?.as_array()?.iter().map(name).collect()
}

fn as_tags(tags: &LakeTags) -> Json {
    let pairs = |pairs: &[(String, Vec<String>)]| -> Json {
        let pair = |(key, values): &(String, Vec<String>)| json!({"TagKey": key, "TagValues": values});
        pairs.iter().map(pair).collect()
    };
    let columns: Json = tags
        .columns
        .iter()
        .map(|(name, tags)| json!({"Name": name, "LFTags": pairs(tags)}))
        .collect();
    json!({"database": pairs(&tags.database), "table": pairs(&tags.table), "columns": columns})
}

fn as_filter(filter: &CellsFilter) -> Json {
    let rows = match &filter.rows {
        Some(expression) => json!({"FilterExpression": expression}),
        None => json!({"AllRowsWildcard": {}}),
    };
    let mut told = json!({
        "TableCatalogId": filter.account,
        "DatabaseName": filter.database,
        "TableName": filter.table,
        "Name": filter.name,
        "RowFilter": rows,
    });
    if let Some(fields) = told.as_object_mut() {
        let columns = filter.columns.as_ref().map(|columns| json!(columns));
        fields.extend(columns.map(|columns| ("ColumnNames".to_owned(), columns)));
        let excluded = filter.excluded.as_ref();
        fields.extend(
            excluded.map(|names| ("ColumnWildcard".to_owned(), json!({"ExcludedColumnNames": names}))),
        );
    }
    told
}

fn permission(filter: &CellsFilter, holder: &str) -> Json {
    json!({
        "Principal": {"DataLakePrincipalIdentifier": holder},
        "Resource": {"DataCellsFilter": {
            "TableCatalogId": filter.account,
            "DatabaseName": filter.database,
            "TableName": filter.table,
            "Name": filter.name,
        }},
    })
}
