//! Filters of data cells, and who may read through them (`LfPermissions`).

use std::collections::BTreeSet;

use glueline_project::DataCellsFilter;
use glueline_template::{Args, Cx, Error, Key, Set, Value, equal, repr};

use super::request::call;
use super::{construct, held, note_unknown};
use crate::adapter::account::caller_account;
use crate::adapter::python::{attr, contains, get, items, no_key, text};
use crate::host::NodeHost;

/// Makes the filters of a table as its config says, and grants them.
pub(in crate::adapter) fn apply_lf_grants(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind("GlueAdapter.apply_lf_grants", ["relation", "lf_grants_config"], 2)?;
    let [relation, config] = bound.map(Option::unwrap_or_default);
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let [config] = construct("LfGrantsConfig", &config, ["data_cell_filters"], 1)?;
    let config = config.unwrap_or_default();
    let enabled = get(&config, "enabled", false)?;
    let drop_existing = get(&config, "drop_existing", false)?.truth();
    let filters = get(&config, "filters", Value::dict::<&str>([]))?;
    if !enabled.truth() {
        return Ok(Value::None);
    }
    let manager = Manager {
        cx,
        host,
        account: caller_account(host),
        database: attr(cx, &relation, "schema")?,
        table: attr(cx, &relation, "identifier")?,
    };
    note_unknown(
        cx,
        host,
        &format!("{}.{}", text(&manager.database), text(&manager.table)),
    );
    manager.make_filters(&filters, drop_existing)?;
    manager.grant(&filters)?;
    Ok(Value::None)
}

struct Manager<'a> {
    cx: &'a Cx,
    host: &'a NodeHost,
    account: String,
    database: Value,
    table: Value,
}

/// A filter as a config has it (`FilterConfig`).
struct Wanted {
    row_filter: Value,
    principals: Value,
    columns: Value,
    excluded: Value,
}

impl Wanted {
    fn read(config: &Value) -> Result<Self, Error> {
        let empty = || Value::list(Vec::new());
        Ok(Self {
            row_filter: get(config, "row_filter", Value::None)?,
            principals: get(config, "principals", Value::None)?,
            columns: get(config, "column_names", empty())?,
            excluded: get(config, "excluded_column_names", empty())?,
        })
    }

    /// Whether the filter that is there is another. What the service left out of it is Python's `KeyError`.
    fn differs(&self, cx: &Cx, there: &DataCellsFilter) -> Result<bool, Error> {
        let rows = there.row_filter.as_ref().ok_or_else(|| no_key("RowFilter"))?;
        let rows = rows
            .filter_expression
            .as_ref()
            .ok_or_else(|| no_key("FilterExpression"))?;
        if !equal(&self.row_filter, &Value::str(rows)) {
            return Ok(true);
        }
        let wanted = set(cx, &self.columns)?;
        let columns = there.column_names.as_ref().ok_or_else(|| no_key("ColumnNames"))?;
        if wanted != set_of(columns) {
            return Ok(true);
        }
        let wanted = set(cx, &self.excluded)?;
        let wildcard = there
            .column_wildcard
            .as_ref()
            .ok_or_else(|| no_key("ColumnWildcard"))?;
        let excluded = wildcard.excluded_column_names.as_ref();
        Ok(wanted != set_of(excluded.ok_or_else(|| no_key("ExcludedColumnNames"))?))
    }
}

/// `set(value)`, to compare.
fn set(cx: &Cx, value: &Value) -> Result<BTreeSet<String>, Error> {
    Ok(cx.iterate(value)?.iter().map(repr).collect())
}

fn set_of(names: &[String]) -> BTreeSet<String> {
    names.iter().map(|name| repr(&Value::str(name))).collect()
}

fn is_empty_list(value: &Value) -> bool {
    matches!(value, Value::List(items) if items.is_empty())
}

