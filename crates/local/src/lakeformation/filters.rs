//! Data cells filters, and who was granted what.

use serde_json::{Value, json};

use super::{Lake, list};
use crate::answer::{Answer, Refusal, items, optional, page, text};

/// What names a filter.
const NAME: [&str; 4] = ["TableCatalogId", "DatabaseName", "TableName", "Name"];

pub(super) fn answer(lake: &Lake, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "CreateDataCellsFilter" => create(lake, input),
        "UpdateDataCellsFilter" => update(lake, input),
        "DeleteDataCellsFilter" => delete(lake, input),
        "ListDataCellsFilter" => filters(lake, input),
        "GrantPermissions" => lake.change(|kept| Ok(grant(list(kept, "grants")?, input))),
        "RevokePermissions" => lake.change(|kept| revoke(list(kept, "grants")?, input)),
        "BatchGrantPermissions" => batch(lake, input, |grants, entry| Ok(grant(grants, entry))),
        "BatchRevokePermissions" => batch(lake, input, revoke),
        "ListPermissions" => permissions(lake, input),
        _ => return None,
    })
}

fn create(lake: &Lake, input: &Value) -> Answer {
    let filter = input.get("TableData").cloned().unwrap_or_default();
    text(&filter, "Name")?;
    lake.change(|kept| {
        let filters = list(kept, "filters")?;
        if filters.iter().any(|one| is_same(one, &filter)) {
            return Err(Refusal::new(
                "AlreadyExistsException",
                "The filter exists already.",
            ));
        }
        filters.push(complete(filter));
        Ok(json!({}))
    })
}

fn update(lake: &Lake, input: &Value) -> Answer {
    let filter = input.get("TableData").cloned().unwrap_or_default();
    lake.change(|kept| {
        let found = list(kept, "filters")?
            .iter_mut()
            .find(|one| is_same(one, &filter))
            .ok_or_else(missing)?;
        *found = complete(filter);
        Ok(json!({}))
    })
}

fn delete(lake: &Lake, input: &Value) -> Answer {
    lake.change(|kept| {
        let filters = list(kept, "filters")?;
        let before = filters.len();
        filters.retain(|one| !is_same(one, input));
        if filters.len() == before {
            return Err(missing());
        }
        Ok(json!({}))
    })
}

fn filters(lake: &Lake, input: &Value) -> Answer {
    let table = input.get("Table").unwrap_or(&Value::Null);
    let all = lake.look(|kept| {
        let all = kept.get("filters").and_then(Value::as_array).cloned();
        all.unwrap_or_default()
    });
    let of_table = all
        .into_iter()
        .filter(|one| {
            table.is_null()
                || (one.get("DatabaseName") == table.get("DatabaseName")
                    && one.get("TableName") == table.get("Name"))
        })
        .collect();
    page(input, "DataCellsFilters", of_table)
}

/// Lake Formation gives both ways of naming columns back, whichever was used.
fn complete(mut filter: Value) -> Value {
    if let Some(filter) = filter.as_object_mut() {
        filter.entry("ColumnNames").or_insert_with(|| json!([]));
        let wildcard = filter
            .entry("ColumnWildcard")
            .or_insert_with(|| json!({}))
            .as_object_mut();
        if let Some(wildcard) = wildcard {
            wildcard.entry("ExcludedColumnNames").or_insert_with(|| json!([]));
        }
    }
    filter
}

fn is_same(one: &Value, other: &Value) -> bool {
    NAME.iter().all(|key| one.get(key) == other.get(key))
}

fn missing() -> Refusal {
    Refusal::not_found("There is no such filter.")
}

/// Adds permissions to what the principal has on the resource.
fn grant(grants: &mut Vec<Value>, entry: &Value) -> Value {
    let permissions = items(entry, "Permissions").to_vec();
    if let Some(found) = grants.iter_mut().find(|one| is_of(one, entry)) {
        for key in ["Permissions", "PermissionsWithGrantOption"] {
            if let Some(have) = found.get_mut(key).and_then(Value::as_array_mut) {
                for permission in items(entry, key) {
                    if !have.contains(permission) {
                        have.push(permission.clone());
                    }
                }
            }
        }
    } else {
        grants.push(json!({
            "Principal": entry.get("Principal"),
            "Resource": entry.get("Resource"),
            "Permissions": permissions,
            "PermissionsWithGrantOption": items(entry, "PermissionsWithGrantOption"),
        }));
    }
    json!({})
}

/// Takes permissions away; those that the principal does not have are an error.
fn revoke(grants: &mut Vec<Value>, entry: &Value) -> Answer {
    let none = || Refusal::invalid("The principal has no such permission on the resource.");
    let found = grants.iter_mut().find(|one| is_of(one, entry)).ok_or_else(none)?;
    for key in ["Permissions", "PermissionsWithGrantOption"] {
        if let Some(have) = found.get_mut(key).and_then(Value::as_array_mut) {
            let taken = items(entry, key);
            if key == "Permissions" && taken.iter().any(|one| !have.contains(one)) {
                return Err(none());
            }
            have.retain(|one| !taken.contains(one));
        }
    }
    grants.retain(|one| !items(one, "Permissions").is_empty());
    Ok(json!({}))
}

fn is_of(one: &Value, entry: &Value) -> bool {
    one.get("Principal") == entry.get("Principal") && one.get("Resource") == entry.get("Resource")
}

fn batch(lake: &Lake, input: &Value, act: impl Fn(&mut Vec<Value>, &Value) -> Answer) -> Answer {
    lake.change(|kept| {
        let grants = list(kept, "grants")?;
        let mut failures = Vec::new();
        for entry in items(input, "Entries") {
            if let Err(refusal) = act(grants, entry) {
                failures.push(json!({
                    "RequestEntry": entry,
                    "Error": {"ErrorCode": refusal.kind, "ErrorMessage": refusal.message},
                }));
            }
        }
        Ok(json!({"Failures": failures}))
    })
}

fn permissions(lake: &Lake, input: &Value) -> Answer {
    let all = lake.look(|kept| {
        let all = kept.get("grants").and_then(Value::as_array).cloned();
        all.unwrap_or_default()
    });
    let wanted = |key: &str, one: &Value| input.get(key).is_none_or(|asked| one.get(key) == Some(asked));
    if let Some(kind) = optional(input, "ResourceType") {
        return Err(Refusal::not_here(&format!(
            "`ResourceType` {kind} of ListPermissions"
        )));
    }
    let found = all
        .into_iter()
        .filter(|one| wanted("Resource", one) && wanted("Principal", one))
        .collect();
    page(input, "PrincipalResourcePermissions", found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{grant, revoke};

    #[test]
    fn what_was_not_granted_cannot_be_revoked() {
        let entry = |permission: &str| json!({"Principal": {"DataLakePrincipalIdentifier": "p"}, "Resource": {"Database": {"Name": "d"}}, "Permissions": [permission]});
        let mut grants = Vec::new();
        grant(&mut grants, &entry("SELECT"));
        grant(&mut grants, &entry("ALTER"));
        assert_eq!(grants.len(), 1);
        assert!(revoke(&mut grants, &entry("DROP")).is_err());
        revoke(&mut grants, &entry("SELECT")).unwrap();
        assert_eq!(grants[0]["Permissions"], json!(["ALTER"]));
        revoke(&mut grants, &entry("ALTER")).unwrap();
        assert!(grants.is_empty());
    }
}
