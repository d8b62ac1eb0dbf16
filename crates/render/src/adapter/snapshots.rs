//! Methods of the adapter that snapshots call before they merge (`dbt/adapters/base/impl.py`, `dbt/adapters/sql/impl.py`).

use glueline_template::{Args, Cx, Error, Value, equal, to_str};

use super::relations;
use crate::host::NodeHost;

/// The columns of a relation, asked for as `adapter.get_columns_in_relation` asks.
fn columns(cx: &Cx, host: &NodeHost, relation: &Value) -> Result<Vec<Value>, Error> {
    let args = Args::of(vec![relation.clone()]);
    cx.iterate(&relations::get_columns_in_relation(cx, host, args)?)
}

fn text(value: &Value) -> String {
    to_str(value).plain().into_owned()
}

/// Fails where the relation lacks one of the columns that dbt adds to snapshots. `lowered` tells whether dbt writes the name it
/// looks for in lower case.
fn must_have(
    cx: &Cx,
    host: &NodeHost,
    relation: &Value,
    names: &Value,
    wanted: &[&str],
    lowered: bool,
) -> Result<(), Error> {
    let mut known = Vec::new();
    for column in columns(cx, host, relation)? {
        known.push(text(&cx.attr(&column, "name")?).to_lowercase());
    }
    let mut missing = Vec::new();
    for key in wanted {
        let desired = if names.truth() {
            text(&cx.item(names, &Value::str(key))?)
        } else {
            (*key).to_owned()
        };
        let sought = if lowered {
            desired.to_lowercase()
        } else {
            desired.clone()
        };
        if !known.contains(&sought) {
            missing.push(desired);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::compilation(format!(
        "Snapshot target is missing configured columns (missing \"{}\"). See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.",
        missing.join("\", \"")
    )))
}

/// The columns without which nothing can be merged into a snapshot.
const NEEDED: [&str; 3] = ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"];

/// `valid_snapshot_target(relation, column_names)`
pub(super) fn valid_snapshot_target(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let params = ["relation", "column_names"];
    let [relation, names] = args.bind("BaseAdapter.valid_snapshot_target", params, 1)?;
    let (relation, names) = (relation.unwrap_or_default(), names.unwrap_or_default());
    must_have(cx, host, &relation, &names, &NEEDED, true)?;
    Ok(Value::None)
}

/// `assert_valid_snapshot_target_given_strategy(relation, column_names, strategy)`
pub(super) fn valid_for_strategy(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let params = ["relation", "column_names", "strategy"];
    let name = "BaseAdapter.assert_valid_snapshot_target_given_strategy";
    let [relation, names, strategy] = args.bind(name, params, 3)?;
    let (relation, names) = (relation.unwrap_or_default(), names.unwrap_or_default());
    must_have(cx, host, &relation, &names, &NEEDED, true)?;
    let key = Args::of(vec!["hard_deletes".into()]);
    let deletes = cx.call_method(&strategy.unwrap_or_default(), "get", key)?;
    if deletes.as_str().as_deref() == Some("new_record") {
        must_have(cx, host, &relation, &names, &["dbt_is_deleted"], false)?;
    }
    Ok(Value::None)
}

/// `expand_target_column_types(from_relation, to_relation)`: makes columns of texts as wide as those they are filled from.
pub(super) fn expand_target_column_types(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let params = ["from_relation", "to_relation"];
    let [from, to] = args.bind("BaseAdapter.expand_target_column_types", params, 2)?;
    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
    let goals = columns(cx, host, &from)?;
    let current = columns(cx, host, &to)?;
    for goal in goals {
        let name = cx.attr(&goal, "name")?;
        let mut same = None;
        for column in &current {
            if equal(&cx.attr(column, "name")?, &name) {
                same = Some(column);
            }
        }
        let Some(column) = same else { continue };
        let other = Args::of(vec![goal.clone()]);
        if !cx.call_method(column, "can_expand_to", other)?.truth() {
            continue;
        }
        let size = cx.call_method(&goal, "string_size", Args::default())?;
        let class = cx.attr(&cx.lookup("api"), "Column")?;
        let kind = cx.call_method(&class, "string_type", Args::of(vec![size]))?;
        let alter = cx.lookup("alter_column_type");
        cx.call(&alter, Args::of(vec![to.clone(), name, kind]))?;
    }
    Ok(Value::None)
}