impl Manager<'_> {
    fn place(&self) -> [(&'static str, Value); 3] {
        [
            ("TableCatalogId", self.account.as_str().into()),
            ("DatabaseName", self.database.clone()),
            ("TableName", self.table.clone()),
        ]
    }

    /// A filter as the API wants it: columns go before those to leave out.
    fn filter(&self, name: &Value, wanted: &Wanted) -> Value {
        let columns = if is_empty_list(&wanted.columns) {
            let excluded = [("ExcludedColumnNames", wanted.excluded.clone())];
            ("ColumnWildcard", Value::dict(excluded))
        } else {
            ("ColumnNames", wanted.columns.clone())
        };
        let rows = Value::dict([("FilterExpression", wanted.row_filter.clone())]);
        let rest = [("Name", name.clone()), ("RowFilter", rows), columns];
        Value::dict(self.place().into_iter().chain(rest))
    }

    /// The filters that the table has by now.
    fn there(&self) -> Result<Vec<DataCellsFilter>, Error> {
        let table = [
            ("CatalogId", self.account.as_str().into()),
            ("DatabaseName", self.database.clone()),
            ("Name", self.table.clone()),
        ];
        let request = Value::dict([("Table", Value::dict(table))]);
        call(self.host, "ListDataCellsFilter", &request)?;
        let (database, table) = (text(&self.database), text(&self.table));
        let is_of_table =
            |filter: &DataCellsFilter| filter.database_name == database && filter.table_name == table;
        Ok(self.change(|filters| {
            let found = filters.iter().filter(|filter| is_of_table(filter));
            found.cloned().collect()
        }))
    }

    /// Changes what Lake Formation holds.
    fn change<T: Default>(&self, change: impl FnOnce(&mut Vec<DataCellsFilter>) -> T) -> T {
        let before = || held(self.host).map_or_else(Vec::new, |lake| lake.data_cells_filters.clone());
        match self.host.run() {
            Some(run) => change(run.warehouse().filters(before)),
            None => T::default(),
        }
    }

    fn make_filters(&self, filters: &Value, drop_existing: bool) -> Result<(), Error> {
        let there = self.there()?;
        if drop_existing {
            self.drop_others(&there, filters)?;
        }
        let found = |name: &Value| {
            let name = name.as_str()?;
            there.iter().rev().find(|filter| filter.name == *name)
        };
        let mut added = Vec::new();
        for (name, config) in items(filters)? {
            if found(&name).is_none() {
                added.push(self.filter(&name, &Wanted::read(&config)?));
            }
        }
        for filter in &added {
            call(
                self.host,
                "CreateDataCellsFilter",
                &Value::dict([("TableData", filter.clone())]),
            )?;
            let text = glueline_template::to_json(filter, false)?;
            if let Ok(made) = serde_json::from_str(&text) {
                self.change(|filters| filters.push(made));
            }
        }
        let mut changed = Vec::new();
        for (name, config) in items(filters)? {
            let wanted = Wanted::read(&config)?;
            if let Some(there) = found(&name)
                && wanted.differs(self.cx, there)?
            {
                changed.push(self.filter(&name, &wanted));
            }
        }
        for filter in changed {
            call(
                self.host,
                "UpdateDataCellsFilter",
                &Value::dict([("TableData", filter)]),
            )?;
        }
        Ok(())
    }

    /// Drops the filters that the config does not name.
    fn drop_others(&self, there: &[DataCellsFilter], filters: &Value) -> Result<(), Error> {
        let mut others = Vec::new();
        for filter in there {
            if !contains(self.cx, filters, &filter.name)? {
                others.push(filter);
            }
        }
        for filter in others {
            let request = [
                ("TableCatalogId", &filter.table_catalog_id),
                ("DatabaseName", &filter.database_name),
                ("TableName", &filter.table_name),
                ("Name", &filter.name),
            ];
            let request = request.map(|(name, value)| (name, Value::str(value)));
            call(self.host, "DeleteDataCellsFilter", &Value::dict(request))?;
            self.change(|filters| filters.retain(|known| known != filter));
        }
        Ok(())
    }

    /// Grants each filter to those that are named, and takes it from others. dbt-glue keeps both in sets.
    fn grant(&self, filters: &Value) -> Result<(), Error> {
        for (name, config) in items(filters)? {
            let principals = Wanted::read(&config)?.principals;
            let place = self.place().into_iter().chain([("Name", name.clone())]);
            let resource = Value::dict([("DataCellsFilter", Value::dict(place))]);
            let request = Value::dict([("Resource", resource.clone())]);
            call(self.host, "ListPermissions", &request)?;
            let there = self.holders(&text(&name));
            let mut former = Vec::new();
            for holder in &there {
                if !contains(self.cx, &principals, holder)? {
                    former.push(Value::str(holder));
                }
            }
            self.batch("BatchRevokePermissions", &resource, former)?;
            let mut new: Vec<Value> = Vec::new();
            for principal in self.cx.iterate(&principals)? {
                let is_there = principal.as_str().is_some_and(|known| there.contains(&*known));
                if !is_there && !new.iter().any(|known| equal(known, &principal)) {
                    new.push(principal);
                }
            }
            self.batch("BatchGrantPermissions", &resource, new)?;
        }
        Ok(())
    }

    /// Who may read through a filter.
    fn holders(&self, filter: &str) -> BTreeSet<String> {
        let permissions = held(self.host).map_or(&[][..], |lake| &lake.permissions);
        let found = permissions
            .iter()
            .filter(|permission| permission.filter() == Some(filter));
        found
            .map(|permission| permission.principal().to_owned())
            .collect()
    }

    fn batch(&self, operation: &'static str, resource: &Value, principals: Vec<Value>) -> Result<(), Error> {
        if principals.is_empty() {
            return Ok(());
        }
        let set = Set::default();
        for principal in principals {
            if let Some(key) = Key::of(&principal) {
                set.insert(key, principal);
            }
        }
        let entry = |(index, principal): (usize, Value)| {
            Value::dict([
                ("Id", Value::from(index.to_string())),
                (
                    "Principal",
                    Value::dict([("DataLakePrincipalIdentifier", principal)]),
                ),
                ("Resource", resource.clone()),
                ("Permissions", Value::list(vec!["SELECT".into()])),
                ("PermissionsWithGrantOption", Value::list(Vec::new())),
            ])
        };
        let entries = set.items().into_iter().enumerate().map(entry);
        let request = Value::dict([
            ("CatalogId", self.account.as_str().into()),
            ("Entries", Value::list(entries.collect())),
        ]);
        call(self.host, operation, &request)
    }
}
