//! Tags of Lake Formation (`LfTagsManager`).

use glueline_project::LakeTag;
use glueline_template::{Args, Cx, Error, Value};

use super::request::call;
use super::{construct, held, note_unknown};
use crate::adapter::account::caller_account;
use crate::adapter::python::{attr, contains, items, text};
use crate::host::NodeHost;

/// Sets the tags of a table, its columns and its database.
pub(in crate::adapter) fn add_lf_tags(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind("GlueAdapter.add_lf_tags", ["relation", "lf_tags_config"], 2)?;
    let [relation, config] = bound.map(Option::unwrap_or_default);
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let params = [
        "enabled",
        "drop_existing",
        "tags_table",
        "tags_database",
        "tags_columns",
    ];
    let [enabled, drop_existing, table, database, columns] = construct("LfTagsConfig", &config, params, 0)?;
    if !enabled.is_some_and(|enabled| enabled.truth()) {
        return Ok(Value::None);
    }
    let account = caller_account(host);
    let manager = Manager {
        cx,
        host,
        account,
        database: attr(cx, &relation, "schema")?,
        table: attr(cx, &relation, "identifier")?,
        drop_existing: drop_existing.is_some_and(|drop| drop.truth()),
    };
    note_unknown(cx, host, &manager.name());
    manager.tag_database(&database.unwrap_or_default())?;
    manager.tag_table(&table.unwrap_or_default())?;
    manager.tag_columns(&columns.unwrap_or_default())?;
    Ok(Value::None)
}

struct Manager<'a> {
    cx: &'a Cx,
    host: &'a NodeHost,
    account: String,
    database: Value,
    table: Value,
    drop_existing: bool,
}

/// Tags as the API wants them.
fn pairs(tags: impl IntoIterator<Item = (Value, Vec<Value>)>) -> Value {
    let pair = |(key, values)| Value::dict([("TagKey", key), ("TagValues", Value::list(values))]);
    Value::list(tags.into_iter().map(pair).collect())
}

impl Manager<'_> {
    fn name(&self) -> String {
        format!("{}.{}", text(&self.database), text(&self.table))
    }

    fn remove(&self, resource: &Value, tags: Value) -> Result<(), Error> {
        let request = Value::dict([("Resource", resource.clone()), ("LFTags", tags)]);
        call(self.host, "RemoveLFTagsFromResource", &request)
    }

    fn add(&self, resource: &Value, tags: Value) -> Result<(), Error> {
        let request = Value::dict([("Resource", resource.clone()), ("LFTags", tags)]);
        call(self.host, "AddLFTagsToResource", &request)
    }

    fn ask(&self, resource: &Value) -> Result<(), Error> {
        call(
            self.host,
            "GetResourceLFTags",
            &Value::dict([("Resource", resource.clone())]),
        )
    }

    /// Takes the tags away that are not wanted. Where none is wanted at all, Python stumbles over the first that is there.
    fn remove_others(&self, resource: &Value, there: &[LakeTag], wanted: &Value) -> Result<(), Error> {
        let mut others = Vec::new();
        for tag in there {
            if !contains(self.cx, wanted, &tag.tag_key)? {
                let values = tag.tag_values.iter().map(Value::str).collect();
                others.push((Value::str(&tag.tag_key), values));
            }
        }
        if others.is_empty() {
            return Ok(());
        }
        self.remove(resource, pairs(others))
    }

    fn tag_database(&self, tags: &Value) -> Result<(), Error> {
        if !tags.truth() {
            return Ok(());
        }
        let place = [
            ("CatalogId", self.account.as_str().into()),
            ("Name", self.database.clone()),
        ];
        let resource = Value::dict([("Database", Value::dict(place))]);
        self.ask(&resource)?;
        if self.drop_existing {
            let held = held(self.host).and_then(|lake| lake.resource_tags.get(&text(&self.database)));
            let there = held.map_or(&[][..], |tags| &tags.database);
            self.remove_others(&resource, there, tags)?;
        }
        let wanted = items(tags)?.into_iter().map(|(key, value)| (key, vec![value]));
        self.add(&resource, pairs(wanted))
    }

    fn tag_table(&self, tags: &Value) -> Result<(), Error> {
        let place = [
            ("DatabaseName", self.database.clone()),
            ("Name", self.table.clone()),
        ];
        let resource = Value::dict([("Table", Value::dict(place))]);
        self.ask(&resource)?;
        if self.drop_existing {
            self.remove_tags_of_columns()?;
            let held = held(self.host).and_then(|lake| lake.resource_tags.get(&self.name()));
            let there = held.map_or(&[][..], |tags| &tags.table);
            self.remove_others(&resource, there, tags)?;
        }
        if !tags.truth() {
            return Ok(());
        }
        let wanted = items(tags)?.into_iter().map(|(key, value)| (key, vec![value]));
        self.add(&resource, pairs(wanted))
    }

    fn columns(&self, columns: Value) -> Value {
        let place = [
            ("DatabaseName", self.database.clone()),
            ("Name", self.table.clone()),
            ("ColumnNames", columns),
        ];
        Value::dict([("TableWithColumns", Value::dict(place))])
    }

    /// Takes all tags off the columns: for each tag and its first value, off all columns that have them.
    fn remove_tags_of_columns(&self) -> Result<(), Error> {
        let held = held(self.host).and_then(|lake| lake.resource_tags.get(&self.name()));
        let mut keys: Vec<&str> = Vec::new();
        let mut groups: Vec<(&str, &str, Vec<Value>)> = Vec::new();
        for column in held.map_or(&[][..], |tags| &tags.columns) {
            for tag in &column.tags {
                let Some(value) = tag.tag_values.first() else {
                    continue;
                };
                if !keys.contains(&&*tag.tag_key) {
                    keys.push(&tag.tag_key);
                }
                let name = Value::str(&column.name);
                let mut known = groups.iter_mut();
                match known.find(|group| group.0 == tag.tag_key && group.1 == value) {
                    Some((_, _, names)) => names.push(name),
                    None => groups.push((&tag.tag_key, value, vec![name])),
                }
            }
        }
        for key in keys {
            for (_, value, names) in groups.iter().filter(|group| group.0 == key) {
                let tags = pairs([(Value::str(key), vec![Value::str(value)])]);
                self.remove(&self.columns(Value::list(names.clone())), tags)?;
            }
        }
        Ok(())
    }

    fn tag_columns(&self, tags: &Value) -> Result<(), Error> {
        if !tags.truth() {
            return Ok(());
        }
        for (key, values) in items(tags)? {
            for (value, columns) in items(&values)? {
                let tags = pairs([(key.clone(), vec![value])]);
                self.add(&self.columns(columns), tags)?;
            }
        }
        Ok(())
    }
}
